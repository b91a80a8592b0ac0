"""Disks that are full or cannot be written to: real ones, small and in memory, where this user may mount.

Elsewhere, as in a container without that right, the system's refusal is made up; git would not see it, so its rows are
skipped there, but never in CI.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from unittest import mock

import pytest

_AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
_BLOCK = 4096
FILL = ".fill"
"""Hidden, so it does not belong to a site."""


@functools.cache
def may_mount() -> bool:
    """Whether this machine can mount disks."""
    with tempfile.TemporaryDirectory() as folder:
        if not _done("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder):
            return False
        return _done("umount", "--lazy", folder)


@contextlib.contextmanager
def full(folder: Path, *, left_bytes: int = 0, made_up: bool = True):
    """Leave room for that many bytes only."""
    folder.mkdir(parents=True, exist_ok=True)
    if not may_mount():
        if not made_up:
            reason = "this user may not mount (root, or sudo without a password)"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        with _refused_after(left_bytes // _BLOCK, folder):
            yield
        return
    with _disk(folder):
        free = os.statvfs(folder)
        (folder / FILL).write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - left_bytes)))
        try:
            yield
        finally:
            (folder / FILL).unlink()


@contextlib.contextmanager
def read_only(folder: Path):
    """Make the folder read-only."""
    folder.mkdir(parents=True, exist_ok=True)
    if not may_mount():
        with _no_new_file(folder):
            yield
        return
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        _done("umount", "--lazy", str(folder))


@contextlib.contextmanager
def _disk(folder: Path, megabytes: int = 16):
    """Move the folder with its content to its own disk; afterwards, move the result back."""
    kept = folder.with_name(f"{folder.name}.kept")
    kept.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs", str(kept))
    try:
        shutil.copytree(folder, kept, symlinks=True, dirs_exist_ok=True)
        _mount("--bind", str(kept), str(folder))
        try:
            yield
        finally:
            _done("umount", "--lazy", str(folder))
        shutil.rmtree(folder)
        shutil.copytree(kept, folder, symlinks=True)
    finally:
        _done("umount", "--lazy", str(kept))
        kept.rmdir()


def _refused_after(writes: int, folder: Path):
    """Leave room for that many files only."""
    left, fsync = [writes], os.fsync

    def refusing(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink().is_relative_to(folder):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    return mock.patch.object(os, "fsync", refusing)


def _no_new_file(folder: Path):
    opened = Path.open

    def refusing(path, mode="r", *arguments, **named):
        if "x" in mode and path.absolute().is_relative_to(folder):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, mode, *arguments, **named)

    return mock.patch.object(Path, "open", refusing)


def _mount(*arguments: str) -> None:
    assert _done("mount", *arguments), f"mount {arguments}"


def _done(*command: str) -> bool:
    return subprocess.run([*_AS_ROOT, *command], capture_output=True, check=False).returncode == 0
