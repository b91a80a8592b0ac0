"""The temporary folder of a throw-away repository. What a killed publisher left there, the next one removes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from sresnap.errors import PublishFailed
from sresnap.file_errors import why

_PREFIX = "sresnap-git-"
_LOCK = "lock"
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
            self.path, lock = _locked_folder()
        weakref.finalize(self, _remove, self.path, lock)


def _locked_folder() -> tuple[Path, int]:
    """A new folder, and the descriptor of its lock. Another publisher may remove a folder that has no lock yet."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # noqa: TID251 - removed by _remove_leftovers
        with contextlib.suppress(FileNotFoundError):
            lock = _lock(folder)
            if lock is not None:
                return folder, lock


def _lock(folder: Path) -> int | None:
    """The descriptor of the folder's lock, which ends with the process; None while another process has it.

    git does not inherit it.

    Raises:
        FileNotFoundError: the folder is removed meanwhile.
    """
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    if os.fstat(descriptor).st_nlink:
        return descriptor
    os.close(descriptor)
    raise FileNotFoundError(folder)


def _remove(folder: Path, lock: int) -> None:
    with contextlib.suppress(OSError):  # the next publisher tries again, and says what it cannot remove
        _clear(folder)
    os.close(lock)


def _clear(folder: Path) -> None:
    """Remove a folder whose lock this process has, the lock last: until then no other process clears it, too.

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
            if _is_own(folder):
                _clear_unlocked(folder)
        except FileNotFoundError:
            continue  # another publisher removed it
        except OSError as error:
            yield f"cannot remove {folder}, which a publisher that was killed has left behind: {why(error)}"


def _is_own(folder: Path) -> bool:
    about = folder.lstat()
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()


def _clear_unlocked(folder: Path) -> None:
    lock = _lock(folder)
    if lock is None:
        return
    try:
        _clear(folder)
    finally:
        os.close(lock)
