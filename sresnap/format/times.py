"""Durations and windows."""

from __future__ import annotations

from sresnap.format.digits import MINUS, NONE, SPACE, fixed
from sresnap.format.numbers import count, number
from sresnap.model.periods import PeriodUnit, period_named
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_duration

_SINGLE = {f"1{SPACE}d": "day", f"1{SPACE}h": "hour", f"1{SPACE}min": "minute"}
_UNITS = (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", 1))
_LEAST_SECOND = 0.9995
"""Shorter durations are shown in milliseconds; longer ones round to a second."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_CALENDAR = frozenset({"week", "month", "quarter"})


def duration(seconds: float | None) -> str:
    """A duration in its two largest units: 11 520 → `3 h 12 min`, −90 → `−1 min 30 s`."""
    if seconds is None:
        return NONE
    sign = MINUS if seconds < 0 else ""
    rest = abs(seconds)
    if 0 < rest < _LEAST_SECOND:
        return f"{number(seconds * 1000)}{SPACE}ms"
    left = round(rest)
    parts = []
    for unit, size in _UNITS:
        amount, left = divmod(left, size)
        parts.append((amount, unit))
    first = next((index for index, (amount, _) in enumerate(parts) if amount), len(parts) - 1)
    shown = [f"{fixed(amount, 0)}{SPACE}{unit}" for amount, unit in parts[first : first + 2] if amount or first == 3]  # noqa: PLR2004
    return sign + (" ".join(shown) or f"0{SPACE}s")


def every(seconds: float) -> str:
    """How often: `every day`, `every 5 min`."""
    text = duration(seconds)
    return f"every {_SINGLE.get(text, text)}"


def window(name: str) -> str:
    """An SLO window where there is little room: `28d`, `this month`."""
    return f"this {name}" if name in _CALENDAR else name


def window_phrase(name: str) -> str:
    """An SLO window in a sentence: `28 days`, `this month`."""
    if name in _CALENDAR:
        return window(name)
    seconds = parse_duration(name)
    return count(int(seconds // DAY), "day") if seconds % DAY == 0 else duration(seconds)


def part_of(seen: float, whole: float) -> str:
    """How much of a window was seen, in whole days, on the first day in hours: `15 of 28 days`, `5 h of 28 days`."""
    days = count(int(whole // DAY), "day") if whole >= DAY else duration(whole)
    if seen >= DAY:
        return f"{number(int(seen // DAY))} of {days}"
    return f"{duration(seen if seen < HOUR else seen - seen % HOUR)} of {days}"


def month_name(month: str) -> str:
    """`2026-11` → `November 2026`."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def period_name(period: str, *, is_heading: bool = True) -> str:
    """A period as a heading: `October 2026`, `Week 44 of 2026`, `Q4 2026`, `2026`; otherwise `week 44 of 2026`."""
    year, _, rest = period.partition("-")
    match period_named(period, "UTC").unit:
        case PeriodUnit.WEEK:
            return f"{'Week' if is_heading else 'week'} {int(rest[1:])} of {year}"
        case PeriodUnit.MONTH:
            return month_name(period)
        case PeriodUnit.QUARTER:
            return f"{rest} {year}"
        case PeriodUnit.YEAR:
            return year
