"""Digits of numbers: fixed-point text, and what it shows beside a limit."""

from __future__ import annotations

import math

NONE = "—"
MINUS = "−"
SPACE = "\u00a0"
THIN = "\u202f"
MOST_DIGITS = 6


def fixed(value: float, digits: int) -> str:
    """Fixed-point text with thousands grouped and a real minus; never `−0`."""
    text = f"{abs(value):,.{digits}f}".replace(",", THIN)
    is_zero = not text.strip("0.")
    return text if value >= 0 or is_zero else MINUS + text


def two_figures(value: float) -> int:
    """The decimals that show two significant digits of a number: 14.9 → 0, 1.49 → 1, 0.149 → 2; at most six."""
    if value == 0 or abs(value) >= 10:  # noqa: PLR2004 - two digits before the point
        return 0
    return min(MOST_DIGITS, 1 - math.floor(math.log10(abs(value))))


def read(text: str) -> float:
    """The number that a text of `fixed` shows."""
    return float(text.replace(THIN, "").replace(MINUS, "-"))


def shows_side(shown: float, mark: float, value: float, limit: float) -> bool:
    """Whether the shown number is on the same side of the shown limit as the value is of its limit."""
    return (shown > mark) == (value > limit) and (shown < mark) == (value < limit)


def beyond(value: float, limit: float, shown: str) -> str:
    """A number too close to its limit to show, as the side of the limit that it is on."""
    return shown if value == limit else f"{'<' if value < limit else '>'}{shown}"


def trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
