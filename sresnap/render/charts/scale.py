"""Round scales, which make charts comparable, and combined values, which keep them small."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)
_EMPTY_TOP = {"ratio": 0.01, "seconds": 0.1, "per_second": 1.0}
"""By unit, the scale's top when all values are 0."""


def nice_top(highest: float, unit: str) -> float:
    """The highest value rounded up to 1, 2, 2.5 or 5 × 10^k."""
    if highest <= 0:
        return _EMPTY_TOP.get(unit, 1.0)
    power = 10.0 ** math.floor(math.log10(highest))
    return next((step * power for step in _STEPS if step * power >= highest * 0.999999), 10 * power)


def nice_bottom(lowest: float) -> float:
    """0, or the lowest value rounded down if it is negative."""
    return 0.0 if lowest >= 0 else -nice_top(-lowest, "ratio")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Neighbouring values as three numbers, each None if no value is known."""

    first: int
    """Index of its first value."""
    last: int
    low: float | None
    middle: float | None
    """The median."""
    high: float | None


def buckets(
    values: Sequence[float | None], most: int, peaks: Sequence[float | None] | None = None
) -> tuple[Bucket, ...]:
    """The values in at most `most` buckets of equal length. `peaks` count for the highest value only."""
    length = max(1, math.ceil(len(values) / most))
    if length == 1 and peaks is None:
        return tuple(Bucket(index, index, value, value, value) for index, value in enumerate(values))
    return tuple(
        _bucket(values, peaks, first, min(first + length, len(values))) for first in range(0, len(values), length)
    )


def _bucket(values: Sequence[float | None], peaks: Sequence[float | None] | None, first: int, end: int) -> Bucket:
    known = sorted(value for value in values[first:end] if value is not None)
    above = [value for value in (peaks or ())[first:end] if value is not None]
    if not known:
        return Bucket(first, end - 1, None, None, max(above, default=None))
    middle = len(known) // 2
    median = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
    return Bucket(first, end - 1, known[0], median, max([known[-1], *above]))


def log_position(burn_rate: float) -> float:
    """0..1 on the logarithmic axis of burn rates, from 0.1 to 100. A rate beyond an end is put at that end."""
    return min(1.0, max(0.0, (math.log10(burn_rate) + 1) / 3)) if burn_rate > 0 else 0.0
