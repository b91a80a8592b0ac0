"""What a status looks like: always glyph, word and colour. Unknown never looks good."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.model.snapshot import Problem, ServiceReport, SloReport, Status
from sresnap.render import format as fmt
from sresnap.render.panels import Chip
from sresnap.render.views import Badge, Value

BADGES = {
    Status.EXHAUSTED: Badge("✕", "Budget spent", "bad"),
    Status.CRITICAL: Badge("✕", "Critical", "bad"),
    Status.AT_RISK: Badge("▲", "At risk", "risk"),
    Status.NO_DATA: Badge("?", "No data", "nodata"),
    Status.INSUFFICIENT: Badge("?", "Too little data", "nodata"),
    Status.HEALTHY: Badge("✓", "Healthy", "ok"),
}
INCOMPLETE = Badge("?", "Incomplete", "nodata")
UNKNOWN = Badge("?", "Unknown", "nodata")

FREEZE_BURN = 2.0
"""The seed's policy: a 6h burn rate above this freezes risky deploys."""


def badge(status: Status, *, incomplete: bool = False) -> Badge:
    """The badge of a verdict; one that would be healthy but for what is missing is incomplete."""
    return INCOMPLETE if incomplete and status is Status.HEALTHY else BADGES[status]


def chips(services: Sequence[ServiceReport]) -> tuple[Chip, ...]:
    """How many services have each status, worst first."""
    found = {status: sum(service.status is status for service in services) for status in Status}
    return tuple(Chip(BADGES[status], fmt.number(amount)) for status, amount in found.items() if amount)


def incomplete(problems: Sequence[Problem]) -> str | None:
    """What is said of a report in which something is missing."""
    if not problems:
        return None
    things = fmt.count(len(problems), "thing")
    return f"This report is incomplete: {things} failed, missing or doubtful."


def concerning(problems: Sequence[Problem], service: str) -> tuple[Problem, ...]:
    """The problems of a service, those of all services among them."""
    return tuple(problem for problem in problems if problem.service in {None, service})


def budget_value(slo: SloReport) -> Value:
    """The budget remaining, signed."""
    ratio = slo.budget.remaining_ratio
    if ratio is None:
        return Value(fmt.NONE, slo.reason)
    return Value(fmt.percent_signed(ratio), tone="bad" if ratio <= 0 else BADGES[slo.status].tone)


def policy(slos: Sequence[SloReport]) -> tuple[Badge, str]:
    """Whether risky deploys should wait: the seed's policy, and only on what is known."""
    for slo in slos:
        left, burn = slo.budget.remaining_ratio, _six_hours(slo)
        if left is not None and left <= 0:
            return Badge("✕", "Freeze risky deploys", "bad"), f"The {slo.name} budget is spent."
        if burn is not None and burn > FREEZE_BURN:
            return Badge("✕", "Freeze risky deploys", "bad"), (
                f"{slo.name} burns at {fmt.burn_rate(burn)} over 6h; the limit is {fmt.burn_rate(FREEZE_BURN)}."
            )
    unknown = [slo.name for slo in slos if slo.budget.remaining_ratio is None or _six_hours(slo) is None]
    doubtful = [slo.name for slo in slos if BADGES[slo.status].tone == "nodata"]
    if unknown or doubtful or not slos:
        names = ", ".join(unknown or doubtful) or "any objective"
        return Badge("?", "Deploy policy unknown", "nodata"), f"There is not enough data on {names} to say."
    return Badge("✓", "Deploys allowed", "ok"), "There is budget left, and it burns within the limit over 6h."


def _six_hours(slo: SloReport) -> float | None:
    window = slo.windows.get("6h")
    return None if window is None else window.burn_rate
