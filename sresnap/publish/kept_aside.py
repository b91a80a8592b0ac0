"""What a folder built and lost against another publisher: it is set aside before that one's files are restored."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from pathlib import Path

from sresnap.documents import files
from sresnap.documents.layout import POINTER, Stage, stage_of
from sresnap.errors import SresnapError
from sresnap.publish import site_folder
from sresnap.publish.manifest import Manifest, sha256

UNPUBLISHED = ".sresnap-unpublished"
"""Below the site's folder."""


def overtaken(out: Path, there: Manifest) -> list[str]:
    """Files of the folder that are not as they are published, now that another publisher was first.

    None of them may be published: they were made from what that one has replaced.
    """
    return [
        name
        for name in site_folder.names(out)
        if name != POINTER
        and not (out / name).is_symlink()
        and (there.hashes(name) or stage_of(name) is Stage.DATA)
        and sha256((out / name).read_bytes()) not in there.hashes(name)
    ]


def set_aside(out: Path, names: Collection[str], stamp: str) -> None:
    """Move files to below UNPUBLISHED, under the id of the report that overtook them, and a number if it did before.

    Raises:
        SresnapError: they cannot be moved.
    """
    places = (out / UNPUBLISHED / (f"{stamp}-{again}" if again else stamp) for again in itertools.count())
    place = next(place for place in places if not place.exists())
    for name in names:
        kept = place / name
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            (out / name).replace(kept)
        except OSError as error:
            raise SresnapError(f"cannot set {out / name} aside: {error.strerror}", files.what_to_do(error)) from error
