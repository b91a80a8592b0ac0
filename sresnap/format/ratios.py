"""Ratios as percentages, objectives, and burn rates."""

from __future__ import annotations

from sresnap.format.digits import MINUS, MOST_DIGITS, NONE, SPACE, beyond, fixed, read, shows_side, two_figures
from sresnap.format.numbers import number

_LEAST_RATE = 0.001
"""A burn rate below this spends a thousandth of the budget; its digits say nothing."""


def _is_faithful(text: str, ratio: float) -> bool:
    """Whether the shown percentage is 0 or 100 only where the ratio is 0 or 1."""
    shown = read(text)
    return (shown == 0) == (ratio == 0) and (abs(shown) == 100) == (abs(ratio) == 1)  # noqa: PLR2004 - percent


def _bound(ratio: float) -> str:
    """A percentage too close to 0 or 100 to show, as the bound that it is beyond."""
    sign, below, above = (MINUS, ">", "<") if ratio < 0 else ("", "<", ">")
    near_zero = abs(ratio) < 0.5  # noqa: PLR2004 - the nearer of 0 and 1
    if near_zero:
        return f"{below}{sign}0.0001{SPACE}%"
    return f"{above}{sign}{'99.9999' if abs(ratio) < 1 else '100'}{SPACE}%"


def percent(ratio: float | None, digits: int | None = None, limit: float | None = None) -> str:
    """A ratio as a percentage with two significant digits or more: 0.423 → `42 %`, 0.00149 → `0.15 %`.

    Args:
        ratio: 0..1, or beyond; None gives `—`.
        digits: the fewest decimals; None for two significant digits.
        limit: adds digits until the text differs from this limit: 0.2496 with the limit 0.25 → `24.96 %`.
    """
    if ratio is None:
        return NONE
    if digits is None:
        digits = two_figures(ratio * 100)
    if ratio in {0, 1}:
        return f"{ratio * 100:.0f}{SPACE}%"
    mark = float(f"{(limit or 0.0) * 100:.10f}")
    for more in range(digits, MOST_DIGITS + 1):
        text = fixed(ratio * 100, more)
        if _is_faithful(text, ratio) and (limit is None or shows_side(read(text), mark, ratio, limit)):
            return f"{text}{SPACE}%"
    if limit is not None and abs(ratio - limit) * 100 < 10**-MOST_DIGITS:
        return beyond(ratio, limit, objective(limit))
    return _bound(ratio)


def percent_signed(ratio: float | None) -> str:
    """A remaining budget: `33 %`; `−123 %` when overspent."""
    return percent(ratio)


def percent_floor(ratio: float) -> str:
    """A coverage, truncated so that 89.96 % never reads 90 %: `89.9 %`, and with two significant digits: `0.42 %`."""
    scale = 10 ** max(1, two_figures(ratio * 100))
    floor = int(ratio * 100 * scale + 1e-9) / scale
    return percent(ratio) if floor == 0 < ratio else f"{floor:.10g}{SPACE}%"


def objective(ratio: float) -> str:
    """An objective with exactly its own digits: 0.995 → `99.5 %`."""
    return f"{ratio * 100:.10f}".rstrip("0").rstrip(".") + f"{SPACE}%"


def sli(ratio: float | None, target: float) -> str:
    """An SLI with at least two decimals, and enough to differ from its objective: `99.896 %` under 99.9 %."""
    if ratio is None:
        return NONE
    if ratio in {0, 1}:
        return percent(ratio)
    goal = float(f"{target * 100:.10f}")
    for digits in range(2, MOST_DIGITS + 1):
        text = fixed(ratio * 100, digits)
        keeps_side = (read(text) >= goal) == (ratio >= target) and (read(text) == goal) <= (ratio >= target)
        if keeps_side and _is_faithful(text, ratio):
            return f"{text}{SPACE}%"
    is_missed_by_a_hair = ratio < target and fixed(ratio * 100, MOST_DIGITS) == fixed(goal, MOST_DIGITS)
    return f"<{objective(target)}" if is_missed_by_a_hair else _bound(ratio)


def burn_rate(rate: float | None, limit: float | None = None) -> str:
    """A burn rate with two significant digits or more: 0.0333 → `0.033×`, 1.04 → `1.04×`, 10.3 → `10.3×`, 71 → `71×`.

    Two decimals below 10 show whether it is more than 1. Further up they say nothing.

    Args:
        rate: 1 spends just the budget; None gives `—`.
        limit: adds digits until a rate above this limit shows as such: 13.442 over 13.44 → `13.442×`.
    """
    if rate is None:
        return NONE
    if rate == 0:
        return "0×"
    if abs(rate) < _LEAST_RATE:
        return f"<{_LEAST_RATE}×" if rate > 0 else f">{MINUS}{_LEAST_RATE}×"
    shown = [fixed(rate, digits).removesuffix(".0") for digits in range(_fewest_decimals(rate), MOST_DIGITS + 1)]
    if limit is None:
        return f"{shown[0]}×"
    mark = float(f"{limit:.{MOST_DIGITS}f}")
    true = (text for text in shown if (read(text) > mark) == (rate > limit) and (rate != limit or read(text) == mark))
    return f"{next(true, shown[-1])}×"


def _fewest_decimals(rate: float) -> int:
    """Three figures from 10 up are enough."""
    if abs(rate) < 10:  # noqa: PLR2004 - one digit before the point
        return max(2, two_figures(rate))
    return 1 if abs(rate) < 100 else 0  # noqa: PLR2004 - two digits before the point


def threshold(rate: float) -> str:
    """A burn rate to compare with, in the digits that it has: 13.44 → `13.44×`, 0.93333 → `0.933×`."""
    return f"{number(rate) if abs(rate) < 1 else f'{rate:.4g}'}×"
