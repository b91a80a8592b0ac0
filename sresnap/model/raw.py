"""Samples as they were scraped, and counts between two bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from sresnap.model.hours import Floats
from sresnap.model.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class RawSeries:
    """The samples of one series, in order."""

    labels: Mapping[str, str]
    times: Floats
    """Seconds since the epoch."""
    values: Floats
    copies: tuple[Floats, ...] = ()
    """Of a counter that several Prometheus servers scraped, the times of each one's own samples."""

    @classmethod
    def on_grid(cls, series: Series) -> Self:
        """The points of a series on a grid as if they were its samples."""
        pairs = zip(series.grid.times(), series.values, strict=True)
        points = [(time, value) for time, value in pairs if value is not None]
        found = np.array(points, dtype=np.float64).reshape(-1, 2)
        return cls(series.labels, found[:, 0], found[:, 1])

    def after(self, earlier: RawSeries | None) -> RawSeries:
        """This series with the samples of another one that lie before its own."""
        if earlier is None:
            return self
        keep = earlier.times < (self.times[0] if len(self.times) else np.inf)
        times = np.concatenate((earlier.times[keep], self.times))
        return RawSeries(self.labels, times, np.concatenate((earlier.values[keep], self.values)))


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """The answer of one request for samples."""

    series: tuple[RawSeries, ...]
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """A count: what the samples prove, and what they cannot rule out."""

    low: float = 0.0
    """Events that the samples prove. This is the count that a report shows."""
    high: float = 0.0
    """No more events than these can have happened. Equal to `low` where the samples decide."""

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(self.low + other.low, self.high + other.high)
