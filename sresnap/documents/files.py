"""Atomic files and locks: a file is written under a temporary name, synced, and renamed."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sresnap.errors import BuildInProgress, SresnapError, UsageError

_SUFFIX = ".sresnap-tmp"


def sha256(content: bytes) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_atomic(path: Path, content: bytes) -> None:
    """Put content at path: temporary file, fsync, rename. A reader sees the old file or the new one, never a part.

    Raises:
        SresnapError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_SUFFIX, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SresnapError(f"cannot write {path}: {why(error)}", hint=what_to_do(error)) from error


_REASONS = {
    errno.ENOENT: "there is no such file",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is a file",
    errno.EACCES: "this user is not allowed to",
    errno.EPERM: "this user is not allowed to",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "this user's share of the disk is full",
    errno.EROFS: "the disk is read-only",
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED = (errno.EROFS, errno.EACCES, errno.EPERM)
_MISNAMED = (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOENT)
_MISPLACED = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY)


def why(error: OSError) -> str:
    """Why a file cannot be used, in words."""
    return _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def what_to_do(error: OSError, *, read: bool = False) -> str:
    """The hint for a file that cannot be written, or read."""
    if error.errno in _FULL:
        return "make room there, and run it again"
    if error.errno in _DENIED:
        return f"let this user {'read' if read else 'write'} there, and run it again"
    if error.errno in _MISPLACED:
        return "is the path right? If it is, move away what stands there"
    return "is the path right?" if read or error.errno in _MISNAMED else "is the folder writable and the disk not full?"


def write_changed(root: Path, files: Mapping[str, bytes]) -> int:
    """Write files in their order, except those that already have the same content. Returns how many were written."""
    count = 0
    for name, content in files.items():
        path = root / name
        if not path.resolve().is_relative_to(root.resolve()):
            raise UsageError(
                f"{name} would be written outside of {root}",
                hint="check the snapshot, and links in the folder",
            )
        try:
            same = path.read_bytes() == content
        except OSError:
            same = False
        if not same:
            write_atomic(path, content)
            count += 1
    return count


def remove_leftovers(root: Path) -> None:
    """Remove temporary files that a killed build left in a folder. Only call it while holding the folder."""
    for leftover in root.rglob(f".*{_SUFFIX}"):
        leftover.unlink(missing_ok=True)


@contextlib.contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Create the folder and lock it against other builds. The lock ends with the process.

    A new folder that is still empty at the end is removed again.

    Raises:
        BuildInProgress: another build holds it.
        UsageError: it cannot be created or is not a folder.
    """
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        reason = why(error)
        if isinstance(error, FileExistsError | NotADirectoryError):
            reason = "it is a link that leads nowhere" if folder.is_symlink() else "it is not a folder"
        raise UsageError(
            f"cannot use {folder} as the output folder: {reason}", "choose another with --out DIR"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BuildInProgress(
                f"another build is writing to {folder}", hint="wait for it, or choose another folder with --out DIR"
            ) from error
        yield
    finally:
        # A process that another thread is just starting has a copy of the handle, and would keep the lock for a moment.
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
