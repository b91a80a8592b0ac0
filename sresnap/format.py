"""All rounding. Numbers become text only here, for pages and for a status's reason.

Nothing rounds up to 100 % or down to 0 %, nothing loses its sign, and an SLI never looks like the objective that it
missed. None is always `—`. Units follow a no-break space; thousands are separated by a narrow one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sresnap.model.windows import DAY, HOUR, MINUTE, parse_duration

NONE = "—"
MINUS = "−"
SPACE = "\u00a0"
THIN = "\u202f"

_MOST_DIGITS = 6
_SINGLE = {f"1{SPACE}d": "day", f"1{SPACE}h": "hour", f"1{SPACE}min": "minute"}
_UNITS = (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", 1))
_SCALES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"))
_UNWIELDY = 1e18
_PLAIN_BYTES = 10_000
_LEAST_COUNT = 0.001
"""The least count that three decimals can show."""
_LEAST_SECOND = 0.9995
"""Shorter durations are shown in milliseconds; longer ones round to a second."""
_CALENDAR = frozenset({"week", "month", "quarter"})


def _fixed(value: float, digits: int) -> str:
    """Fixed-point text with thousands grouped and a real minus; never `−0`."""
    text = f"{abs(value):,.{digits}f}".replace(",", THIN)
    is_zero = not text.strip("0.")
    return text if value >= 0 or is_zero else MINUS + text


def whole_megabytes(size: int) -> str:
    """Bytes as whole megabytes, rounded down, for limits: `200 MB`."""
    return f"{size // 10**6} MB"


def file_size(size: int) -> str:
    """Bytes in the unit that a person reads: `812 bytes`, `54 kB`, `1.5 MB`."""
    if size < _PLAIN_BYTES:
        return f"{size} bytes"
    return f"{size / 10**3:.0f} kB" if size < 10**6 else f"{size / 10**6:.1f} MB"


def _read(text: str) -> float:
    """The number that a text of `_fixed` shows."""
    return float(text.replace(THIN, "").replace(MINUS, "-"))


def _is_faithful(text: str, ratio: float) -> bool:
    """Whether the shown percentage is 0 or 100 only where the ratio is 0 or 1."""
    shown = _read(text)
    return (shown == 0) == (ratio == 0) and (abs(shown) == 100) == (abs(ratio) == 1)  # noqa: PLR2004 - percent


def _bound(ratio: float) -> str:
    """A percentage too close to 0 or 100 to show, as the bound that it is beyond."""
    sign, below, above = (MINUS, ">", "<") if ratio < 0 else ("", "<", ">")
    near_zero = abs(ratio) < 0.5  # noqa: PLR2004 - the nearer of 0 and 1
    if near_zero:
        return f"{below}{sign}0.0001{SPACE}%"
    return f"{above}{sign}{'99.9999' if abs(ratio) < 1 else '100'}{SPACE}%"


def _shows_side(shown: float, mark: float, value: float, limit: float) -> bool:
    """Whether the shown number is on the same side of the shown limit as the value is of its limit."""
    return (shown > mark) == (value > limit) and (shown < mark) == (value < limit)


def _beyond(value: float, limit: float, shown: str) -> str:
    """A number too close to its limit to show, as the side of the limit that it is on."""
    return shown if value == limit else f"{'<' if value < limit else '>'}{shown}"


def percent(ratio: float | None, digits: int | None = None, limit: float | None = None) -> str:
    """A ratio as a percentage: 0.423 → `42 %`, 0.0042 → `0.4 %`, −1.23 → `−123 %`.

    Args:
        ratio: 0..1, or beyond; None gives `—`.
        digits: the fewest decimals; None chooses one below 10 % and none above.
        limit: adds digits until the text differs from this limit: 0.2496 with the limit 0.25 → `24.96 %`.
    """
    if ratio is None:
        return NONE
    if digits is None:
        digits = 0 if abs(ratio) >= 0.1 or ratio == 0 else 1  # noqa: PLR2004 - 10 %
    if ratio in {0, 1}:
        return f"{ratio * 100:.0f}{SPACE}%"
    mark = float(f"{(limit or 0.0) * 100:.10f}")
    for more in range(digits, _MOST_DIGITS + 1):
        text = _fixed(ratio * 100, more)
        if _is_faithful(text, ratio) and (limit is None or _shows_side(_read(text), mark, ratio, limit)):
            return f"{text}{SPACE}%"
    if limit is not None and abs(ratio - limit) * 100 < 10**-_MOST_DIGITS:
        return _beyond(ratio, limit, objective(limit))
    return _bound(ratio)


def percent_signed(ratio: float | None) -> str:
    """A remaining budget: `33 %`; `−123 %` when overspent."""
    return percent(ratio)


def percent_floor(ratio: float) -> str:
    """A coverage, truncated so that 89.96 % never reads 90 %: `89.9 %`."""
    if 0 < ratio < 0.001:  # noqa: PLR2004 - what one decimal of a percentage can show
        return percent(ratio)
    return f"{int(ratio * 1000 + 1e-9) / 10:g}{SPACE}%"


def exact(value: float | None) -> str:
    """A number as it was computed, with every digit: 0.9997023014105884."""
    if value is None:
        return NONE
    return repr(value).removesuffix(".0").replace("-", MINUS)


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
    for digits in range(2, _MOST_DIGITS + 1):
        text = _fixed(ratio * 100, digits)
        keeps_side = (_read(text) >= goal) == (ratio >= target) and (_read(text) == goal) <= (ratio >= target)
        if keeps_side and _is_faithful(text, ratio):
            return f"{text}{SPACE}%"
    is_missed_by_a_hair = ratio < target and _fixed(ratio * 100, _MOST_DIGITS) == _fixed(goal, _MOST_DIGITS)
    return f"<{objective(target)}" if is_missed_by_a_hair else _bound(ratio)


def burn_rate(rate: float | None, limit: float | None = None) -> str:
    """A burn rate: 0.222 → `0.22×`, 13.44 → `13.44×`, 140 → `140×`.

    Args:
        rate: 1 spends just the budget; None gives `—`.
        limit: adds digits until a rate above this limit shows as such: 13.442 over 13.44 → `13.442×`.
    """
    if rate is None:
        return NONE
    if rate == 0:
        return "0×"
    if abs(rate) < 0.005:  # noqa: PLR2004 - what two decimals can show
        return "<0.01×" if rate > 0 else f">{MINUS}0.01×"
    fewest = 2 if abs(rate) < 100 else 0  # noqa: PLR2004 - three figures are enough
    shown = [_fixed(rate, digits) for digits in range(fewest, _MOST_DIGITS + 1)]
    if limit is None:
        return f"{shown[0]}×"
    mark = float(f"{limit:.{_MOST_DIGITS}f}")
    return f"{next((text for text in shown if (_read(text) > mark) == (rate > limit)), shown[-1])}×"


def threshold(rate: float) -> str:
    """A burn rate to compare with, in the digits that it has: 13.44 → `13.44×`, 0.93333 → `0.933×`."""
    return f"{number(rate) if abs(rate) < 1 else f'{rate:.4g}'}×"


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
            return f"{_fixed(value / scale, 1)}{SPACE}{letter}"
    if value == int(value) or size >= 100:  # noqa: PLR2004 - decimals say nothing there
        return _fixed(value, 0)
    return _small(value)


def number_up(value: float) -> str:
    """A bound as a whole number, never below it: 2.1 → `3`."""
    return number(math.ceil(value - 1e-9))


def _number_beside(value: float, limit: float) -> str:
    scale, unit = next(((size, f"{SPACE}{letter}") for size, letter in _SCALES if abs(value) >= size), (1.0, ""))
    fewest = 1 if unit else _figures(value)
    for digits in range(fewest, _MOST_DIGITS + 1):
        text = _fixed(value / scale, digits)
        if _shows_side(_read(text) * scale, limit, value, limit):
            return f"{text if unit else _trimmed(text)}{unit}"
    return _beyond(value, limit, number(limit))


def _small(value: float) -> str:
    """Up to three figures of a number under 100."""
    if 0 < abs(value) < _LEAST_COUNT:
        return "<0.001" if value > 0 else f">{MINUS}0.001"
    return _trimmed(_fixed(value, _figures(value)))


def _figures(value: float) -> int:
    """The decimals that make up to three figures."""
    return next(digits for limit, digits in ((100, 0), (10, 1), (1, 2), (0, 3)) if abs(value) >= limit)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


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
    shown = [f"{_fixed(amount, 0)}{SPACE}{unit}" for amount, unit in parts[first : first + 2] if amount or first == 3]  # noqa: PLR2004
    return sign + (" ".join(shown) or f"0{SPACE}s")


def every(seconds: float) -> str:
    """How often: `every day`, `every 5 min`."""
    text = duration(seconds)
    return f"every {_SINGLE.get(text, text)}"


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


def window(name: str) -> str:
    """An SLO window where there is little room: `28d`, `this month`."""
    return f"this {name}" if name in _CALENDAR else name


def window_phrase(name: str) -> str:
    """An SLO window in a sentence: `28 days`, `this month`."""
    if name in _CALENDAR:
        return window(name)
    seconds = parse_duration(name)
    return count(int(seconds // DAY), "day") if seconds % DAY == 0 else duration(seconds)


def some(names: Sequence[str], most: int = 5) -> str:
    """A list that stays short: `api, web`; `a, b, c, d, e and 12 more`."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {number(len(names) - most)} more"


def plain(text: str) -> str:
    """The text with ordinary spaces, for sentences that are stored and searched."""
    return text.replace(SPACE, " ").replace(THIN, " ")


def printable(text: str) -> str:
    """In one line, without control characters: what others wrote must not steer a terminal."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
