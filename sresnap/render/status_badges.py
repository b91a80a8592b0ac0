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
"""Of a page that has no status of its own."""


def badge(status: Status, *, incomplete: bool = False) -> Badge:
    """The badge of a verdict; one that would be healthy but for what is missing is incomplete."""
    return INCOMPLETE if incomplete and status is Status.HEALTHY else BADGES[status]


def service_badge(service: ServiceReport, problems: Sequence[Problem]) -> Badge:
    """A service's badge wherever it stands: one that lacks data is nowhere green."""
    return badge(service.status, incomplete=bool(concerning(problems, service.name)))


def concerning(problems: Sequence[Problem], service: str) -> tuple[Problem, ...]:
    """The problems of a service, those of all services among them."""
    return tuple(problem for problem in problems if problem.service in {None, service})
