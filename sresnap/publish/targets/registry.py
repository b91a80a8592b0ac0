"""Opens the target that an address names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

from sresnap.current_folder import current_folder
from sresnap.errors import UsageError
from sresnap.printable import quotable
from sresnap.publish.targets.address import without_secrets, without_user
from sresnap.publish.targets.base import Source, Target
from sresnap.publish.targets.branch_names import split_remote
from sresnap.publish.targets.bucket_address import check_address
from sresnap.publish.targets.folder import Folder, refuse_name

KNOWN = "file:DIR, gh-pages:REMOTE[#BRANCH], s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX"
_READABLE = f"write the site's address as https://status.example, its folder, or its target: {KNOWN}"
_PORT = re.compile(r"[a-z0-9-]+:\d+(/[^@]*)?", re.IGNORECASE)
"""`localhost:8000`, which has no scheme."""
_REMOTE = re.compile(r"[^/@:\s]+@[^/@:\s]+:.+")
"""`git@host:path`, as git writes it."""
_KINDS = ("gh-pages", "s3", "gs", "az", "file", "http", "https")
_SCHEME = re.compile(r"([a-z][a-z0-9+-]+):", re.IGNORECASE)


def open_target(url: str) -> Target:
    """Open a target to publish to.

    Raises:
        UsageError: the address does not name a target that can be written to.
        PublishFailed: the target cannot be reached.
    """
    _refuse_website(url)
    return _open(url, f"publish to {KNOWN}")


def refuse_invalid(url: str) -> None:
    """Refuse an address that no target has, without asking the target.

    Raises:
        UsageError: publishing there would always fail.
    """
    _refuse_website(url)
    _refuse_unknown(url, f"publish to {KNOWN}")
    if _scheme(url) == "file":
        refuse_name(_folder(url))


def _refuse_website(url: str) -> None:
    if _is_website(url):
        message = "is a web server, which sresnap can read but not publish to"
        raise UsageError(f"{quotable(without_secrets(url))} {message}", f"publish to {KNOWN}")


def open_source(url: str) -> Source:
    """Open a published site to read, by its target or its http(s) address. Nothing is asked of it yet.

    Raises:
        UsageError: the address is invalid.
        PublishFailed: it cannot be opened here.
    """
    if _is_website(url):
        from sresnap.publish.targets.website import Website

        return Website(url)
    if _scheme(url) == "file" and url.strip() and os.path.isfile(_folder(url)):  # noqa: PTH113 - a name of any length
        raise UsageError(f"{url} is a file, not a site's folder", "give the folder that holds latest.json")
    hint = f"write http://{url} or https://{url}" if _PORT.fullmatch(url) else _READABLE
    return _open(url, hint, is_fetched=False)


def is_public(url: str) -> bool:
    """Whether a target leaves this machine: `Target.public` before it is opened."""
    return _scheme(url) != "file"


def _open(url: str, hint: str, *, is_fetched: bool = True) -> Target:
    _refuse_unknown(url, hint)
    match _scheme(url):
        case "file":
            return Folder(_folder(url))
        case "gh-pages":
            from sresnap.publish.targets.branch import Branch

            return Branch(url.partition(":")[2], current_folder(), is_fetched=is_fetched)
        case _:
            from sresnap.publish.targets.bucket import Bucket

            return Bucket(url)


def _refuse_unknown(url: str, hint: str) -> None:
    """Refuse what is not the address of a folder, a branch or a bucket."""
    scheme = _scheme(url)
    if not url.strip():
        raise UsageError("the address is empty", hint)
    _refuse_half_named(url)
    if scheme == "file":
        _folder(url)
    elif scheme == "gh-pages":
        split_remote(url.partition(":")[2])
    elif scheme in ("s3", "gs", "az"):
        check_address(scheme, url)
    else:
        # An address without a scheme may have a login in its place.
        shown = "the address" if "@" in url and "//" not in url else f"{scheme}:…"
        raise UsageError(f"{shown} does not name a target that sresnap knows", hint)


def _refuse_half_named(url: str) -> None:
    """Refuse what is probably another target than a folder of that name: a kind without an address, a git remote.

    Raises:
        UsageError: it is.
    """
    name = url.strip()
    if name.lower() in _KINDS:
        meant = {"gh-pages": "gh-pages:origin", "file": "file:DIR"}.get(name.lower(), f"{name.lower()}://…")
        hint = f"did you mean {meant}? For a folder of that name write file:{name}"
        raise UsageError(f"{name} names the kind of a target and no address", hint)
    if _scheme(name) == "file" and not name.lower().startswith("file:") and _REMOTE.fullmatch(name):
        # It is not repeated: a token may be in the place of the user.
        hint = "did you mean gh-pages:git@HOST:PATH? For a folder of that name write file: before it"
        raise UsageError("the target is a remote of git and not a folder", hint)


def _is_website(url: str) -> bool:
    return _scheme(url) in ("http", "https")


def _scheme(url: str) -> str:
    """The scheme in lower case; `file` for a plain path."""
    found = _SCHEME.match(url)
    return found[1].lower() if found else "file"


def _folder(url: str) -> Path:
    """The folder of `file:DIR`, `file:///DIR` or a plain path.

    A # or a ? is part of its name, because this is not a URL.

    Raises:
        UsageError: it is on another machine, or has no name.
    """
    if not url.lower().startswith("file:"):
        return Path(url)
    name = url[len("file:") :]
    if name.startswith("//"):
        host, slash, rest = name[2:].partition("/")
        if host not in ("", "localhost"):
            message = f"{quotable(without_user(url))} is a folder on another machine"
            raise UsageError(message, "write file:///DIR with three slashes, or file:DIR, for a folder on this one")
        name = slash + rest
    if not name.strip():
        raise UsageError("file: has no folder's name after it", "write file:DIR")
    return Path(unquote(name))
