"""The archive that a build, or whoever changes it, goes on from: it must hold together, and must not have been lost.

An archive that begins anew over a lost one would be published over the good one. That there was one is told by the
pointer, which names the archive's page, and by `manifest.json`, which lists what was published. The newest report is
never thinned out: an index whose newest one is older than what they name is an older one, or was emptied.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sresnap.documents import archive_index, snapshots
from sresnap.documents.layout import ARCHIVE_PAGE, FROZEN_PAGE, INDEX, MANIFEST, POINTER
from sresnap.errors import UsageError
from sresnap.model.archive import Index

_RESTORE = "`sresnap restore` brings back what is published; to begin anew, take another folder with --out DIR"
_VERIFY = "put back what was published: `sresnap verify --all` tells whether it holds together there"


def index(root: Path) -> Index | None:
    """The index of a site; None when the site has no archive yet.

    Raises:
        UsageError: it cannot be read, its chain is broken, or the folder tells of reports that it does not know.
    """
    found = archive_index.load(root)
    if found is not None:
        _refuse_broken(root, found)
    newest = None if found is None else found.newest
    known = max(_told_of(root), default=None)
    if known is not None and (newest is None or newest.id < known):
        path = root / INDEX
        state = (
            f"is not there, though the folder has published, or shows, the report {known}"
            if found is None
            else f"ends with {'no report' if newest is None else newest.id}, before the report {known} of the folder"
        )
        raise UsageError(f"the archive was lost: {path} {state}", _RESTORE)
    return found


def _refuse_broken(root: Path, found: Index) -> None:
    faults = archive_index.chain_faults(found)
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise UsageError(f"the chain of {root / INDEX} is broken: {faults[0]}{more}", _VERIFY)


def _told_of(root: Path) -> Iterator[str]:
    """Reports that were in the archive, by what the folder says."""
    files = _json(root / MANIFEST).get("files")
    names = files if isinstance(files, dict) else {}
    yield from (report for name in names if (report := FROZEN_PAGE.value(name)) is not None)
    pages = _json(root / POINTER).get("pages")
    shown = snapshots.latest_id(root)
    if shown is not None and isinstance(pages, dict) and ARCHIVE_PAGE.path() in pages:
        yield shown


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
