"""The current folder, which another program may have removed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from sresnap.errors import UsageError
from sresnap.file_errors import why

_CHANGE = "change to one that is there"


def current_folder() -> Path:
    """The folder that relative paths refer to.

    Raises:
        UsageError: it is gone, or this user may not enter it.
    """
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("the current folder is gone", f"{_CHANGE}, and run it again") from error
    except OSError as error:
        raise _closed(error) from error


def _closed(error: OSError) -> UsageError:
    return UsageError(f"the current folder cannot be used: {why(error)}", f"{_CHANGE}, and run it again")


def absolute(path: Path) -> Path:
    """A path that no longer depends on the current folder.

    Raises:
        UsageError: it is relative, and the current folder is gone.
    """
    return path if path.is_absolute() else current_folder() / path


def missing_folder(error: BaseException) -> UsageError | None:
    """The error to report where another one only follows from a current folder that is gone or closed; or None."""
    cause = error if isinstance(error, OSError) else error.__cause__
    if not isinstance(cause, OSError) or cause.errno not in (errno.ENOENT, errno.EACCES):
        return None
    if cause.filename is not None and os.path.isabs(os.fsdecode(cause.filename)):  # noqa: PTH117 - a name of any length
        return None
    try:
        current_folder()
    except UsageError as gone:
        return gone
    # A program may start in a folder that it may not enter: `sudo -u www-data` in /root.
    return None if cause.errno != errno.EACCES or os.access(".", os.X_OK) else _closed(cause)
