"""The SLOs and notes that are read from other tools' files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sresnap.printable import printable

NO_ALERTING = "alerting is not carried over; `sresnap rules` writes burn-rate alerts"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was changed, or could not be carried over."""

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
    queries: Mapping[str, Any]
    window: str | None = None
    kind: str | None = None
    latency_threshold: str | None = None
    slice: Mapping[str, Any] | None = None
    source: str = ""
    """The name of its Prometheus under `sources:`; empty for the section `prometheus:`."""
    place: str = field(default="", compare=False)
    """Where it is from, for messages: `slo.yaml: checkout/availability`."""


@dataclass
class Found:
    """The contents of the imported files."""

    slos: list[FoundSlo] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    """What is missing from the result, and why: `slo.yaml: web: spec.target: expected a number, found 'x'`."""
    missing: Counter[str] = field(default_factory=Counter)
    """How many SLOs, documents and files are left out."""
    failures: int = 0
    """How often a mistake was met; several SLOs may meet the same one."""
    url: str | None = None
    """The address of Prometheus."""
    sources: dict[str, str] = field(default_factory=dict)
    """The addresses of others, by their names; empty for an unknown one."""
    people: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By service, its owner, team and description."""
    timezones: dict[str, None] = field(default_factory=dict)

    def note(self, place: str, text: str) -> None:
        """Add a note in one line, unless it is there already."""
        note = Note(printable(place), printable(text))
        if note not in self.notes:
            self.notes.append(note)

    def mistake(self, place: str, text: str) -> None:
        """Add a value that its tool would reject. Every SLO that needs it is left out."""
        self.failures += 1
        self.leave_out(place, text)

    def leave_out(self, place: str, text: str, **missing: int) -> None:
        """Say why something is left out, and how many SLOs, documents or files that are."""
        line = printable(f"{place}: {text}")
        if line not in self.mistakes:
            self.mistakes.append(line)
        self.missing.update(missing)

    @contextmanager
    def whole(self, *, is_wrong: bool = False) -> Iterator[None]:
        """Keep the SLOs that are added within only if nothing within is wrong, so that one mistake stops no other SLO.

        Args:
            is_wrong: whether something that all of them need is wrong already.
        """
        failures, slos, missing = self.failures, len(self.slos), self.missing["SLO"]
        yield
        if is_wrong or self.failures > failures:
            self.missing["SLO"] = max(missing + 1, self.missing["SLO"] + len(self.slos) - slos)
            del self.slos[slos:]
