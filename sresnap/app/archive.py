"""What is done to an archive without a new report: thinning it, pinning, taking a report out of it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection
from pathlib import Path

from sresnap.archive import continuity
from sresnap.archive.filing import Filing, refile
from sresnap.archive.thinning import refuse_irremovable
from sresnap.compute.fleet.compare import compare
from sresnap.documents import archive_index, snapshots, thinned_lists
from sresnap.documents import files as site_files
from sresnap.documents.layout import FROZEN_PAGE, POINTER, SNAPSHOT, THINNED_LIST
from sresnap.documents.pointer import pointer_of_folder, pointer_to
from sresnap.errors import UsageError
from sresnap.model.archive import Comparison, Entry, Index, Keep, Pin, Withdrawn
from sresnap.model.snapshot import Snapshot

_NO_ARCHIVE = "there is no archive in {}"
_MAKE_ONE = "sresnap build makes one; give the site's folder with --out DIR"


def opened(out: Path) -> Index:
    """The index of a site that has one.

    Raises:
        UsageError: it has none, or lost it, or has one that cannot be read.
    """
    return _found(archive_index.load(out) or continuity.index(out), out)


def _to_change(out: Path) -> Index:
    """The index of a site that has one, which is to be changed.

    Raises:
        UsageError: as `opened`, or the archive must not be gone on from.
    """
    return _found(continuity.index(out), out)


def _found(index: Index | None, out: Path) -> Index:
    if index is None:
        raise UsageError(_NO_ARCHIVE.format(out), _MAKE_ONE)
    return index


def resolve(index: Index, name: str) -> Entry:
    """A kept report by its id, the beginning of one, `latest` or `previous`.

    Raises:
        UsageError: there is no such report, or several.
    """
    report = _named(index, name)
    return next(entry for entry in index.entries if entry.id == report)


def _named(index: Index, name: str, also: Collection[str] = ()) -> str:
    """The id of a kept report, or of one of those that are meant `also`, by the beginning of it and so on."""
    kept = sorted(entry.id for entry in index.entries)
    if name in {"latest", "previous"}:
        place = -1 if name == "latest" else -2
        if len(kept) < -place:
            raise UsageError(f"there is no {name} report in the archive", _MAKE_ONE)
        return kept[place]
    found = [report for report in sorted({*kept, *also}) if report.startswith(name)] if name else []
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} reports begin with {name}", f"the first of them is {found[0]}")
    before = [report for report in kept if report < name][-1:]
    after = [report for report in kept if report > name][:1]
    near = " and ".join([*before, *after])
    raise UsageError(f"the archive keeps no report {name}", f"the nearest kept ones are {near}" if near else None)


def prune(out: Path, keep: Keep | None, theme: Path | None = None, *, dry_run: bool) -> tuple[Filing, tuple[Path, ...]]:
    """Thin an archive by its rules, or by others; what it came to, and the files that were left alone.

    Raises:
        UsageError: there is no archive, or it cannot be gone on from.
        BuildInProgress: a build holds the folder.
    """
    with site_files.hold(out):
        index = _to_change(out)
        index = index if keep is None else dataclasses.replace(index, keep=keep)
        filing = refile(out, index)
        return filing, filing.result.left if dry_run else _rewrite(out, filing, theme)


def pin(out: Path, name: str, note: str, at: int, theme: Path | None = None) -> Entry:
    """Keep a report whatever its age.

    Raises:
        UsageError: there is no such report.
        BuildInProgress: a build holds the folder.
    """
    with site_files.hold(out):
        index = _to_change(out)
        entry = resolve(index, name)
        others = tuple(one for one in index.pins if one.id != entry.id)
        pinned = dataclasses.replace(index, pins=(*others, Pin(entry.id, note, at)))
        _rewrite(out, refile(out, pinned), theme)
        return entry


def unpin(out: Path, name: str, theme: Path | None = None) -> tuple[Entry, bool]:
    """Let a report age again; whether it is still kept.

    Raises:
        UsageError: there is no such report, or it is not pinned.
        BuildInProgress: a build holds the folder.
    """
    with site_files.hold(out):
        index = _to_change(out)
        entry = resolve(index, name)
        rest = tuple(one for one in index.pins if one.id != entry.id)
        if len(rest) == len(index.pins):
            raise UsageError(f"the report {entry.id} is not pinned", "sresnap archive list shows which are")
        filing = refile(out, dataclasses.replace(index, pins=rest))
        _rewrite(out, filing, theme)
        return entry, filing.result.index.entry(entry.id) is not None


def withdraw(
    out: Path, name: str, reason: str, at: int, theme: Path | None = None, *, dry_run: bool = False
) -> tuple[Entry, tuple[Path, ...]]:
    """Take a report's page and snapshot out; its headline numbers and hashes stay in the chain.

    What is in the two files does not matter, so that nothing of it stays that was edited or is a link. Of a report that
    was withdrawn before, what is still there goes, and the reason is replaced.

    Returns:
        The report, and files of other reports that were left alone because they are not as they were archived.

    Raises:
        UsageError: there is no such report, it is one that builds go on from, its files cannot be removed, or the
            archive cannot be gone on from.
        BuildInProgress: a build holds the folder.
    """
    with site_files.hold(out):
        index = _to_change(out)
        entry, again = _to_withdraw(out, index, name)
        if entry == index.newest or entry == index.entries[-1]:
            message = f"{entry.id} is the newest report, or the last one made, and stays"
            raise UsageError(message, "withdraw it after the next build")
        refuse_irremovable(out, entry.id)
        filing = refile(out, _without(index, entry.id, reason, at), again)
        if filing.result.index.entry(entry.id) is not None:
            raise _no_list(out, entry.id)
        return entry, filing.result.left if dry_run else _rewrite(out, filing, theme, {entry.id})


def _to_withdraw(out: Path, index: Index, name: str) -> tuple[Entry, tuple[Entry, ...]]:
    """The report that is meant; and it once more, alone, when it was withdrawn before."""
    report = _named(index, name, [gone.id for gone in index.withdrawn])
    kept = index.entry(report)
    if kept is not None:
        return kept, ()
    before = next((one for one in thinned_lists.load(out, archive_index.day_of_id(report)) if one.id == report), None)
    if before is None:
        raise _no_list(out, report)
    return before, (before,)


def _no_list(out: Path, report: str) -> UsageError:
    listed = out / THINNED_LIST.path(archive_index.day_of_id(report))
    return UsageError(f"{listed}, where its entry is kept, is not here", "`sresnap restore --all` brings it")


def _without(index: Index, report: str, reason: str, at: int) -> Index:
    """The index with a report among those that were withdrawn: at the first time, for the reason of the last."""
    before = next((gone.at for gone in index.withdrawn if gone.id == report), at)
    others = (gone for gone in index.withdrawn if gone.id != report)
    return dataclasses.replace(
        index,
        pins=tuple(pin for pin in index.pins if pin.id != report),
        withdrawn=(*others, Withdrawn(report, reason, before)),
    )


def carry_over(out: Path, before: Index) -> tuple[str, ...]:
    """Do again what an archive was asked for that another publisher's has replaced: its withdrawals and its pins.

    Returns:
        The ids of the reports that they were of. A report that is not kept any more is not pinned.

    Raises:
        UsageError: one cannot be withdrawn again.
        BuildInProgress: a build holds the folder.
    """
    index = opened(out)
    withdrawn = [gone for gone in before.withdrawn if index.entry(gone.id) is not None]
    known = {pin.id for pin in index.pins} | {gone.id for gone in withdrawn}
    pins = [pin for pin in before.pins if index.entry(pin.id) is not None and pin.id not in known]
    for gone in withdrawn:
        withdraw(out, gone.id, gone.reason, gone.at)
    for one in pins:
        pin(out, one.id, one.note, one.at)
    return (*(gone.id for gone in withdrawn), *(one.id for one in pins))


def bundle(out: Path, name: str) -> tuple[Entry, str]:
    """A report as one HTML file.

    Raises:
        UsageError: there is no such report, its page or its snapshot is not as it was archived, or an asset of it is
            missing.
    """
    from sresnap.render.downloads.offline import offline

    index = opened(out)
    entry = resolve(index, name)
    page = out / FROZEN_PAGE.path(entry.id)
    content = _archived(page, entry.html_sha256)
    base = _snapshot(out, entry).site.base_url
    address = None if base is None else f"{base}{FROZEN_PAGE.path(entry.id)}"
    return entry, offline(content.decode(), lambda link: _content(page.parent / link), address)


def diff(out: Path, before: str, after: str) -> Comparison:
    """Two reports of the archive, the older one first whatever their order.

    Raises:
        UsageError: there is no such report, or its snapshot is not as it was archived.
    """
    index = opened(out)
    old, new = sorted((resolve(index, before), resolve(index, after)), key=lambda entry: entry.id)
    return compare(_snapshot(out, old), _snapshot(out, new), old.id)


def _snapshot(out: Path, entry: Entry) -> Snapshot:
    path = out / SNAPSHOT.path(entry.id)
    return snapshots.decode(_archived(path, entry.snapshot_sha256), str(path))


def _archived(path: Path, sha256: str) -> bytes:
    content = _content(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UsageError(f"{path} is not what was archived", "bring the published one back")
    return content


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "is the whole archive in this folder? `sresnap restore --all` brings all that is published"
        raise UsageError(f"cannot read {path}: {error.strerror}", hint) from error


def _rewrite(out: Path, filing: Filing, theme: Path | None, withdrawn: Collection[str] = ()) -> tuple[Path, ...]:
    """Put the archive's files in place, and its pages' hashes into the pointer; the files that were left alone."""
    from sresnap.render.site import SiteRenderer

    pointer = pointer_of_folder(out)
    if pointer is None:
        raise UsageError(f"{out} shows no report", _MAKE_ONE)
    snapshot = snapshots.read(out / pointer.snapshot)
    with SiteRenderer(snapshot, theme) as renderer:
        site = renderer.archive_pages(filing.filed)
    pages = {**pointer.pages, **site.pages}
    latest = {POINTER: pointer_to(snapshot, pages)}
    site_files.write_changed(out, {**filing.files, **site.files, **latest})
    return filing.finish(out, site.summaries, withdrawn)
