"""Object storage through obstore: S3 and compatible stores, Google Cloud Storage, Azure.

Credentials and endpoints come from the usual variables (AWS_*, GOOGLE_*, AZURE_*). Not every store honours conditional
writes, so each publication tries them out, and the lease adapts.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from sresnap.documents.headers import Headers
from sresnap.errors import PublishConflict, PublishFailed, UsageError
from sresnap.publish.targets.base import Limits, StoredFile, TooLong, bound_of
from sresnap.publish.targets.bucket_address import check_address, check_endpoints, is_plain
from sresnap.publish.targets.lease import LEASE, Lease, Timing
from sresnap.publish.targets.store_answers import NO_BUCKET, names_no_bucket, reason
from sresnap.publish.targets.store_calls import StoreCalls, report_panics

if TYPE_CHECKING:
    from obstore import PutMode

T = TypeVar("T")

_REQUEST_SECONDS = 40
"""Less than three quarters of 60 s, which is the least that is left of a lease when a write begins."""
_PROBE = ".sresnap-probe"
"""The same object each time, so that a key without the right to delete leaves one."""
_PROBES = 3
_UNSUPPORTED = re.compile(r"HTTP (?:400|501)|NotImplemented")
_NO_VERSION = json.dumps(['"00000000000000000000000000000000"', "1"])
"""A version that no object has."""
_MOST_SHOWN = 60
_HIDDEN = Headers("application/json; charset=utf-8", "no-store")


class Bucket:
    """A bucket or a prefix in it."""

    public = True
    atomic = False
    limits: Limits | None = None

    def __init__(self, url: str, timing: Timing | None = None) -> None:
        """Open a bucket by its address; nothing is sent yet.

        Raises:
            UsageError: obstore is missing, or the address or a variable is invalid.
            PublishFailed: obstore panics.
        """
        self._scheme = url.partition(":")[0].lower()
        check_address(self._scheme, url)
        try:
            import obstore
            from obstore import exceptions
            from obstore.store import from_url
        except ImportError:
            message = f"{url}: publishing to object storage needs the package obstore"
            raise UsageError(message, "pip install 'sresnap[cloud]'") from None
        check_endpoints(self._scheme, os.environ)
        self.shown = url.rstrip("/")
        self.conditional = True
        self._api = obstore
        self._errors = exceptions
        self._calls = StoreCalls(self._scheme, self.shown, exceptions)
        self._timing = timing or Timing()
        self._lease: Lease | None = None
        self._lease_left: str | None = None
        with report_panics(self.shown):
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
            except Exception as error:  # obstore's own errors, and any that its variables cause
                raise UsageError(f"{url} cannot be used: {reason(error)}", "write s3://BUCKET/PREFIX") from error

    @property
    def notes(self) -> Iterable[str]:
        """Warnings, once they were found: the store ignores conditional writes, or the lease could not be removed."""
        if self._lease_left is not None:
            yield self._lease_left
        if not self.conditional:
            settles = f"{self._timing.settles:g} s"
            yield (
                f"{self.shown} ignores conditional writes, so only the lease {LEASE} keeps publishers apart; it works "
                f"as long as no request takes more than {settles}"
            )

    def read(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file; its version is the store's ETag and generation."""
        longest = bound_of(name) if most is None else most

        def get() -> StoredFile:
            found = self._api.get(self._store, name)
            if found.meta["size"] > longest:
                raise TooLong(f"{self.shown}/{name}", longest, found.meta["size"])
            return StoredFile(bytes(found.bytes()), json.dumps([found.meta["e_tag"], found.meta["version"]]))

        try:
            return self._calls.run(get)
        except FileNotFoundError as error:
            if names_no_bucket(error):
                raise PublishFailed(f"{self.shown} cannot be read: {reason(error)}", NO_BUCKET) from error
            return None

    def prepare(self, names: Collection[str]) -> None:
        """Do nothing: files are read several at once anyway."""

    def renew(self) -> None:
        """Do nothing: every file is read again each time."""

    def abandon(self) -> None:
        """Do nothing: no process of its own runs."""

    def names(self) -> Iterable[str]:
        """List all objects, without the lease."""

        def paths() -> list[str]:
            return [item["path"] for chunk in self._api.list(self._store) for item in chunk]

        return (name for name in self._calls.run(paths) if not name.startswith("."))

    @contextlib.contextmanager
    def hold(self, notify: Callable[[str], None]) -> Iterator[Lease]:
        """Try out conditional writes, and take the lease."""
        self.conditional = self._honours_conditions()
        lease = Lease(self, secrets.token_hex(8), self._timing, notify=notify)
        lease.acquire()
        self._lease = lease
        try:
            yield lease
        finally:
            self._lease_left = self._release(lease)

    def _release(self, lease: Lease) -> str | None:
        """Give the lease back; a warning if it could not be removed."""
        with contextlib.suppress(PublishFailed):  # the lease is refused in the same way, and says why
            self.delete(_PROBE)
        try:
            removed = lease.release()
        except PublishFailed as error:  # the lease then runs out
            return f"{error.message}; the lease {LEASE} runs out by itself"
        if removed is None:
            return None
        return f"{removed.message}; {removed.hint}. The lease {LEASE} stays, and says that nobody holds it"

    def put(self, name: str, content: bytes, headers: Headers) -> None:
        """Write a file. Stores replace objects as a whole."""
        self._do_write(name, lambda: self._put_under_lease(name, content, headers))

    def write(self, name: str, content: bytes) -> None:
        """Write an object that does not belong to the site."""
        self._do_write(name, lambda: self._put(name, content, _HIDDEN, "overwrite"))

    def write_if(self, name: str, content: bytes, expected: str | None, headers: Headers = _HIDDEN) -> bool:
        """Write an object if its version is the expected one; whether it was written."""
        return self._write_if(name, content, expected, headers) is not None

    def _write_if(self, name: str, content: bytes, expected: str | None, headers: Headers) -> str | None:
        """The new version; None when it was not written.

        If the store's answer was lost, the retry meets this write's own result. Reading the object shows that.
        """
        mode: PutMode = "create" if expected is None else self._update(expected)
        try:
            return self._do_write(name, lambda: self._put(name, content, headers, mode))
        except (self._errors.PreconditionError, self._errors.AlreadyExistsError):
            stored = self.read(name)
            return stored.version if stored is not None and stored.content == content else None

    def swap(self, name: str, content: bytes, headers: Headers, expected: str | None) -> str:
        """Write conditionally or, where the store cannot, compare before and after the write under the lease."""
        if self.conditional:
            version = self._write_if(name, content, expected, headers)
            if version is None:
                raise self._conflict(name)
            return version
        self._confirm_lease()
        stored = self.read(name)
        if (None if stored is None else stored.version) != expected:
            raise self._conflict(name)
        self.put(name, content, headers)
        self._confirm_lease()
        stored = self.read(name)
        if stored is None or stored.content != content:
            raise self._conflict(name)
        return stored.version

    def delete(self, name: str) -> None:
        """Remove a file. Stores accept that it does not exist."""
        with contextlib.suppress(FileNotFoundError):
            self._calls.run(lambda: self._api.delete(self._store, name))

    def _confirm_lease(self) -> None:
        if self._lease is not None:
            self._lease.confirm()

    def _update(self, expected: str) -> PutMode:
        """The condition that an object is unchanged.

        Raises:
            PublishFailed: its ETag is a weak one, which never matches (RFC 9110, 13.1.1). No store sends one: a proxy
                that compresses does.
        """
        tag, version = json.loads(expected)
        if str(tag).startswith("W/"):
            raise PublishFailed(
                f"{self.shown}: a proxy in front of the store weakens its ETags ({tag[:_MOST_SHOWN]}), so a change by "
                "another publisher cannot be seen; nothing was changed",
                "publish to the store itself, or switch off compression in that proxy",
            )
        return {"e_tag": tag} if version is None else {"e_tag": tag, "version": version}

    def _conflict(self, name: str) -> PublishConflict:
        hint = "run `sresnap restore`, then build and publish again"
        return PublishConflict(f"another publisher changed {name} of {self.shown} meanwhile", hint)

    def _honours_conditions(self) -> bool:
        """Whether the store refuses to create an object that exists, and to replace another version.

        Another publisher that tries it out meanwhile may remove the object, so a refusal that does not come is looked
        for again.
        """
        return any(self._refuses_wrong_conditions() for _ in range(_PROBES))

    def _refuses_wrong_conditions(self) -> bool:
        try:
            self.write(_PROBE, b"1")
            return not (self.write_if(_PROBE, b"2", None) or self.write_if(_PROBE, b"3", _NO_VERSION))
        except PublishFailed as error:
            is_removed = isinstance(error.__cause__, FileNotFoundError) and not names_no_bucket(error.__cause__)
            if is_removed or _UNSUPPORTED.search(error.message):  # the store refuses what it does not support
                return False
            raise

    def _put(self, name: str, content: bytes, headers: Headers, mode: PutMode) -> str:
        attributes: Any = {"Content-Type": headers.content_type, "Cache-Control": headers.cache_control}
        made = self._api.put(self._store, name, content, attributes=attributes, mode=mode)
        return json.dumps([made["e_tag"], made["version"]])

    def _put_under_lease(self, name: str, content: bytes, headers: Headers) -> str:
        """Check the lease before each attempt, which ends before the lease can be taken over."""
        if self._lease is not None:
            self._lease.check()
        return self._put(name, content, headers, "overwrite")

    def _do_write(self, name: str, action: Callable[[], T]) -> T:
        try:
            return self._calls.run(action)
        except FileNotFoundError as error:
            message = f"{self.shown}: {name} cannot be written: {reason(error)}"
            raise PublishFailed(message, NO_BUCKET) from error
