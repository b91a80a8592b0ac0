"""Prometheus's functions over scraped counters, computed from the model instead of stored samples.

They follow promql/functions.go and promql/engine.go of Prometheus 2.42: ranges include both ends, and an instant looks
back five minutes. Between two restarts counters only grow, so the first sample, the last one and the pair around each
restart are enough. Times and ranges are milliseconds, as in Prometheus. Samples lie on whole seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sresnap.demo.model import DemoService, Scrapes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

LOOKBACK_MS = 300_000


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples that exist: from the first scrape of the history to the last one at or before now."""

    first: int
    interval: int
    count: int

    @classmethod
    def of(cls, scrapes: Scrapes, start: int, now: int) -> Samples:
        times = scrapes.between(start, start + scrapes.interval_seconds - 1)
        first = int(times[0])
        return cls(first, scrapes.interval_seconds, max(0, (now - first) // scrapes.interval_seconds + 1))

    def time(self, index: Ints) -> Ints:
        return self.first + index * self.interval

    def last_before(self, times_ms: Ints) -> Ints:
        """Index of the last sample at or before each time; −1 before the first."""
        index = (times_ms - self.first * 1000) // (self.interval * 1000)
        return np.clip(index, -1, self.count - 1)

    def first_from(self, times_ms: Ints) -> Ints:
        """Index of the first sample at or after each time."""
        return np.maximum(-((self.first * 1000 - times_ms) // (self.interval * 1000)), 0)

    def latest(self, times_ms: Ints) -> tuple[Ints, Bools]:
        """The time in seconds of the sample that an instant selector uses, and whether it exists."""
        index = self.last_before(times_ms)
        time = self.time(np.maximum(index, 0))
        return time, (index >= 0) & (times_ms - time * 1000 <= LOOKBACK_MS)


@dataclass(frozen=True, slots=True)
class Counters:
    """The series of one selector: rows of counters that restart together."""

    read: Callable[[Ints], Ints]
    """Times in seconds → values, shape (series, times)."""
    service: DemoService
    samples: Samples

    def instant(self, times_ms: Ints) -> Floats:
        """`x`; NaN where no sample is near."""
        time, there = self.samples.latest(times_ms)
        return np.where(there, self.read(time), np.nan)

    def over(self, times_ms: Ints, range_ms: int) -> Range:
        """`x[range]`."""
        samples = self.samples
        low, high = samples.first_from(times_ms - range_ms), samples.last_before(times_ms)
        there = low <= high
        start, end = samples.time(np.where(there, low, 0)), samples.time(np.where(there, high, 0))
        first, last = np.split(self.read(np.concatenate((start, end))).astype(float), 2, axis=1)
        dropped, resets, lowest = np.zeros_like(first), np.zeros_like(first), first.copy()
        span = (int(start.min()), int(end.max())) if len(times_ms) else (0, 0)
        for restart in self.service.restarts(*span):
            after = int(samples.first_from(np.array([restart * 1000]))[0])
            fell, rose = self.read(samples.time(np.array([after - 1, after]))).astype(float).T
            inside = (low < after) & (after <= high) & (rose < fell)[:, None]
            dropped += np.where(inside, fell[:, None], 0)
            resets += inside
            lowest = np.where(inside, np.minimum(lowest, rose[:, None]), lowest)
        size = np.where(there, high - low + 1, 0)
        return Range(times_ms, range_ms, size, start * 1000, end * 1000, first, last, dropped, resets, lowest)

    def counted(self, times_ms: Ints, range_ms: int) -> Floats:
        """The presets' form `counted`: the counter's own difference; +Inf where samples have to decide."""
        before, window = self.instant(times_ms - range_ms), self.over(times_ms, range_ms)
        own = self.instant(times_ms) - before
        exact = ~np.isnan(own) & (window.size > 0) & (window.resets == 0) & (window.lowest >= before)
        return np.where(exact, own, np.where(window.size > 0, np.inf, np.nan))

    def within(self, time_ms: int, range_ms: int) -> tuple[Ints, Ints]:
        """`x[range]` as samples: their times in seconds, and their values, shape (series, times)."""
        low = int(self.samples.first_from(np.array([time_ms - range_ms]))[0])
        high = int(self.samples.last_before(np.array([time_ms]))[0])
        times = self.samples.time(np.arange(low, high + 1))
        return times, self.read(times)


@dataclass(frozen=True, slots=True)
class Range:
    """The result of a range selector, for each series (row) and time (column)."""

    times_ms: Ints
    range_ms: int
    size: Ints
    """Samples in the range."""
    start_ms: Ints
    end_ms: Ints
    """Times of the first and the last sample."""
    first: Floats
    last: Floats
    dropped: Floats
    """The sum of the values before resets, which the last value lacks."""
    resets: Floats
    lowest: Floats

    def increase(self) -> Floats:
        return self._extrapolated(1.0)

    def rate(self) -> Floats:
        return self._extrapolated(self.range_ms / 1000)

    def _extrapolated(self, per_seconds: float) -> Floats:
        """extrapolatedRate(): the growth between the samples, stretched towards the edges of the range."""
        enough = self.size >= 2  # noqa: PLR2004 - a slope needs two points
        growth = self.last - self.first + self.dropped
        sampled = np.where(enough, self.end_ms - self.start_ms, 1) / 1000
        between = sampled / np.maximum(self.size - 1, 1)
        to_start = np.broadcast_to((self.start_ms - (self.times_ms - self.range_ms)) / 1000, growth.shape)
        to_end = (self.times_ms - self.end_ms) / 1000
        # A counter cannot be negative, so it is not extrapolated to before it was 0.
        to_zero = sampled * np.divide(self.first, growth, out=np.full_like(growth, np.inf), where=growth > 0)
        to_start = np.minimum(to_start, to_zero)
        limit = between * 1.1
        stretched = (
            sampled + np.where(to_start < limit, to_start, between / 2) + np.where(to_end < limit, to_end, between / 2)
        )
        return np.where(enough, growth * (stretched / sampled / per_seconds), np.nan)
