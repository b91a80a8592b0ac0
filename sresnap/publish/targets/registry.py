"""Which place an address means."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from sresnap.errors import UsageError
from sresnap.publish.targets.address import bare, without_user
from sresnap.publish.targets.base import Source, Target
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.website import Website

KNOWN = "file:DIR, gh-pages:REMOTE[#BRANCH], s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX"
_SCHEME = re.compile(r"([a-z][a-z0-9+-]+):", re.IGNORECASE)


def open_target(url: str) -> Target:
    """A place to publish to.

    Raises:
        UsageError: the address is none of a place that can be written to.
        PublishFailed: the place is not reached.
    """
    scheme = _scheme(url)
    if not url.strip():
        raise UsageError("the address to publish to is empty", f"it is one of {KNOWN}")
    if scheme == "file":
        return Folder(_folder(url))
    if scheme == "gh-pages":
        from sresnap.publish.targets.branch import Branch

        return Branch(url.partition(":")[2], Path.cwd())
    if scheme in ("s3", "gs", "az"):
        from sresnap.publish.targets.bucket import Cloud

        return Cloud(url)
    if scheme in ("http", "https"):
        message = "a web server can be read from, not published to"
        raise UsageError(f"{bare(url)}: {message}", f"publish to {KNOWN}")
    raise UsageError(f"{scheme}: is no kind of place that sresnap knows", f"it is one of {KNOWN}")


def is_public(url: str) -> bool:
    """Whether an address means a place that leaves this machine, as `Target.public` tells once it is opened."""
    return _scheme(url) != "file"


def open_source(url: str) -> Source:
    """A published site to read: a place to publish to, or its http(s) address.

    Raises:
        UsageError: the address is none.
        PublishFailed: the place is not reached.
    """
    return Website(url) if _scheme(url) in ("http", "https") else open_target(url)


def _scheme(url: str) -> str:
    """In lower case; a plain path is a file's."""
    found = _SCHEME.match(url)
    return found[1].lower() if found else "file"


def _folder(url: str) -> Path:
    """`file:DIR`, `file:///DIR` or a plain path. It is not read as a URL: a # or a ? is part of a folder's name.

    Raises:
        UsageError: it is on another machine, or none.
    """
    if not url.lower().startswith("file:"):
        return Path(url)
    name = url[len("file:") :]
    if name.startswith("//"):
        host, slash, rest = name[2:].partition("/")
        if host not in ("", "localhost"):
            message = f"{without_user(url)}: a folder of another machine"
            raise UsageError(message, "write file:///DIR with three slashes, or file:DIR")
        name = slash + rest
    if not name:
        raise UsageError("file: names no folder", "write file:DIR")
    return Path(unquote(name))
