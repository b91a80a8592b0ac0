"""What a status looks like: always glyph, word and colour. Unknown never looks good."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.model.now import Now, NowState
from sresnap.model.review import Outcome
from sresnap.model.snapshot import Problem, ServiceReport
from sresnap.model.status import Status
from sresnap.render.views import Badge

BADGES = {
    Status.EXHAUSTED: Badge("✕", "Budget spent", "bad"),
    Status.CRITICAL: Badge("✕", "Critical", "bad"),
    Status.AT_RISK: Badge("▲", "At risk", "risk"),
    Status.NO_DATA: Badge("?", "No data", "nodata"),
    Status.INSUFFICIENT: Badge("?", "Too little data", "nodata"),
    Status.HEALTHY: Badge("✓", "Healthy", "ok"),
}
NOW_BADGES = {
    NowState.PAGING: Badge("✕", "Paging", "bad"),
    NowState.TICKET: Badge("▲", "Ticket", "risk"),
    NowState.UNKNOWN: Badge("?", "Unknown", "nodata"),
    NowState.QUIET: Badge("✓", "Quiet", "ok"),
}
OUTCOME_BADGES = {
    Outcome.MET: Badge("✓", "Met", "ok"),
    Outcome.MISSED: Badge("✕", "Missed", "bad"),
    Outcome.OPEN: Badge("?", "Open", "nodata"),
    Outcome.INCOMPLETE: Badge("?", "Incomplete", "nodata"),
    Outcome.LOW_TRAFFIC: Badge("?", "Too few events", "nodata"),
    Outcome.IMPLAUSIBLE: Badge("?", "In doubt", "nodata"),
    Outcome.NO_TRAFFIC: Badge("?", "No traffic", "nodata"),
    Outcome.NO_DATA: Badge("?", "No data", "nodata"),
}
INCOMPLETE = Badge("?", "Incomplete", "nodata")
UNKNOWN = Badge("?", "Unknown", "nodata")
NO_STATUS = Badge("", "", "")
"""For pages that have no status of their own."""


def badge(status: Status, *, incomplete: bool = False) -> Badge:
    """The badge of a verdict; a healthy one becomes `Incomplete` when data is missing."""
    return INCOMPLETE if incomplete and status is Status.HEALTHY else BADGES[status]


def verdict_badge(state: NowState | None, status: Status, *, incomplete: bool = False, in_full: bool = False) -> Badge:
    """Both parts of a verdict in one badge, with the worse one's glyph and colour: `Paging, budget spent`.

    A state now that adds nothing to the window is not named. An unknown one makes a good window unknown:
    `Unknown, healthy`.

    Args:
        state: whether an alert fires; None where the report did not judge it.
        status: of the window.
        incomplete: whether data is missing.
        in_full: names every state: `Quiet, budget spent`.
    """
    window = badge(status, incomplete=incomplete)
    if state is None:
        return window
    now = NOW_BADGES[state]
    is_worse = (state.is_burning and window.tone != "bad") or (state is NowState.UNKNOWN and window.tone == "ok")
    if not (is_worse or state.is_burning or in_full):
        return window
    worse = now if is_worse else window
    return Badge(worse.glyph, f"{now.word}, {window.word.lower()}", worse.tone)


def lead(now: Now) -> str:
    """What the title of a page begins with while something burns: `Paging: `."""
    return f"{NOW_BADGES[now.state].word}: " if now.is_burning else ""


def service_badge(service: ServiceReport, problems: Sequence[Problem]) -> Badge:
    """A service's badge; never green when its data has gaps."""
    return verdict_badge(service.now.state, service.status, incomplete=bool(problems_of(problems, service.name)))


def problems_of(problems: Sequence[Problem], service: str) -> tuple[Problem, ...]:
    """The problems of a service, and of all services."""
    return tuple(problem for problem in problems if problem.service in {None, service})
