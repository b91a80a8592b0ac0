"""Output that may break while the work continues: a reader closes the pipe, or the disk is full."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO, cast

from sresnap.printable import for_output


class Output:
    """A stream that ends printing at its first failure instead of raising it: the command still has work to do."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        """Why the stream took no more; None while it does."""

    def write(self, text: str) -> int:
        # The last guard: what came from outside was made printable where it entered.
        shown = for_output(text, is_terminal=self._stream.isatty())
        self._attempt(lambda: self._stream.write(shown))
        return len(text)

    def flush(self) -> None:
        self._attempt(self._stream.flush)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _attempt(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            self.error = error
            # What is still buffered needs a place to go, or Python prints an error of its own at its end.
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)


@contextlib.contextmanager
def lasting_output() -> Iterator[Output]:
    """Keep a broken stdout or stderr from ending the work.

    Yields:
        Standard output, which knows whether it broke.
    """
    _open_descriptors()
    with contextlib.ExitStack() as stack:
        out, err = (
            # Python has no stream for a descriptor that was closed before it started.
            Output(stack.enter_context(open(os.devnull, "w")) if stream is None else stream)  # noqa: PTH123
            for stream in (sys.stdout, sys.stderr)
        )
        stack.enter_context(contextlib.redirect_stdout(cast("TextIO", out)))
        stack.enter_context(contextlib.redirect_stderr(cast("TextIO", err)))
        yield out


def _open_descriptors() -> None:
    """Open the standard descriptors that are closed. The next file would get the number, and children print to it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)  # the lowest free number, so usually this one
            if null != number:
                os.dup2(null, number)
                os.close(null)
