"""How full resources were, and when they will be full."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.compute.signals.golden import hourly_curve
from sresnap.model.golden import CapacityTrend
from sresnap.model.windows import DAY, HOUR

WEEK_HOURS = 7 * 24
_LEAST_HOURS = 48
"""Less than two days would turn a daily rhythm into growth."""
_FARTHEST = 365 * DAY


def capacity_trend(first_hour: int, values: Sequence[float | None]) -> CapacityTrend | None:
    """The hours of a capacity, 0..1, as a curve with its end; None when not one of them is known.

    Args:
        first_hour: start of the first hour, seconds since the epoch; a value stands at its hour's end.
        values: one per hour, oldest first.
    """
    if all(value is None for value in values):
        return None
    last = first_hour + len(values) * HOUR
    week = values[-WEEK_HOURS:]
    return CapacityTrend(hourly_curve(first_hour, values, ()), full_at(last, week))


def full_at(now: int, values: Sequence[float | None]) -> int | None:
    """When a straight line through the hours reaches 1; None when it does not within a year, or says too little.

    Least squares, as Prometheus's `predict_linear` (Prometheus documentation, "Query functions"), from the line's own
    value at `now`. 48 hours from 0.50 to 0.97 by 0.01 an hour: the line is at 0.97 and reaches 1 in 3 hours.
    """
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < _LEAST_HOURS:
        return None
    mean_x = sum(index for index, _ in known) / len(known)
    mean_y = sum(value for _, value in known) / len(known)
    spread = sum((index - mean_x) ** 2 for index, _ in known)
    slope = sum((index - mean_x) * (value - mean_y) for index, value in known) / spread
    level = mean_y + slope * (len(values) - 1 - mean_x)
    if slope <= 0 or level >= 1:
        return None
    seconds = (1 - level) / slope * HOUR
    return now + round(seconds) if seconds <= _FARTHEST else None
