"""The lease: an object that keeps other publishers out of an object store while one of them writes.

Its holder renews it. Whoever finds it watches it by the own clock: one that has not changed for as long as it lasts is
of a publisher that was killed, and is taken over. So no two machines' clocks are ever compared. (The scheme is that of
Amazon's DynamoDB lock client.)

Where the store honours conditional writes, creating, renewing and taking over are each one conditional write. Where it
does not, a lease is written, and counts when it is still the own one after a pause that is longer than a request takes.

    {"holder": "3f2a…", "by": "GitHub Actions run 4711", "since": "2026-11-22T21:30:05Z", "renewed": 3}

`by` and `since` are for people who wait for it, and decide nothing.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sresnap.errors import PublishConflict
from sresnap.model.windows import iso, parse_time
from sresnap.publish.targets.base import Stored

LEASE = ".sresnap-lease.json"
_PLAIN = re.compile(r"[\w .-]{1,60}")
_LEAST_PAUSE = 1.0
"""Seconds that pass on a busy machine without anything being wrong."""


def _now() -> float:
    """Seconds that go on while a machine is suspended, when its lease runs out; `time.monotonic` stands still then."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def _nobody(_: str) -> None:
    """Is told."""


@dataclass(frozen=True, slots=True)
class Timing:
    """In seconds."""

    lasts: float = 60.0
    """A lease that was not renewed for so long is of a publisher that was killed."""
    settles: float = 2.0
    """Longer than any request takes, for stores that ignore conditional writes."""
    patience: float = 300.0
    """How long another publisher is waited for."""


class Store(Protocol):
    """What a lease needs of a store."""

    conditional: bool
    """Whether it honours conditional writes."""
    shown: str

    def read(self, name: str) -> Stored | None: ...

    def write_if(self, name: str, content: bytes, expected: str | None) -> bool:
        """Conditional write; None expects nothing there. Whether it was done."""

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
        tell: Callable[[str], None] = _nobody,
    ) -> None:
        """Nothing is written yet.

        Args:
            store: where it lies.
            holder: what no other publisher is called.
            timing: how long it lasts.
            sleep: how to wait.
            tell: who is told, once, when another publisher is waited for.
        """
        self._since = iso(int(time.time()))
        self._tell = tell
        self._store = store
        self._holder = holder
        self._timing = timing
        self._sleep = sleep
        self._count = 0
        self._renewed = 0.0
        self._lock = threading.Lock()

    def acquire(self) -> None:
        """Wait for it.

        Raises:
            PublishConflict: another publisher does not finish.
        """
        started = watched = _now()
        known: bytes | None = None
        while True:
            asked = _now()
            found = self._store.read(LEASE)
            if found is not None and found.content != known:
                known, watched = found.content, _now()
            is_free = found is None or self._made(found.content) or _now() - watched >= self._timing.lasts
            if is_free and self._take(found, asked):
                return
            if found is not None and self._tell is not _nobody:
                self._tell(self._waiting(found.content))
                self._tell = _nobody
            if _now() - started > self._timing.patience:
                raise PublishConflict(
                    f"another publisher is writing to {self._store.shown} for {self._timing.patience:.0f} s already",
                    "nothing was written; run it again when that one is done",
                )
            self._sleep(min(1.0, self._timing.lasts / 10))

    def _waiting(self, content: bytes) -> str:
        """Whom for, since when, until when at most."""
        until = iso(int(time.time() + self._timing.patience))
        return (
            f"waiting for another publisher of {self._store.shown}{_who(content)}, until {until} at most; "
            f"one that was killed is taken over in {self._timing.lasts:.0f} s"
        )

    def _take(self, found: Stored | None, asked: float) -> bool:
        content = self._content()
        if self._store.conditional:
            taken = self._store.write_if(LEASE, content, None if found is None else found.version)
        else:
            self._store.write(LEASE, content)
            is_prompt = _now() - asked <= (self._timing.settles or _LEAST_PAUSE)
            self._sleep(self._timing.settles)
            taken = self._is_own() and is_prompt  # one that stood still may have written over another's
        self._renewed = asked
        return taken

    def check(self) -> None:
        """Renew it when it gets old.

        Raises:
            PublishConflict: it was taken over.
        """
        with self._lock:
            if _now() - self._renewed < self._timing.lasts / 4:
                return
            asked = _now()
            found = self._store.read(LEASE)
            if found is None or not self._made(found.content):
                raise self._lost()
            content = self._content()
            if not self._store.conditional:
                self._store.write(LEASE, content)
            elif not self._store.write_if(LEASE, content, found.version):
                raise self._lost()
            self._renewed = asked

    def confirm(self) -> None:
        """Look whether it is the own one at this moment.

        Raises:
            PublishConflict: it is not.
        """
        with self._lock:
            if not self._is_own():
                raise self._lost()

    def release(self) -> None:
        """Give it back. One that may have been taken over meanwhile is left to run out."""
        with self._lock:
            if _now() - self._renewed < self._timing.lasts and self._is_own():
                self._store.delete(LEASE)

    def _content(self) -> bytes:
        self._count += 1
        said = {"holder": self._holder, "by": _name(), "since": self._since, "renewed": self._count}
        return (json.dumps(said) + "\n").encode()

    def _is_own(self) -> bool:
        found = self._store.read(LEASE)
        return found is not None and self._made(found.content)

    def _made(self, content: bytes) -> bool:
        try:
            return bool(json.loads(content)["holder"] == self._holder)
        except (ValueError, KeyError, TypeError):
            return False

    def _lost(self) -> PublishConflict:
        return PublishConflict(
            f"another publisher has taken over {self._store.shown}: this one had stood still for too long",
            "restore and run it again: the next run includes what the other one wrote",
        )


def _name() -> str:
    """Who this is, for people. The object may be public, so no machine and no user is named."""
    run = os.environ.get("GITHUB_RUN_ID", "")
    return f"GitHub Actions run {run}" if run.isdigit() else f"process {os.getpid()}"


def _who(content: bytes) -> str:
    """What a lease says of its holder; nothing where it says nothing that could be shown."""
    try:
        data = json.loads(content)
        by, since = str(data["by"]), iso(parse_time(str(data["since"])))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return f" ({by}, since {since})" if _PLAIN.fullmatch(by) else ""
