"""Runs git so that it never outlives this program: its end ends git and all that git has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PATIENCE_SECONDS = 2.0
"""How long git may take to end, after SIGTERM, before it is killed."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    output: bytes
    errors: bytes


def run_git(
    arguments: tuple[str, ...],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    seconds: float,
) -> Done:
    """Run a git command.

    Raises:
        TimeoutError: it took too long.
    """
    group = None if _has_terminal() else 0
    with subprocess.Popen(  # noqa: S603 - git, with arguments of our own
        ["git", *arguments],  # noqa: S607 - as the user's PATH has it
        env=environment,
        cwd=cwd,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=group,
    ) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except BaseException as error:
            _end(process, is_leader=group is not None)
            if isinstance(error, subprocess.TimeoutExpired):
                raise TimeoutError from None
            raise
    return Done(process.returncode, output, errors)


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


def _send(process: subprocess.Popen[bytes], number: signal.Signals, *, is_leader: bool) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended
        if is_leader:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
