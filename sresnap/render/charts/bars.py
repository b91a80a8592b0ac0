"""Horizontal bars beside a number: a budget, a level, a burn rate."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.render.charts.scale import log_position
from sresnap.render.views import Bar

_ZERO = 1 / 3
"""Where zero is in the bar of an overspent budget."""


def budget_bar(remaining_ratio: float | None, tone: str) -> Bar | None:
    """From 0 to 100 %. Overspent: to the left of a marked zero, where the scale narrows so that no value is cut off.

    Overspent by x is drawn as x / (1 + x) of the space: by 60 % as 3/8 of it, by 1336 % as 93/100.
    """
    if remaining_ratio is None or remaining_ratio >= 0:
        return level_bar(remaining_ratio, tone)
    end = _ZERO / (1 - remaining_ratio)
    return Bar(_percent(end), _percent(_ZERO - end), tone, zero=_percent(_ZERO))


def level_bar(ratio: float | None, tone: str, marks: Sequence[float] = ()) -> Bar | None:
    """From 0 to 100 %, with marks at some ratios."""
    if ratio is None:
        return None
    return Bar("0%", _percent(min(1.0, max(0.0, ratio))), tone, marks=tuple(_percent(mark) for mark in marks))


def burn_bar(rate: float | None, tone: str, limit: float) -> Bar | None:
    """A burn rate on the logarithmic scale of `log_position`, with its limit marked."""
    return level_bar(None if rate is None else log_position(rate), tone, (log_position(limit),))


def _percent(ratio: float) -> str:
    return f"{100 * ratio:.4g}%"
