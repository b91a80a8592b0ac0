"""The errors that reach a user, and the exit code of each.

    SresnapError              1  unexpected, or a file that cannot be written
    ├── UsageError            2  wrong use of the command line, an unreadable input file
    ├── ClockAhead            2  this machine's clock is ahead of the source's; nothing was written
    ├── ConfigError           2  mistakes in sresnap.yaml, a preset or an environment variable
    ├── PrometheusUnreachable 4  nothing was answered; nothing was written
    ├── PublishFailed         5  the place to publish to refuses, is lost, or holds something else
    ├── BuildInProgress       6  another build holds the output folder
    ├── PublishConflict       6  another publisher was there first; nothing was changed
    ├── NotServed             7  published, but not what readers get
    └── NoReport             10  a site that was asked about shows no report

Exit code 3 (built, but some data is missing) is no error: the report exists.
Each message says what is wrong and where; `hint` says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExitCode(IntEnum):
    """The exit codes of every command; part of the contract with schedulers."""

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
    """Base of all errors that are shown to a user without a traceback."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SresnapError):
    """The command was called in a way that cannot work."""

    exit_code = ExitCode.USAGE


class ClockAhead(SresnapError):  # noqa: N818 - the name states what is so
    """A report would be of a moment that has not come yet by the source's own time; the last site is untouched."""

    exit_code = ExitCode.USAGE


class PrometheusUnreachable(SresnapError):  # noqa: N818 - the name states what is so
    """Prometheus answered no query at all; the last site is untouched."""

    exit_code = ExitCode.UNREACHABLE


class BuildInProgress(SresnapError):  # noqa: N818 - the name states what is so
    """Another build is writing to the same output folder."""

    exit_code = ExitCode.CONFLICT


class PublishFailed(SresnapError):  # noqa: N818 - the name states what is so
    """A place cannot be published to or restored from; what it shows is what it showed before, or whole."""

    exit_code = ExitCode.PUBLISH_FAILED


class PublishConflict(SresnapError):  # noqa: N818 - the name states what is so
    """Another publisher was there first."""

    exit_code = ExitCode.CONFLICT


class NotServed(SresnapError):  # noqa: N818 - the name states what is so
    """What readers are served is not the report that was published."""

    exit_code = ExitCode.NOT_SERVED


class NoReport(SresnapError):  # noqa: N818 - the name states what is so
    """A site cannot be reached, or shows no report."""

    exit_code = ExitCode.NO_REPORT


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a config file, a preset or an environment variable."""

    file: str
    """Path as given by the user, or the name of an environment variable."""
    line: int | None
    """1-based line in the file; None where there is no line."""
    path: str
    """Dotted key path, e.g. `services[1].slo_target`; empty for the whole file."""
    expected: str
    found: str
    suggestion: str | None = None
    """The nearest known name, or what to do."""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        path = f" {self.path}:" if self.path else ""
        hint = f"\n    {self.suggestion}" if self.suggestion else ""
        return f"{where}:{path} expected {self.expected}, found {self.found}{hint}"


class ConfigError(SresnapError):
    """All mistakes of a configuration at once."""

    exit_code = ExitCode.USAGE

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        count = len(mistakes)
        head = "1 mistake in the configuration" if count == 1 else f"{count} mistakes in the configuration"
        super().__init__("\n".join([head, *(f"  {m}" for m in mistakes)]), hint="sresnap check tells when all is right")
        self.mistakes = tuple(mistakes)
