"""Answers found again by what they are for, in the units kept inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap.model.history import Hourly
from sresnap.model.query import Failure, Purpose, Result
from sresnap.model.series import Series
from sresnap.model.windows import HOUR


def absent_is_zero(series_key: str) -> bool:
    """Whether no series in an answer means 0: of bad events alone, as before the first error there is none.

    No series of a total is missing data; none of good events is a wrong label, or a threshold that is no bucket.
    """
    return series_key == "bad"


@dataclass(frozen=True, slots=True)
class Answers:
    """All results of a report."""

    results: Sequence[Result]
    index: Mapping[tuple[str, Purpose, str, str], Result]
    """(service, purpose, series, window) → result."""

    @classmethod
    def of(cls, results: Sequence[Result]) -> Answers:
        index = {
            (member.service, result.query.purpose, result.query.series_key, result.query.window): result
            for result in results
            for member in result.query.members
        }
        return cls(results, index)

    def series(self, service: str, purpose: Purpose, key: str, window: str) -> Series | None:
        """The series of an answer; None when nothing came or it failed."""
        result = self.index.get((service, purpose, key, window))
        return None if result is None else _converted(result, service)

    def value(self, service: str, purpose: Purpose, key: str, window: str) -> float | None:
        """An instant's value; 0 for bad events that were asked for and have no series."""
        series = self.series(service, purpose, key, window)
        if series is not None and series.last is not None:
            return series.last
        result = self.index.get((service, purpose, key, window))
        answered = result is not None and service not in result.failures
        return 0.0 if answered and absent_is_zero(key) else None

    def failure(self, service: str, key: str, purposes: Iterable[Purpose]) -> Failure | None:
        """The first failure of a service's queries for a series."""
        wanted = set(purposes)
        for (member, purpose, series_key, _), result in self.index.items():
            if member == service and purpose in wanted and series_key == key and service in result.failures:
                return result.failures[service]
        return None


def _converted(result: Result, service: str) -> Series | None:
    series = result.values.get(service)
    divisor = result.query.divisor
    if series is None or divisor == 1:
        return series
    return replace(series, values=tuple(None if value is None else value / divisor for value in series.values))


def hourly_answers(results: Iterable[Result], definitions: Mapping[tuple[str, str], str]) -> list[Hourly]:
    """What the results say about whole hours, for the history; a failed query says nothing about its hours."""
    found = []
    for result in results:
        if result.query.purpose not in (Purpose.HOURLY, Purpose.PEAK):
            continue
        for member in result.query.members:
            key = result.query.series_key
            values = _hours(result, member.service)
            unsure = frozenset(time - HOUR for time in result.unsure.get(member.service, frozenset()))
            if values:
                found.append(Hourly(member.service, key, definitions[member.service, key], values, unsure))
    return found


def _hours(result: Result, service: str) -> dict[int, float | None]:
    """By the hour's start. Times that failed are left out unless a value came all the same."""
    series = _converted(result, service)
    times = result.query.grid.times()
    values = series.values if series is not None else (None,) * len(times)
    unsure = result.unsure.get(service, frozenset())
    if service in result.failures and not unsure:
        unsure = frozenset(times)
    zero = absent_is_zero(result.query.series_key)
    hours: dict[int, float | None] = {}
    for time, value in zip(times, values, strict=True):
        if value is not None:
            hours[time - HOUR] = value
        elif time not in unsure:
            hours[time - HOUR] = 0.0 if zero else None
    return hours
