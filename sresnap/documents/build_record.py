"""Records which files builds have put into a folder, and removes those that the report no longer has.

A file that a build did not write, or that was changed since, stays. Only files of `layout.Owner.BUILD` are removed: the
archive, the history and the assets have rules of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from sresnap.documents.files import sha256
from sresnap.documents.folder_state import FileRecord
from sresnap.documents.layout import POINTER, Owner, row_of
from sresnap.errors import SresnapError
from sresnap.file_errors import what_to_do, why
from sresnap.named_files import UnfitFile, read_stored


def record_of(files: Mapping[str, bytes]) -> FileRecord:
    """What a later build may remove of these files."""
    return {name: [sha256(content)] for name, content in files.items() if _is_removable(name)}


def remove_stale(root: Path, before: FileRecord, now: FileRecord) -> tuple[Path, ...]:
    """Remove the files that were written before and are no longer part of the report.

    Returns:
        Files that stay because they were changed since.

    Raises:
        SresnapError: a file cannot be removed.
    """
    changed = []
    for name in sorted(set(before) - set(now)):
        path = root / name
        if not _is_removable(name) or not _is_plain(root, name):
            continue
        try:
            if sha256(read_stored(path)) not in before[name]:
                changed.append(path)
                continue
            path.unlink()
            _remove_empty(root, path.parent)
        except UnfitFile:  # something else is in its place
            changed.append(path)
        except OSError as error:
            raise SresnapError(f"cannot remove {path}: {why(error)}", what_to_do(error)) from error
    return tuple(changed)


def _is_removable(name: str) -> bool:
    return name != POINTER and row_of(name).owner is Owner.BUILD


def _is_plain(root: Path, name: str) -> bool:
    """Whether it is a file inside the folder, reached without a link."""
    if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
        return False
    return (root / name).is_file() and (root / name).resolve() == root.resolve() / name


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
