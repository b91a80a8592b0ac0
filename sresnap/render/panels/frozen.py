"""The banner above a report in the archive."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.documents.layout import FLEET_PAGE, FROZEN_PAGE, SNAPSHOT, relative
from sresnap.model.snapshot import Snapshot
from sresnap.render.clock import Clock, Moment
from sresnap.render.links import month_href, report_href


@dataclass(frozen=True, slots=True)
class Frozen:
    """The banner above a report in the archive."""

    at: Moment
    made: Moment
    newest: str
    previous: str | None
    """Address of the previous report; None for the first one."""
    later: str
    """The link to its line in the list of its month. Later reports are above that line."""
    data: str
    is_reconstructed: bool


def frozen(snapshot: Snapshot, clock: Clock) -> Frozen:
    """The banner of a report's page in the archive."""
    page = FROZEN_PAGE.path(snapshot.id)
    return Frozen(
        at=clock.moment(snapshot.at),
        made=clock.moment(snapshot.generated_at),
        newest=relative(FLEET_PAGE.path(), page),
        previous=None if snapshot.previous is None else report_href(snapshot.previous.id, page),
        later=f"{month_href(snapshot.id, page)}#r{snapshot.id}",
        data=relative(SNAPSHOT.path(snapshot.id), page),
        is_reconstructed=snapshot.reconstructed,
    )
