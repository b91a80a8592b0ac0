"""Counts of good and of all, hour by hour, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sresnap.model.events import EventCount
from sresnap.model.slo import Hours
from sresnap.model.windows import HOUR

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


def floats(values: Iterable[float | None]) -> Floats:
    """An array of numbers, NaN where there is no number."""
    return np.array(
        values if isinstance(values, Sequence) else list(values), dtype=np.float64
    )  # NumPy reads None as NaN


def optional(values: Floats) -> tuple[float | None, ...]:
    """The numbers of an array, None where it has NaN."""
    return tuple(None if value != value else value for value in values.tolist())  # noqa: PLR0124 - NaN is not itself


def sequential_sum(values: Floats) -> float:
    """The sum from left to right. NumPy's own sum pairs its terms, in an order that depends on the machine."""
    return float(np.cumsum(values)[-1]) if values.size else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class HourlyCounts:
    """Good and total of consecutive hours. Both are NaN where an hour is not known."""

    start: int
    """Start of the first hour, seconds since the epoch."""
    good: Floats
    total: Floats

    @classmethod
    def of(cls, start: int, counts: Iterable[EventCount | None]) -> HourlyCounts:
        """Hours from their counts, None where an hour is not known."""
        known = list(counts)
        good = floats(None if count is None else count.good for count in known)
        return cls(start, good, floats(None if count is None else count.total for count in known))

    @classmethod
    def of_arrays(cls, start: int, good: Floats, total: Floats) -> HourlyCounts:
        """Hours from two arrays. An hour counts as known only where both are."""
        unknown = np.isnan(good) | np.isnan(total)
        return cls(start, np.where(unknown, np.nan, good), np.where(unknown, np.nan, total))

    @classmethod
    def of_report(cls, hours: Hours) -> HourlyCounts:
        """The hours of a report."""
        return cls.of_arrays(hours.start, floats(hours.good), floats(hours.total))

    def report(self) -> Hours:
        """The hours as a report holds them."""
        return Hours(self.start, optional(self.good), optional(self.total))

    def __len__(self) -> int:
        return len(self.total)

    @property
    def end(self) -> int:
        """End of the last hour."""
        return self.start + len(self) * HOUR

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which hours are known."""
        return ~np.isnan(self.total)

    @property
    def bad(self) -> Floats:
        return self.total - self.good

    def index(self, time: int) -> int:
        """The position of the hour that begins at a time; negative before the first hour."""
        return (time - self.start) // HOUR

    def slice(self, first: int, last: int | None = None) -> HourlyCounts:
        """The hours at positions first (at least 0) to last, not included."""
        first = max(0, first)
        return HourlyCounts(self.start + first * HOUR, self.good[first:last], self.total[first:last])

    def since(self, time: int) -> HourlyCounts:
        """The hours that begin at a time or later."""
        return self.slice(self.index(time))

    def tail(self, count: int) -> HourlyCounts:
        """The last hours, all of them when there are fewer."""
        return self.slice(len(self) - count)

    def sum(self, running: EventCount | None = None) -> EventCount | None:
        """The counts of all known hours, and of the running one; None when nothing is known."""
        known = self.known
        if not known.any():
            return running
        events = EventCount(sequential_sum(self.good[known]), sequential_sum(self.total[known]))
        return events if running is None else events + running

    def count(self, index: int) -> EventCount | None:
        """The counts of one hour; None when it is not known."""
        good, total = float(self.good[index]), float(self.total[index])
        return None if np.isnan(total) else EventCount(good, total)

    def with_counts(self, counts: Mapping[int, EventCount | None]) -> HourlyCounts:
        """The hours with other counts at some positions."""
        good, total = self.good.copy(), self.total.copy()
        for index, count in counts.items():
            good[index] = np.nan if count is None else count.good
            total[index] = np.nan if count is None else count.total
        return replace(self, good=good, total=total)

    def followed_by(self, later: HourlyCounts) -> HourlyCounts:
        """These hours and those that begin where they end."""
        return replace(
            self, good=np.concatenate([self.good, later.good]), total=np.concatenate([self.total, later.total])
        )

    def appended(self, count: EventCount | None) -> HourlyCounts:
        """The hours with one more at their end."""
        extra = (np.nan, np.nan) if count is None else (count.good, count.total)
        return replace(self, good=np.append(self.good, extra[0]), total=np.append(self.total, extra[1]))
