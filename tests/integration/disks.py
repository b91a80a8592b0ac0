"""Disks that are full or cannot be written to: real ones, small and in memory. Mounting takes root, or sudo."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

_AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
FILL = ".fill"
"""Hidden, and so no part of a site."""


@contextlib.contextmanager
def disk(folder: Path, megabytes: int = 16):
    """The folder and what is in it, on a disk of its own; afterwards it is as it was left, on the old disk again."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder.with_name(f"{folder.name}.kept")
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs", str(kept), make=kept)
    try:
        shutil.copytree(folder, kept, symlinks=True, dirs_exist_ok=True)
        _run("mount", "--bind", str(kept), str(folder))
        try:
            yield folder
        finally:
            _run("umount", "--lazy", str(folder))
        shutil.rmtree(folder)
        shutil.copytree(kept, folder, symlinks=True)
    finally:
        _run("umount", "--lazy", str(kept))
        kept.rmdir()


@contextlib.contextmanager
def full(folder: Path, *, left_bytes: int = 0):
    """No room in it but for so many bytes."""
    with disk(folder):
        free = os.statvfs(folder)
        (folder / FILL).write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - left_bytes)))
        try:
            yield
        finally:
            (folder / FILL).unlink()


@contextlib.contextmanager
def read_only(folder: Path):
    """Nothing in it can be written."""
    folder.mkdir(parents=True, exist_ok=True)
    _run("mount", "--bind", str(folder), str(folder))
    try:
        _run("mount", "-o", "remount,bind,ro", str(folder))
        yield
    finally:
        _run("umount", "--lazy", str(folder))


def _run(*command: str, make: Path | None = None) -> None:
    if make is not None:
        make.mkdir()
    done = subprocess.run([*_AS_ROOT, *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        if make is not None:
            make.rmdir()
        pytest.skip(f"{' '.join(command[:2])}: {done.stderr.strip()}")
