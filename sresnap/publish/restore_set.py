"""Chooses the published files that the next build needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sresnap.archive import filing
from sresnap.documents.layout import HISTORY_DAY, INDEX, POINTER, SNAPSHOT, THINNED_LIST
from sresnap.documents.manifest import Manifest
from sresnap.model.archive import Index
from sresnap.model.review_index import Reviews
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import DAY, HOUR, day_of, day_of_id, snapshot_id
from sresnap.publish.review_set import ReviewSet

_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Scope:
    """What to restore besides the newest report and the history of its windows."""

    since: int | None = None
    """The history from this time on, seconds since the epoch, for a configuration with longer windows."""
    everything: bool = False
    """All files, including pages."""
    now: int = 0
    """Seconds since the epoch: by then, periods are due to be closed."""


def names_to_restore(
    published: Manifest,
    snapshot: Snapshot,
    index: Index | None,
    own_index: Index,
    scope: Scope,
    closed: Reviews | None = None,
) -> list[str]:
    """Site-relative paths of the published files that the next build needs, sorted.

    Args:
        published: the files of the target.
        snapshot: the newest report.
        index: of the published archive; None when there is none.
        own_index: of the folder's archive. Reports that were withdrawn from it may have to be withdrawn again.
        scope: what to restore.
        closed: the index of the published periods; None when there is none.
    """
    known = sorted(name for name in {*published.files, *published.pending} - {POINTER} if published.is_wanted(name))
    if scope.everything:
        return known
    # Each day of the history names the hash of the day before, so the first day needs its predecessor.
    since = day_of(min([scope.since or snapshot.at, *_window_starts(snapshot)]) - DAY)
    reports = {SNAPSHOT.path(snapshot.id), *_earlier_reports(known, snapshot)}
    reports |= set() if index is None else {INDEX, *filing.next_build_paths(index)}
    reports |= {THINNED_LIST.path(day_of_id(withdrawn.id)) for withdrawn in own_index.withdrawn}
    reports |= set() if closed is None else ReviewSet(closed, max(scope.now, snapshot.at)).names(since)
    return [name for name in known if _is_history_since(name, since) or name in reports]


def _is_history_since(name: str, since: str) -> bool:
    day = HISTORY_DAY.value(name)
    return day is not None and day >= since


def _window_starts(snapshot: Snapshot) -> Iterator[int]:
    for service in snapshot.services:
        for slo in service.slos:
            # The window before says what was left of the budget at each hour, and what traffic to expect.
            calendar = slo.calendar
            length = len(slo.hours.total) * HOUR if calendar is None else calendar.resets_at - calendar.start
            yield slo.hours.start - length


def _earlier_reports(known: Collection[str], snapshot: Snapshot) -> set[str]:
    """The previous report and the report of a week ago, for a site without an archive that lists them."""
    week_ago = SNAPSHOT.path(snapshot_id(snapshot.at - _WEEK))
    older = [name for name in known if SNAPSHOT.matches(name) and name < SNAPSHOT.path(snapshot.id)]
    return {*older[-1:], *[name for name in older if name <= week_ago][-1:]}
