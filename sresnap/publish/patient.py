"""Reads a published site for a bounded time, and no file twice while nothing changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from typing import TypeVar

from sresnap.errors import PublishFailed
from sresnap.model.windows import MINUTE
from sresnap.publish.kept_files import KeptFiles
from sresnap.publish.targets.base import Source, StoredFile

T = TypeVar("T")
TIMEOUT_SECONDS = 15 * MINUTE
"""For all that one command reads of a site."""


class PatientSource:
    """A source that is read for a bounded time, even from a server that sends a byte now and then."""

    def __init__(self, source: Source, seconds: float, more: str = ", or allow more time with --timeout") -> None:
        """Begin to count.

        Args:
            source: a published site.
            seconds: for all calls together.
            more: how a user allows more, as the end of a hint.
        """
        self.shown = source.shown
        self.source = source
        self._seconds = seconds
        self._more = more
        self._until = time.monotonic() + seconds

    def read(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file by its site-relative path; None when it does not exist."""
        return self.within(lambda: self.source.read(name, most))

    def prepare(self, names: Collection[str]) -> None:
        """Announce files that will be read next."""
        self.within(lambda: self.source.prepare(names))

    def renew(self) -> None:
        """Forget what was read."""
        self.source.renew()

    def abandon(self) -> None:
        """End the processes that calls in other threads have started."""
        self.source.abandon()

    def names(self) -> Iterable[str]:
        """List the files."""
        return self.within(lambda: list(self.source.names()))

    def within(self, call: Callable[[], T]) -> T:
        """The call's result, if it comes in time. A call that hangs is left behind; its thread ends with the process.

        Raises:
            PublishFailed: it does not, or the call raises it.
        """
        done: Future[T] = Future()

        def work() -> None:
            try:
                done.set_result(call())
            except BaseException as error:  # noqa: BLE001 - raised by the thread that waits
                done.set_exception(error)

        left = self._until - time.monotonic()
        if left > 0:
            threading.Thread(target=work, name="reading", daemon=True).start()
            try:
                return done.result(left)
            except BaseException as error:
                if done.done():  # the call's own error
                    raise
                self.source.abandon()
                if not isinstance(error, TimeoutError):  # an interrupt
                    raise
        raise PublishFailed(
            f"{self.shown} was not read within {self._seconds:g} s",
            f"its server is slow or hangs: run it again later{self._more}",
        )


class RememberingSource:
    """A source that keeps what it read, so that reading a site again reads only what is new."""

    def __init__(self, source: Source) -> None:
        self.shown = source.shown
        self._source = source
        self._exists: dict[str, bool] = {}
        self._kept = KeptFiles()
        self._is_known = False

    def know(self) -> None:
        """Give what was read last from now on."""
        self._is_known = True

    def read(self, name: str, most: int | None = None) -> StoredFile | None:
        """Read a file by its site-relative path; None when it does not exist."""
        if self._is_known and name in self._exists:
            return self._kept.get(name) if self._exists[name] else None
        stored = self._source.read(name, most)
        self._exists[name] = stored is not None
        if stored is not None:
            self._kept.keep(name, stored)
        return stored

    def prepare(self, names: Collection[str]) -> None:
        """Announce files that will be read next."""
        self._source.prepare([name for name in names if not self._is_known or name not in self._exists])

    def renew(self) -> None:
        """Forget what the source has read, but not what is kept here."""
        self._source.renew()

    def abandon(self) -> None:
        """End the processes that calls in other threads have started."""
        self._source.abandon()

    def names(self) -> Iterable[str]:
        """List the files."""
        return self._source.names()
