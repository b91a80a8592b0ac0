"""A published site as readers get it: over HTTP."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterable
from urllib.parse import quote, urlsplit

import httpx
import stamina

from sresnap.errors import PublishFailed, UsageError
from sresnap.publish.manifest import sha256
from sresnap.publish.targets.address import bare, without_user
from sresnap.publish.targets.base import Stored

_TIMEOUT_SECONDS = 30.0
_MOST_BYTES = 200_000_000
_ATTEMPTS = 4
_GONE = (httpx.codes.NOT_FOUND, httpx.codes.GONE)
_AGAIN = (429, 500, 502, 503, 504)


class _BusyError(Exception):
    """An answer that another attempt may better."""


class Website:
    """A source that can be read only."""

    def __init__(self, url: str) -> None:
        """Take its address, as it may have been copied from a browser.

        Raises:
            UsageError: it is none, or has a query.
        """
        self._base = _folder(url)
        self.shown = without_user(self._base)
        self._http = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=True)
        weakref.finalize(self, self._http.close)

    def read(self, name: str) -> Stored | None:
        """A file, past the caches on the way as far as they let one."""
        shown = self.shown + name
        try:
            for attempt in stamina.retry_context(
                on=(httpx.TransportError, _BusyError), attempts=_ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=3.0
            ):
                with attempt:
                    content = self._get(self._base + quote(name))
        except (httpx.HTTPError, httpx.InvalidURL, _BusyError) as error:
            reason = without_user(str(error)) or type(error).__name__
            raise PublishFailed(f"{shown} cannot be read: {reason}", "is the address right? is it reached?") from None
        return None if content is None else Stored(content, sha256(content))

    def prepare(self, names: Collection[str]) -> None:
        """Several are read at once; there is nothing to prepare."""

    def names(self) -> Iterable[str]:
        """A web server does not tell."""
        raise PublishFailed(
            f"{self.shown} is a web server, which does not tell what files it has",
            "name the place that is published to: file:DIR, gh-pages:REMOTE, s3://BUCKET/PREFIX",
        )

    def _get(self, url: str) -> bytes | None:
        with self._http.stream("GET", url, headers={"Cache-Control": "no-cache"}) as answer:
            if answer.status_code in _GONE:
                return None
            if answer.status_code in _AGAIN:
                raise _BusyError(f"HTTP {answer.status_code}")
            if answer.status_code != httpx.codes.OK:
                raise PublishFailed(
                    f"{self.shown}: HTTP {answer.status_code}",
                    "is the site public? Object storage answers 403 for what is not there, too",
                )
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > _MOST_BYTES:
                    raise PublishFailed(f"{self.shown}: a file is larger than {_MOST_BYTES // 10**6} MB")
        return bytes(content)


def _folder(url: str) -> str:
    """The address that files' names are appended to: without the page, and the place on it, that a reader was at.

    Raises:
        UsageError: there is none.
    """
    address = url.partition("#")[0]
    if "?" in address:
        raise UsageError(f"{bare(url)}: the site's address has no query", "leave out the ? and what follows it")
    try:
        parts = urlsplit(address)
        named = parts.hostname is not None and parts.port != 0 and len(address.split()) == 1
    except ValueError:  # whose text quotes a part that may be one of a password
        named = False
    if not named:
        hint = "write it as https://status.example; in a login, @ is written %40, / %2F, # %23 and a blank %20"
        raise UsageError(f"{bare(url)} is no address", hint)
    return (address.removesuffix("index.html") if address.endswith("/index.html") else address).rstrip("/") + "/"
