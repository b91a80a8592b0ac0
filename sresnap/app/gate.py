"""Gate: do the error budgets of a published report, and what burns now, allow a release?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sresnap import format as fmt
from sresnap.compute.slo.now import unknown_now
from sresnap.config import choices, nearest
from sresnap.errors import ExitCode, UsageError
from sresnap.model.events import PAGE
from sresnap.model.now import NowState
from sresnap.model.slo import Flag, SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import MINUTE
from sresnap.printable import quotable
from sresnap.publish.newest import read_newest

_STALE_AFTER = 3
"""In schedules. Pages call a report late after 1.5 schedules and stale after 3."""
_CLOCK_SKEW = 5 * MINUTE
"""By how much two clocks may differ. A report further in the future has no known age."""


class Verdict(StrEnum):
    """What the gate says about an SLO."""

    PASSED = "passed"
    PROVISIONAL = "provisional"
    """Passed, in the first days of a history that is younger than the window."""
    BREACHED = "breached"
    NO_DATA = "no data"


class FailOn(StrEnum):
    """What breaches: one of the two parts of a verdict, or both."""

    BUDGET = "budget"
    """No more than the minimum of the window's budget is left."""
    PAGING = "paging"
    """A page fires now."""
    TICKET = "ticket"
    """A ticket or a page fires now."""


@dataclass(frozen=True, slots=True)
class GateRequest:
    """What must hold for a release."""

    site: str
    """The published site's folder or address."""
    now: int
    """Seconds since the epoch."""
    names: Sequence[str] = ()
    """SLOs as `api/availability`, or services for all of their SLOs; empty for every SLO."""
    min_remaining: float = 0.0
    """More than this share of the error budget must be left; 0.1 is a tenth."""
    max_age_seconds: int | None = None
    """An older report is stale; None for three schedules."""
    fail_on: frozenset[FailOn] = frozenset({FailOn.BUDGET})


@dataclass(frozen=True, slots=True)
class SloVerdict:
    """The verdict on one SLO."""

    slo: str
    """`api/availability`."""
    verdict: Verdict
    remaining_ratio: float | None
    status: str
    """Of the window."""
    reason: str
    now: str
    """The state now."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """The verdicts, the most urgent first, and whether the report is fresh enough to count."""

    id: str
    at: int
    age_seconds: int
    max_age_seconds: int
    stale: str | None
    """Why the report is stale; None when it is fresh."""
    slos: Sequence[SloVerdict]

    @property
    def exit_code(self) -> ExitCode:
        """The worst of: no data, stale, breached. An unknown never passes."""
        verdicts = {slo.verdict for slo in self.slos}
        if Verdict.NO_DATA in verdicts or not self.slos:
            return ExitCode.NO_REPORT
        if self.stale is not None:
            return ExitCode.STALE
        return ExitCode.BREACHED if Verdict.BREACHED in verdicts else ExitCode.DONE


def gate(request: GateRequest) -> GateResult:
    """Judge a published report.

    Raises:
        NoReport: the site cannot be read or has no report.
        UsageError: the address is invalid, or the report has no SLO of a requested name.
    """
    return judge(read_newest(request.site), request)


def judge(snapshot: Snapshot, request: GateRequest) -> GateResult:
    """Judge a report that was read.

    Raises:
        UsageError: the report has no SLO of a requested name.
    """
    chosen = sorted(_chosen(snapshot, request.names), key=lambda named: named[1].urgency)
    verdicts = [_verdict(name, slo, request) for name, slo in chosen]
    age = request.now - snapshot.at
    limit = request.max_age_seconds
    limit = _STALE_AFTER * snapshot.site.schedule_seconds if limit is None else limit
    return GateResult(snapshot.id, snapshot.at, age, limit, _staleness(age, limit), tuple(verdicts))


def _chosen(snapshot: Snapshot, names: Sequence[str]) -> list[tuple[str, SloReport]]:
    """The requested SLOs, in the report's order."""
    known = {f"{service.name}/{slo.name}": slo for service in snapshot.services for slo in service.slos}
    chosen: set[str] = set()
    for name in names:
        found = {name} & known.keys() or {key for key in known if key.startswith(f"{name}/")}
        if not found:
            raise UsageError(f"the report has no SLO {quotable(name)}", _hint(name, known))
        chosen |= found
    return [(name, slo) for name, slo in known.items() if not names or name in chosen]


def _hint(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    services = {known.partition("/")[0] for known in names}
    return nearest(name, [*names, *services]) or choices(
        name, names, "it has none: was it built with another configuration?"
    )


def _verdict(name: str, slo: SloReport, request: GateRequest) -> SloVerdict:
    """The worst verdict of the parts that are asked for: no data, breached, provisional, passed."""
    found = [_of_budget(slo, request.min_remaining)] if FailOn.BUDGET in request.fail_on else []
    if request.fail_on - {FailOn.BUDGET}:
        found.append(_of_now(slo, with_tickets=FailOn.TICKET in request.fail_on))
    order = (Verdict.NO_DATA, Verdict.BREACHED, Verdict.PROVISIONAL, Verdict.PASSED)
    verdict, reason = min(found, key=lambda one: order.index(one[0]))
    return SloVerdict(name, verdict, slo.budget.remaining_ratio, slo.status.value, reason, slo.now.state.value)


def left_text(remaining: float | None, min_remaining: float | None) -> str:
    """How much budget is left: `70 % is left`."""
    return f"{fmt.percent(remaining, limit=min_remaining)} is left"


def required_text(min_remaining: float) -> str:
    """How much budget must be left: `more than 80 % is required`."""
    return f"{f'more than {fmt.objective(min_remaining)}' if min_remaining else 'some'} is required"


def _of_budget(slo: SloReport, min_remaining: float) -> tuple[Verdict, str]:
    """Breached when the remaining budget does not exceed the minimum; a budget spent to the last event fails.

    To pass, the current burn rates must be known too: 60 % left of a window whose data ended 3 hours ago says nothing
    about these 3 hours. Where the samples leave bad events open, or some are missed, it takes the worse end.
    """
    remaining, status = slo.worst_remaining_ratio, slo.status
    if remaining is None or not math.isfinite(remaining) or not status.is_judged:
        return Verdict.NO_DATA, slo.reason
    if remaining <= min_remaining:
        worst = "" if remaining == slo.budget.remaining_ratio else " at worst"
        left = f"{left_text(remaining, min_remaining)}{worst}"
        return Verdict.BREACHED, fmt.plain(f"{left}; {required_text(min_remaining)}.")
    if Flag.AT_LEAST in slo.flags:
        return Verdict.NO_DATA, slo.reason
    unknown = unknown_now(slo.alerts, {name: window.burn_rate for name, window in slo.windows.items()})
    if unknown is not None:
        return Verdict.NO_DATA, unknown
    return Verdict.PASSED if slo.provisional is None else Verdict.PROVISIONAL, slo.reason


def _of_now(slo: SloReport, *, with_tickets: bool) -> tuple[Verdict, str]:
    """Breached while a page fires or, if asked, a ticket.

    To pass, every pair that could breach must be known: a ticket that fires does not answer for a page without data.
    """
    state = slo.now.state
    if state is NowState.PAGING or (with_tickets and state is NowState.TICKET):
        return Verdict.BREACHED, slo.now.reason
    is_open = any(alert.firing is None and (with_tickets or alert.severity == PAGE) for alert in slo.alerts)
    if state is NowState.UNKNOWN or is_open or Flag.AT_LEAST in slo.flags:
        return Verdict.NO_DATA, f"Whether an alert fires now is unknown. {slo.now.reason}"
    return Verdict.PASSED, slo.now.reason


def _staleness(age: int, limit: int) -> str | None:
    if age < -_CLOCK_SKEW:
        return f"it is dated {fmt.duration(-age)} in the future; a clock is wrong, there or here"
    return f"it is {fmt.duration(age)} old, and at most {fmt.duration(limit)} is allowed" if age > limit else None
