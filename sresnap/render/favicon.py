"""The site's icon: a URL, or a user's file that the site carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sresnap.documents.layout import ASSET
from sresnap.errors import UsageError
from sresnap.file_errors import why
from sresnap.named_files import ICON_BYTES, read_named
from sresnap.render.assets import short_hash
from sresnap.web.links import is_link

_HINT = "correct favicon in sresnap.yaml or SRE_FAVICON"


@dataclass(frozen=True, slots=True)
class Favicon:
    """An icon as pages link to it."""

    address: str | None = None
    """Site-relative path or http(s) URL; None for the shipped icon."""
    files: dict[str, bytes] = field(default_factory=dict)
    """The icon's file, if the site carries it."""


def read_favicon(configured: str | None) -> Favicon:
    """The icon that `favicon` in the configuration names: a URL or a path.

    Raises:
        UsageError: the file cannot be read, or is empty.
    """
    if configured is None or is_link(configured):
        return Favicon(configured)
    path = Path(configured)
    try:
        content = read_named(path, ICON_BYTES)
    except OSError as error:
        raise UsageError(f"cannot read the favicon {path}: {why(error)}", _HINT) from error
    if not content:
        raise UsageError(f"the favicon {path} is an empty file", _HINT)
    name = ASSET.path("favicon", short_hash(content), path.suffix.lower().removeprefix(".") or "ico")
    return Favicon(name, {name: content})
