"""Writes files to paths that the user names, and never over another file unless asked to."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sresnap.documents.files import remove_leftovers, write_atomic
from sresnap.errors import UsageError
from sresnap.named_files import open_file


def refuse_overwriting(path: Path, *, force: bool, own_mark: str | None = None) -> None:
    """Stop before a file would be overwritten.

    Args:
        path: where the file would go.
        force: the user allows it.
        own_mark: the first words of files that this command writes; such a file may be overwritten.

    Raises:
        UsageError: another file is there.
    """
    if force or not path.exists():
        return
    if own_mark is None:
        raise UsageError(f"{path} already exists", "choose another name, or overwrite it with --force")
    if not _starts_with(path, own_mark.encode()):
        raise UsageError(
            f"{path} already exists and was not written by this command",
            "choose another name, or overwrite it with --force",
        )


def _starts_with(path: Path, mark: bytes) -> bool:
    try:
        with open_file(path) as file:
            return file.read(len(mark)) == mark
    except OSError:  # a file that cannot be read, a pipe or a device was not written by this command
        return False


def write_text(path: Path, text: str) -> int:
    """Write a file whole or not at all; its size in bytes.

    A file that is there keeps its mode, and a link still leads to it: it may hold a password, or lie in a repository.

    Raises:
        SresnapError: it cannot be written.
    """
    content = text.encode()
    path = Path(os.path.realpath(path))
    mode = stat.S_IMODE(path.stat().st_mode) if path.is_file() else None
    remove_leftovers(path.parent, below=False)
    write_atomic(path, content, mode)
    return len(content)
