"""Reads a mapping of a document key by key."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sresnap.importers.model import Found

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Part:
    """Returns the values of keys. For a wrong value it notes a mistake and returns an empty one.

    So reading continues, and all mistakes are reported at once. Keys that no reader used are known in the end:

        Part({"name": "a", "size": {"x": 1}}, found, "slo.yaml: a").text("name")  → "a"; `unread` is then ["size"]
    """

    data: Mapping[Any, Any]
    found: Found
    place: str
    """`slo.yaml: checkout`."""
    path: str = ""
    """Within the document: `spec.indicator`."""
    asked: dict[str, dict[str, Part]] = field(default_factory=dict)
    """Every key that was read, with the parts in it: `slos` → `slos[0]` → …."""

    def __contains__(self, key: str) -> bool:
        return self.data.get(key) is not None

    @property
    def exists(self) -> bool:
        """False for the empty part that replaces a missing one after a mistake."""
        return self.place != ""

    def get(self, key: str) -> Any:
        """The value of a key, of any type."""
        self.asked.setdefault(key, {})
        return self.data.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text. Without a default, the key must exist."""
        value = self.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and _is_unicode(value):
            return value
        self.wrong(key, "text")
        return ""

    def number(self, key: str) -> float:
        """A number, which the file may give as text."""
        value = self.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            try:
                number = float(value)
            except (ValueError, OverflowError):
                number = math.nan
            if math.isfinite(number):
                return number
        self.wrong(key, "a number")
        return 0.0

    def percent(self, key: str) -> float:
        """The percentage of a ratio: 0.999 gives 99.9, not 99.9000000000000057."""
        return float(f"{self.number(key) * 100:.10g}")

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, "true or false")
        return default

    def part(self, key: str) -> Part:
        """A mapping that must exist."""
        value = self.get(key)
        if isinstance(value, dict):
            return self._child(key, key, value)
        self.wrong(key, "a mapping")
        return _nothing()

    def optional(self, key: str) -> Part | None:
        """A mapping that may be missing."""
        return self.part(key) if key in self else None

    def parts(self, key: str) -> list[Part]:
        """A list of mappings that must exist."""
        value = self.get(key)
        if not isinstance(value, list):
            self.wrong(key, "a list")
            return []
        found = []
        for index, item in enumerate(value):
            name = f"{key}[{index}]"
            if isinstance(item, dict):
                found.append(self._child(key, name, item))
            else:
                self.found.mistake(self.place, f"{self._path(name)}: expected a mapping, found {shown(item)}")
        return found

    def choice(self, key: str, known: tuple[str, ...], default: str) -> str:
        """A known word.

        Returns the default for a missing key. An unknown word is a mistake and also gives the default.
        """
        value = self.get(key)
        if value is None or (isinstance(value, str) and value in known):
            return default if value is None else str(value)
        self.wrong(key, f"{', '.join(known[:-1])} or {known[-1]}")
        return default

    def wrong(self, key: str, expected: str) -> None:
        """Note that a key does not hold what is expected."""
        self.found.mistake(self.place, f"{self._path(key)}: expected {expected}, found {shown(self.get(key))}")

    def note(self, text: str) -> None:
        """List something that cannot be carried over unchanged."""
        self.found.note(self.place, f"{self.path}: {text}" if self.path else text)

    def leave_out(self, text: str, **missing: int) -> None:
        """Say why something is left out, and how many SLOs or documents that are."""
        self.found.leave_out(self.place, f"{self.path}: {text}" if self.path else text, **missing)

    def renamed(self, name: str) -> Part:
        """The same part under a longer name: `slo.yaml: checkout/latency`."""
        return Part(self.data, self.found, f"{self.place}/{name}", asked=self.asked)

    def unread(self, path: str = "") -> Iterator[str]:
        """Yield every key with a value that was not read."""
        for key, value in self.data.items():
            name = f"{path}{key if isinstance(key, str) else shown(key)}"
            if key not in self.asked:
                if value is not None and value not in ({}, [], ""):
                    yield name
                continue
            for own, child in self.asked[key].items():
                yield from child.unread(f"{path}{own}.")

    def _child(self, key: str, name: str, value: Mapping[Any, Any]) -> Part:
        return self.asked[key].setdefault(name, Part(value, self.found, self.place, self._path(name)))

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _nothing() -> Part:
    """An empty part for a value that is not a mapping, so that its missing keys are not reported too."""
    return Part({}, Found(), "")


def _is_unicode(text: str) -> bool:
    """Whether a text can be encoded. YAML can name lone surrogates, which cannot."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


def shown(value: Any) -> str:
    """A value as messages show it, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…")
    try:
        return repr(value)[:_LONGEST]
    except ValueError:  # Python refuses to print integers of more than 4,300 digits
        return "a number of too many digits"
