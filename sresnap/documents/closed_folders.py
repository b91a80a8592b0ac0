"""Folders of a site that this user may not read. Python lists them as empty, and their files would count as lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from sresnap.documents.layout import FOLDERS
from sresnap.errors import UsageError
from sresnap.file_errors import what_to_do, why


def refuse_closed(root: Path) -> None:
    """Make sure that everything of the site in a folder can be found. Folders that sresnap does not use may be closed.

    Raises:
        UsageError: this user may not list or enter a folder of the site.
    """
    waiting = [os.fspath(root)]
    while waiting:
        folder = waiting.pop()
        if not os.path.isdir(folder):  # noqa: PTH112 - one that is not there yet has nothing
            continue
        if not os.access(folder, os.R_OK | os.X_OK):
            raise unreadable(PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder))
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        is_root = folder == os.fspath(root)
        waiting += [entry.path for entry in found if not is_root or entry.name in FOLDERS]


def unreadable(error: OSError) -> UsageError:
    """The error for a folder that cannot be listed."""
    shown = os.fsdecode(error.filename)
    return UsageError(f"cannot read the folder {shown}: {why(error)}", what_to_do(error, read=True))
