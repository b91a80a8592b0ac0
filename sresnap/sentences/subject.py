"""What the rules look at: a closed period, or the week since a report, in one form. Each number has its address."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.review import Outcome
from sresnap.sentences.values import Kind, Known, Value


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours in which the budget was spent faster than it lasts."""

    start: Known
    end: Known
    share: Known
    """Of the budget."""
    leaves: Known | None = None
    """When it has left a rolling window."""
    is_ongoing: bool = False
    is_of_one_day: bool = True
    """Whether it began and ended on one local day."""

    @property
    def length(self) -> Value:
        """How long it took."""
        return Value(Kind.LENGTH, self.end.value - self.start.value, (self.start.address, self.end.address))


@dataclass(frozen=True, slots=True)
class BadDay:
    """A day, and its share of the budget."""

    day: Value
    share: Known


@dataclass(frozen=True, slots=True)
class Before:
    """The same objective a period ago."""

    outcome: Outcome
    objective: Known
    left: Known | None
    period: Value | None = None
    """None: in the report of a week ago."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the last periods came to, this one included."""

    number: int
    addresses: tuple[str, ...]
    """Of the outcomes that were counted."""


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective, and what is known of it."""

    name: Value
    page: str
    """Site-relative path and anchor of what it is shown on."""
    objective: Known
    outcome: Outcome
    outcome_address: str
    sli: Known | None
    left: Known | None
    """The budget that is left, of what the samples prove."""
    worst_left: Known | None
    coverage: Known | None
    known_since: Known | None
    window: Value | None
    """The name of a report's window; None in a closed period."""
    stretches: tuple[Stretch, ...]
    """Of the period; of a report those since the report before."""
    days: tuple[BadDay, ...]
    before: Before | None
    uncorrected_left: Known | None
    met_in_a_row: Run
    missed: Run
    judged: Run
    of_window: tuple[Stretch, ...] = ()
    """All episodes of a report's window."""
    is_comparable: bool = True
    """Whether its budget may be compared with the one before."""

    @property
    def is_calm(self) -> bool:
        """Whether it is known that no budget was spent faster than it lasts."""
        return self.outcome is Outcome.MET and not self.stretches


@dataclass(frozen=True, slots=True)
class Hole:
    """Hours that no report counted, or that a correction leaves out."""

    start: Known
    end: Known
    reason: Value | None = None
    is_of_one_day: bool = False

    @property
    def length(self) -> Value:
        """How long."""
        return Value(Kind.LENGTH, self.end.value - self.start.value, (self.start.address, self.end.address))


@dataclass(frozen=True, slots=True)
class Restated:
    """A result that changed after the period was closed."""

    name: Value
    cause: Value
    at: Known
    page: str
    was: Outcome
    was_address: str
    now: Outcome
    now_address: str
    left_was: Known | None
    left: Known | None


@dataclass(frozen=True, slots=True)
class ConfigChanges:
    """What is configured differently from before."""

    objectives: tuple[tuple[Value, Known, Known, str], ...] = ()
    """Name, objective before and now, page."""
    added: tuple[Value, ...] = ()
    removed: tuple[Value, ...] = ()
    requeried: tuple[Value, ...] = ()
    """Objectives whose queries count something else."""
    queries: int | None = None
    """How many queries differ, where objectives are not known."""
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """What the team's policy asks for."""

    text: str
    link: str | None
    form: str
    service: Value | None
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """All of it."""

    page: str
    """The page that shows it as a whole."""
    address: str
    """The file that it was made from."""
    period: Value | None
    """None: the week since a report."""
    unit: str | None
    """Of the period."""
    at: Known
    """Its end, or the newest report's moment."""
    objectives: tuple[Objective, ...]
    gaps: tuple[Hole, ...] = ()
    corrections: tuple[Hole, ...] = ()
    restated: tuple[Restated, ...] = ()
    changes: ConfigChanges = ConfigChanges()
    action: Action | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it is a closed period."""
        return self.period is not None
