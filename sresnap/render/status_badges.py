"""What a status looks like: always glyph, word and colour. Unknown never looks good."""

from __future__ import annotations

from collections.abc import Sequence

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
INCOMPLETE = Badge("?", "Incomplete", "nodata")
UNKNOWN = Badge("?", "Unknown", "nodata")
NO_STATUS = Badge("", "", "")
"""For pages that have no status of their own."""


def badge(status: Status, *, incomplete: bool = False) -> Badge:
    """The badge of a verdict; a healthy one becomes `Incomplete` when data is missing."""
    return INCOMPLETE if incomplete and status is Status.HEALTHY else BADGES[status]


def service_badge(service: ServiceReport, problems: Sequence[Problem]) -> Badge:
    """A service's badge; never green when its data has gaps."""
    return badge(service.status, incomplete=bool(problems_of(problems, service.name)))


def problems_of(problems: Sequence[Problem], service: str) -> tuple[Problem, ...]:
    """The problems of a service, and of all services."""
    return tuple(problem for problem in problems if problem.service in {None, service})
