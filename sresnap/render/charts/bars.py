"""Horizontal bars beside a number: a budget, a level, a burn rate."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.render.charts.scale import log_position
from sresnap.render.views import Bar

_BUDGET_FROM, _BUDGET_TO = -0.5, 1.0


def budget_bar(remaining_ratio: float | None, tone: str) -> Bar | None:
    """From 0 to 100 %. Overspent: from −50 % with zero marked; a value beyond is cut off."""
    if remaining_ratio is None or remaining_ratio >= 0:
        return level_bar(remaining_ratio, tone)
    span = _BUDGET_TO - _BUDGET_FROM
    zero = -_BUDGET_FROM / span
    end = (max(_BUDGET_FROM, remaining_ratio) - _BUDGET_FROM) / span
    return Bar(_percent(end), _percent(zero - end), tone, zero=_percent(zero))


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
