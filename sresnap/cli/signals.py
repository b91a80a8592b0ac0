"""Signals that end the program: Ctrl-C, a scheduler's SIGTERM, a terminal that closes.

While a command works, each raises an exception in the main thread, as Python does it for Ctrl-C only. So all that the
command has begun is cleaned up: temporary files and folders, child processes, locks and leases. Before and after, there
is nothing to clean up, and an exception would meet Python in the midst of an import.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging
    from sys import UnraisableHookArgs

INTERRUPTED = "interrupted; what was published before is untouched"
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_CLEANING_SECONDS = 3.0
"""A signal that follows sooner does not cut off the clean-up: terminals and CI runners send several."""
_SOON = 0.25
"""Seconds after which a signal is raised again if what it raised was dropped."""


class Interrupted(KeyboardInterrupt):
    """A signal asks the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number
        self.exit_code = _exit_code(number)


def _exit_code(number: int) -> int:
    """What a shell reports for a program that a signal ended: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + number


def exit_code_of(error: BaseException | None) -> int:
    """The exit code of an interruption. Click raises an error of its own, whose cause is the interruption."""
    while error is not None:
        if isinstance(error, Interrupted):
            return error.exit_code
        error = error.__cause__ or error.__context__
    return _exit_code(signal.SIGINT)


class Handlers:
    """The program's handlers of the signals that end it."""

    def __init__(self) -> None:
        # A signal that is ignored stays so: `nohup`, and what a script starts in the background. Only the main thread
        # may set handlers.
        is_main = threading.current_thread() is threading.main_thread()
        self.numbers = [number for number in _ENDING if is_main and signal.getsignal(number) is not signal.SIG_IGN]
        self.exit_code: int | None = None
        """Of the signal that was raised last. An error after it is its consequence, such as a clean-up that fails."""
        self._last: float | None = None
        self._raised: weakref.ref[Interrupted] | None = None
        """What was raised last, for as long as an exception or a handler holds it."""
        self._alarm: Callable[[int, FrameType | None], object] | int | None = None
        """What a caller has at SIGALRM, from the first signal on."""
        self._silenced: logging.Logger | None = None

    @property
    def interruption(self) -> Interrupted | None:
        """What was raised last, if it was not dropped."""
        return None if self._raised is None else self._raised()

    def end_at_once(self, number: int, _: FrameType | None) -> None:
        """End the process: there is nothing to clean up."""
        with contextlib.suppress(OSError):
            os.write(2, f"{INTERRUPTED}\n".encode())
        os._exit(_exit_code(number))

    @contextlib.contextmanager
    def raising(self) -> Iterator[None]:
        """Raise `Interrupted` at a signal, for as long as there is something to clean up."""
        print_it = sys.unraisablehook

        def hook(found: UnraisableHookArgs) -> None:
            # Dropped in a finalizer or a callback: it is raised again a moment later.
            if not isinstance(found.exc_value, Interrupted):
                print_it(found)

        sys.unraisablehook = hook
        try:
            with _handling(self.numbers, self._raise):
                yield
        finally:
            sys.unraisablehook = print_it
            self._forget()

    def _raise(self, number: int, _: FrameType | None = None) -> None:
        """Raise the interruption here, or where the loop that runs is waited for."""
        now = time.monotonic()
        if self._last is None or now - self._last > _CLEANING_SECONDS:
            self._last = now
            self.exit_code = _exit_code(number)
            self._silence_asyncio()
            self._watch(number)
            if not self._cancels(number):
                raise self._made(number)

    def _cancels(self, number: int) -> bool:
        """Whether a loop runs that is waited for, and ends with the interruption."""
        asking = sys.modules.get("sresnap.prometheus.asking")  # nothing asks before it is imported
        interrupt = getattr(asking, "interrupt", None)
        return interrupt is not None and bool(interrupt(self._made(number)))

    def _made(self, number: int) -> Interrupted:
        """The interruption. No frame of its traceback may hold it: then it would be there after Python dropped it."""
        made = Interrupted(number)
        self._raised = weakref.ref(made)
        return made

    def _silence_asyncio(self) -> None:
        """Log nothing of the other tasks, which only follow the interruption: asyncio prints their tracebacks."""
        if self._silenced is None and "asyncio" in sys.modules:
            import logging

            with contextlib.suppress(AttributeError):  # the signal met the import of logging
                logger = logging.getLogger("asyncio")
                self._silenced = None if logger.disabled else logger
                logger.disabled = True

    def _watch(self, number: int) -> None:
        """Raise the signal again if what it raised is dropped.

        Python drops it in a finalizer or a callback. A file that it closes on its way drops it without a word.
        """

        def look(*_: object) -> None:
            if self.interruption is None:
                self._last = None
                self._raise(number)

        before = signal.signal(signal.SIGALRM, look)
        self._alarm = before if self._alarm is None else self._alarm
        signal.setitimer(signal.ITIMER_REAL, _SOON, _SOON)

    def _forget(self) -> None:
        """Repeat no signal: the work has ended, so an exception would meet nobody who expects it."""
        if self._silenced is not None:
            self._silenced.disabled = False
        if self._alarm is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._alarm)
            self._alarm = None


@contextlib.contextmanager
def handled() -> Iterator[Handlers]:
    """Let signals end the process with one line and no traceback.

    Yields:
        The handlers, which can raise an exception instead.
    """
    handlers = Handlers()
    with _handling(handlers.numbers, handlers.end_at_once):
        yield handlers


@contextlib.contextmanager
def _handling(numbers: Sequence[int], handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = [(number, signal.signal(number, handler)) for number in numbers]
    try:
        yield
    finally:
        for number, old in before:
            signal.signal(number, signal.SIG_DFL if old is None else old)
