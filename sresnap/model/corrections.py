"""Time that is left out of SLIs, cut into the hours of the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import HOUR, floor


@dataclass(frozen=True, slots=True)
class Correction:
    """Time that is left out of an SLI, such as planned maintenance. Reports show the numbers with and without it."""

    reason: str
    start: int
    end: int
    """Whole minutes, seconds since the epoch; not included."""
    services: frozenset[str] | None = None
    """None: all of them."""


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """A part of one hour that is left out."""

    hour: int
    """The hour's start."""
    first: int
    last: int
    """Seconds within the hour; `last` is not included."""

    @property
    def seconds(self) -> int:
        return self.last - self.first

    @property
    def is_whole(self) -> bool:
        return self.seconds == HOUR

    def key(self, series: SeriesKey) -> SeriesKey:
        """The series in the history that holds what was counted in this part of its hour."""
        return series.of_part((self.first, self.last))


def of_service(corrections: Iterable[Correction], service: str) -> tuple[Correction, ...]:
    """The corrections that concern a service."""
    return tuple(c for c in corrections if c.services is None or service in c.services)


def cuts(corrections: Iterable[Correction], start: int, end: int) -> tuple[Cut, ...]:
    """The corrections between start and end, hour by hour; where they overlap, time is cut once.

    22:30 to 00:15 is 22:30-23:00, 23:00-24:00 and 00:00-00:15.
    """
    return tuple(cut for first, last in _merged(corrections, start, end) for cut in _hours(first, last))


def _merged(corrections: Iterable[Correction], start: int, end: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted((max(c.start, start), min(c.end, end)) for c in corrections):
        if first >= last:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _hours(first: int, last: int) -> Iterator[Cut]:
    for hour in range(floor(first, HOUR), last, HOUR):
        yield Cut(hour, max(first - hour, 0), min(last - hour, HOUR))
