"""The banner above a report in the archive."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.snapshot import Snapshot
from sresnap.render.clock import Clock, Moment
from sresnap.render.links import month_of


@dataclass(frozen=True, slots=True)
class Frozen:
    """The banner above a report in the archive."""

    at: Moment
    made: Moment
    newest: str
    previous: str | None
    """Address of the previous report; None for the first one."""
    later: str
    """Its line in the list of its month, below the later reports."""
    data: str
    is_reconstructed: bool


def frozen(snapshot: Snapshot, root: str, clock: Clock) -> Frozen:
    """The banner of a report's page in the archive; `root` leads from there to the site's root."""
    return Frozen(
        at=clock.moment(snapshot.at),
        made=clock.moment(snapshot.generated_at),
        newest=f"{root}index.html",
        previous=None if snapshot.previous is None else f"../{snapshot.previous.id}/index.html",
        later=f"../{month_of(snapshot.id)}/index.html#r{snapshot.id}",
        data=f"{root}snapshots/{snapshot.id}.json",
        is_reconstructed=snapshot.reconstructed,
    )
