"""The errors that a user sees, and the exit code of each.

    SresnapError                   1  a file cannot be written, or an unexpected state
      · UsageError                 2  a wrong command line, or an input file that cannot be read
        · DamagedFile              2  a stored file that differs from what sresnap writes
        · NewerFile                2  a stored file that a newer sresnap wrote
        · ThemeError               2  a template of the theme is invalid
      · ConfigError                2  mistakes in sresnap.yaml, a preset or an environment variable
      · ClockAhead                 2  this machine's clock is ahead of Prometheus's; nothing was written
      · PrometheusUnreachable      4  no query was answered; nothing was written
        · NothingAnswered          4  the same of one source, with the reason of each query
      · PublishFailed              5  the target refuses, cannot be reached, or holds other files
        · GitFailed                5  a git command failed
        · LongOutput               5  a git command printed more than it may
        · TooLong                  5  a published file is longer than it may be
      · BuildInProgress            6  another build is writing to the output folder
      · PublishConflict            6  another publisher was first; nothing was changed
      · NotServed                  7  published, but readers get something else
      · NoReport                  10  the site has no report that can be read

Exit codes 3 (built, but some data is missing), 8 (an SLO is breached) and 9 (the report is stale) are results, not
errors. Each message says what is wrong and where; `hint` says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from sresnap.printable import quotable

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExitCode(IntEnum):
    """The exit codes of every command. Schedulers rely on them."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    INCOMPLETE = 3
    UNREACHABLE = 4
    PUBLISH_FAILED = 5
    CONFLICT = 6
    NOT_SERVED = 7
    BREACHED = 8
    STALE = 9
    NO_REPORT = 10


class SresnapError(Exception):
    """Base class of all errors. A command prints the message and the hint, without a traceback."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SresnapError):
    """The command or function was called in a way that cannot work."""

    exit_code = ExitCode.USAGE


class DamagedFile(UsageError):  # noqa: N818 - the name states the fact
    """A stored file is not JSON, is of another kind, or lacks the form of its kind."""


class NewerFile(UsageError):  # noqa: N818 - the name states the fact
    """A newer sresnap wrote a stored file."""


class ClockAhead(SresnapError):  # noqa: N818 - the name states the fact
    """The report's time is in Prometheus's future. The last site is untouched."""

    exit_code = ExitCode.USAGE


class PrometheusUnreachable(SresnapError):  # noqa: N818 - the name states the fact
    """Prometheus answered no query. The last site is untouched."""

    exit_code = ExitCode.UNREACHABLE


class BuildInProgress(SresnapError):  # noqa: N818 - the name states the fact
    """Another build is writing to the same output folder."""

    exit_code = ExitCode.CONFLICT


class PublishFailed(SresnapError):  # noqa: N818 - the name states the fact
    """A target cannot be published to or restored from. Its readers get the earlier report or the new one, whole."""

    exit_code = ExitCode.PUBLISH_FAILED


class PublishConflict(SresnapError):  # noqa: N818 - the name states the fact
    """Another publisher was first."""

    exit_code = ExitCode.CONFLICT


class NotServed(SresnapError):  # noqa: N818 - the name states the fact
    """Readers do not get the report that was published."""

    exit_code = ExitCode.NOT_SERVED


class NoReport(SresnapError):  # noqa: N818 - the name states the fact
    """A site cannot be reached, or has no report that can be read."""

    exit_code = ExitCode.NO_REPORT


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a config file, a preset or an environment variable."""

    file: str
    """The path as the user gave it, or the name of an environment variable."""
    line: int | None
    """The line in the file, from 1; None if there is none."""
    path: str
    """The dotted path of the key, e.g. `services[1].slo_target`; empty for the whole file."""
    expected: str
    found: str
    suggestion: str | None = None
    """The nearest known name, or what to do."""

    def __str__(self) -> str:
        """In one line, and one for the suggestion: names of the file in them cannot begin a line of their own."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        path = f" {self.path}:" if self.path else ""
        text = quotable(f"{where}:{path} expected {self.expected}, found {self.found}", _LONGEST)
        return f"{text}\n    {quotable(self.suggestion, _LONGEST)}" if self.suggestion else text


_LONGEST = 1500
"""Letters of a line of a mistake. The names of all queries take some hundreds."""
_MOST_SHOWN = 100
"""Mistakes in one message."""


class ConfigError(SresnapError):
    """All mistakes of a configuration at once."""

    exit_code = ExitCode.USAGE

    def __init__(self, mistakes: Sequence[Mistake], what: str = "the configuration", then: str = "check") -> None:
        """An error of at least one mistake.

        Args:
            mistakes: in the order in which they are shown.
            what: they are in.
            then: the command that reads it again.
        """
        count = len(mistakes)
        counted, them = ("1 mistake", "it") if count == 1 else (f"{count} mistakes", "them")
        lines = [f"{counted} in {what}", *(f"  {mistake}" for mistake in mistakes[:_MOST_SHOWN])]
        if count > _MOST_SHOWN:
            lines.append(f"  and {count - _MOST_SHOWN:,} more")
        super().__init__("\n".join(lines), hint=f"correct {them}, then run `sresnap {then}`")
        self.mistakes = tuple(mistakes)
