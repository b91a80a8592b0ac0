"""What builds write beside the archive, so that the next one takes away what is no part of the report any more.

`.sresnap-written.json` names, by site-relative path, the SHA-256 of what was put there. Before the first file is
replaced it has old and new ones, so that a build that was killed is tidied up after by the next one. What is not in
it, or is not as it says, is somebody else's and stays. Archive, history, snapshots and assets have rules of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from sresnap.documents import files as site_files
from sresnap.documents import snapshots
from sresnap.documents.layout import POINTER, SNAPSHOT, Owner, row_of
from sresnap.errors import SresnapError, UsageError
from sresnap.render.site import data_files

WRITTEN = ".sresnap-written.json"

Written = Mapping[str, Collection[str]]
"""By site-relative path, the SHA-256 of what a build has put there."""


def known(root: Path) -> Written:
    """What earlier builds have put into a folder, as it says itself; else as its newest report would have it."""
    try:
        found = json.loads((root / WRITTEN).read_bytes())["files"]
        return {str(name): [str(digest) for digest in hashes] for name, hashes in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return dict(_derived(root))


def of(files: Mapping[str, bytes]) -> Written:
    """What is about to be written, but for what is kept by other rules."""
    return {name: [_sha256(content)] for name, content in files.items() if _is_removable(name)}


def note(root: Path, *found: Written) -> None:
    """Write down what a folder holds, or may hold, of ours.

    Raises:
        SresnapError: the file cannot be written.
    """
    names = sorted({name for one in found for name in one})
    data = {name: sorted({digest for one in found for digest in one.get(name, ())}) for name in names}
    site_files.write_changed(root, {WRITTEN: (json.dumps({"files": data}, indent=0) + "\n").encode()})


def remove(root: Path, before: Written, now: Written) -> tuple[Path, ...]:
    """Remove what was written before and is no part of the report any more; the files that somebody has changed.

    Raises:
        SresnapError: a file cannot be removed.
    """
    left = []
    for name in sorted(set(before) - set(now)):
        path = root / name
        if not _is_removable(name) or not _is_plain(root, name):
            continue
        try:
            if _sha256(path.read_bytes()) not in before[name]:
                left.append(path)
                continue
            path.unlink()
            _remove_empty(root, path.parent)
        except OSError as error:
            raise SresnapError(f"cannot remove {path}: {error.strerror}", site_files.what_to_do(error)) from error
    return tuple(left)


def _is_removable(name: str) -> bool:
    return name != POINTER and row_of(name).owner is Owner.BUILD


def _is_plain(root: Path, name: str) -> bool:
    """Whether it is a file within the folder that no link leads to."""
    if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
        return False
    return (root / name).is_file() and (root / name).resolve() == root.resolve() / name


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _derived(root: Path) -> Iterator[tuple[str, Collection[str]]]:
    """Pages that the pointer knows by their hash, and files that the newest report gives again."""
    try:
        pointer = json.loads((root / POINTER).read_bytes())
        pages = {str(name): f'data-rev="{rev}"'.encode() for name, rev in pointer["pages"].items()}
        again = data_files(snapshots.read(root / SNAPSHOT.path(str(pointer["id"]))))
        yield from of(again).items()
    except (OSError, UsageError, LookupError, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError):
        return
    for name, rev in pages.items():
        try:
            content = (root / name).read_bytes()
        except (OSError, ValueError):
            continue
        if rev in content:
            yield name, [_sha256(content)]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
