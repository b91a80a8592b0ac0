"""A stored snapshot drawn again, offline: its pages, or its charts as pictures."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from sresnap.app.write_site import Built, refuse_mixing, rendered, write
from sresnap.archive.filing import comparisons
from sresnap.documents import archive_index, snapshots
from sresnap.documents import files as site_files
from sresnap.errors import UsageError
from sresnap.model.archive import Filed
from sresnap.model.snapshot import Snapshot
from sresnap.progress import Progress, Quiet
from sresnap.render.site import File


def redraw(
    snapshot: Snapshot,
    out: Path,
    *,
    beside: Path | None = None,
    theme: Path | None = None,
    progress: Progress | None = None,
    force: bool = False,
) -> Built:
    """Rebuild the pages of a stored snapshot in `out`: the same snapshot and theme give the same bytes.

    `beside` is the site that the snapshot came from, for the icon that its pages show. With `force` it may step the
    site back to an older report.

    Raises:
        UsageError: the folder cannot be used, holds reports of another kind, or shows a newer one.
    """
    refuse_stepping(out, snapshot, force=force)
    icon_files = {}
    icon = snapshot.site.favicon
    if icon is not None and "://" not in icon and not (out / icon).exists():
        original = None if beside is None else beside / icon
        if original is not None and original.is_file():
            icon_files[icon] = original.read_bytes()
        else:
            snapshot = dataclasses.replace(snapshot, site=dataclasses.replace(snapshot.site, favicon=None))
    try:
        site = rendered(snapshot, progress or Quiet(), theme, file=_known_archive(out, snapshot))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise _undrawable(snapshot, error) from error
    with site_files.hold(out):
        refuse_mixing(out, snapshot.source.kind)
        refuse_stepping(out, snapshot, force=force)
        count, outlived = write(out, snapshot, site, icon_files)
        return Built(snapshot, out, count, outlived=outlived)


def refuse_stepping(out: Path, snapshot: Snapshot, *, force: bool) -> None:
    """A site must not step back to an older report unawares, nor ahead of its archive.

    Raises:
        UsageError: it would.
    """
    shown = snapshots.latest_id(out)
    if shown is not None and shown > snapshot.id and not force:
        raise UsageError(
            f"{out} shows the newer report {shown}, and this would put its pages back to {snapshot.id}",
            "choose another folder with --out DIR, or do it with --force",
        )
    index = archive_index.load(out)
    newest = None if index is None else index.newest
    if newest is not None and newest.id < snapshot.id:
        raise UsageError(
            f"the archive of {out} ends with {newest.id} and has no report {snapshot.id}",
            "choose another folder with --out DIR",
        )


def _known_archive(out: Path, snapshot: Snapshot) -> File | None:
    """The archive of the folder, when the report is in it; else its pages show this report alone."""
    index = archive_index.load(out)
    if index is None or index.entry(snapshot.id) is None:
        return None
    compared = tuple(comparisons(out, index, snapshot))
    return lambda _: Filed(index, (), compared)


def draw_pictures(snapshot: Snapshot, folder: Path, *, dry_run: bool = False) -> list[Path]:
    """Charts of a stored snapshot as PNG files in a folder; the paths.

    Raises:
        UsageError: the snapshot cannot be drawn.
        SresnapError: a file cannot be written.
    """
    from sresnap.render.charts.png import pictures

    try:
        found = pictures(snapshot)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise _undrawable(snapshot, error) from error
    if not dry_run:
        site_files.write_changed(folder, found)
    return [folder / name for name in found]


def _undrawable(snapshot: Snapshot, error: Exception) -> UsageError:
    message = f"the snapshot {snapshot.id} cannot be drawn: {error}"
    return UsageError(message, "was it edited? take the one that sresnap build wrote")
