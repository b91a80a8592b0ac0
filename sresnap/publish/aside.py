"""What a folder built and lost against another publisher: it is set aside before that one's files are restored."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sresnap.errors import SresnapError
from sresnap.publish.kinds import Kind, kind_of
from sresnap.publish.manifest import Manifest
from sresnap.store import files

UNPUBLISHED = ".sresnap-unpublished"
"""Below the site's folder."""


def overtaken(out: Path, fetched: Collection[str], there: Manifest) -> list[str]:
    """Files of reports that another publisher has overtaken, or that are replaced by what that one wrote."""
    replaced = [name for name in fetched if (out / name).is_file()]
    own = [
        path.relative_to(out).as_posix()
        for folder in ("snapshots", "archive")
        for path in sorted((out / folder).rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(out).parts)
    ]
    lost = [name for name in own if kind_of(name) is Kind.DATA and not there.hashes(name)]
    return [*replaced, *lost]


def set_aside(out: Path, names: Collection[str], stamp: str) -> None:
    """Move files to below UNPUBLISHED, under the id of the report that overtook them.

    Raises:
        SresnapError: they cannot be moved.
    """
    for name in names:
        kept = out / UNPUBLISHED / stamp / name
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            (out / name).replace(kept)
        except OSError as error:
            raise SresnapError(f"cannot set {out / name} aside: {error.strerror}", files.what_to_do(error)) from error
