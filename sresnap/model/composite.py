"""The budgets of several services as one: of the fleet, of a group; in the units of `snapshot.py`."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.now import NOT_JUDGED, Now, Urgency, urgency
from sresnap.model.status import Status
from sresnap.model.stored import Count, Real


@dataclass(frozen=True, slots=True)
class Composite:
    """The fleet in a few numbers."""

    remaining_ratio: Real | None
    """1 − the mean of the members' consumed budget; may be negative."""
    members: Count
    with_data: Count
    """Members that the mean is taken over; fewer than members means that it is partial."""
    worst: str | None
    """The service with the least budget remaining."""
    mean_sli: Real | None
    """The seed's composite: the plain mean of the services' SLIs."""
    method: str = "budget"
    """`budget`: weighted mean of the consumed budgets; `pooled`: all events against all that is allowed."""
    shares: tuple[Share, ...] = ()
    """The members with enough data, in the order of the configuration."""
    missing: tuple[str, ...] = ()
    """Members without enough data."""
    raw_remaining_ratio: Real | None = None
    """`remaining_ratio` without corrections; None when no member's window holds one."""
    raw_mean_sli: Real | None = None
    raw_shares: tuple[Share, ...] = ()
    """The shares of `raw_remaining_ratio`: each member by its SLO with the least budget left without corrections."""


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a service in a composite: its SLO with the least budget left."""

    service: str
    slo: str
    weight: Real
    remaining_ratio: Real
    good: Real | None = None
    """Pooled only."""
    total: Real | None = None
    allowed_bad: Real | None = None
    """(1 − objective) × total; pooled only."""


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A group of services, with the status of its worst member."""

    name: str
    status: Status
    composite: Composite
    now: Now = NOT_JUDGED
    """Whether a member burns now: the worst one's."""

    @property
    def urgency(self) -> Urgency:
        """Its place in a list."""
        return urgency(self.now, self.status, self.composite.remaining_ratio)
