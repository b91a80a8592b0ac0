"""Object storage through obstore: S3 and what speaks like it, Google Cloud Storage, Azure.

Credentials and endpoints come from the usual variables (AWS_*, GOOGLE_*, AZURE_*). Not every store honours conditional
writes; each publication tries it out, and the lease adapts.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import stamina

from sresnap.documents.layout import Headers
from sresnap.errors import PublishConflict, PublishFailed, UsageError
from sresnap.publish.targets.address import without_user
from sresnap.publish.targets.base import Limits, Stored, refuse_oversized
from sresnap.publish.targets.bucket_address import SIGN_IN, check_address, check_endpoints, is_plain
from sresnap.publish.targets.lease import LEASE, Lease, Timing

if TYPE_CHECKING:
    from obstore import PutMode

T = TypeVar("T")

_ATTEMPTS = 5
_REQUEST_SECONDS = 40
"""Less than the least that is left of a lease when a write begins: three quarters of 60 s."""
_PROBE = ".sresnap-probe-"
_NO_BUCKET = "does the bucket exist? sresnap does not make one"
_STATUS = re.compile(r"status code: (\d{3}[^:\n]*)")
_CODE = re.compile(r"<Code>([^<\n]{1,80})</Code>")
_REFUSED = re.compile(r"HTTP (?:4(?!08|29)\d\d|501)")
_UNKNOWN = re.compile(r"HTTP (?:400|501)|NotImplemented")
_DENIED = re.compile(r"HTTP 40[13]")
_SKEWED = re.compile(r"RequestTimeTooSkewed|Request date header too old")
_MOST_SHOWN = 300
_NEVER = json.dumps(['"00000000000000000000000000000000"', "1"])
"""A version that no object has."""
_HIDDEN = Headers("application/json; charset=utf-8", "no-store")
_RIGHTS = {
    "s3": f"check {SIGN_IN['s3']}; it takes GetObject, PutObject, DeleteObject, ListBucket",
    "gs": f"check {SIGN_IN['gs']}; it takes the role Storage Object User",
    "az": f"check {SIGN_IN['az']}; it takes the role Storage Blob Data Contributor",
}


class Cloud:
    """A bucket, or a prefix in one."""

    public = True
    atomic = False
    limits: Limits | None = None

    def __init__(self, url: str, timing: Timing | None = None) -> None:
        """Reach for a bucket by its address.

        Raises:
            UsageError: obstore is missing, or the address or a variable is wrong.
            PublishFailed: obstore panics.
        """
        self._scheme = url.partition(":")[0].lower()
        check_address(self._scheme, url)
        try:
            import obstore
            from obstore import exceptions
            from obstore.store import from_url
        except ImportError:
            message = f"{url}: object storage needs the package obstore"
            raise UsageError(message, "pip install 'sresnap[cloud]'") from None
        check_endpoints(self._scheme, os.environ)
        self.shown = url.rstrip("/")
        self.conditional = True
        self._api = obstore
        self._errors = exceptions
        self._timing = timing or Timing()
        self._lease: Lease | None = None
        with _panics(self.shown):
            try:
                self._store = from_url(
                    self.shown,
                    client_options={
                        "allow_http": is_plain(os.environ),
                        "timeout": f"{_REQUEST_SECONDS}s",
                        "connect_timeout": "10s",
                    },
                    retry_config={"max_retries": 0},
                )
            except Exception as error:  # obstore raises its own errors, and those of the variables it reads
                raise UsageError(f"{url} cannot be used: {_said(error)}", "write s3://BUCKET/PREFIX") from error

    @property
    def notes(self) -> Iterable[str]:
        """Whether conditional writes are honoured, once that was tried."""
        if not self.conditional:
            settles = f"{self._timing.settles:g} s"
            yield (
                f"{self.shown} ignores conditional writes: publishers are kept apart by the lease {LEASE}, which "
                f"holds as long as no request takes more than {settles}"
            )

    def read(self, name: str) -> Stored | None:
        """A file; its version is the store's ETag and generation."""

        def get() -> Stored:
            found = self._api.get(self._store, name)
            refuse_oversized(f"{self.shown}/{name}", found.meta["size"])
            return Stored(bytes(found.bytes()), json.dumps([found.meta["e_tag"], found.meta["version"]]))

        try:
            return self._tried(get)
        except FileNotFoundError:
            return None

    def prepare(self, names: Collection[str]) -> None:
        """Several are read at once; there is nothing to prepare."""

    def names(self) -> Iterable[str]:
        """All objects but the lease."""

        def found() -> list[str]:
            return [item["path"] for chunk in self._api.list(self._store) for item in chunk]

        return (name for name in self._tried(found) if not name.startswith("."))

    @contextlib.contextmanager
    def hold(self, tell: Callable[[str], None]) -> Iterator[Lease]:
        """Try out what the store can do, and take the lease."""
        self.conditional = self._honours_conditions()
        lease = Lease(self, secrets.token_hex(8), self._timing, tell=tell)
        lease.acquire()
        self._lease = lease
        try:
            yield lease
        finally:
            with contextlib.suppress(PublishFailed):  # it runs out by itself
                lease.release()

    def put(self, name: str, content: bytes, headers: Headers) -> None:
        """Objects are replaced as a whole."""
        self._written(name, lambda: self._put_held(name, content, headers))

    def write(self, name: str, content: bytes) -> None:
        """An object that is no part of the site."""
        self._written(name, lambda: self._put(name, content, _HIDDEN, "overwrite"))

    def write_if(self, name: str, content: bytes, expected: str | None, headers: Headers = _HIDDEN) -> bool:
        """Conditional write. Where the answer to it got lost, what is there now tells whether it was done."""
        return self._write_if(name, content, expected, headers) is not None

    def _write_if(self, name: str, content: bytes, expected: str | None, headers: Headers) -> str | None:
        """The new version; None when it was not written."""
        mode: PutMode = "create" if expected is None else _update(expected)
        try:
            return self._written(name, lambda: self._put(name, content, headers, mode))
        except (self._errors.PreconditionError, self._errors.AlreadyExistsError):
            there = self.read(name)
            return there.version if there is not None and there.content == content else None

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """By a conditional write, or by comparing before and after while the lease is the own one."""
        if self.conditional:
            version = self._write_if(name, content, expected, headers)
            if version is None:
                raise self._changed(name)
            return version
        self._confirm()
        there = self.read(name)
        if (None if there is None else there.version) != expected:
            raise self._changed(name)
        self.put(name, content, headers)
        self._confirm()
        there = self.read(name)
        if there is None or there.content != content:
            raise self._changed(name)
        return there.version

    def delete(self, name: str) -> None:
        """Remove it; stores do not mind when it is gone."""
        with contextlib.suppress(FileNotFoundError):
            self._tried(lambda: self._api.delete(self._store, name))

    def _confirm(self) -> None:
        if self._lease is not None:
            self._lease.confirm()

    def _changed(self, name: str) -> PublishConflict:
        hint = "restore and run it again: the next run includes what the other one wrote"
        return PublishConflict(f"another publisher changed {name} of {self.shown} meanwhile", hint)

    def _honours_conditions(self) -> bool:
        """Whether the store refuses to create what is there, and to replace what is another version."""
        name = f"{_PROBE}{secrets.token_hex(8)}"
        try:
            self.write(name, b"1")
            return not (self.write_if(name, b"2", None) or self.write_if(name, b"3", _NEVER))
        except PublishFailed as error:
            if _UNKNOWN.search(error.message):  # it refuses what it does not know
                return False
            raise
        finally:
            with contextlib.suppress(PublishFailed):
                self.delete(name)

    def _put(self, name: str, content: bytes, headers: Headers, mode: PutMode) -> str:
        attributes: Any = {"Content-Type": headers.content_type, "Cache-Control": headers.cache_control}
        made = self._api.put(self._store, name, content, attributes=attributes, mode=mode)
        return json.dumps([made["e_tag"], made["version"]])

    def _put_held(self, name: str, content: bytes, headers: Headers) -> str:
        """Each attempt begins with the lease in hand, and ends before it can be taken over."""
        if self._lease is not None:
            self._lease.check()
        return self._put(name, content, headers, "overwrite")

    def _written(self, name: str, action: Callable[[], T]) -> T:
        try:
            return self._tried(action)
        except FileNotFoundError as error:
            message = f"{self.shown}: {name} cannot be written: {_said(error)}"
            raise PublishFailed(message, _NO_BUCKET) from error

    def _tried(self, action: Callable[[], T]) -> T:
        """The action, again after failures that may pass: 5xx, 429, lost connections.

        Raises:
            PublishFailed: the store refuses or is not reached, or obstore panics.
        """
        try:
            for attempt in stamina.retry_context(
                on=self._may_pass, attempts=_ATTEMPTS, timeout=None, wait_initial=0.1, wait_max=3.0, wait_jitter=0.2
            ):
                with attempt, _panics(self.shown):
                    return action()
        except (self._errors.PermissionDeniedError, self._errors.UnauthenticatedError) as error:
            hint = _RIGHTS.get(self._scheme)
            if _SKEWED.search(str(error)):
                hint = "set the clock of this machine right, and run it again: it signs requests with the time"
            raise PublishFailed(f"{self.shown} refuses: {_said(error)}", hint) from error
        except self._errors.GenericError as error:
            message = f"{self.shown} does not answer as it should: {_said(error)}"
            hint = _NO_BUCKET
            if self._may_pass(error):
                hint = "is its address right, and is it reached? What it shows is whole; run it again later"
            elif _DENIED.search(message):
                hint = _RIGHTS.get(self._scheme, hint)
            raise PublishFailed(message, hint) from error
        raise AssertionError("stamina ends by returning or raising")

    def _may_pass(self, error: Exception) -> bool:
        """Whether it is worth another attempt: not reached, busy or broken. obstore has no type for that."""
        return isinstance(error, self._errors.GenericError) and not _REFUSED.search(_said(error))


def _update(expected: str) -> PutMode:
    tag, version = json.loads(expected)
    return {"e_tag": tag} if version is None else {"e_tag": tag, "version": version}


@contextlib.contextmanager
def _panics(shown: str) -> Iterator[None]:
    """Around what obstore does: its panics are no `Exception`, and would reach the user with a traceback.

    Raises:
        PublishFailed: it panicked.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        hint = "is a variable wrong that it reads (AWS_*, GOOGLE_*, AZURE_*), by a blank or a line break perhaps?"
        raise PublishFailed(f"{shown}: obstore broke off: {_said(error)}", hint) from error


def _said(error: BaseException) -> str:
    """What the store said, in one line: `HTTP 403 Forbidden (AccessDenied)`, or the first line of what obstore says."""
    text = str(error).strip() or type(error).__name__
    status, code = _STATUS.search(text), _CODE.search(text)
    if status is not None:
        return f"HTTP {status[1]}" + (f" ({code[1]})" if code is not None else "")
    line = without_user(text.splitlines()[0])
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"
