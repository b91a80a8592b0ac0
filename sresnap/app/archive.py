"""Changes an archive without a new report: thins it, pins a report, withdraws a report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from sresnap.app.archived_reports import MAKE_ONE, find_id, find_report, open_archive, open_to_change
from sresnap.archive.filing import Filing, refile
from sresnap.archive.thinning import refuse_irremovable
from sresnap.documents import manifest, snapshots, thinned_lists
from sresnap.documents.files import hold, write_changed
from sresnap.documents.layout import POINTER, THINNED_LIST
from sresnap.documents.pointer import pointer_of_folder, pointer_to
from sresnap.errors import UsageError
from sresnap.model.archive import Entry, Index, Keep, Pin, Withdrawn
from sresnap.model.windows import day_of_id


def prune(out: Path, keep: Keep | None, theme: Path | None = None, *, dry_run: bool) -> tuple[Filing, tuple[Path, ...]]:
    """Thin an archive by its own rules or by others.

    Returns:
        The changed archive, and files that stay because they were edited after they were archived.

    Raises:
        UsageError: there is no archive, or it cannot be continued.
        BuildInProgress: a build holds the folder.
    """
    with hold(out):
        index = open_to_change(out)
        filing = refile(out, index if keep is None else replace(index, keep=keep))
        return filing, _rewrite(out, filing, theme, dry_run=dry_run)


def pin(out: Path, name: str, note: str, at: int, theme: Path | None = None, *, dry_run: bool = False) -> Entry:
    """Keep a report regardless of its age.

    Raises:
        UsageError: there is no such report.
        BuildInProgress: a build holds the folder.
    """
    with hold(out):
        index = open_to_change(out)
        entry = find_report(index, name)
        others = tuple(pin for pin in index.pins if pin.id != entry.id)
        filing = refile(out, replace(index, pins=(*others, Pin(entry.id, note, at))))
        _rewrite(out, filing, theme, dry_run=dry_run)
        return entry


def unpin(out: Path, name: str, theme: Path | None = None, *, dry_run: bool = False) -> tuple[Entry, bool]:
    """Let a report age again.

    Returns:
        The report, and whether it is kept without its pin.

    Raises:
        UsageError: there is no such report, or it is not pinned.
        BuildInProgress: a build holds the folder.
    """
    with hold(out):
        index = open_to_change(out)
        entry = find_report(index, name)
        others = tuple(pin for pin in index.pins if pin.id != entry.id)
        if len(others) == len(index.pins):
            raise UsageError(f"the report {entry.id} is not pinned", "`sresnap archive list` shows which reports are")
        filing = refile(out, replace(index, pins=others))
        _rewrite(out, filing, theme, dry_run=dry_run)
        return entry, filing.result.index.entry(entry.id) is not None


def withdraw(
    out: Path, name: str, reason: str, at: int, theme: Path | None = None, *, dry_run: bool = False
) -> tuple[Entry, tuple[Path, ...]]:
    """Remove a report's page and snapshot. Its headline numbers and hashes stay in the chain.

    Both files are removed, even if edited or replaced by a link. Withdrawing a report again removes files that came
    back and replaces the reason.

    Returns:
        The report, and files of other reports that stay because they were edited after they were archived.

    Raises:
        UsageError: there is no such report, the next build needs it, its files cannot be removed, or the archive
            cannot be continued.
        BuildInProgress: a build holds the folder.
    """
    with hold(out):
        index = open_to_change(out)
        entry, withdrawn_again = _report_to_withdraw(out, index, name)
        if entry == index.newest or entry == index.entries[-1]:
            which = "newest report" if entry == index.newest else "last one that was built"
            message = f"{entry.id} is the {which}, which the next build needs"
            raise UsageError(message, "build another report, then withdraw this one")
        refuse_irremovable(out, entry.id)
        filing = refile(out, _without(index, entry.id, reason, at), withdrawn_again)
        if filing.result.index.entry(entry.id) is not None:
            raise _no_thinned_list(out, entry.id)
        return entry, _rewrite(out, filing, theme, {entry.id}, dry_run=dry_run)


def _report_to_withdraw(out: Path, index: Index, name: str) -> tuple[Entry, tuple[Entry, ...]]:
    """The report's entry, and the entries that need a new summary: its own if it was withdrawn before."""
    report = find_id(index, name, [withdrawn.id for withdrawn in index.withdrawn])
    kept = index.entry(report)
    if kept is not None:
        return kept, ()
    thinned = thinned_lists.load(out, day_of_id(report))
    before = next((entry for entry in thinned if entry.id == report), None)
    if before is None:
        raise _no_thinned_list(out, report)
    return before, (before,)


def _no_thinned_list(out: Path, report: str) -> UsageError:
    path = out / THINNED_LIST.path(day_of_id(report))
    return UsageError(f"{path}, which keeps the report's entry, is missing", "`sresnap restore --all` brings it back")


def _without(index: Index, report: str, reason: str, at: int) -> Index:
    """The index with a report withdrawn. A second withdrawal replaces the reason and keeps the time."""
    first = next((withdrawn.at for withdrawn in index.withdrawn if withdrawn.id == report), at)
    others = (withdrawn for withdrawn in index.withdrawn if withdrawn.id != report)
    return replace(
        index,
        pins=tuple(pin for pin in index.pins if pin.id != report),
        withdrawn=(*others, Withdrawn(report, reason, first)),
    )


def carry_over(out: Path, before: Index) -> tuple[str, ...]:
    """Repeat the withdrawals and pins of an archive that another publisher's archive has replaced.

    Args:
        out: the site's folder, with the other publisher's archive.
        before: the index of the replaced archive.

    Returns:
        The ids of the reports withdrawn or pinned. A report that is no longer kept is not pinned.

    Raises:
        UsageError: a report cannot be withdrawn again.
        BuildInProgress: a build holds the folder.
    """
    index = open_archive(out)
    withdrawn = [report for report in before.withdrawn if index.entry(report.id) is not None]
    known = {pin.id for pin in index.pins} | {report.id for report in withdrawn}
    pinned = [pin for pin in before.pins if index.entry(pin.id) is not None and pin.id not in known]
    for report in withdrawn:
        withdraw(out, report.id, report.reason, report.at)
    for kept in pinned:
        pin(out, kept.id, kept.note, kept.at)
    return (*(report.id for report in withdrawn), *(report.id for report in pinned))


def _rewrite(
    out: Path, filing: Filing, theme: Path | None, withdrawn: Collection[str] = (), *, dry_run: bool
) -> tuple[Path, ...]:
    """Write the archive's files, and its pages' hashes into the pointer.

    A dry run draws the pages too, so that it meets every refusal of a real run.

    Returns:
        Files that stay because they were edited after they were archived.

    Raises:
        UsageError: the pointer, the newest snapshot or the theme cannot be used.
    """
    from sresnap.render.site import SiteRenderer

    pointer = pointer_of_folder(out)
    if pointer is None:
        raise UsageError(f"{out} shows no report", MAKE_ONE)
    snapshot = snapshots.read(out / pointer.snapshot)
    with SiteRenderer(snapshot, theme) as renderer:
        site = renderer.archive_pages(filing.archive)
    if dry_run:
        return filing.result.edited_files
    manifest.set_aside(out)
    latest = {POINTER: pointer_to(snapshot, {**pointer.pages, **site.pages})}
    write_changed(out, {**filing.encode(), **site.files, **latest})
    return filing.finish(out, site.summaries, withdrawn)
