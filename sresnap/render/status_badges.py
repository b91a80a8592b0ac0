"""What a status looks like: always glyph, word and colour. Unknown never looks good."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.model.now import Now, NowState
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
INCOMPLETE = Badge("?", "Incomplete", "nodata")
UNKNOWN = Badge("?", "Unknown", "nodata")
NO_STATUS = Badge("", "", "")
"""For pages that have no status of their own."""


def badge(status: Status, *, incomplete: bool = False) -> Badge:
    """The badge of a verdict; a healthy one becomes `Incomplete` when data is missing."""
    return INCOMPLETE if incomplete and status is Status.HEALTHY else BADGES[status]


def verdict_badge(now: Now, status: Status, *, incomplete: bool = False) -> Badge:
    """Both parts of a verdict in one badge: `Paging, budget spent`. A state that does not burn is not named."""
    window = badge(status, incomplete=incomplete)
    if not now.is_burning:
        return window
    burns = NOW_BADGES[now.state]
    worse = window if window.tone == "bad" else burns
    return Badge(worse.glyph, f"{burns.word}, {window.word.lower()}", worse.tone)


def badge_of_both(state: NowState | None, status: Status) -> Badge:
    """Both parts of a verdict, always: `Quiet, budget spent`. A state that is not known is left out."""
    window = BADGES[status]
    if state is None:
        return window
    burns = NOW_BADGES[state]
    worse = burns if state.is_burning and window.tone != "bad" else window
    return Badge(worse.glyph, f"{burns.word}, {window.word.lower()}", worse.tone)


def lead(now: Now) -> str:
    """What the title of a page begins with while something burns: `Paging: `."""
    return f"{NOW_BADGES[now.state].word}: " if now.is_burning else ""


def service_badge(service: ServiceReport, problems: Sequence[Problem]) -> Badge:
    """A service's badge; never green when its data has gaps."""
    return verdict_badge(service.now, service.status, incomplete=bool(problems_of(problems, service.name)))


def problems_of(problems: Sequence[Problem], service: str) -> tuple[Problem, ...]:
    """The problems of a service, and of all services."""
    return tuple(problem for problem in problems if problem.service in {None, service})
