"""What the next build needs of what is published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import DAY, day_of, parse_time, snapshot_id
from sresnap.publish.kinds import POINTER, Kind, kind_of
from sresnap.publish.manifest import Manifest
from sresnap.store import snapshots

_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to bring besides the newest report and the history of its windows."""

    since: int | None = None
    """The history from then on, seconds since the epoch, where a configuration asks for longer windows."""
    thinned_days: Callable[[bytes], Collection[str]] | None = None
    """From the archive's index, the days whose lists of thinned reports the next build adds to; None brings all."""
    everything: bool = False
    """Pages and all."""


def needed(there: Manifest, snapshot: Snapshot, wanted: Wanted) -> list[str]:
    """Site-relative paths of what is wanted, of all that is there."""
    known = sorted(name for name in {*there.files, *there.pending} - {POINTER} if there.is_wanted(name))
    if wanted.everything:
        return known
    # Each day of the history names the hash of the day before it, so the first one needs that, too.
    since = day_of(min([wanted.since or parse_time(snapshot.at), *_starts(snapshot)]) - DAY)
    reports = {snapshots.snapshot_name(snapshot.id), *_earlier(known, snapshot)}
    return [name for name in known if _is_needed(name, since) or name in reports]


def _is_needed(name: str, since: str) -> bool:
    """Whether a build reads a file, reports aside: recent days of the history, and what is written by adding to it."""
    folder = name.partition("/")[0]
    if folder == "history":
        return name.rpartition("/")[2] >= since
    return folder in ("archive", "feed.xml") and not name.endswith(".html") and kind_of(name) in (Kind.PAGE, Kind.FEED)


def _starts(snapshot: Snapshot) -> Iterator[int]:
    """Where the windows of a report begin."""
    for service in snapshot.services:
        for slo in service.slos:
            yield parse_time(slo.hours.start)


def _earlier(known: Collection[str], snapshot: Snapshot) -> set[str]:
    """The report before, and that of a week ago, which the new one is compared with."""
    week_ago = snapshots.snapshot_name(snapshot_id(parse_time(snapshot.at) - _WEEK))
    older = [name for name in known if snapshots.is_snapshot_name(name) and name < snapshots.snapshot_name(snapshot.id)]
    return {*older[-1:], *[name for name in older if name <= week_ago][-1:]}
