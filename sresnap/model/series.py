"""Answers of Prometheus on a grid of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Grid:
    """Evenly spaced times. An instant is a grid of one point."""

    start: int
    """First time, seconds since the epoch."""
    step: int
    """Seconds between points; 0 for an instant."""
    count: int
    """Number of points, at least 1."""

    @classmethod
    def instant(cls, time: int) -> Grid:
        return cls(time, 0, 1)

    @classmethod
    def spanning(cls, start: int, end: int, step: int) -> Grid:
        """From start to end, both included, where end − start is a multiple of step."""
        return cls(start, step, (end - start) // step + 1)

    @property
    def end(self) -> int:
        """Last time, seconds since the epoch."""
        return self.start + self.step * (self.count - 1)

    @property
    def is_instant(self) -> bool:
        return self.step == 0

    def times(self) -> tuple[int, ...]:
        return tuple(self.start + i * self.step for i in range(self.count))


@dataclass(frozen=True, slots=True)
class Series:
    """One series on a grid; None where there was no sample, or NaN, or ±Inf."""

    labels: Mapping[str, str]
    grid: Grid
    values: tuple[float | None, ...]
    unclear: frozenset[int] = frozenset()
    """Times at which the answer is +Inf, by which a counting form says that raw samples must decide."""
    high: Mapping[int, float] = field(default_factory=dict)
    """By time, the upper bound of a value that the samples leave open; the value itself is the lower one."""
    void: frozenset[int] = frozenset()
    """Times at which there is an answer that is not one number: NaN, −Inf, or several series. It does not mean zero."""

    @property
    def last(self) -> float | None:
        """The value at the grid's end; None when that very point is missing."""
        return self.values[-1]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one request."""

    series: tuple[Series, ...]
    warnings: tuple[str, ...]
    infos: tuple[str, ...]
    seconds: float
    """How long it took, without the wait for a free connection."""
