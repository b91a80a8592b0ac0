"""The temporary folder of a throw-away repository. What a killed publisher left there, the next one removes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from sresnap.errors import PublishFailed
from sresnap.file_errors import why

_PREFIX = "sresnap-git-"
_LOCK = "lock"
_YOUNG_SECONDS = 3600
"""A folder without a lock may be of a publisher that has only just begun."""
ROOM = "nothing was pushed; make room there or set TMPDIR to another folder, and run it again"


@contextlib.contextmanager
def temporary() -> Iterator[None]:
    """Report trouble with the folder for temporary files, in which commits are made.

    Raises:
        PublishFailed: it is full or cannot be written to.
    """
    try:
        yield
    except OSError as error:
        folder = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - only shown
        raise PublishFailed(f"cannot work in the temporary folder {folder}: {why(error)}", ROOM) from error


class GitFolder:
    """A temporary folder that is locked for as long as this object lives, and then removed."""

    def __init__(self) -> None:
        """Remove the folders of dead publishers, and create one.

        Raises:
            PublishFailed: the folder for temporary files cannot be written to.
        """
        self.notes = tuple(_remove_leftovers(Path(tempfile.gettempdir())))
        with temporary():
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            lock = _locked(self.path / _LOCK)
        weakref.finalize(self, _remove, self.path, lock)


def _locked(path: Path) -> int:
    """The descriptor of a locked file. The lock ends with the process, and git does not inherit it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _remove(folder: Path, lock: int) -> None:
    with contextlib.suppress(OSError):  # the next publisher tries again, and says what it cannot remove
        _clear(folder)
    os.close(lock)


def _clear(folder: Path) -> None:
    """Remove a folder, and its lock last: one without a lock stays for an hour.

    A git that its killed publisher could not end may still write to the folder, so removing it may fail midway.
    """
    for path in folder.iterdir():
        if path.name == _LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    shutil.rmtree(folder)


def _remove_leftovers(parent: Path) -> Iterator[str]:
    """Remove this user's folders whose publisher was killed; a sentence for each that stays."""
    for folder in sorted(parent.glob(f"{_PREFIX}*")):
        try:
            if not _is_left_over(folder):
                continue
            _clear(folder)
        except FileNotFoundError:
            continue  # another publisher removed it
        except OSError as error:
            yield f"cannot remove {folder}, which a publisher that was killed has left behind: {why(error)}"


def _is_left_over(folder: Path) -> bool:
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        return False
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return time.time() - about.st_mtime > _YOUNG_SECONDS
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
