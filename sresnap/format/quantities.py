"""Signals' values in their units."""

from __future__ import annotations

from sresnap.format.digits import NONE, SPACE
from sresnap.format.numbers import number
from sresnap.format.ratios import percent


def rate(per_second: float | None) -> str:
    """Requests per second: `12.4/s`."""
    return NONE if per_second is None else f"{number(per_second)}/s"


def latency(seconds: float | None) -> str:
    """A latency in ms: 0.329 → `329 ms`, 0.00042 → `0.42 ms`."""
    return NONE if seconds is None else f"{number(seconds * 1000)}{SPACE}ms"


def quantity(value: float | None, unit: str) -> str:
    """A signal's value in the unit that it is kept in: `seconds`, `per_second` or `ratio`."""
    if unit == "seconds":
        return latency(value)
    if unit == "per_second":
        return rate(value)
    if unit == "ratio":
        return percent(value)
    raise ValueError(f"{unit!r} is not a unit of a signal")


def tick(value: float, unit: str) -> str:
    """A level on a chart's scale: just the digits that it needs."""
    if value == 0:
        return "0"
    if unit == "ratio":
        return f"{number(value * 100)}{SPACE}%"
    return quantity(value, unit)
