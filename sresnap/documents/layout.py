"""What each file of a site is: when it is written, how it is served, whether it may ever be deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath

from sresnap.documents.archive_index import INDEX

POINTER = "latest.json"
MANIFEST = "manifest.json"

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_HASHED = re.compile(r"assets/.+\.[0-9a-f]{8,}\.[a-z0-9]+")
_SNAPSHOT = re.compile(r"snapshots/\d{8}T\d{6}Z\.json")
_REPORT = re.compile(r"archive/\d{8}T\d{6}Z/.+")
_OURS = re.compile(
    r"history/\d{4}/\d{2}/\d{4}-\d{2}-\d{2}\.json|archive/(index\.json|\d{4}-\d{2}/index\.html|thinned/[\d/-]+\.json)"
)
_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".txt": "text/plain",
    ".md": "text/markdown", ".csv": "text/csv", ".json": "application/json", ".xml": "application/xml",
    ".atom": "application/atom+xml", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
    ".yaml": "application/yaml", ".yml": "application/yaml",
}  # fmt: skip
_BINARY = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".ico": "image/x-icon", ".pdf": "application/pdf", ".woff2": "font/woff2", ".gz": "application/gzip",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Headers:
    """How a file is to be served. A place without headers, such as a folder, leaves them to its web server."""

    content_type: str
    cache_control: str


class Kind(IntEnum):
    """In the order of writing: what is referred to comes before what refers to it."""

    ASSET = 0
    DATA = 1
    """Snapshots, history, the archive's reports and the lists of thinned ones."""
    INDEX = 2
    """Of the archive: whoever goes on from it finds all that it names."""
    PAGE = 3
    FEED = 4
    """The feed and badges, which strangers fetch on their own."""
    POINTER = 5


def kind_of(name: str) -> Kind:
    """What a site-relative path is."""
    folder, _, rest = name.partition("/")
    if name == POINTER:
        return Kind.POINTER
    if not rest:
        return Kind.FEED if name.endswith((".atom", "feed.xml")) else Kind.PAGE
    if name == INDEX:
        return Kind.INDEX
    if folder == "archive":
        return Kind.DATA if _REPORT.fullmatch(name) or rest.startswith("thinned/") else Kind.PAGE
    return {"assets": Kind.ASSET, "snapshots": Kind.DATA, "history": Kind.DATA, "badges": Kind.FEED}.get(
        folder, Kind.PAGE
    )


def headers_of(name: str) -> Headers:
    """Content type with charset, and how long it may be kept without asking.

    For ever only what never changes under its name. A day of the history may: late data restates it, another query
    fills it anew. So may an archived report's page, when the report is thinned.
    """
    in_report = _REPORT.fullmatch(name) is not None and not name.endswith(".html")
    frozen = in_report or _HASHED.fullmatch(name) or _SNAPSHOT.fullmatch(name)
    return Headers(_content_type(name), _FOR_EVER if frozen else _ASK_FIRST)


def _content_type(name: str) -> str:
    if name.endswith("feed.xml"):
        return "application/atom+xml; charset=utf-8"
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _TYPES:
        return f"{_TYPES[suffix]}; charset=utf-8"
    return _BINARY.get(suffix, "application/octet-stream")


def is_ours_by_name(name: str) -> bool:
    """Whether a file has a name that only this program gives."""
    return any(pattern.fullmatch(name) for pattern in (_HASHED, _SNAPSHOT, _REPORT, _OURS))


def is_kept(name: str) -> bool:
    """Whether a file stays where it is published though the folder has it no more: it was merely not restored.

    What the archive has thinned is named to `publish` in so many words.
    """
    return name.startswith(("archive/", "history/", "snapshots/", "assets/"))
