"""What a status looks like: always glyph, word and colour. Unknown never looks good."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Problem, ServiceReport
from sresnap.model.status import Status
from sresnap.render.panels.corrections import budget_left, raw_budget
from sresnap.render.panels.models import Chip, PolicyView
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

POLICY_UNKNOWN = Badge("?", "Policy unknown", "nodata")
_SOURCES = {"config": "this site's own policy", "default": "the SRE workbook's policy"}
_CONTROL = 0x20
"""Up to here letters are blanks and control characters, which have no place in an address."""


def badge(status: Status, *, incomplete: bool = False) -> Badge:
    """The badge of a verdict; one that would be healthy but for what is missing is incomplete."""
    return INCOMPLETE if incomplete and status is Status.HEALTHY else BADGES[status]


def service_badge(service: ServiceReport, problems: Sequence[Problem]) -> Badge:
    """A service's badge wherever it stands: one that lacks data is nowhere green."""
    return badge(service.status, incomplete=bool(concerning(problems, service.name)))


def chips(services: Sequence[ServiceReport], problems: Sequence[Problem]) -> tuple[Chip, ...]:
    """How many services have each status, worst first."""
    found = [service_badge(service, problems) for service in services]
    ordered = [BADGES[status] for status in Status]
    ordered.insert(-1, INCOMPLETE)
    return tuple(Chip(one, fmt.number(found.count(one))) for one in ordered if one in found)


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
    return Value(
        budget_left(ratio),
        tone="bad" if ratio <= 0 and "low_traffic" not in slo.flags else BADGES[slo.status].tone,
        raw=raw_budget(slo),
    )


def policy(service: ServiceReport, *, incomplete: bool = False) -> PolicyView:
    """What follows from the status, as the report says it; where it does not, that is unknown, never allowed."""
    found = service.policy
    if found is None or not found.text.strip():
        return PolicyView(POLICY_UNKNOWN, "This report does not say what to do; ask the team before a risky deploy.")
    seen = badge(service.status, incomplete=incomplete)
    doubt = "As far as is known: " if seen == INCOMPLETE else ""
    source = _SOURCES.get(found.source, found.source)
    # A healthy service's policy may still be to wait (a fast 6h, a number that is not known): it is never green.
    mark = Badge("→", "Policy", "") if seen.tone == "ok" else Badge(seen.glyph, "Policy", seen.tone)
    return PolicyView(mark, f"{doubt}{found.text}", web_address(found.link), source)


def web_address(link: str | None) -> str | None:
    """The link when it leads to a web page; a `javascript:` or a path is dropped."""
    if link is None or any(ord(letter) <= _CONTROL for letter in link):
        return None
    try:
        address = urlsplit(link)
    except ValueError:
        return None
    return link if address.scheme in {"http", "https"} and address.hostname else None
