"""`manifest.json`: what sresnap has put into a target, by SHA-256.

A folder has a copy of the manifest that it last saw. The next build hides it.

    {"schema": "sresnap/manifest/1", "id": "20261122T213000Z", "published_at": "2026-11-22T21:30:05Z",
     "files": {"index.html": {"sha256": "…", "bytes": 81234, "unwanted_since": "2026-11-22T21:30:05Z"}},
     "pending": {"index.html": "…"}}

`pending` are the files that a publication is about to write, by their new hashes. It is published before the first of
them, so that all files that a killed publisher leaves behind are known. In a finished publication it is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from sresnap.documents.codec import Codec, to_json
from sresnap.documents.layout import MANIFEST, POINTER, SEEN_MANIFEST
from sresnap.documents.site_paths import SitePath, both_file_and_folder
from sresnap.errors import DamagedFile, NewerFile, SresnapError
from sresnap.file_errors import what_to_do, why
from sresnap.model.instant import Instant
from sresnap.model.stored import STORED, Count, ReportId, Sha256
from sresnap.named_files import read_stored

SCHEMA: Final = "sresnap/manifest/1"

MOST_FILES = 500_000
"""Ten years of history, ten thousand summaries and two thousand services have a tenth of it."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file that sresnap has put into the target."""

    __pydantic_config__ = STORED

    sha256: Sha256
    size: Annotated[Count, Field(alias="bytes")]
    """Bytes."""
    unwanted_since: Instant | None = None
    """When the site first no longer had the file. It is deleted after the grace period, so it may be gone already when
    a publisher was killed. The key is only there for such a file."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What sresnap has put into a target."""

    __pydantic_config__ = STORED

    report: Annotated[ReportId | None, Field(alias="id")]
    """Id of the report that was published last."""
    published_at: Instant
    files: Annotated[Mapping[SitePath, PublishedFile], Field(max_length=MOST_FILES)]
    pending: Annotated[Mapping[SitePath, Sha256], Field(max_length=MOST_FILES)]
    """Name → SHA-256 of a file that a publication was about to write. It has not finished."""
    schema: Literal["sresnap/manifest/1"] = SCHEMA

    def size(self) -> int:
        """Bytes of the whole site."""
        return sum(entry.size for entry in self.files.values())

    def sizes(self) -> Mapping[str, int]:
        """Bytes of each file whose size is known. A pending file has the old content or the new one."""
        return {name: entry.size for name, entry in self.files.items() if name not in self.pending}

    def size_of(self, name: str) -> int | None:
        """Bytes of a file; None when its size is not known."""
        return self.files[name].size if name in self.files and name not in self.pending else None

    def is_wanted(self, name: str) -> bool:
        """Whether a file is part of the site."""
        return name in self.pending or (name in self.files and self.files[name].unwanted_since is None)

    def hashes(self, name: str) -> set[str]:
        """The hashes that a file may have."""
        found = {self.files[name].sha256} if name in self.files else set()
        return found | ({self.pending[name]} if name in self.pending else set())


def _check(manifest: Manifest) -> None:
    wanted = (name for name in {*manifest.files, *manifest.pending} if manifest.is_wanted(name))
    found = both_file_and_folder([*wanted, MANIFEST, POINTER])
    if found is not None:
        raise ValueError(f"{found} is both a file and a folder")


CODEC = Codec(SCHEMA, Manifest, "a manifest", "is the address right?", _check, most_values=8 * MOST_FILES)


def encode(manifest: Manifest) -> bytes:
    """The manifest as JSON, one line per file, so that `diff` compares two of them.

    Raises:
        ValueError: it cannot be written.
    """
    empty = to_json(Manifest, Manifest(manifest.report, manifest.published_at, {}, {}))
    head = empty[1 : empty.index('"files":')]
    lines = [f"  {to_json(str, name)}:{_line(file)}" for name, file in sorted(manifest.files.items())]
    pending = to_json(dict[str, str], dict(sorted(manifest.pending.items())))
    body = ",\n".join(lines)
    schema = to_json(str, manifest.schema)
    return f'{{"schema":{schema},{head}"files":{{\n{body}\n}},"pending":{pending}}}\n'.encode()


def _line(file: PublishedFile) -> str:
    text = to_json(PublishedFile, file)
    return text.replace(',"unwanted_since":null', "") if file.unwanted_since is None else text


def decode(content: bytes, name: str) -> Manifest:
    """A manifest from JSON.

    Raises:
        DamagedFile: it is not a manifest, or was edited.
        NewerFile: a newer sresnap wrote it.
    """
    return CODEC.read(content, name)


def of_folder(root: Path) -> Manifest | None:
    """The manifest of the target that a folder was last restored from or published to; None when it has none.

    Raises:
        NewerFile: a newer sresnap wrote it.
    """
    for name in (MANIFEST, SEEN_MANIFEST):
        try:
            return decode(read_stored(root / name), str(root / name))
        except (OSError, DamagedFile):
            continue
    return None


def set_aside(root: Path) -> None:
    """Hide the folder's manifest before its files change: a folder that is uploaded as a whole would claim old hashes.

    A `manifest.json` of another program stays.

    Raises:
        SresnapError: it cannot be renamed.
    """
    path = root / MANIFEST
    try:
        decode(read_stored(path), str(path))
        path.replace(root / SEEN_MANIFEST)
    except (FileNotFoundError, DamagedFile, NewerFile):
        return
    except OSError as error:
        raise SresnapError(f"cannot rename {path}: {why(error)}", what_to_do(error)) from error
