"""`manifest.json`: what this program has put into a place, by SHA-256.

    {"schema": "sresnap/manifest/1", "id": "20261122T213000Z", "published_at": "2026-11-22T21:30:05Z",
     "files": {"index.html": {"sha256": "…", "bytes": 81234, "unwanted_since": "2026-11-22T21:30:05Z"}},
     "pending": {"index.html": "…"}}

`pending` are the files that a publication is about to write, by their new hashes. It is published before the first of
them, so that whatever a killed publisher leaves behind is known as ours. In a finished publication it is empty.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sresnap.documents.forms import MANIFEST_SCHEMA as SCHEMA
from sresnap.documents.layout import SNAPSHOT
from sresnap.model.windows import iso, parse_time

_VERSION = re.compile(r"sresnap/manifest/(\d{1,9})")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A published file."""

    sha256: str
    size: int
    """Bytes."""
    unwanted_since: int | None = None
    """When it was first no part of the site any more, seconds since the epoch. It is deleted after the grace period, so
    it may be gone already when a publisher was killed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a place holds of ours."""

    report: str | None
    """Id of the report that was published last."""
    published_at: int
    """Seconds since the epoch."""
    files: Mapping[str, Entry] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)
    """Name → SHA-256 of what was about to be written, by a publication that has not finished."""

    def size(self) -> int:
        """Bytes of the whole site."""
        return sum(entry.size for entry in self.files.values())

    def is_wanted(self, name: str) -> bool:
        """Whether a file is part of the site."""
        return name in self.pending or (name in self.files and self.files[name].unwanted_since is None)

    def hashes(self, name: str) -> set[str]:
        """What a file of that name may hold."""
        found = {self.files[name].sha256} if name in self.files else set()
        return found | ({self.pending[name]} if name in self.pending else set())


class NewerError(ValueError):
    """A manifest that only a newer sresnap can read."""


def sha256(content: bytes) -> str:
    """Of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def encode(manifest: Manifest) -> bytes:
    """One line a file, so that two manifests can be held against each other by `diff`."""
    lines = [f"  {_json(name)}:{_json(_entry(entry))}" for name, entry in sorted(manifest.files.items())]
    head = (
        f'{{"schema":{_json(SCHEMA)},"id":{_json(manifest.report)},"published_at":{_json(iso(manifest.published_at))}'
    )
    files = ",\n".join(lines)
    return f'{head},"files":{{\n{files}\n}},"pending":{_json(dict(sorted(manifest.pending.items())))}}}\n'.encode()


def decode(content: bytes) -> Manifest:
    """A manifest from JSON.

    Raises:
        NewerError: it is one of a newer sresnap.
        ValueError: it is none; the text says what is wrong.
    """
    try:
        data = json.loads(content)
        version = _VERSION.fullmatch(data["schema"])
        if version is None:
            raise ValueError("its schema is another one")
        if int(version[1]) > 1:
            raise NewerError(f"it was written by a newer sresnap ({data['schema']}); this one reads {SCHEMA}")
        return Manifest(
            report=_report(data["id"]),
            published_at=parse_time(data["published_at"]),
            files={_name(name): _read_entry(raw) for name, raw in data["files"].items()},
            pending={_name(name): _hash(found) for name, found in data["pending"].items()},
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is not of the form of {SCHEMA}: {error!r}") from error


def _entry(entry: Entry) -> dict[str, object]:
    since = {} if entry.unwanted_since is None else {"unwanted_since": iso(entry.unwanted_since)}
    return {"sha256": entry.sha256, "bytes": entry.size, **since}


def _read_entry(raw: dict[str, object]) -> Entry:
    size, since = raw["bytes"], raw.get("unwanted_since")
    if not isinstance(size, int) or size < 0:
        raise ValueError(f"{size!r} is no size of a file")
    return Entry(_hash(raw["sha256"]), size, None if since is None else parse_time(str(since)))


def _name(name: str) -> str:
    """A manifest comes from a published place: no path of it may lead out of the site."""
    parts = name.split("/")
    if not name or "\\" in name or any(part in ("", ".", "..") or part.startswith(".") for part in parts):
        raise ValueError(f"{name[:80]!r} is no path within a site")
    return name


def _report(value: object) -> str | None:
    if value is not None and not SNAPSHOT.matches(SNAPSHOT.path(str(value))):
        raise ValueError(f"{str(value)[:80]!r} is no id of a report")
    return None if value is None else str(value)


def _hash(value: object) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise ValueError(f"{str(value)[:80]!r} is no SHA-256")
    return value


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
