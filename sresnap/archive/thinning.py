"""Thinning: removes reports that retention does not keep, first from the index, then from the folder.

Only files that sresnap wrote are removed.

The order survives a kill at any moment. First the entries are added to the list of their day, and the index is written
without them. Then their pages become summaries. Last, their snapshots are removed; the next build removes any that are
still there.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.archive.retention import kept
from sresnap.documents import thinned_lists
from sresnap.documents.files import sha256, write_atomic
from sresnap.documents.layout import ARCHIVE_PAGE, FROZEN_PAGE, SNAPSHOT, THINNED_LIST
from sresnap.errors import SresnapError, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.archive import MOST_SUMMARIES, Entry, Index
from sresnap.model.windows import day_of_id, id_start, is_snapshot_id
from sresnap.named_files import read_stored

_SUMMARY = b'class="panel panel-summary"'
"""Only the page of a thinned report has it."""


@dataclass(frozen=True, slots=True)
class ThinningResult:
    """The result of thinning, before anything is written."""

    index: Index
    removed: tuple[Entry, ...]
    """Reports whose pages become summaries and whose snapshots are removed."""
    files: Mapping[str, bytes]
    """The lists of thinned reports, with these entries added, by site-relative path."""
    newly_thinned: int
    """How many leave the index. The others in `removed` left it in a build that was killed."""
    edited_files: tuple[Path, ...] = ()
    """Files that were edited after they were archived. Their reports stay in the index, whose hashes show it."""


def thin(root: Path, index: Index, withdrawn_again: Collection[Entry] = ()) -> ThinningResult:
    """The index without the reports that retention does not keep or that were withdrawn.

    Args:
        root: the site's folder.
        index: the archive so far.
        withdrawn_again: reports that were withdrawn before and get a new summary.

    A report stays if the folder lacks the list of its day but that list has other reports: a new list would lose them.
    A report also stays if one of its files is not as it was archived: without its entry nothing would show the edit,
    and the file would be published. Withdrawing is deliberate: it does not depend on what is in the files.

    Raises:
        UsageError: a list is damaged.
    """
    withdrawn = {report.id for report in index.withdrawn}
    chosen = kept(index) - withdrawn
    by_day: dict[str, list[Entry]] = {}
    for entry in index.entries:
        if entry.id not in chosen:
            by_day.setdefault(day_of_id(entry.id), []).append(entry)
    days = [_day(root, name, found, index.thinned.get(name, 0), withdrawn) for name, found in by_day.items()]
    changed = [day for day in days if day.leaving]
    removed = {entry.id for day in changed for entry in day.leaving}
    counts = {**index.thinned, **{day.name: len(day.listed) for day in changed}}
    smaller = dataclasses.replace(
        index,
        entries=tuple(entry for entry in index.entries if entry.id not in removed),
        thinned=dict(sorted(counts.items())),
        reconstructed=dict(sorted({**index.reconstructed, **_reconstructed(changed)}.items())),
        summaries_since=_summaries_since(counts),
    )
    newly_thinned = tuple(entry for entry in index.entries if entry.id in removed)
    all_removed = (*newly_thinned, *_unfinished(root, smaller, removed), *withdrawn_again)
    return ThinningResult(
        smaller,
        tuple({entry.id: entry for entry in all_removed}.values()),
        {THINNED_LIST.path(day.name): thinned_lists.encode(day.name, day.listed) for day in changed},
        len(newly_thinned),
        tuple(path for day in days for path in day.edited_files),
    )


@dataclass(frozen=True, slots=True)
class _Day:
    """The reports of a UTC day that are to be thinned out."""

    name: str
    leaving: tuple[Entry, ...] = ()
    """Those that leave the index."""
    listed: tuple[Entry, ...] = ()
    """The list of the day with them."""
    edited_files: tuple[Path, ...] = ()


def _day(root: Path, name: str, candidates: Iterable[Entry], listed_before: int, withdrawn: Collection[str]) -> _Day:
    """What is thinned out of a day: nothing if its list has been lost, and no report that was edited."""
    before = {entry.number: entry for entry in thinned_lists.load(root, name)}
    if len(before) < listed_before:
        return _Day(name)
    leaving, edited_files = list[Entry](), list[Path]()
    for entry in candidates:
        # Only now, because it reads their files: they are few in each build.
        found = [] if entry.id in withdrawn else edited_files_of(root, entry)
        edited_files += found
        if not found:
            leaving.append(entry)
    listed = {**before, **{entry.number: entry for entry in leaving}}
    return _Day(name, tuple(leaving), tuple(listed.values()), tuple(edited_files))


def _reconstructed(days: Iterable[_Day]) -> dict[str, int]:
    """How many of the listed reports of each day a backfill made; only of days that have some."""
    counts = {day.name: sum(entry.reconstructed for entry in day.listed) for day in days}
    return {name: count for name, count in counts.items() if count}


def _summaries_since(counts: Mapping[str, int]) -> str | None:
    """The first UTC day whose thinned reports have pages of their own; None when all have one."""
    total = 0
    for day in sorted(counts, reverse=True):
        total += counts[day]
        if total > MOST_SUMMARIES:
            return day
    return None


def _unfinished(root: Path, index: Index, removed: set[str]) -> Iterable[Entry]:
    """Entries that were thinned out before, but whose snapshots are still there: the build was killed."""
    names = {entry.id for entry in index.entries} | removed
    for report in map(SNAPSHOT.value, SNAPSHOT.names_in(root)):
        if report is not None and report not in names:
            found = thinned_lists.load(root, day_of_id(report))
            yield from (entry for entry in found if entry.id == report)


def sweep(
    root: Path, removed: Iterable[Entry], summaries: Mapping[str, bytes], withdrawn: Collection[str] = ()
) -> list[Path]:
    """Replace frozen pages by summaries and remove their snapshots; edited files stay.

    Args:
        root: the site's folder.
        removed: the reports.
        summaries: by the name of the page.
        withdrawn: ids of reports that are being withdrawn: their files go even if they were edited, and so do links.

    Returns:
        Files that stay because they were edited after they were archived.

    Raises:
        SresnapError: a file cannot be removed.
    """
    edited_files: list[Path] = []
    for entry in removed:
        found = [] if entry.id in withdrawn else edited_files_of(root, entry)
        if found:
            edited_files += found
            continue
        page = root / FROZEN_PAGE.path(entry.id)
        if page.parent.is_symlink():  # the summary would be written to where it leads
            _remove(page.parent)
        write_atomic(page, summaries[FROZEN_PAGE.path(entry.id)])
        _remove(root / SNAPSHOT.path(entry.id))
    return edited_files


def edited_files_of(root: Path, entry: Entry) -> list[Path]:
    """The files of a report that exist and are not as they were archived."""
    files = {FROZEN_PAGE.path(entry.id): entry.html_sha256, SNAPSHOT.path(entry.id): entry.snapshot_sha256}
    return [root / name for name, expected in files.items() if not _is_ours(root, root / name, expected)]


def refuse_irremovable(root: Path, report: str) -> None:
    """Refuse to withdraw a report whose page or snapshot cannot be removed, before anything is written.

    Raises:
        UsageError: a folder is in place of the page or snapshot, a link is in place of their folder, or this user may
            not remove them.
    """
    page, snapshot = root / FROZEN_PAGE.path(report), root / SNAPSHOT.path(report)
    for path in (page.parent.parent, snapshot.parent):
        if path.is_symlink():
            raise UsageError(f"{path} is a symbolic link; nothing was changed", "replace it with a folder")
    if not page.parent.is_symlink() and page.parent.exists() and not page.parent.is_dir():
        raise UsageError(f"{page.parent} is not a folder; nothing was changed", "move it away")
    for path in (page, snapshot):
        if path.is_dir() and not path.is_symlink() and not path.parent.is_symlink():
            raise UsageError(f"{path} is a folder, and is not removed; nothing was changed", "move it away")
    # The folders that change. The page's own folder is created if it is missing or a link.
    own = page.parent if page.parent.is_dir() and not page.parent.is_symlink() else page.parent.parent
    for folder in (own, *([snapshot.parent] if os.path.lexists(snapshot) else [])):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UsageError(
                f"this user may not remove files from {folder}; nothing was changed", "make the folder writable"
            )


def is_summary(content: bytes) -> bool:
    """Whether a page is the summary of a report that was thinned out or withdrawn."""
    return _SUMMARY in content


def drop_old_summaries(root: Path, index: Index) -> None:
    """Remove the summaries of days that are too old to have them."""
    if index.summaries_since is None:
        return
    since = id_start(index.summaries_since)
    folder = (root / ARCHIVE_PAGE.path()).parent
    for report in os.listdir(folder):  # noqa: PTH208 - ten thousand names, and a path for each takes a while
        if report < since and is_snapshot_id(report) and index.entry(report) is None:
            page = root / FROZEN_PAGE.path(report)
            if page.is_file() and not page.is_symlink() and is_summary(read_stored(page)):
                _remove(page)
                if not any(page.parent.iterdir()):
                    page.parent.rmdir()


def _is_ours(root: Path, path: Path, expected: str) -> bool:
    """Whether a file is as it was archived, is already a summary, or is missing."""
    if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
        return False
    try:
        content = read_stored(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return sha256(content) == expected or is_summary(content)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise SresnapError(f"cannot remove {path}: {why(error)}", what_to_do(error)) from error
