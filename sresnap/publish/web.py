"""A published site as readers get it: over HTTP."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterable
from urllib.parse import quote, urlsplit

import httpx
import stamina

from sresnap.errors import PublishFailed, UsageError
from sresnap.publish.manifest import sha256
from sresnap.publish.target import Stored

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
        base = url.removesuffix("index.html").rstrip("/") + "/"
        try:
            parts = urlsplit(base)
        except ValueError as error:
            raise UsageError(f"{url} is no address: {error}") from None
        if not parts.hostname:
            raise UsageError(f"{url} is no address", "write it as https://status.example")
        self._base = base
        self.shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
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
            reason = str(error) or type(error).__name__
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
