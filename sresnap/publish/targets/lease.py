"""The lease: an object that keeps other publishers out of an object store while one of them writes.

Its holder renews it. A publisher that finds it watches it by its own clock. When the lease has not changed for as long
as it lasts, its holder was killed, and the waiting publisher takes it over. So two machines' clocks are never compared.
(Amazon's DynamoDB lock client works the same way.)

Where the store honours conditional writes, creating, renewing and taking over are each one conditional write. Where it
does not, a publisher writes its lease, pauses for longer than a request takes, and holds it if the lease is unchanged.
The file is `documents.lease`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sresnap.documents.layout import LEASE_FILE
from sresnap.documents.lease import SCHEMA, LeaseFile, decode_lease, encode_lease
from sresnap.errors import PublishConflict, PublishFailed
from sresnap.model.windows import iso
from sresnap.publish.targets.base import RUN_AGAIN, StoredFile

LEASE = LEASE_FILE.path()
_LEAST_PAUSE = 1.0
"""Seconds that may pass on a busy machine although nothing is wrong."""


def _now() -> float:
    """Seconds of a clock that runs while the machine is suspended, as its lease does. `time.monotonic` would stop."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def _ignore(_: str) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations in seconds."""

    lasts: float = 60.0
    """A holder that has not renewed its lease for this long counts as killed."""
    settles: float = 2.0
    """Longer than any request takes, for stores that ignore conditional writes."""
    patience: float = 300.0
    """How long to wait for another publisher."""


class Store(Protocol):
    """The part of a store that a lease needs."""

    conditional: bool
    """Whether it honours conditional writes."""
    shown: str

    def read(self, name: str, most: int | None = None) -> StoredFile | None: ...

    def write_if(self, name: str, content: bytes, expected: str | None) -> bool:
        """Write an object if its version is the expected one, None if it does not exist; whether it was written."""

    def write(self, name: str, content: bytes) -> None: ...

    def delete(self, name: str) -> None: ...


class Lease:
    """The right to write, once acquired."""

    def __init__(
        self,
        store: Store,
        holder: str,
        timing: Timing,
        sleep: Callable[[float], None] = time.sleep,
        notify: Callable[[str], None] = _ignore,
    ) -> None:
        """Prepare a lease; nothing is written yet.

        Args:
            store: the store that keeps it.
            holder: a name that no other publisher has.
            timing: how long it lasts.
            sleep: how to wait.
            notify: receives one sentence when another publisher has to be waited for.
        """
        self._since = int(time.time())
        self._notify = notify
        self._store = store
        self._holder = holder
        self._timing = timing
        self._sleep = sleep
        self._count = 0
        self._renewed = 0.0
        self._lock = threading.Lock()

    def acquire(self) -> None:
        """Take the lease, and wait for it if another publisher holds it.

        Raises:
            PublishConflict: the other publisher does not finish.
        """
        started = watched = _now()
        known: bytes | None = None
        while True:
            asked = _now()
            found = self._store.read(LEASE)
            if found is not None and found.content != known:
                known, watched = found.content, _now()
            is_free = found is None or self._is_free(found.content) or _now() - watched >= self._timing.lasts
            if is_free and self._take(found, asked):
                return
            if found is not None and self._notify is not _ignore:
                self._notify(self._waiting_for(found.content))
                self._notify = _ignore
            if _now() - started > self._timing.patience:
                raise PublishConflict(
                    f"another publisher is writing to {self._store.shown} and did not finish within "
                    f"{self._timing.patience:.0f} s",
                    RUN_AGAIN,
                )
            self._sleep(min(1.0, self._timing.lasts / 10))

    def _waiting_for(self, content: bytes) -> str:
        """The sentence that names the other publisher, and how long the wait takes at most."""
        until = iso(int(time.time() + self._timing.patience))
        return (
            f"waiting for another publisher of {self._store.shown}{_holder(content)}, until {until} at most; "
            f"if it was killed, this one continues in {self._timing.lasts:.0f} s"
        )

    def _take(self, found: StoredFile | None, asked: float) -> bool:
        content = self._content()
        if self._store.conditional:
            taken = self._store.write_if(LEASE, content, None if found is None else found.version)
        else:
            self._store.write(LEASE, content)
            is_prompt = _now() - asked <= (self._timing.settles or _LEAST_PAUSE)
            self._sleep(self._timing.settles)
            taken = self._is_own() and is_prompt  # after a standstill it may have replaced another's lease
        self._renewed = asked
        return taken

    def check(self) -> None:
        """Renew the lease when a quarter of its time has passed.

        Raises:
            PublishConflict: another publisher has taken it over.
        """
        with self._lock:
            if _now() - self._renewed < self._timing.lasts / 4:
                return
            asked = _now()
            found = self._store.read(LEASE)
            if found is None or not self._is_own_content(found.content):
                raise self._taken_over()
            content = self._content()
            if not self._store.conditional:
                self._store.write(LEASE, content)
            elif not self._store.write_if(LEASE, content, found.version):
                raise self._taken_over()
            self._renewed = asked

    def confirm(self) -> None:
        """Read the lease again.

        Raises:
            PublishConflict: another publisher has taken it over.
        """
        with self._lock:
            if not self._is_own():
                raise self._taken_over()

    def release(self) -> PublishFailed | None:
        """Remove the lease. If another publisher may have taken it over, leave it to run out.

        Returns:
            Why it could not be removed. It then says that nobody holds it, so that the next publisher need not wait.

        Raises:
            PublishFailed: it could not be changed either.
        """
        with self._lock:
            found = self._store.read(LEASE)
            is_own = found is not None and self._is_own_content(found.content)
            if found is None or not is_own or _now() - self._renewed >= self._timing.lasts:
                return None
            try:
                self._store.delete(LEASE)
            except PublishFailed as error:
                content = self._content(released=True)
                if not self._store.conditional:
                    self._store.write(LEASE, content)
                else:
                    self._store.write_if(LEASE, content, found.version)
                return error
            return None

    def _content(self, *, released: bool = False) -> bytes:
        self._count += 1
        return encode_lease(LeaseFile(SCHEMA, self._holder, _name(), self._since, self._count, released))

    def _is_own(self) -> bool:
        found = self._store.read(LEASE)
        return found is not None and self._is_own_content(found.content)

    def _is_free(self, content: bytes) -> bool:
        found = decode_lease(content)
        return found is not None and (found.released or found.holder == self._holder)

    def _is_own_content(self, content: bytes) -> bool:
        found = decode_lease(content)
        return found is not None and found.holder == self._holder

    def _taken_over(self) -> PublishConflict:
        return PublishConflict(
            f"another publisher has taken over {self._store.shown}, "
            "because this publisher did not renew its lease in time",
            "run `sresnap restore`, then build and publish again",
        )


def _name() -> str:
    """A name of this publisher for people. The object may be public, so it names no machine and no user."""
    run = os.environ.get("GITHUB_RUN_ID", "")
    return f"GitHub Actions run {run}" if run.isdigit() else f"process {os.getpid()}"


def _holder(content: bytes) -> str:
    """The holder that a lease names, in parentheses; empty when the lease cannot be read."""
    found = decode_lease(content)
    return "" if found is None else f" ({found.by}, since {iso(found.since)})"
