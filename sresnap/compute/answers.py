"""Answers by their purpose, in the units used inside, and merged into the history."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sresnap.compute.zeros import absent_is_zero, is_part, may_be_zero, says_nothing
from sresnap.model.history import ColumnKey, History, Hourly, Span
from sresnap.model.query import Failure, Purpose, QueryTemplate, Result
from sresnap.model.series import Series
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import HOUR, floor

_Asked: TypeAlias = tuple[SeriesKey, QueryTemplate, str]
_COUNTED = {Purpose.SLI, Purpose.RUNNING_HOUR, Purpose.HOURLY, Purpose.RAW}


@dataclass(frozen=True, slots=True)
class Answers:
    """All results of a report."""

    results: Sequence[Result]
    index: Mapping[tuple[str, Purpose, SeriesKey, str], Result]
    """(service, purpose, series, window) → result."""
    failures: Mapping[tuple[str, Purpose, SeriesKey], Failure]
    """(service, purpose, series) → the first failure."""
    answered: frozenset[tuple[str, Purpose, SeriesKey]]
    """(service, purpose, series) with at least one series."""
    warnings: Mapping[tuple[str, SeriesKey | None], str] = field(default_factory=dict)
    """(service, series) → the first warning of an answer that its counts are made of. Without a series: of samples that
    several series share."""
    doubts: Container[ColumnKey] = frozenset()
    """(service, series) whose zeros are not known to be zero."""

    @classmethod
    def of(cls, results: Sequence[Result], doubts: Container[ColumnKey] = frozenset()) -> Answers:
        index: dict[tuple[str, Purpose, SeriesKey, str], Result] = {}
        failures: dict[tuple[str, Purpose, SeriesKey], Failure] = {}
        answered: set[tuple[str, Purpose, SeriesKey]] = set()
        for result in results:
            query = result.query
            for member in query.members:
                index[member.service, query.purpose, query.series_key, query.window] = result
            for service, failure in result.failures.items():
                failures.setdefault((service, query.purpose, query.series_key), failure)
            answered |= {(service, query.purpose, query.series_key) for service in result.values}
        return cls(results, index, failures, frozenset(answered), _warnings(results), doubts)

    @property
    def grouped_by(self) -> frozenset[str]:
        """The labels by which queries select several services."""
        return frozenset(by for result in self.results for by in result.query.template.by)

    def warning(self, service: str, series: Iterable[SeriesKey]) -> str | None:
        """The first warning that came with what some series of a service are counted from; events may be missing."""
        found = (self.warnings.get((service, key)) for key in (None, *series))
        return next((text for text in found if text is not None), None)

    def series(self, service: str, purpose: Purpose, key: SeriesKey, window: str) -> Series | None:
        """The series of an answer; None without an answer."""
        result = self.index.get((service, purpose, key, window))
        return None if result is None else _converted(result, service)

    def value(
        self,
        service: str,
        purpose: Purpose,
        key: SeriesKey,
        window: str,
        *,
        is_proven: bool = False,
        upper: bool = False,
    ) -> float | None:
        """An instant's value, or its upper bound.

        It is 0 for bad events whose query succeeded without a warning and found no series.

        The same holds for good events when `is_proven`: the query has found some within the SLO's window.
        """
        series = self.series(service, purpose, key, window)
        if (service, key.whole) in self.doubts and (series is None or says_nothing(key, series.last)):
            return None
        if series is not None:
            return series.high.get(series.grid.end, series.last) if upper else series.last
        result = self.index.get((service, purpose, key, window))
        if result is None or service in result.failures or result.unsure.get(service):
            return None
        return 0.0 if absent_is_zero(key) or (is_proven and may_be_zero(key)) else None

    def failure(self, service: str, key: SeriesKey, purposes: Iterable[Purpose]) -> Failure | None:
        """The first failure of a service's queries for a series."""
        found = (self.failures.get((service, purpose, key)) for purpose in purposes)
        return next((failure for failure in found if failure is not None), None)

    def has_series(self, service: str, key: SeriesKey, purposes: Iterable[Purpose]) -> bool:
        """Whether a query found any series for a service."""
        return any((service, purpose, key) in self.answered for purpose in purposes)


def _warnings(results: Sequence[Result]) -> dict[tuple[str, SeriesKey | None], str]:
    found: dict[tuple[str, SeriesKey | None], str] = {}
    for result in results:
        query = result.query
        text = next((text for run in result.runs for text in run.warnings), None)
        if text is None or query.purpose not in _COUNTED:
            continue
        key = None if query.purpose is Purpose.RAW else query.series_key.whole
        for member in query.members:
            found.setdefault((member.service, key), text)
    return found


def _converted(result: Result, service: str) -> Series | None:
    series = result.values.get(service)
    divisor = result.query.divisor
    if series is None or divisor == 1:
        return series
    return replace(series, values=tuple(None if value is None else value / divisor for value in series.values))


def merge_answers(
    history: History,
    results: Sequence[Result],
    definitions: Mapping[ColumnKey, str],
    totals: Mapping[ColumnKey, SeriesKey],
    seal_until: int,
    noted_until: int | None = None,
    doubts: Container[ColumnKey] = frozenset(),
    unsure: Container[ColumnKey] = frozenset(),
) -> History:
    """The history with the whole hours that the results hold.

    Two kinds of answers are mistrusted. When a query has no value for any service, the server may be the wrong one or
    empty, so these hours are not sealed; what another source of a mixed file answers shows nothing about it. And a
    missing series of bad events, or of good events that were found in another hour, means 0 only in hours whose total
    is known.

    Args:
        history: the history so far.
        results: all answers of a report.
        definitions: of the series that are kept.
        totals: (service, series of a part) → the series of all events.
        seal_until: hours that end at or before it are final, seconds since the epoch.
        noted_until: the same for hours that were answered with an info; as `seal_until` when left out. A warning says
            that data may be missing, and its hours stay open until an answer comes without one. An info may be about
            the query itself ("metric might not be a counter") and then comes with every answer for ever, so it only
            delays the seal: the cost is bounded.
        doubts: (service, series) of parts whose missing series is not known to mean 0. Such hours stay open.
        unsure: (service, series) of parts whose zeros are shown, but stay open, too.
    """
    noted_until = seal_until if noted_until is None else noted_until
    hourly = [result for result in results if result.query.purpose in (Purpose.HOURLY, Purpose.PEAK)]
    alive = _alive(hourly)
    answers = [
        answer
        for result in hourly
        for answer in _hourly(result, definitions, noted_until, mistrusted=_asked(result) not in alive)
    ]
    parts = [answer for answer in answers if is_part(answer.series)]
    history = history.merged([answer for answer in answers if not is_part(answer.series)], seal_until)
    return history.merged(
        [_with_zeros(history, answer, definitions, totals, doubts, unsure) for answer in parts], seal_until
    )


def _asked(result: Result) -> _Asked:
    """What a result answers. Services of several sources have a series of the same name from other queries."""
    return result.query.series_key, result.query.template, result.query.source


def _alive(hourly: Sequence[Result]) -> set[_Asked]:
    """The queries that have a value for any service, and queries of parts whose services have another such query."""
    alive = {_asked(result) for result in hourly if _has_value(result)}
    heard = {
        member.service
        for result in hourly
        if _asked(result) in alive and not is_part(result.query.series_key)
        for member in result.query.members
    }
    return alive | {
        _asked(result)
        for result in hourly
        if is_part(result.query.series_key) and any(member.service in heard for member in result.query.members)
    }


def _has_value(result: Result) -> bool:
    return any(value is not None for series in result.values.values() for value in series.values)


def _hourly(
    result: Result, definitions: Mapping[ColumnKey, str], noted_until: int, *, mistrusted: bool
) -> Iterator[Hourly]:
    """The answer for each service by the start of the hour. Hours that failed without a value are left out."""
    query = result.query
    times = query.grid.times()
    noted = frozenset(time for time in times if time > noted_until and any(run.infos for run in result.runs))
    for member in query.members:
        series = _converted(result, member.service)
        values = series.values if series is not None else (None,) * len(times)
        unsure = frozenset(times) if mistrusted else result.unsure.get(member.service, frozenset())
        # A value stands at the end of its hour, or of a part of it.
        hours = {
            floor(time - 1, HOUR): value
            for time, value in zip(times, values, strict=True)
            if value is not None or time not in unsure
        }
        if hours:
            definition = definitions[member.service, query.series_key]
            doubts = frozenset(floor(time - 1, HOUR) for time in unsure | noted)
            bounds = {} if series is None else {floor(time - 1, HOUR): value for time, value in series.high.items()}
            void = frozenset(floor(time - 1, HOUR) for time in _void(result, series))
            yield Hourly(member.service, query.series_key, definition, hours, doubts, bounds, void)


def _void(result: Result, series: Series | None) -> frozenset[int]:
    """Times whose answer is not one number. +Inf is one that a counting form gives on purpose."""
    if series is None:
        return frozenset()
    return series.void if result.query.template.raw is not None else series.void | series.unclear


def _with_zeros(
    history: History,
    answer: Hourly,
    definitions: Mapping[ColumnKey, str],
    totals: Mapping[ColumnKey, SeriesKey],
    doubts: Container[ColumnKey],
    open_zeros: Container[ColumnKey],
) -> Hourly:
    """The answer with 0 for hours without a series whose total is known. Hours whose total may yet come stay open.

    An answer that is not one number is not 0: of two series of errors, neither is known to be the one.

    For good events this holds only when the query has found some, in this answer or in an hour that is kept.
    """
    whole = answer.series.whole
    key = (answer.service, totals[answer.service, whole].of_part(answer.series.part))
    definition = definitions[key]
    span = Span(min(answer.values), max(answer.values) + HOUR)
    events = history.values(key, definition, span)
    known = history.values((answer.service, answer.series), answer.definition, span)
    is_zero = absent_is_zero(answer.series) or _is_proven(history, answer, whole, definitions)
    is_doubted = (answer.service, whole) in doubts
    values, unsure = dict(answer.values), set(answer.unsure)
    for hour, value in answer.values.items():
        index = (hour - span.start) // HOUR
        if is_doubted and says_nothing(whole, value):
            values[hour] = None
            unsure.add(hour)
            continue
        if (answer.service, whole) in open_zeros and says_nothing(whole, value):
            unsure.add(hour)
        if value is not None or known[index] is not None or hour in answer.void:
            continue
        if events[index] is not None and is_zero:
            values[hour] = 0.0
        elif events[index] is not None or not history.is_sealed(key, definition, hour):
            unsure.add(hour)
    return replace(answer, values=values, unsure=frozenset(unsure))


def _is_proven(history: History, answer: Hourly, whole: SeriesKey, definitions: Mapping[ColumnKey, str]) -> bool:
    """Whether a series' query has found anything, now or before, for whole hours or parts of them."""
    key = (answer.service, whole)
    return any(value is not None for value in answer.values.values()) or history.has_value(key, definitions[key])
