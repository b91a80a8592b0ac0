"""Atomic files and locks: a file is written under a temporary name, synced, and renamed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from sresnap.documents.closed_folders import refuse_closed
from sresnap.errors import BuildInProgress, SresnapError, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.named_files import read_stored

_SUFFIX = ".sresnap-tmp"
_READABLE = 0o755
"""Of folders. A web server runs as another user, who must be able to enter them."""


def sha256(content: bytes) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


SERVED = 0o644
"""The mode of a site's files: a web server reads them."""


def write_atomic(path: Path, content: bytes, mode: int | None = SERVED) -> None:
    """Put content at path: temporary file, fsync, rename. A reader sees the old file or the new one, never a part.

    Args:
        path: the file.
        content: what it is to hold.
        mode: its permissions; None for what the umask gives any new file.

    Raises:
        SresnapError: the file cannot be written.
    """
    try:
        make_folder(path.parent)
        temporary = path.parent / f".{secrets.token_hex(8)}{_SUFFIX}"
        try:
            with temporary.open("xb") as file:
                with contextlib.suppress(OSError):  # some network disks have no locks
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                if mode is not None:
                    temporary.chmod(mode)
                temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SresnapError(f"cannot write {path}: {why(error)}", hint=what_to_do(error)) from error


def make_folder(folder: Path) -> None:
    """Create a folder and those above it, readable for all users as its files are: a umask of 077 would hide them.

    A folder that exists already keeps its mode.

    Raises:
        OSError: it cannot be created, or is not a folder.
    """
    missing = [folder]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for new in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another thread was first, or it was there
            new.mkdir()
            new.chmod(stat.S_IMODE(new.stat().st_mode) | _READABLE)
    folder.mkdir(exist_ok=True)  # reports a file in its place


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
            same = read_stored(path) == content
        except OSError:
            same = False
        if not same:
            write_atomic(path, content)
            count += 1
    return count


def remove_leftovers(root: Path, *, below: bool = True) -> None:
    """Remove temporary files of processes that were killed, from a folder and, if wanted, from all folders below it.

    The process that writes one has a lock on it, which ends with the process. NFS locks only files that are open for
    writing.
    """
    for leftover in root.rglob(f".*{_SUFFIX}") if below else root.glob(f".*{_SUFFIX}"):
        with contextlib.suppress(OSError), leftover.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leftover.unlink(missing_ok=True)


@contextlib.contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Create the folder and lock it against other builds. The lock ends with the process.

    Temporary files that a killed process left there are removed. A new folder that is still empty at the end is removed
    again.

    Raises:
        BuildInProgress: another build holds it.
        UsageError: it cannot be created, is not a folder, or a folder of the site in it cannot be read.
    """
    try:
        made = not folder.exists()
        make_folder(folder)
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
        refuse_closed(folder)
        remove_leftovers(folder)
        yield
    finally:
        # A process that another thread is just starting has a copy of the handle, and would keep the lock for a moment.
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
