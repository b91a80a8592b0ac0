"""One point an hour for every series that a window needs, kept for as long as the user wants.

An hour is named by its start and holds the counts until its end: a query at 14:00 with {window} = 1h fills hour 13. A
column is a day of one series of one service. Its first `sealed` hours are final and never queried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeAlias

from pydantic import Field

from sresnap.model.series_key import SeriesKey
from sresnap.model.stored import STORED
from sresnap.model.windows import DAY, HOUR, day_of, day_start, floor

HOURS = 24
Hour: TypeAlias = Annotated[int, Field(ge=0, lt=HOURS)]

ColumnKey = tuple[str, SeriesKey]
"""(service, series)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A UTC day of one series."""

    __pydantic_config__ = STORED

    definition: Annotated[str, Field(alias="query")]
    """Hash of the query and of the labels that filled it; a column of another definition is another series."""
    sealed: Annotated[int, Field(ge=0, le=HOURS)] = 0
    """How many hours from midnight on are final."""
    values: Annotated[tuple[float | None, ...], Field(min_length=HOURS, max_length=HOURS)] = (None,) * HOURS
    high: Mapping[Hour, float] = field(default_factory=dict)
    """By hour of the day, the upper bound of a count that the samples leave open; the value is the lower one."""
    explained: int | None = None
    """When a build last found the reason that zeros are zero, seconds since the epoch; None where no zero needs one."""
    known_since: int | None = None
    """Start of the first hour of the series that is known in any day, seconds since the epoch; None if no build has
    looked for it. Each build hands it on, so that a gap of any length forgets nothing."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A column whose query has changed since. It is kept unused, and used again if the query comes back."""

    service: str
    series: SeriesKey
    column: Column


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """All columns of a UTC day."""

    columns: Mapping[ColumnKey, Column] = field(default_factory=dict)
    superseded: tuple[Superseded, ...] = ()
    _replaced: Mapping[tuple[str, SeriesKey, str], Column] = field(init=False, repr=False, compare=False)
    """Superseded columns by service, series and definition: a day of a fleet may have tens of thousands."""

    def __post_init__(self) -> None:
        replaced = {(old.service, old.series, old.column.definition): old.column for old in reversed(self.superseded)}
        object.__setattr__(self, "_replaced", replaced)

    def column(self, key: ColumnKey, definition: str) -> Column:
        """The column of that definition; an empty one where there is none."""
        found = self.columns.get(key)
        if found is not None and found.definition == definition:
            return found
        return self._replaced.get((*key, definition)) or Column(definition)

    def with_columns(self, columns: Mapping[ColumnKey, Column]) -> HistoryDay:
        """This day with other columns; columns of another definition are kept as superseded."""
        back = {(*key, column.definition) for key, column in columns.items()}
        kept = [old for old in self.superseded if (old.service, old.series, old.column.definition) not in back]
        for key, column in columns.items():
            current = self.columns.get(key)
            if current is not None and current.definition != column.definition:
                kept.append(Superseded(*key, current))
        return HistoryDay({**self.columns, **columns}, tuple(kept))


@dataclass(frozen=True, slots=True)
class Span:
    """Whole hours from start to end, seconds since the epoch; end is not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hourly:
    """Answers for some hours of one series."""

    service: str
    series: SeriesKey
    definition: str
    values: Mapping[int, float | None]
    """By the hour's start."""
    unsure: frozenset[int] = frozenset()
    """Hours that failed or were answered with warnings."""
    high: Mapping[int, float] = field(default_factory=dict)
    """By the hour's start, the upper bound of a value that the samples leave open."""
    void: frozenset[int] = frozenset()
    """Hours whose answer is not one number."""


@dataclass(frozen=True, slots=True)
class History:
    """The days that a report looks at."""

    days: Mapping[str, HistoryDay] = field(default_factory=dict)
    """By UTC day, `2026-11-22`."""

    def unsealed(self, key: ColumnKey, definition: str, hours: Span) -> tuple[Span, ...]:
        """The hours to query, as spans in order: of each day the hours that are not sealed."""
        wanted: list[tuple[int, int]] = []
        for day in range(floor(hours.start, DAY), hours.end, DAY):
            known = self.days.get(day_of(day))
            sealed = 0 if known is None else known.column(key, definition).sealed
            start, end = day + sealed * HOUR, min(day + DAY, hours.end)
            if start >= end:
                continue
            if wanted and wanted[-1][1] == start:
                start, _ = wanted.pop()
            wanted.append((start, end))
        return tuple(Span(start, end) for start, end in wanted)

    def values(self, key: ColumnKey, definition: str, hours: Span) -> tuple[float | None, ...]:
        """One value an hour; None where nothing is known."""
        return self._hours(hours, lambda day: self._day(day).column(key, definition).values)

    def upper(self, key: ColumnKey, definition: str, hours: Span) -> tuple[float | None, ...]:
        """The upper bound of each hour: the value itself where the samples decide."""

        def bounds(day: str) -> Sequence[float | None]:
            column = self._day(day).column(key, definition)
            if not column.high:
                return column.values
            return [column.high.get(hour, value) for hour, value in enumerate(column.values)]

        return self._hours(hours, bounds)

    def _hours(self, hours: Span, of_day: Callable[[str], Sequence[float | None]]) -> tuple[float | None, ...]:
        found: list[float | None] = []
        for day in range(floor(hours.start, DAY), hours.end, DAY):
            found.extend(of_day(day_of(day)))
        skipped = (hours.start - floor(hours.start, DAY)) // HOUR
        return tuple(found[skipped : skipped + (hours.end - hours.start) // HOUR])

    def has_value(self, key: ColumnKey, definition: str) -> bool:
        """Whether any hour of a series is known."""
        return any(value is not None for day in self.days.values() for value in day.column(key, definition).values)

    def is_sealed(self, key: ColumnKey, definition: str, hour: int) -> bool:
        """Whether an hour, named by its start, is final."""
        return hour < floor(hour, DAY) + self._day(day_of(hour)).column(key, definition).sealed * HOUR

    def is_explained(self, key: ColumnKey, definition: str, at: int, seconds: int) -> bool:
        """Whether the zeros of a series were explained at a time, or up to some seconds before."""
        times = (self._day(day_of(hour)).column(key, definition).explained for hour in (at, at - DAY))
        return any(time is not None and at - seconds < time <= at for time in times)

    def with_explained(self, columns: Mapping[ColumnKey, str], at: int) -> History:
        """The history with the note that the zeros of some columns, by their definition, are explained at a time.

        It is kept with the last whole hour, so that no day is begun for it.
        """
        return self._noted(columns, at, lambda _, column: replace(column, explained=at))

    def first_known(self, key: ColumnKey, definition: str) -> int | None:
        """Start of the first hour that these days know of, by their values or by what earlier builds noted."""
        found: list[int] = []
        for day, content in self.days.items():
            column = content.column(key, definition)
            hours = (day_start(day) + hour * HOUR for hour, value in enumerate(column.values) if value is not None)
            found += [since for since in (column.known_since, next(hours, None)) if since is not None]
        return min(found, default=None)

    def has_known_since(self, key: ColumnKey, definition: str) -> bool:
        """Whether a build has noted since when a series is known."""
        return any(day.column(key, definition).known_since is not None for day in self.days.values())

    def with_known_since(self, columns: Mapping[ColumnKey, str], since: Mapping[ColumnKey, int], at: int) -> History:
        """The history with the note since when some columns, by their definition, are known.

        It is kept with the last whole hour, as the newest day is always read again.
        """
        known = {key: definition for key, definition in columns.items() if key in since}
        return self._noted(known, at, lambda key, column: replace(column, known_since=since[key]))

    def _noted(self, columns: Mapping[ColumnKey, str], at: int, note: Callable[[ColumnKey, Column], Column]) -> History:
        if not columns:
            return self
        name = day_of(floor(at, HOUR) - HOUR)
        day = self._day(name)
        changed = {key: note(key, day.column(key, definition)) for key, definition in columns.items()}
        return History({**self.days, name: day.with_columns(changed)})

    def merged(self, answers: Iterable[Hourly], seal_until: int) -> History:
        """The history with new answers in it.

        A sealed hour never changes, and a known value is never replaced by an unknown one. An hour is sealed when it
        ended at or before `seal_until`, was answered without a warning, and all earlier hours of its day are sealed.
        """
        changed: dict[str, dict[ColumnKey, Column]] = {}
        for answer in answers:
            key = (answer.service, answer.series)
            for midnight, hours in _by_midnight(answer.values).items():
                day = day_of(midnight)
                columns = changed.setdefault(day, {})
                column = columns.get(key) or self._day(day).column(key, answer.definition)
                columns[key] = _merge_column(column, midnight, hours, answer, seal_until)
        days = dict(self.days)
        for day, columns in changed.items():
            days[day] = self._day(day).with_columns(columns)
        return History(days)

    def _day(self, day: str) -> HistoryDay:
        return self.days.get(day, _NO_DAY)


_NO_DAY = HistoryDay()


def _by_midnight(hours: Iterable[int]) -> dict[int, list[int]]:
    days: dict[int, list[int]] = {}
    for hour in hours:
        days.setdefault(hour - hour % DAY, []).append(hour)
    return days


def _merge_column(column: Column, midnight: int, hours: list[int], answer: Hourly, seal_until: int) -> Column:
    values, high = list(column.values), dict(column.high)
    answered = set()
    for hour in hours:
        index = (hour - midnight) // HOUR
        if index < column.sealed:
            continue
        value = answer.values[hour]
        if value is not None:
            values[index] = value
            high.pop(index, None)
            if hour in answer.high:
                high[index] = answer.high[hour]
        if hour not in answer.unsure and hour + HOUR <= seal_until:
            answered.add(index)
    sealed = column.sealed
    while sealed in answered:
        sealed += 1
    return replace(column, sealed=sealed, values=tuple(values), high=high)
