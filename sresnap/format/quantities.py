"""Signals' values in their units."""

from __future__ import annotations

from collections.abc import Collection

from sresnap.format.digits import NONE, SPACE
from sresnap.format.numbers import number
from sresnap.format.ratios import percent


def rate(per_second: float | None, limit: float | None = None) -> str:
    """Requests per second: `12.4/s`."""
    return NONE if per_second is None else f"{number(per_second, limit)}/s"


def latency(seconds: float | None, limit: float | None = None) -> str:
    """A latency in ms: 0.329 → `329 ms`, 0.00042 → `0.42 ms`."""
    if seconds is None:
        return NONE
    return f"{number(seconds * 1000, None if limit is None else limit * 1000)}{SPACE}ms"


def quantity(value: float | None, unit: str, beside: Collection[float] = ()) -> str:
    """A signal's value in the unit that it is kept in: `seconds`, `per_second` or `ratio`.

    Args:
        value: None gives `—`.
        unit: of the signal.
        beside: levels that are shown with it. It gets enough digits to differ from the nearest of them: a maximum of
            0.00252 at a grid line of 0.0025 is `0.252 %`.
    """
    limit = None if value is None else min(beside, key=lambda level: abs(level - value), default=None)
    if unit == "seconds":
        return latency(value, limit)
    if unit == "per_second":
        return rate(value, limit)
    if unit == "ratio":
        return percent(value, limit=limit)
    raise ValueError(f"{unit!r} is not a unit of a signal")


def tick(value: float, unit: str) -> str:
    """A level on a chart's scale: just the digits that it needs."""
    if value == 0:
        return "0"
    if unit == "ratio":
        return f"{number(value * 100)}{SPACE}%"
    return quantity(value, unit)
