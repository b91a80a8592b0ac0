"""A published site as readers get it, over HTTP."""

from __future__ import annotations

import re
import time
import weakref
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote, urlsplit

import httpx

from sresnap.documents.files import sha256
from sresnap.documents.layout import FOLDER_PAGE
from sresnap.errors import PublishFailed, SresnapError, UsageError
from sresnap.printable import quotable
from sresnap.publish.targets.address import without_secrets, without_user
from sresnap.publish.targets.base import StoredFile, TooLong, bound_of
from sresnap.retries import retry_context
from sresnap.web.addresses import is_readable
from sresnap.web.body import ACCEPTED, Body, BodyError, TooLargeError
from sresnap.web.transports import Connections

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_FILE_SECONDS = 300.0
"""The longest that one file may take. A server that sends a byte now and then never reaches the timeout above."""
_CHUNK_BYTES = 16_384
"""Inflated at a time, to at most a thousand times as much."""
_ATTEMPTS = 4
_MOST_REDIRECTS = 5
_NOT_PUBLIC = (
    "is the site public? A server also answers 403 where it may not enter the folder, or an object is not there"
)
_GONE = (httpx.codes.NOT_FOUND, httpx.codes.GONE)
_BUSY = (429, 500, 502, 503, 504)
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[\da-f:.]+\](:\d+)?", re.IGNORECASE)


class _BusyError(Exception):
    """An answer that another attempt may replace with a better one."""


class Website:
    """A web server: a source that can be read but not published to."""

    def __init__(self, url: str) -> None:
        """Take the site's address, which may be copied from a browser.

        Raises:
            UsageError: it is not an address, it has a query, or the environment names a proxy that cannot be used.
        """
        self._base = _folder(url)
        self.shown = without_user(self._base)
        connections = Connections(httpx.Limits())
        connections.check(self._base)
        headers = {"Accept-Encoding": ACCEPTED}
        self._http = httpx.Client(timeout=_TIMEOUT, transport=connections, trust_env=False, headers=headers)
        weakref.finalize(self, self._http.close)

    def read(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file, and ask caches on the way for a fresh copy."""
        return self._read(name, most, {"Cache-Control": "no-cache"})

    def read_cached(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file as a browser does, from a cache if one has it."""
        return self._read(name, most, {})

    def _read(self, name: str, most: int | None, headers: Mapping[str, str]) -> StoredFile | None:
        shown = self.shown + name
        longest = bound_of(name) if most is None else most
        try:
            for attempt in retry_context(
                on=_may_pass, attempts=_ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=3.0, wait_jitter=0.2
            ):
                with attempt:
                    content = self._get(self._base + quote(name), shown, longest, headers)
        except _BusyError as error:
            hint = "the server is busy or broken; run it again later"
            raise PublishFailed(f"{shown} cannot be read: {error}, {_ATTEMPTS} times in a row", hint) from None
        except SresnapError:
            raise
        except Exception as error:  # noqa: BLE001 - httpx lets errors of what it uses through: ssl, idna, h11
            hint = "check the address and the network connection"
            raise PublishFailed(f"{shown} cannot be read: {_reason(error)}", hint) from None
        return None if content is None else StoredFile(content, sha256(content))

    def prepare(self, names: Collection[str]) -> None:
        """Do nothing: files are read several at once anyway."""

    def renew(self) -> None:
        """Do nothing: every file is read again each time."""

    def abandon(self) -> None:
        """Do nothing: no process of its own runs."""

    def names(self) -> Iterable[str]:
        """Fail: a web server does not list its files."""
        raise PublishFailed(
            f"{self.shown} is a web server, which does not list its files",
            "name the target that the site is published to: file:DIR, gh-pages:REMOTE, s3://BUCKET/PREFIX",
        )

    def _get(self, url: str, shown: str, most: int, headers: Mapping[str, str]) -> bytes | None:
        """The content of a URL, over redirects; None when there is no such file."""
        request = self._http.build_request("GET", url, headers=headers)
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._http.send(request, stream=True)
            try:
                if answer.next_request is None:
                    return self._content(answer, shown, most)
            finally:
                answer.close()
            _refuse_redirect(shown, request.url, answer.next_request.url)
            request = answer.next_request
        raise PublishFailed(f"{shown} redirects over {_MOST_REDIRECTS} times", "give the address that it leads to")

    def _content(self, answer: httpx.Response, shown: str, most: int) -> bytes | None:
        if answer.status_code in _GONE:
            return None
        if answer.status_code in _BUSY:
            raise _BusyError(f"HTTP {answer.status_code}")
        if answer.status_code != httpx.codes.OK:
            raise PublishFailed(f"{shown}: HTTP {answer.status_code}", _NOT_PUBLIC)
        try:
            return self._body(answer, shown, most)
        except TooLargeError:
            raise TooLong(shown, most) from None
        except BodyError as error:
            raise PublishFailed(f"{shown} {error}", "is the address right?") from None

    def _body(self, answer: httpx.Response, shown: str, most: int) -> bytes:
        """Read what arrives, within bounds of size and time."""
        deadline = time.monotonic() + _FILE_SECONDS
        body = Body(answer.headers.get("content-encoding"), most)
        size = answer.headers.get("content-length", "")
        if not body.is_compressed and size.isdecimal() and int(size) > most:
            raise TooLong(shown, most, int(size))
        for part in answer.iter_raw(_CHUNK_BYTES):
            body.add(part)
            if time.monotonic() > deadline:
                raise PublishFailed(f"{shown} did not arrive within {_FILE_SECONDS:g} s", "run it again later")
        return body.content()


def _may_pass(error: Exception) -> bool:
    return isinstance(error, httpx.TransportError | _BusyError) and not _is_bad_redirect(error)


def _is_bad_redirect(error: Exception) -> bool:
    """Whether httpx cannot read the address that a server redirects to. It has no type for that."""
    return "location header" in str(error) or isinstance(error, UnicodeError)


def _reason(error: Exception) -> str:
    if _is_bad_redirect(error):  # its text quotes a piece of the address, which may be a piece of a password
        return "it redirects to an invalid address"
    text = without_user(str(error)) if isinstance(error, httpx.HTTPError | OSError) else ""
    return quotable(re.sub(r"^\[Errno -?\d+\] ", "", text)) or type(error).__name__


def _refuse_redirect(shown: str, before: httpx.URL, after: httpx.URL) -> None:
    """Follow http(s) only, and never from an encrypted connection to an open one."""
    if after.scheme not in ("https", before.scheme):
        hint = "sresnap follows redirects to https only; to read that address, give it yourself"
        raise PublishFailed(f"{shown} redirects to {without_secrets(str(after))}", hint)


def _folder(url: str) -> str:
    """The address that file names are appended to, without the page and the fragment that a reader was at.

    Raises:
        UsageError: it is not an address, or it has a query.
    """
    address = url.partition("#")[0]
    if "?" in address or not _is_valid(address) or _is_in_login("#", url):
        fault, hint = _fault(url)
        raise UsageError(f"{without_secrets(url)} {fault}", hint)
    return (address.removesuffix(FOLDER_PAGE) if address.endswith(f"/{FOLDER_PAGE}") else address).rstrip("/") + "/"


def _is_valid(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_valid = is_readable(address) and parts.hostname is not None and parts.port != 0 and len(address.split()) == 1
        # To urlsplit, http://user:12/34@host has a host, a port and a path.
        return is_valid and re.search(r"[^/]@", parts.path) is None
    except ValueError:  # its text may quote a part of a password
        return False


def _is_in_login(mark: str, url: str) -> bool:
    """Whether the first character that ends a host stands before an @, so that it may be part of a password."""
    after_slashes = url.partition("//")[2]
    first = re.search(r"[/?#]", after_slashes)
    return first is not None and first[0] == mark and "@" in after_slashes[first.end() :]


def _fault(url: str) -> tuple[str, str]:
    """What is wrong with an address, and what to do. Nothing of a login is quoted, except characters to escape."""
    example = "write it as https://status.example"
    scheme, _, rest = url.partition(":")
    if not rest.startswith("//"):
        return f"lacks the // after {scheme}:", example
    login, _, host = rest[2:].rpartition("@")
    start = re.split(r"[/?#]", rest[2:], maxsplit=1)[0]
    marks = dict.fromkeys(re.findall(r"[/?#\[\]\s]", login))
    escapes = [f"{'a space' if mark.isspace() else mark} as {quote(mark, safe='')}" for mark in marks]
    in_login = f"in a login, write {' and '.join(escapes)}"
    if escapes and not (_HOST.fullmatch(start) and "?" in url):
        return "has a login with a character that must be escaped", in_login
    if "?" in url:
        more = f"; {in_login}" if escapes else ""
        return "has a query, which a site's address cannot have", f"leave out the ? and what follows it{more}"
    if len(url.split()) != 1:
        return "has a space", "remove it, or write it as %20"
    port = re.match(r"(?:[^/:#\[\]]+|\[[^\]]*\]):([^/#]*)", host)
    if port is not None and not (port[1].isdecimal() and 0 < int(port[1]) < 65536):  # noqa: PLR2004 - the last port
        return "has a port that is not a number from 1 to 65535", f"{example}:8443"
    return "is not an address", example
