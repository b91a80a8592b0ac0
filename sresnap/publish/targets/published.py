"""Reading a site that is published: from its folder, or over HTTP."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from sresnap.documents.snapshots import decode, is_snapshot_name
from sresnap.errors import NoReport, UsageError
from sresnap.model.snapshot import Snapshot

_TIMEOUT_SECONDS = 20.0
_MOST_BYTES = 200_000_000


def published(site: str) -> Snapshot:
    """The newest report of a site: the one that its `latest.json` points to.

    Args:
        site: a folder, or the http(s) address of the site with or without `index.html`.

    Raises:
        NoReport: the site cannot be reached, or holds no report that this sresnap can read: none, a damaged one, or one
            of a newer sresnap.
    """
    pointer, shown = _read(site, "latest.json"), _shown(site)
    try:
        name = json.loads(pointer)["snapshot"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoReport(f"{shown}: latest.json is none of sresnap", "is that the site's folder or address?") from None
    if not isinstance(name, str) or not is_snapshot_name(name):
        raise NoReport(f"{shown}: latest.json points to {str(name)[:80]!r}, which is no snapshot's name")
    try:
        return decode(_read(site, name), f"{shown.rstrip('/')}/{name}")
    except UsageError as error:
        # The call was right: it is the site that shows nothing to answer from.
        hint = "publish it again with `sresnap build`, or ask with the sresnap that wrote it"
        raise NoReport(error.message, hint) from None


def _shown(site: str) -> str:
    """The site as it is told, without a password."""
    return re.sub(r"(?<=//)[^/?#]*@", "", site)


def _read(site: str, name: str) -> bytes:
    return _fetch(site, name) if site.startswith(("http://", "https://")) else _open(Path(site), name)


def _open(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        hint = "give the site's folder or address with --site; `sresnap build` writes public/"
        raise NoReport(f"there is no report in {folder}: {name}: {(error.strerror or '').lower()}", hint) from None


def _fetch(site: str, name: str) -> bytes:
    import httpx

    base = site.removesuffix("index.html").rstrip("/") + "/"
    try:
        parts = urlsplit(base)
    except ValueError as error:
        raise NoReport(
            f"{_shown(site)} is no address: {error}", "give the site's folder or address with --site"
        ) from None
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{name}"
    try:
        with (
            httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=True) as client,
            client.stream("GET", urljoin(base, name), headers={"Cache-Control": "no-cache"}) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise NoReport(f"{shown}: HTTP {answer.status_code}", "is the address right? is the site public?")
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > _MOST_BYTES:
                    raise NoReport(f"{shown} is larger than {_MOST_BYTES // 10**6} MB")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error) or type(error).__name__
        raise NoReport(f"{shown} cannot be reached: {reason}", "is the address right?") from None
    return bytes(content)
