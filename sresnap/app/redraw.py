"""Draws a stored snapshot again, offline: its pages, or its charts as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sresnap.app.review_pages import stored_reviews
from sresnap.app.site_writer import BuildResult, refuse_mixing, write_site
from sresnap.archive.filing import archive_state
from sresnap.current_folder import absolute
from sresnap.documents import archive_index, folder_state, manifest, snapshots
from sresnap.documents.files import hold, write_changed
from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT
from sresnap.documents.pointer import shown_report
from sresnap.errors import UsageError
from sresnap.model.archive import ArchiveState, Index
from sresnap.model.snapshot import Snapshot
from sresnap.named_files import read_stored
from sresnap.progress import Progress, Quiet
from sresnap.render.pages.archive import index_of_one
from sresnap.render.site import SiteRenderer, live_pages_of
from sresnap.web.links import is_link


def redraw(
    snapshot: Snapshot,
    out: Path,
    *,
    source: Path | None = None,
    theme: Path | None = None,
    progress: Progress | None = None,
    force: bool = False,
) -> BuildResult:
    """Rebuild the pages of a stored snapshot in a folder. The same snapshot and theme give the same bytes.

    Args:
        snapshot: the report.
        out: the site's folder.
        source: the snapshot's file. Its bytes are copied, and the favicon is taken from its site.
        theme: a user's folder of templates.
        progress: receives the stage and its steps.
        force: allow the pages to step back to an older report.

    Raises:
        UsageError: the folder cannot be used, shows a report of another kind or a newer one, or the snapshot or the
            theme cannot be drawn.
        BuildInProgress: a build holds the folder.
    """
    _refuse_folder(out, snapshot, force=force)
    content = _stored_content(snapshot, out, source)
    beside = None if source is None else absolute(source).parent.parent
    snapshot, icon_files = _with_favicon(snapshot, out, beside)
    progress = progress or Quiet()
    progress.stage("drawing", live_pages_of(snapshot))
    with _drawable(snapshot), SiteRenderer(snapshot, theme, progress.advance) as renderer:
        frozen = renderer.frozen_page()
        site = renderer.live_pages(_archive_with(out, snapshot), stored_reviews(out))
    with hold(out):
        _refuse_folder(out, snapshot, force=force)
        manifest.set_aside(out)
        count, edited_stale_files = write_site(out, snapshot, content, frozen, site, icon_files)
        return BuildResult(snapshot, out, count, edited_stale_files=edited_stale_files)


def redrawn_paths(snapshot: Snapshot, out: Path, *, theme: Path | None = None, force: bool = False) -> list[Path]:
    """The page and asset files that `redraw` would write; nothing is written.

    Raises:
        UsageError: as `redraw`.
    """
    _refuse_folder(out, snapshot, force=force)
    with _drawable(snapshot), SiteRenderer(snapshot, theme) as renderer:
        site = renderer.live_pages(_archive_with(out, snapshot), stored_reviews(out))
    return [out / name for name in (*site.files, FROZEN_PAGE.path(snapshot.id))]


def _refuse_folder(out: Path, snapshot: Snapshot, *, force: bool) -> None:
    """Refuse a folder in which a report cannot be drawn.

    Raises:
        UsageError: the folder is refused.
    """
    refuse_mixing(out, snapshot.source.kind)
    _refuse_stepping_back(out, snapshot, force=force)
    folder_state.load(out)  # write_site needs it


def _refuse_stepping_back(out: Path, snapshot: Snapshot, *, force: bool) -> None:
    """Refuse a report that is older than the one shown, or that the folder's archive does not have yet.

    Raises:
        UsageError: the report is refused.
    """
    shown = shown_report(out)
    if shown is not None and shown > snapshot.id and not force:
        raise UsageError(
            f"{out} shows the newer report {shown}; drawing {snapshot.id} there would take its pages back",
            "choose another folder with --out DIR, or use --force",
        )
    index = _index(out, snapshot)
    newest = None if index is None else index.newest
    if newest is not None and newest.id < snapshot.id:
        raise UsageError(
            f"the archive of {out} ends with {newest.id} and has no report {snapshot.id}",
            "choose another folder with --out DIR",
        )


def _index(out: Path, snapshot: Snapshot) -> Index | None:
    """The index of the folder's archive; None when there is none, or only this report was drawn there."""
    return None if archive_index.redrawn_report(out) == snapshot.id else archive_index.load(out)


def _stored_content(snapshot: Snapshot, out: Path, source: Path | None) -> bytes:
    """The bytes of a stored snapshot. The folder's own file comes first: the archive knows it by its hash."""
    for path in (out / SNAPSHOT.path(snapshot.id), source):
        with suppress(OSError, UsageError):
            content = b"" if path is None else read_stored(path)
            if snapshots.decode(content, str(path)) == snapshot:
                return content
    return snapshots.encode(snapshot)


def _with_favicon(snapshot: Snapshot, out: Path, beside: Path | None) -> tuple[Snapshot, dict[str, bytes]]:
    """The snapshot, with the shipped icon if its own is in neither folder; and the icon's file if it must be copied."""
    icon = snapshot.site.favicon
    if icon is None or is_link(icon) or (out / icon).exists():
        return snapshot, {}
    original = None if beside is None else beside / icon
    if original is not None and original.is_file():
        return snapshot, {icon: read_stored(original)}
    return replace(snapshot, site=replace(snapshot.site, favicon=None)), {}


def _archive_with(out: Path, snapshot: Snapshot) -> ArchiveState:
    """The folder's archive if the report is in it; otherwise an archive of only this report."""
    index = _index(out, snapshot)
    if index is None or index.entry(snapshot.id) is None:
        return ArchiveState(index_of_one(snapshot))
    return archive_state(out, index, snapshot)


def draw_pictures(snapshot: Snapshot, folder: Path, *, dry_run: bool = False) -> list[Path]:
    """Write a stored snapshot's charts as PNG files into a folder.

    Returns:
        The files' paths.

    Raises:
        UsageError: the snapshot cannot be drawn.
        SresnapError: a file cannot be written.
    """
    from sresnap.render.charts.pictures import pictures

    with _drawable(snapshot):
        found = pictures(snapshot)
    if not dry_run:
        write_changed(folder, found)
    return [folder / name for name in found]


@contextmanager
def _drawable(snapshot: Snapshot) -> Iterator[None]:
    """Report an arithmetic or type error inside the block: the numbers of the snapshot contradict each other."""
    try:
        yield
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        message = f"the snapshot {snapshot.id} cannot be drawn: {error}"
        raise UsageError(message, "was it edited? use the one that sresnap build wrote") from error
