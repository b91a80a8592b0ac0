"""Reads the environment variables that win over the file. An empty variable counts as not set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sresnap.config.expected import ExpectedError, shown
from sresnap.config.readers import read_accent, read_name, read_step, read_text, read_timezone, read_window
from sresnap.errors import Mistake

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Environment:
    """The values of the known variables; None for a variable that is not set."""

    variables: Mapping[str, str]
    """All variables, for the secrets that the file names."""
    prometheus_url: str | None
    title: str | None
    timezone: str | None
    window_seconds: float | None
    step_seconds: float | None
    accent: str | None
    favicon: str | None
    mistakes: tuple[Mistake, ...]


def read_variable(
    variables: Mapping[str, str], name: str, read: Callable[[Any], T], mistakes: list[Mistake]
) -> T | None:
    """The value of a variable; None where it is not set, or has a mistake, which is added to `mistakes`."""
    value = variables.get(name, "").strip()
    if not value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError as error:  # Python reads a byte that is not UTF-8 as a lone surrogate
        found = f"the byte 0x{ord(value[error.start]) & 0xFF:02x}"
        mistakes.append(Mistake(name, None, "", "UTF-8 text", found, "set it again, in UTF-8"))
        return None
    try:
        return read(value)
    except ExpectedError as error:
        mistakes.append(Mistake(name, None, "", error.expected, shown(value), error.suggestion))
        return None


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Read the variables that sresnap knows."""
    mistakes: list[Mistake] = []

    def get(name: str, read: Callable[[Any], T]) -> T | None:
        return read_variable(variables, name, read, mistakes)

    return Environment(
        variables=variables,
        prometheus_url=get("PROMETHEUS_URL", read_text),
        title=get("SRE_TITLE", read_name),
        timezone=get("SRE_TIMEZONE", read_timezone),
        window_seconds=get("SRE_WINDOW", read_window),
        step_seconds=get("SRE_STEP", read_step),
        accent=get("SRE_ACCENT", read_accent),
        favicon=get("SRE_FAVICON", read_text),
        mistakes=tuple(mistakes),
    )
