"""What the next build needs of what is published."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sresnap.archive import filing
from sresnap.documents.archive_index import day_of_id
from sresnap.documents.layout import HISTORY_DAY, INDEX, POINTER, SNAPSHOT, THINNED_LIST
from sresnap.model.archive import Index
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import DAY, day_of, parse_time, snapshot_id
from sresnap.publish.manifest import Manifest

_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to bring besides the newest report and the history of its windows."""

    since: int | None = None
    """The history from then on, seconds since the epoch, where a configuration asks for longer windows."""
    everything: bool = False
    """Pages and all."""


def needed(there: Manifest, snapshot: Snapshot, index: Index | None, own: Index, wanted: Wanted) -> list[str]:
    """Site-relative paths of what is wanted, of all that is there.

    Args:
        there: what the place holds.
        snapshot: the newest report.
        index: the archive's; None when there is none.
        own: the folder's; what was withdrawn from it may have to be withdrawn again.
        wanted: what was asked for.
    """
    known = sorted(name for name in {*there.files, *there.pending} - {POINTER} if there.is_wanted(name))
    if wanted.everything:
        return known
    # Each day of the history names the hash of the day before it, so the first one needs that, too.
    since = day_of(min([wanted.since or parse_time(snapshot.at), *_starts(snapshot)]) - DAY)
    reports = {SNAPSHOT.path(snapshot.id), *_earlier(known, snapshot)}
    reports |= set() if index is None else {INDEX, *filing.needed(index)}
    reports |= {THINNED_LIST.path(day_of_id(gone.id)) for gone in own.withdrawn}
    return [name for name in known if _is_recent(name, since) or name in reports]


def _is_recent(name: str, since: str) -> bool:
    """Whether a file is a day of the history that the windows reach."""
    day = HISTORY_DAY.value(name)
    return day is not None and day >= since


def _starts(snapshot: Snapshot) -> Iterator[int]:
    """Where the windows of a report begin."""
    for service in snapshot.services:
        for slo in service.slos:
            yield parse_time(slo.hours.start)


def _earlier(known: Collection[str], snapshot: Snapshot) -> set[str]:
    """The report before, and that of a week ago, where there is no archive that says which they are."""
    week_ago = SNAPSHOT.path(snapshot_id(parse_time(snapshot.at) - _WEEK))
    older = [name for name in known if SNAPSHOT.matches(name) and name < SNAPSHOT.path(snapshot.id)]
    return {*older[-1:], *[name for name in older if name <= week_ago][-1:]}
