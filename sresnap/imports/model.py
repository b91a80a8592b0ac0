"""What was read from other tools' files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """Something that could not be carried over as it was, or was changed."""

    place: str
    """`slo.yaml: checkout/availability`."""
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class FoundSlo:
    """An objective, in the words of sresnap.yaml."""

    service: str
    name: str
    objective: float
    """Percent."""
    queries: Mapping[str, str]
    window: str | None = None
    kind: str | None = None
    slice: Mapping[str, Any] | None = None


@dataclass
class Found:
    """Everything that some files hold."""

    slos: list[FoundSlo] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    urls: dict[str, None] = field(default_factory=dict)
    timezones: dict[str, None] = field(default_factory=dict)

    def note(self, place: str, text: str) -> None:
        self.notes.append(Note(place, text))


class UnreadableError(ValueError):
    """A document is not what it says to be: `slo.yaml: spec.target: expected …`."""


def need(mapping: Any, path: str, kind: type, place: str) -> Any:
    """A value by its dotted path.

    Raises:
        UnreadableError: it is missing or of another type.
    """
    value = mapping
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        found = "nothing" if value is None else repr(value)[:60]
        raise UnreadableError(f"{place}: {path}: expected {_KINDS[kind]}, found {found}")
    return value


_KINDS: dict[type, str] = {str: "text", dict: "a mapping", list: "a list", float: "a number", int: "a number"}


def number(value: Any, what: str, place: str) -> float:
    """A number that may be written as text.

    Raises:
        UnreadableError: it is none.
    """
    try:
        return float(str(value))
    except ValueError:
        raise UnreadableError(f"{place}: {what}: expected a number, found {value!r}") from None
