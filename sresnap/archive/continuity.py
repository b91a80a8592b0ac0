"""The check that a folder's archive is whole, before a build or another command continues it.

If a build started a new archive in place of a lost one, publishing would replace the good one. Two files show that
there was an archive: the pointer, which names the archive's page, and `manifest.json`, which lists what was published.
The newest report is never thinned out: an index whose newest report is older than they say is out of date, or was
emptied.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sresnap.archive.chain import chain_faults
from sresnap.documents import archive_index, manifest
from sresnap.documents.layout import ARCHIVE_PAGE, FROZEN_PAGE, INDEX, POINTER
from sresnap.documents.pointer import pointer_of_folder, shown_report
from sresnap.errors import DamagedFile, UsageError
from sresnap.model.archive import Index

_RESTORE = "run `sresnap restore` to fetch what is published, or start a new archive in another folder with --out DIR"
_LOST_POINTER = f"run `sresnap restore`; if nothing was published, delete {POINTER} and build again"
_VERIFY = "restore what was published; `sresnap verify --all` checks whether it is whole there"


def index(root: Path) -> Index | None:
    """The index of a site; None when the site has no archive yet.

    Raises:
        UsageError: it cannot be read, its chain is broken, or the folder names newer reports than the index has.
    """
    found = archive_index.load(root)
    if found is not None:
        _refuse_broken(root, found)
    newest = found.newest if found else None
    known = max(_archived_reports(root, found), default=None)
    if known is not None and (newest is None or newest.id < known):
        path = root / INDEX
        state = (
            f"is missing, though the folder has published, or shows, the report {known}"
            if found is None
            else f"ends with {'no report' if newest is None else newest.id}, before the report {known} of the folder"
        )
        raise UsageError(f"the archive was lost: {path} {state}", _RESTORE)
    return found


def _refuse_broken(root: Path, found: Index) -> None:
    faults = chain_faults(found)
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise UsageError(f"the chain of {root / INDEX} is broken: {faults[0]}{more}", _VERIFY)


def _archived_reports(root: Path, found: Index | None) -> Iterator[str]:
    """Reports that were in the archive, as far as the folder's manifest and pointer show.

    Raises:
        UsageError: only the pointer could show whether there was an archive, and it is damaged.
    """
    published = manifest.of_folder(root)
    names = () if published is None else published.files
    yield from (report for name in names if (report := FROZEN_PAGE.value(name)) is not None)
    try:
        pointer = pointer_of_folder(root)
    except DamagedFile as error:
        if found is None and published is None:
            message = f"{error.message}; so it does not show whether {root} had an archive"
            raise UsageError(message, _LOST_POINTER) from error
        # Beside an archive it is only the last page that is damaged: the next build writes it again.
        pointer = None
        shown = shown_report(root)
        yield from () if shown is None else (shown,)
    if pointer is not None and ARCHIVE_PAGE.path() in pointer.pages:
        yield pointer.id
