"""Reads an archive: which reports it keeps, one report as a file, two reports compared."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sresnap.archive import continuity
from sresnap.compute.fleet.compare import compare
from sresnap.documents import archive_index, snapshots
from sresnap.documents.files import sha256
from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT
from sresnap.errors import UsageError
from sresnap.file_errors import why
from sresnap.model.archive import Entry, Index
from sresnap.model.comparison import Comparison
from sresnap.model.snapshot import Snapshot
from sresnap.named_files import read_stored

MAKE_ONE = "`sresnap build` creates one; give the site's folder with --out DIR"
_MAKE_ANOTHER = "run `sresnap build` again to get a second report; for a site in another folder, add --out DIR"


def open_archive(out: Path) -> Index:
    """The index of a site's archive.

    Raises:
        UsageError: the site has no archive, has lost its index, or has an index that cannot be read.
    """
    return _existing(archive_index.load(out) or continuity.index(out), out)


def open_to_change(out: Path) -> Index:
    """The index of a site's archive, which may be continued.

    Raises:
        UsageError: as `open_archive`, or the archive must not be continued.
    """
    return _existing(continuity.index(out), out)


def _existing(index: Index | None, out: Path) -> Index:
    if index is None:
        raise UsageError(f"there is no archive in {out}", MAKE_ONE)
    return index


def find_report(index: Index, name: str) -> Entry:
    """A kept report by its id, the beginning of its id, `latest` or `previous`.

    Raises:
        UsageError: no report or several reports have that name.
    """
    report = find_id(index, name)
    return next(entry for entry in index.entries if entry.id == report)


def find_id(index: Index, name: str, others: Collection[str] = ()) -> str:
    """The id of a report by its name, see `find_report`. `others` are ids to find in addition to the kept reports.

    Raises:
        UsageError: no report or several reports have that name.
    """
    kept = sorted(entry.id for entry in index.entries)
    if name in {"latest", "previous"}:
        position = -1 if name == "latest" else -2
        if len(kept) < -position:
            only = " keeps only one report" if kept else " keeps no report"
            raise UsageError(f"the archive{only}, so there is no `{name}`", _MAKE_ANOTHER if kept else MAKE_ONE)
        return kept[position]
    if not name:
        raise UsageError("the report's id is empty", "`sresnap archive list` shows the ids")
    found = [report for report in sorted({*kept, *others}) if report.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} reports begin with {name}", f"the first of them is {found[0]}")
    before = [report for report in kept if report < name][-1:]
    after = [report for report in kept if report > name][:1]
    near = [*before, *after]
    nearest = f"the nearest kept {'ones are' if len(near) > 1 else 'one is'} {' and '.join(near)}" if near else MAKE_ONE
    raise UsageError(f"the archive keeps no report {name}", nearest)


def bundle(out: Path, name: str) -> tuple[Entry, str]:
    """A report as one HTML file.

    Raises:
        UsageError: there is no such report, its page or snapshot differs from what was archived, or an asset is
            missing.
    """
    from sresnap.render.downloads.offline import offline

    entry = find_report(open_archive(out), name)
    page = out / FROZEN_PAGE.path(entry.id)
    content = _archived(page, entry.html_sha256)
    base = _snapshot(out, entry).site.base_url
    address = None if base is None else f"{base}{FROZEN_PAGE.path(entry.id)}"
    return entry, offline(content.decode(), lambda link: _content(page.parent / link), address)


def diff(out: Path, before: str, after: str) -> Comparison:
    """Compare two reports. The older one comes first, in whichever order they are named.

    Raises:
        UsageError: there is no such report, or its snapshot differs from what was archived.
    """
    index = open_archive(out)
    old, new = sorted((find_report(index, before), find_report(index, after)), key=lambda entry: entry.id)
    return compare(_snapshot(out, old), _snapshot(out, new), old.id)


def _snapshot(out: Path, entry: Entry) -> Snapshot:
    path = out / SNAPSHOT.path(entry.id)
    return snapshots.decode(_archived(path, entry.snapshot_sha256), str(path))


def _archived(path: Path, expected_sha256: str) -> bytes:
    content = _content(path)
    if sha256(content) != expected_sha256:
        hint = "`sresnap restore --all` brings the published file back"
        raise UsageError(f"{path} differs from what was archived", hint)
    return content


def _content(path: Path) -> bytes:
    try:
        return read_stored(path)
    except OSError as error:
        hint = "is the whole archive in this folder? `sresnap restore --all` brings everything that is published"
        raise UsageError(f"cannot read {path}: {why(error)}", hint) from error
