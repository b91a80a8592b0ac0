"""Counts and sizes."""

from __future__ import annotations

import math

from sresnap.format.digits import MINUS, MOST_DIGITS, NONE, SPACE, beyond, fixed, read, shows_side, trimmed

_SCALES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"))
_UNWIELDY = 1e18
_PLAIN_BYTES = 10_000
_LEAST_COUNT = 0.001
"""The least count that three decimals can show."""


def exact(value: float | None) -> str:
    """A number as it was computed, with every digit: 0.9997023014105884."""
    if value is None:
        return NONE
    return repr(value).removesuffix(".0").replace("-", MINUS)


def number(value: float | None, limit: float | None = None) -> str:
    """A count: 4021 → `4 021`, 0.25 → `0.25`, 39 700 000 → `39.7 M`.

    Args:
        value: None gives `—`.
        limit: adds digits until the text differs from this limit: 9.997 with the limit 10 → `9.997`.
    """
    if value is None:
        return NONE
    size = abs(value)
    if limit is not None and _LEAST_COUNT <= size < _UNWIELDY:
        return _number_beside(value, limit)
    if size >= _UNWIELDY:
        return f"{value:.1e}".replace("-", MINUS).replace("+", "")
    for scale, letter in _SCALES:
        if size >= scale:
            return f"{fixed(value / scale, 1)}{SPACE}{letter}"
    if value == int(value) or size >= 100:  # noqa: PLR2004 - decimals say nothing there
        return fixed(value, 0)
    return _small(value)


def number_up(value: float) -> str:
    """A bound as a whole number, never below it: 2.1 → `3`."""
    return number(math.ceil(value - 1e-9))


def _number_beside(value: float, limit: float) -> str:
    scale, unit = next(((size, f"{SPACE}{letter}") for size, letter in _SCALES if abs(value) >= size), (1.0, ""))
    fewest = 1 if unit else _figures(value)
    for digits in range(fewest, MOST_DIGITS + 1):
        text = fixed(value / scale, digits)
        if shows_side(read(text) * scale, limit, value, limit):
            return f"{text if unit else trimmed(text)}{unit}"
    return beyond(value, limit, number(limit))


def _small(value: float) -> str:
    """Up to three figures of a number under 100."""
    if 0 < abs(value) < _LEAST_COUNT:
        return "<0.001" if value > 0 else f">{MINUS}0.001"
    return trimmed(fixed(value, _figures(value)))


def _figures(value: float) -> int:
    """The decimals that make up to three figures."""
    return next(digits for limit, digits in ((100, 0), (10, 1), (1, 2), (0, 3)) if abs(value) >= limit)


def count(amount: int, one: str, many: str | None = None) -> str:
    """An amount with its noun: `1 service`, `3 services`, `2 queries`."""
    noun = one if amount == 1 else (many or f"{one}s")
    return f"{number(amount)} {noun}"


def count_of(amount: float, one: str) -> str:
    """A measured amount with its noun: `12 events`, `1 event`, `0.5 events`."""
    return f"{number(amount)} {one}{'' if amount == 1 else 's'}"


def size(length: int) -> str:
    """Bytes: `12.4 kB`."""
    return f"{length}{SPACE}B" if length < 1000 else f"{number(length / 1000)}{SPACE}kB"  # noqa: PLR2004 - SI


def file_size(size: int) -> str:
    """Bytes in the unit that a person reads: `812 bytes`, `54 kB`, `1.5 MB`."""
    if size < _PLAIN_BYTES:
        return f"{size} bytes"
    return f"{size / 10**3:.0f} kB" if size < 10**6 else f"{size / 10**6:.1f} MB"


def whole_megabytes(size: int) -> str:
    """Bytes as whole megabytes, rounded down, for limits: `200 MB`."""
    return f"{size // 10**6} MB"
