"""Thinning: what retention gives up leaves the index, then the folder. Nothing goes that this tool did not put there.

The order survives a kill at any moment: first the entries are written to their day's file, then the index is without
them, then their pages become summaries, and their snapshots go last. A snapshot that is still there is finished with by
the next build.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.archive.retention import kept
from sresnap.documents import archive_index, thinned_lists
from sresnap.documents.files import write_atomic
from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT, THINNED_LIST
from sresnap.errors import SresnapError, UsageError
from sresnap.model.archive import MOST_SUMMARIES, Entry, Index
from sresnap.model.windows import is_snapshot_id

_SUMMARY = b'class="panel panel-summary"'
"""What the page of a thinned report holds, and no other."""


@dataclass(frozen=True, slots=True)
class Thinned:
    """What thinning comes to, before anything is written."""

    index: Index
    gone: tuple[Entry, ...]
    """Whose pages become summaries and whose snapshots go."""
    files: Mapping[str, bytes]
    """The day files that they are kept in."""
    leaving: int
    """How many leave the index; the others of `gone` are what a killed build has left."""
    left: tuple[Path, ...] = ()
    """Files that differ from what was archived. Their reports stay in the index, whose hashes show it."""


def thinned(root: Path, index: Index, again: Collection[Entry] = ()) -> Thinned:
    """The index without the reports that retention drops and without withdrawn ones.

    Args:
        root: the site's folder.
        index: the archive so far.
        again: reports that were withdrawn before, and are to get another summary.

    A report stays if its day has thinned reports and their file is not in the folder: a new file would lack them. A
    report stays, too, if one of its files differs from what was archived: without its entry the change would go
    unnoticed, and the file would be published. A withdrawal is deliberate, whatever is in the files.

    Raises:
        UsageError: a day's file is damaged.
    """
    withdrawn = {report.id for report in index.withdrawn}
    chosen = kept(index) - withdrawn
    days: dict[str, list[Entry]] = {}
    for entry in index.entries:
        if entry.id not in chosen:
            days.setdefault(archive_index.day_of_id(entry.id), []).append(entry)
    counts, reconstructed = dict(index.thinned), dict(index.reconstructed)
    files, gone, left = dict[str, bytes](), set[str](), dict[str, list[Path]]()
    for day, candidates in days.items():
        before = {entry.number: entry for entry in thinned_lists.load(root, day)}
        if len(before) < counts.get(day, 0):
            continue
        # Here and not before: their files are read, and they are few in each build.
        left |= {entry.id: altered(root, entry) for entry in candidates if entry.id not in withdrawn}
        entries = [entry for entry in candidates if not left.get(entry.id)]
        if not entries:
            continue
        together = {**before, **{entry.number: entry for entry in entries}}
        files[THINNED_LIST.path(day)] = thinned_lists.encode(day, tuple(together.values()))
        counts[day] = len(together)
        afterwards = sum(entry.reconstructed for entry in together.values())
        reconstructed |= {day: afterwards} if afterwards else {}
        gone |= {entry.id for entry in entries}
    smaller = dataclasses.replace(
        index,
        entries=tuple(entry for entry in index.entries if entry.id not in gone),
        thinned=dict(sorted(counts.items())),
        reconstructed=dict(sorted(reconstructed.items())),
        summaries_since=_summaries_since(counts),
    )
    leaving = tuple(entry for entry in index.entries if entry.id in gone)
    return Thinned(
        smaller,
        tuple({entry.id: entry for entry in (*leaving, *_unfinished(root, smaller, gone), *again)}.values()),
        files,
        len(leaving),
        tuple(path for paths in left.values() for path in paths),
    )


def _summaries_since(counts: Mapping[str, int]) -> str | None:
    """The first UTC day whose thinned reports have pages of their own; None: all have."""
    total = 0
    for day in sorted(counts, reverse=True):
        total += counts[day]
        if total > MOST_SUMMARIES:
            return day
    return None


def _unfinished(root: Path, index: Index, gone: set[str]) -> Iterable[Entry]:
    """Entries that were thinned out before, whose snapshots a killed build has left."""
    names = {entry.id for entry in index.entries} | gone
    for report in map(SNAPSHOT.value, SNAPSHOT.names_in(root)):
        if report is not None and report not in names:
            found = thinned_lists.load(root, archive_index.day_of_id(report))
            yield from (entry for entry in found if entry.id == report)


def sweep(
    root: Path, gone: Iterable[Entry], summaries: Mapping[str, bytes], withdrawn: Collection[str] = ()
) -> list[Path]:
    """Replace frozen pages by summaries and remove their snapshots. Files that differ from what was archived stay.

    Args:
        root: the site's folder.
        gone: the reports.
        summaries: by the name of the page.
        withdrawn: ids of those that are being withdrawn: their files go whatever is in them, and links themselves.

    Returns:
        The files that stay because a user edited them.

    Raises:
        SresnapError: a file cannot be removed.
    """
    left = []
    for entry in gone:
        found = [] if entry.id in withdrawn else altered(root, entry)
        if found:
            left += found
            continue
        page = root / FROZEN_PAGE.path(entry.id)
        if page.parent.is_symlink():  # the summary would be written to where it leads
            _remove(page.parent)
        write_atomic(page, summaries[FROZEN_PAGE.path(entry.id)])
        _remove(root / SNAPSHOT.path(entry.id))
    return left


def altered(root: Path, entry: Entry) -> list[Path]:
    """The files of a report that are in the folder and differ from what was archived."""
    files = {FROZEN_PAGE.path(entry.id): entry.html_sha256, SNAPSHOT.path(entry.id): entry.snapshot_sha256}
    return [root / name for name, sha256 in files.items() if not _is_ours(root, root / name, sha256)]


def refuse_irremovable(root: Path, report: str) -> None:
    """Refuse a report whose page or snapshot cannot be removed, before anything is written.

    Raises:
        UsageError: a folder stands in place of a file, a link in place of the folder, or this user may not remove them.
    """
    page, snapshot = root / FROZEN_PAGE.path(report), root / SNAPSHOT.path(report)
    for path in (page.parent.parent, snapshot.parent):
        if path.is_symlink():
            raise UsageError(f"{path} is a link, and nothing is removed from where it leads", "put a folder there")
    if not page.parent.is_symlink() and page.parent.exists() and not page.parent.is_dir():
        raise UsageError(f"{page.parent} is not a folder; nothing was changed", "move it away")
    for path in (page, snapshot):
        if path.is_dir() and not path.is_symlink() and not path.parent.is_symlink():
            raise UsageError(f"{path} is a folder, and is not removed; nothing was changed", "move it away")
    # What is removed from, or written to: the page's own folder is made where it is not there, or a link.
    own = page.parent if page.parent.is_dir() and not page.parent.is_symlink() else page.parent.parent
    for folder in (own, *([snapshot.parent] if os.path.lexists(snapshot) else [])):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UsageError(f"nothing can be removed from {folder}; nothing was changed", "is the folder writable?")


def is_summary(content: bytes) -> bool:
    """Whether a page is the summary of a thinned or withdrawn report."""
    return _SUMMARY in content


def drop_old_summaries(root: Path, index: Index) -> None:
    """Remove the summaries of days that have none any more."""
    if index.summaries_since is None:
        return
    since = index.summaries_since.replace("-", "")
    for report in os.listdir(root / "archive"):  # noqa: PTH208 - ten thousand names, and a path for each takes a while
        if report < since and is_snapshot_id(report) and index.entry(report) is None:
            page = root / FROZEN_PAGE.path(report)
            if page.is_file() and not page.is_symlink() and is_summary(page.read_bytes()):
                _remove(page)
                if not any(page.parent.iterdir()):
                    page.parent.rmdir()


def _is_ours(root: Path, path: Path, sha256: str) -> bool:
    """Whether a file is what was archived, already a summary, or not there."""
    if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
        return False
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == sha256 or is_summary(content)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise SresnapError(f"cannot remove {path}: {error.strerror}", "is the folder writable?") from error
