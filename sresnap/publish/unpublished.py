"""Moves files out of the way that a folder built but could not publish, because another publisher was first."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from pathlib import Path

from sresnap import file_errors
from sresnap.documents.files import sha256
from sresnap.documents.layout import POINTER, UNPUBLISHED_FOLDER, Stage, stage_of
from sresnap.documents.manifest import Manifest
from sresnap.errors import SresnapError, UsageError
from sresnap.named_files import read_stored
from sresnap.publish import site_folder


def outdated_files(out: Path, published: Manifest) -> list[str]:
    """Files of the folder that differ from the published ones, after another publisher was first.

    None of them may be published: they were made from files that the other publisher has replaced.
    """
    return [
        name
        for name in site_folder.names(out)
        if name != POINTER
        and not (out / name).is_symlink()
        and (published.hashes(name) or stage_of(name) in (Stage.DATA, Stage.INDEX))
        and sha256(_content(out / name)) not in published.hashes(name)
    ]


def _content(path: Path) -> bytes:
    try:
        return read_stored(path)
    except OSError as error:
        message = f"cannot read {path}: {file_errors.why(error)}"
        raise UsageError(message, file_errors.what_to_do(error, read=True)) from error


def move_aside(out: Path, names: Collection[str], report: str) -> None:
    """Move files to a folder below UNPUBLISHED_FOLDER that is named after the other publisher's report.

    The second folder for the same report is numbered.

    Raises:
        SresnapError: they cannot be moved.
    """
    folders = (out / UNPUBLISHED_FOLDER / (f"{report}-{number}" if number else report) for number in itertools.count())
    folder = next(folder for folder in folders if not folder.exists())
    for name in names:
        moved = folder / name
        try:
            moved.parent.mkdir(parents=True, exist_ok=True)
            (out / name).replace(moved)
        except OSError as error:
            raise SresnapError(
                f"cannot move {out / name} to {moved}: {file_errors.why(error)}", file_errors.what_to_do(error)
            ) from error
