"""Runs git so that it never outlives this program, and that no server fills its memory.

The end of this program ends git and all that git has started. What git prints is read up to a limit.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sresnap.errors import PublishFailed
from sresnap.file_errors import what_to_do, why

_PATIENCE_SECONDS = 2.0
"""How long git may take to end, after SIGTERM, before it is killed."""
_MOST_BYTES = 250_000_000
"""Of a command's output: more than the largest file that a build writes."""
_MOST_WORDS = 100_000
"""Bytes of what git and the server say about a command. The rest is dropped."""
_ERRORS_SECONDS = 0.5
"""How long to wait for the end of the errors. A connection that ssh keeps open for later holds them open, too."""
_BLOCK = 65_536


class LongOutput(PublishFailed):
    """A command's output is longer than it may be. It was not read to its end."""


class Running:
    """The commands that run now, which another thread may end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: set[Callable[[], None]] = set()

    @contextlib.contextmanager
    def one(self, end: Callable[[], None]) -> Iterator[None]:
        """Count a command as running.

        Raises:
            PublishFailed: `end_all` was called meanwhile. No retry helps then.
        """
        with self._lock:
            self._ends.add(end)
        try:
            yield
        finally:
            with self._lock:
                was_ended = end not in self._ends
                self._ends.discard(end)
        if was_ended:
            raise PublishFailed("git was ended", "run it again")

    def end_all(self) -> None:
        """End them."""
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            end()


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    output: bytes
    errors: bytes


class _Reader(threading.Thread):
    """Reads one of git's streams to its end, and keeps the first bytes."""

    def __init__(self, stream: IO[bytes], most: int, *, drops_rest: bool) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._most = most
        self._drops_rest = drops_rest
        self.content = bytearray()
        self.is_too_long = False
        self.start()

    def run(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed meanwhile
            while block := os.read(self._stream.fileno(), _BLOCK):
                self.content += block[: self._most - len(self.content)]
                self.is_too_long = self.is_too_long or len(self.content) >= self._most
                if self.is_too_long and not self._drops_rest:
                    break
        with contextlib.suppress(OSError):
            self._stream.close()  # git ends at its next write, if it has not ended


def run_git(
    arguments: tuple[str, ...],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    seconds: float,
    most: int | None = None,
    running: Running | None = None,
) -> Done:
    """Run a git command.

    Args:
        arguments: of git.
        environment: its variables.
        cwd: its folder.
        stdin: its input.
        seconds: how long it may take.
        most: one byte less than this may be its output; None for more than any file of a site has.
        running: counts it as long as it runs.

    Raises:
        LongOutput: its output is longer.
        PublishFailed: it cannot be started, took too long, or was ended.
    """
    group = None if _has_terminal() else 0
    try:
        process = subprocess.Popen(  # noqa: S603 - git, with arguments of our own
            ["git", *arguments],  # noqa: S607 - as the user's PATH has it
            env=environment,
            cwd=cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=group,
        )
    except OSError as error:
        raise PublishFailed(f"cannot run git in {cwd}: {why(error)}", what_to_do(error, read=True)) from error
    if process.stdout is None or process.stderr is None:
        raise AssertionError("both are pipes")
    end = functools.partial(_end, process, is_leader=group is not None)

    def end_early() -> None:
        if process.returncode is None:  # its number may belong to another one otherwise
            end()

    try:
        output = _Reader(process.stdout, _MOST_BYTES if most is None else most, drops_rest=False)
        errors = _Reader(process.stderr, _MOST_WORDS, drops_rest=True)
        with (running or Running()).one(end_early):
            code = process.wait(seconds)
            output.join(_PATIENCE_SECONDS)
            errors.join(_ERRORS_SECONDS)
    except BaseException as error:
        end()
        if isinstance(error, subprocess.TimeoutExpired):
            message = f"git {arguments[0]} took more than {seconds:g} s"
            raise PublishFailed(message, "check the network connection, and the disk") from None
        raise
    if output.is_too_long:
        raise LongOutput(f"git {arguments[0]} gave more than any file of a site has", "is the address right?")
    return Done(code, bytes(output.content), bytes(errors.content))


def _has_terminal() -> bool:
    """Whether ssh may ask for a passphrase.

    Then git stays in the group of this process, because another group may not read from the terminal. An interrupt of
    the terminal reaches the whole group anyway.
    """
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _end(process: subprocess.Popen[bytes], *, is_leader: bool) -> None:
    """End a command with all that it has started: first so that it can clean up, then for good."""
    _send(process, signal.SIGTERM, is_leader=is_leader)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_SECONDS)
    _send(process, signal.SIGKILL, is_leader=is_leader)
    process.wait()


def _send(process: subprocess.Popen[bytes], number: signal.Signals, *, is_leader: bool) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended
        if is_leader:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
