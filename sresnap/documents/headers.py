"""How a web server sends each file of a site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from sresnap.documents.layout import row_of

_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".txt": "text/plain",
    ".md": "text/markdown", ".csv": "text/csv", ".json": "application/json", ".xml": "application/xml",
    ".atom": "application/atom+xml", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
    ".yaml": "application/yaml", ".yml": "application/yaml",
}  # fmt: skip
_BINARY_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".avif": "image/avif", ".bmp": "image/bmp", ".ico": "image/x-icon", ".pdf": "application/pdf",
    ".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".gz": "application/gzip",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Headers:
    """How a file is served. A target without headers, such as a folder, leaves them to its web server."""

    content_type: str
    cache_control: str


def headers_of(path: str) -> Headers:
    """Content type with charset, and how long the file may be kept without asking."""
    row = row_of(path)
    return Headers(row.content_type or _type_by_suffix(path), row.cache.value)


def _type_by_suffix(path: str) -> str:
    kind = media_type(path)
    return f"{kind}; charset=utf-8" if kind in _TYPES.values() else kind


def media_type(path: str) -> str:
    """The media type of a file by its suffix, without a charset."""
    suffix = PurePosixPath(path).suffix.lower()
    return _TYPES.get(suffix) or _BINARY_TYPES.get(suffix, "application/octet-stream")
