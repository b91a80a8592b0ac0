"""Puts a rendered site into its folder.

Files are written in an order that ends with `latest.json`, so a build that is killed leaves the last site whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.app.books import NO_BOOKS, Books
from sresnap.documents import folder_state, schemas
from sresnap.documents.build_record import record_of, remove_stale
from sresnap.documents.files import write_changed
from sresnap.documents.layout import ASSET, FROZEN_PAGE, POINTER, SNAPSHOT
from sresnap.documents.pointer import pointer_to, read_shown
from sresnap.errors import ExitCode, UsageError
from sresnap.model.snapshot import Snapshot, SourceKind
from sresnap.model.windows import snapshot_id
from sresnap.render.site import Site


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of a build or a redraw."""

    snapshot: Snapshot
    out: Path
    files_written: int
    newer: str | None = None
    """Id of the newer report that stays on the live pages; None when they show this one."""
    is_archived: bool = True
    """False: the archive already has, or had, a report of that moment, so only the history was extended."""
    removed_as: str | None = None
    """What happened to that report if it is not kept: `withdrawn`, `thinned out`."""
    edited_files: tuple[Path, ...] = ()
    """Files of reports that were due for thinning but were edited after they were archived, so they stay."""
    thinned: int = 0
    """How many reports the build thinned out."""
    kept: int = 0
    """How many reports the archive keeps."""
    edited_stale_files: tuple[Path, ...] = ()
    """Files that this report no longer has, but that a user has changed, so they stay."""
    books: Books = NO_BOOKS
    """The closed periods, with those that the build closed."""

    @property
    def exit_code(self) -> ExitCode:
        """INCOMPLETE when data of the report is missing."""
        return ExitCode.INCOMPLETE if self.snapshot.problems else ExitCode.DONE

    @property
    def is_clock_wrong(self) -> bool:
        """Whether the newest report is of a later time than this machine's clock shows."""
        return self.newer is not None and self.newer > snapshot_id(self.snapshot.generated_at)

    @property
    def is_mostly_thinned(self) -> bool:
        """Whether the build thinned out most of the archive, as it does when its rules became much stricter."""
        return self.thinned > self.kept


def refuse_mixing(out: Path, kind: str) -> None:
    """Keep a demo from replacing a real report, and a real report from replacing a demo.

    Raises:
        UsageError: the folder shows a report of the other kind.
    """
    found = read_shown(out)
    if found is None or found.kind in {kind, None}:
        return
    if found.kind == SourceKind.DEMO:
        raise UsageError(
            f"{out} holds a demo report, which a real one would overwrite",
            hint=f"remove it (rm -r {out}) or choose another folder with --out DIR",
        )
    raise UsageError(
        f"{out} holds a real report, which the demo would overwrite", hint="choose another folder with --out DIR"
    )


def write_site(
    out: Path,
    snapshot: Snapshot,
    content: bytes,
    frozen: bytes,
    site: Site,
    data: Mapping[str, bytes],
    *,
    is_past: bool = False,
) -> tuple[int, tuple[Path, ...]]:
    """Write data first, then assets and pages, and last the pointer that makes open pages refresh.

    At the end, files of the previous report that this one does not have are removed, such as the page and the badges of
    a service that is no longer configured. The caller has set the folder's manifest aside.

    Args:
        out: the site's folder.
        snapshot: the report.
        content: the report's file, as it was hashed or read: it is copied, never encoded again.
        frozen: its archived page.
        site: its other pages and their assets.
        data: the archive's index and what else must be there before the pages. The index comes after the frozen page,
            which it names.
        is_past: a newer report stays on the live pages, so neither the pointer nor other files change.

    Returns:
        The number of files written, and the files that should have been removed but were changed by a user.
    """
    assets = {name: content for name, content in site.files.items() if ASSET.matches(name)}
    report = {SNAPSHOT.path(snapshot.id): content, **assets}
    files = {**report, FROZEN_PAGE.path(snapshot.id): frozen, **schemas.files(), **data, **site.files}
    if is_past:
        return write_changed(out, files), ()
    before, now = folder_state.load(out).files, record_of(files)
    folder_state.record_files(out, before, now)
    count = write_changed(out, {**files, POINTER: pointer_to(snapshot, site.pages)})
    changed = remove_stale(out, before, now)
    folder_state.record_files(out, now)
    return count, changed
