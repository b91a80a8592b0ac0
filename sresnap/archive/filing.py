"""Files a report: adds its entry and its changes of status, thins older reports, and compares it with earlier ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.archive.chain import appended
from sresnap.archive.retention import kept
from sresnap.archive.thinning import ThinningResult, drop_old_summaries, sweep, thin
from sresnap.compute.fleet.compare import compare
from sresnap.documents import archive_index, snapshots
from sresnap.documents.files import sha256
from sresnap.documents.layout import INDEX, SNAPSHOT, THINNED_LIST
from sresnap.errors import UsageError
from sresnap.model.archive import ArchiveState, Entry, Index, Keep, StatusChange, WeekAgo, headline
from sresnap.model.now import known_state
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.windows import DAY, HOUR, day_of, day_of_id, snapshot_id
from sresnap.named_files import read_stored

_MOST_CHANGES = 50
_WEEK = 7 * DAY
_NEAR = 6 * HOUR
"""A report further away than this does not count as the one of a week ago."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The next state of an archive. Nothing is written yet."""

    result: ThinningResult
    archive: ArchiveState
    snapshot: bytes = b""
    """The new report's data as it was hashed, to be written as it is; empty when no report was filed."""

    def encode(self) -> dict[str, bytes]:
        """The lists of thinned reports and the index as files, in the order of writing."""
        return {**self.result.files, INDEX: archive_index.encode(self.result.index)}

    def finish(self, root: Path, summaries: Mapping[str, bytes], withdrawn: Collection[str] = ()) -> tuple[Path, ...]:
        """Remove the files of thinned reports, once the index is in place.

        Args:
            root: the site's folder.
            summaries: the pages that replace them, by path.
            withdrawn: ids of reports that are being withdrawn: their files go even if they were edited.

        Returns:
            Files that stay because they were edited after they were archived.
        """
        edited_files = sweep(root, self.result.removed, summaries, withdrawn)
        drop_old_summaries(root, self.result.index)
        return (*self.result.edited_files, *edited_files)


def with_settings(index: Index, snapshot: Snapshot, keep: Keep) -> Index:
    """The index with the title, schedule and retention of the newest configuration."""
    site = snapshot.site
    return dataclasses.replace(
        index, title=site.title, timezone=site.timezone, schedule_seconds=site.schedule_seconds, keep=keep
    )


def file_report(root: Path, index: Index, snapshot: Snapshot, html: bytes) -> Filing:
    """Add a report to an archive; nothing is written.

    Args:
        root: the site's folder.
        index: the archive so far, with the settings of this build.
        snapshot: the report.
        html: its frozen page.

    Raises:
        UsageError: a list of thinned reports is damaged.
    """
    content = snapshots.encode(snapshot)
    index = _with_feed_seed(root, index, snapshot, content)
    longer = appended(_with_changes(root, index, snapshot), headline(snapshot), html, content)
    result = thin(root, longer)
    archive = archive_state(root, index, snapshot, result)
    return Filing(result, archive, content)


def refile(root: Path, index: Index, withdrawn_again: Collection[Entry] = ()) -> Filing:
    """Thin an archive without a new report.

    Args:
        root: the site's folder.
        index: the archive as it is to be.
        withdrawn_again: reports that were withdrawn before and get a new summary.

    Raises:
        UsageError: a list of thinned reports is damaged.
    """
    result = thin(root, index, withdrawn_again)
    newest = index.newest
    report = None if newest is None else _read(root, index, newest.id)
    if report is None:
        return Filing(result, ArchiveState(result.index, result.removed))
    return Filing(result, archive_state(root, index, report, result))


def _with_feed_seed(root: Path, index: Index, snapshot: Snapshot, content: bytes) -> Index:
    """The index with what ids of the feed are made from: the hash of the first report.

    Earlier versions made them from the site's address or title. Their entries keep their ids, also when this report has
    another title or address than the one before.
    """
    if index.feed_seed is not None:
        return index
    if not index.reports:
        return dataclasses.replace(index, feed_seed=sha256(content))
    before = None if snapshot.previous is None else _read(root, index, snapshot.previous.id)
    site = (before or snapshot).site
    return dataclasses.replace(index, feed_seed=site.base_url or site.title)


def _with_changes(root: Path, index: Index, snapshot: Snapshot) -> Index:
    """The index with the changes of verdicts in this report. A report of the past has none."""
    known = tuple(change for change in index.changes if change.id != snapshot.id)
    if any(entry.id > snapshot.id for entry in index.entries) or snapshot.previous is None:
        return dataclasses.replace(index, changes=known)
    before = _read(root, index, snapshot.previous.id)
    found = [] if before is None else _changes(before, snapshot)
    return dataclasses.replace(index, changes=(*found, *known)[:_MOST_CHANGES])


def _changes(before: Snapshot, snapshot: Snapshot) -> list[StatusChange]:
    """The fleet's change and each service's, of the status or of the state now."""
    old = {service.name: service for service in before.services}
    fleet = _change(snapshot, None, before, snapshot)
    services = (_change(snapshot, one.name, old[one.name], one) for one in snapshot.services if one.name in old)
    return [change for change in (fleet, *services) if change is not None]


def _change(
    report: Snapshot, name: str | None, was: Snapshot | ServiceReport, one: Snapshot | ServiceReport
) -> StatusChange | None:
    states = known_state(was.now), known_state(one.now)
    if None in states:
        states = None, None
    if was.status is one.status and states[0] is states[1]:
        return None
    return StatusChange(report.id, report.at, name, was.status, one.status, *states)


def archive_state(root: Path, index: Index, snapshot: Snapshot, result: ThinningResult | None = None) -> ArchiveState:
    """An archive, and its report compared with the previous one and the one of a week ago, if the folder has them.

    Args:
        root: the site's folder.
        index: the archive, without the report if it is new.
        snapshot: the report.
        result: the archive with the report; None: it is in the index.
    """
    withdrawn = {report.id for report in index.withdrawn}  # its snapshot may be there still

    def read(report: str) -> Snapshot | None:
        return None if report in withdrawn else _read(root, index, report)

    before = None if snapshot.previous is None else read(snapshot.previous.id)
    # Lazily: the first one that can be read is the nearest one in the folder.
    near = (read(report) for report in near_week_ago(index, snapshot.at))
    week = next((one for one in near if one is not None), None)
    since = None if week is None else WeekAgo(week, compare(week, snapshot, "a week ago"))
    previous = [] if before is None else [compare(before, snapshot, "the previous report")]
    compared = (*previous, *([] if since is None else [since.comparison]))
    if result is None:
        return ArchiveState(index, (), compared, since)
    return ArchiveState(result.index, result.removed, compared, since)


def near_week_ago(index: Index, at: int) -> list[str]:
    """The kept reports within six hours of a week before a moment, the nearest first."""
    wanted = at - _WEEK
    distances = sorted((abs(entry.at - wanted), entry.id) for entry in index.entries)
    return [report for distance, report in distances if distance <= _NEAR]


def _around_week_ago(index: Index, at: int) -> list[str]:
    """The kept reports next to a week before a moment, on both sides.

    A build that is up to six hours late may need the later one.
    """
    wanted = at - _WEEK
    before = [entry.id for entry in index.entries if 0 <= wanted - entry.at <= _NEAR]
    after = [entry.id for entry in index.entries if 0 < entry.at - wanted <= 2 * _NEAR]
    return [*sorted(before)[-1:], *sorted(after)[:1]]


def next_build_paths(index: Index) -> list[str]:
    """Site-relative paths that the next build reads in addition to the history and the index.

    A restore must fetch them.

    These are, for comparisons, the newest snapshot and the ones around a week ago; and the lists of the days from which
    a report may be thinned out.
    """
    newest, as_of = index.newest, index.as_of
    if newest is None or as_of is None:
        return []
    # If the newest one is far ahead of all others (after a pause, or by a wrong clock), the next may follow either.
    last = max(entry.id for entry in index.entries if entry.at <= as_of)
    dues = sorted({as_of + index.schedule_seconds, newest.at + index.schedule_seconds})
    reports = [newest.id, last, *(report for due in dues for report in _around_week_ago(index, due))]
    found = [SNAPSHOT.path(report) for report in dict.fromkeys(reports)]
    days = {day for due in dues for day in _thinned_days(index, due)}
    return found + [THINNED_LIST.path(day) for day in sorted(days) if index.thinned.get(day)]


def _thinned_days(index: Index, due: int) -> set[str]:
    """UTC days from which the next build may thin something out, at `due` or up to an hour late."""
    late = due + HOUR
    later = dataclasses.replace(index.entries[-1], at=late, id=snapshot_id(late))
    chosen = kept(dataclasses.replace(index, entries=(*index.entries, later)))
    days = {day_of_id(entry.id) for entry in index.entries if entry.id not in chosen}
    return days | {day_of(due), day_of(due - DAY)}


def _read(root: Path, index: Index, report: str) -> Snapshot | None:
    """A snapshot in the folder; None when it is missing, unreadable or not as it was archived."""
    path, entry = root / SNAPSHOT.path(report), index.entry(report)
    try:
        content = read_stored(path)
        found = snapshots.decode(content, str(path))
    except (OSError, UsageError):
        return None
    return found if entry is None or sha256(content) == entry.snapshot_sha256 else None
