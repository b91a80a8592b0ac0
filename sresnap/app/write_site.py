"""The last steps of a build and of a redrawing: a snapshot's pages, and its site in a folder.

Files go in place in an order that ends with `latest.json`, so that a build that is killed leaves the last site whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.documents import files as site_files
from sresnap.documents import folder_state, schemas, snapshots
from sresnap.documents.build_record import record_of, remove_stale
from sresnap.documents.layout import ASSET, FROZEN_PAGE, POINTER, SNAPSHOT
from sresnap.errors import UsageError
from sresnap.model.snapshot import Snapshot
from sresnap.progress import Progress
from sresnap.render.site import File, Site


@dataclass(frozen=True, slots=True)
class Built:
    """What a build or a render left behind."""

    snapshot: Snapshot
    out: Path
    files_written: int
    newer: str | None = None
    """Id of the newer report that the folder goes on showing; None when it shows this one."""
    is_archived: bool = True
    """False: the archive has, or had, a report of that moment, which is not made again; the history was added to."""
    gone: str | None = None
    """What became of that report when it is not kept: `withdrawn`, `thinned out`."""
    left: tuple[Path, ...] = ()
    """Files of reports that were to be thinned but are not as they were archived, and so were left alone."""
    thinned: int = 0
    """How many reports the build has thinned out."""
    kept: int = 0
    """How many are kept."""
    outlived: tuple[Path, ...] = ()
    """Files of an earlier report that are no part of this one, and that somebody has changed since: they stay."""


def rendered(
    snapshot: Snapshot,
    progress: Progress,
    theme: Path | None = None,
    *,
    file: File | None = None,
    is_past: bool = False,
) -> Site:
    """The site's files in the order to write them, and the hash of each page.

    Raises:
        UsageError: a template of the theme is wrong.
    """
    from sresnap.render.site import EXTRA_PAGES, ThemeError
    from sresnap.render.site import render as render_site

    progress.stage("drawing", len(snapshot.services) + EXTRA_PAGES)
    try:
        return render_site(snapshot, theme=theme, on_page=lambda _: progress.advance(), file=file, is_past=is_past)
    except ThemeError as error:
        raise UsageError(str(error), "docs/theming.md says what a template is given") from error


def refuse_mixing(out: Path, kind: str) -> None:
    """A demo must not take the place of a real report, nor the other way round."""
    found = snapshots.latest_kind(out)
    if found is None or found == kind:
        return
    if found == "demo":
        raise UsageError(
            f"{out} holds the demo's report, and this would put a real one over it",
            hint=f"remove it (rm -r {out}) or choose another folder with --out DIR",
        )
    raise UsageError(
        f"{out} holds a real report, and this would put the demo over it", hint="choose another folder with --out DIR"
    )


def write(
    out: Path,
    snapshot: Snapshot,
    site: Site,
    data: Mapping[str, bytes],
    *,
    is_past: bool = False,
) -> tuple[int, tuple[Path, ...]]:
    """Data first, then what the pages need, the pages, and the pointer that makes readers look.

    The archive's index, which is among `data`, comes after the frozen page that it names. At last goes what was written
    for the report before and is no part of this one: the page and the badges of a service that is no longer there.

    Returns:
        How many files were written, and those that should have gone but that somebody has changed.
    """
    frozen = FROZEN_PAGE.path(snapshot.id)
    assets = {name: content for name, content in site.files.items() if ASSET.matches(name)}
    first = {SNAPSHOT.path(snapshot.id): snapshots.encode(snapshot), **assets, frozen: site.files[frozen]}
    files = {**first, **schemas.files(), **data, **site.files}
    if is_past:
        return site_files.write_changed(out, files), ()
    before, now = folder_state.load(out).files, record_of(files)
    folder_state.record_files(out, before, now)
    count = site_files.write_changed(out, {**files, POINTER: snapshots.latest(snapshot, site.pages)})
    changed = remove_stale(out, before, now)
    folder_state.record_files(out, now)
    return count, changed
