"""Reads single values of the configuration, from the file and from the environment."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from sresnap.config.expected import ExpectedError, nearest
from sresnap.model.stored import known_zone
from sresnap.model.windows import DAY, HOUR, LAST_YEAR, MINUTE, CalendarUnit, parse_duration
from sresnap.printable import control_character
from sresnap.promql.names import is_dotted
from sresnap.web.links import is_link

_UNITS = (("ms", "milliseconds"), ("s", "seconds"), ("m", "minutes"), ("h", "hours"), ("d", "days"))


def seconds(low: float, high: float, expected: str, otherwise: str | None = None) -> Callable[[Any], float]:
    """A reader of durations between low and high seconds. `otherwise` is the advice for a value that is not one."""

    def read(value: Any) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            fitting = [
                f'"{value}{unit}" for {name}' for unit, name in _UNITS if low <= _seconds(f"{value}{unit}") <= high
            ]
            hint = f"write the unit: {', '.join(fitting)}" if fitting else otherwise
            raise ExpectedError(expected, hint)
        duration = _seconds(value) if isinstance(value, str) else -1.0
        if not low <= duration <= high:
            raise ExpectedError(expected, otherwise)
        # 0.001 is not a binary fraction: 9 × 0.001 is off by one bit, 9 / 1000 is 0.009.
        return round(duration * 1000) / 1000

    return read


def _seconds(text: str) -> float:
    """The seconds of a duration; negative when the text is not one."""
    try:
        return parse_duration(text)
    except ValueError:
        return -1.0


def read_window(value: Any) -> float:
    """Seconds of an SLO window, in whole days."""
    duration = seconds(DAY, 3660 * DAY, "whole days, such as 28d")(value)
    if duration % DAY:
        raise ExpectedError("whole days, such as 28d")
    return duration


_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LABEL_NAME = "a label name: letters, digits and _, not a digit first"


def is_label(name: Any) -> bool:
    """Whether a value is the name of a label."""
    return isinstance(name, str) and _LABEL.fullmatch(name) is not None


def read_labels(value: Any) -> tuple[str, ...]:
    """The name of a label, or a list of different ones."""
    names = value if isinstance(value, list) and value else [value]
    known = all(isinstance(name, str) and (is_label(name) or is_dotted(name)) for name in names)
    if not known or len(set(names)) < len(names):
        raise ExpectedError(f"{LABEL_NAME}; or a list of different ones")
    return tuple(names)


def read_selectors(value: Any) -> tuple[str, ...]:
    """A selector, or a list of different ones."""
    texts = value if isinstance(value, list) and value else [value]
    if not all(isinstance(text, str) for text in texts) or len(set(texts)) < len(texts):
        raise ExpectedError("a selector, or a list of different ones")
    return tuple(read_text(text) for text in texts)


def read_folders(value: Any) -> tuple[str, ...]:
    """A folder, or a list of different ones."""
    texts = value if isinstance(value, list) and value else [value]
    if not all(isinstance(text, str) for text in texts) or len(set(texts)) < len(texts):
        raise ExpectedError("a folder, or a list of different ones")
    return tuple(read_text(text) for text in texts)


_LATENCY_UNITS = {"ns": -9, "us": -6, "µs": -6, "μs": -6, "ms": -3, "s": 0, "m": 0, "h": 0}
_SIXTY = {"m": 60, "h": 3600}
_LATENCY = re.compile(r"([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?)(ns|us|µs|μs|ms|s|m|h)")
_LEAST_LATENCY, _MOST_LATENCY = Decimal("0.000001"), Decimal(HOUR)
_EXPECTED_LATENCY = "a duration from 1us to 1h, such as 300ms, 2.5s or 50us"


def read_latency(value: Any) -> float:
    """Seconds of a bucket's boundary, to its last digit: `300ms`, `2.5s`, `50us`, `0.030000000000000002s`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        fitting = [f'"{value}{unit}" for {name}' for unit, name in _UNITS if _is_latency(_latency(f"{value}{unit}"))]
        raise ExpectedError(_EXPECTED_LATENCY, f"write the unit: {', '.join(fitting)}" if fitting else None)
    found = _latency(value) if isinstance(value, str) else None
    if found is None or not _is_latency(found):
        raise ExpectedError(_EXPECTED_LATENCY)
    return float(found)


def _latency(text: str) -> Decimal | None:
    """Seconds; None when the text is not a latency. Decimal, because 9 × 0.001 is not 0.009 in binary."""
    parts = _LATENCY.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum((Decimal(n).scaleb(_LATENCY_UNITS[unit]) * _SIXTY.get(unit, 1) for n, unit in parts), Decimal(0))


def _is_latency(found: Decimal | None) -> bool:
    return found is not None and _LEAST_LATENCY <= found <= _MOST_LATENCY


WindowName = float | CalendarUnit
"""Seconds of a rolling window, or the unit of a calendar one."""
_WINDOWS = "whole days such as 28d, month, quarter or week, or a list of them"


def read_windows(value: Any) -> tuple[WindowName, ...]:
    """One SLO window or several."""
    if isinstance(value, list) and not value:
        raise ExpectedError(_WINDOWS)
    found = tuple(_read_slo_window(item) for item in (value if isinstance(value, list) else [value]))
    if len(set(found)) < len(found):
        raise ExpectedError("each window once")
    return found


def _read_slo_window(value: Any) -> WindowName:
    if isinstance(value, str) and value in set(CalendarUnit):
        return CalendarUnit(value)
    try:
        return read_window(value)
    except ExpectedError as error:
        hint = nearest(value, CalendarUnit) if isinstance(value, str) else error.suggestion
        raise ExpectedError(_WINDOWS, hint) from None


def read_slice(value: Any) -> float:
    """Seconds of a time slice: a part of five minutes, so that every window holds whole ones."""
    expected = "whole seconds that divide 5m: 30s, 1m, 2m30s or 5m"
    duration = seconds(30, 5 * MINUTE, expected)(value)
    # 37.5 s divide five minutes too, but a subquery's step would be written as 37s.
    if (5 * MINUTE) % duration or duration % 1:
        raise ExpectedError(expected)
    return duration


def read_weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= sys.float_info.max:
        raise ExpectedError("a number above 0, such as 2")
    return float(value)


FIRST_YEAR = 1970
"""Of times, as they are seconds since the epoch."""


def read_moment(value: Any) -> datetime:
    """A time with an offset, or by the clock of the configured zone."""
    expected = "a time such as 2026-11-20T22:00:00Z, or 2026-11-20T23:00 by the clock of `timezone`"
    if not isinstance(value, str):
        raise ExpectedError(expected)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ExpectedError(expected) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ExpectedError(f"a time in the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def read_link(value: Any) -> str:
    if not isinstance(value, str) or not is_link(value):
        raise ExpectedError("an http(s) URL")
    return value


def read_step(value: Any) -> float:
    """Seconds of SRE_STEP, such as `5m` or `1h`."""
    expected = "minutes or hours from 1m to 6h, such as 5m"
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,4}[mh]", value):
        raise ExpectedError(expected)
    return seconds(MINUTE, 6 * HOUR, expected)(value)


@cache
def _time_zones() -> frozenset[str]:
    """All IANA names, for which this system's folders are searched."""
    return frozenset(available_timezones())


def read_timezone(value: Any) -> str:
    """An IANA name that this system knows."""
    expected = "an IANA time zone, such as Europe/Berlin"
    if not isinstance(value, str):
        raise ExpectedError(expected)
    try:
        return known_zone(value)
    except ValueError:
        raise ExpectedError(expected, nearest(value, _time_zones())) from None


def read_accent(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ExpectedError(
            "a colour #rrggbb, in quotes", 'such as "#3b82f6"; without quotes, YAML takes # for a comment'
        )
    return value


def read_percent(value: Any) -> float:
    """An objective in percent."""
    expected = "a percentage above 0 and below 100, such as 99.9"
    if isinstance(value, bool) or not isinstance(value, int | float):
        number = isinstance(value, str) and re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%?\s*", value)
        raise ExpectedError(expected, f"write {number[1]}, without quotes or %" if number else None)
    if 0 < value < 1:
        raise ExpectedError(expected, f"it is a percentage: for that ratio, write {value * 100:g}")
    if value == 100:  # noqa: PLR2004 - all of a hundred
        raise ExpectedError(expected, "100 leaves no error budget to measure; 99.99 is very strict")
    if not 0 < value < 100:  # noqa: PLR2004 - also refuses NaN
        raise ExpectedError(expected)
    return float(value)


_MOST_NAME = 200


def read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ExpectedError("text")
    found = control_character(value)
    if found is not None:
        raise ExpectedError(f"text without the control character U+{ord(found):04X}")
    return value


def read_name(value: Any) -> str:
    """A name: headings, file names and addresses have it."""
    name = read_text(value)
    if re.search(r"[\t\n\r]", name):
        raise ExpectedError("a name in one line, without tabs")
    if len(name) > _MOST_NAME:
        raise ExpectedError(f"a name of at most {_MOST_NAME} characters")
    return name


LEAST_BYTES = 5 * 10**6
"""Two reports of 20 services. With less, one build would thin an archive to its newest report for good."""


def read_size(value: Any) -> int:
    number = str(value).rstrip("KMGTBi")
    units = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
    unit = str(value)[len(number) :]
    if isinstance(value, float) or (isinstance(value, int) and value <= 0 and not isinstance(value, bool)):
        raise ExpectedError("a size, such as 600MB", "null for no bound")
    if isinstance(value, bool) or not number.isdecimal() or unit not in units:
        raise ExpectedError("a size, such as 600MB")
    found = int(number) * units[unit]
    if found < LEAST_BYTES:
        raise ExpectedError("a size of at least 5MB, such as 600MB", "null for no bound; set `keep` for fewer reports")
    return found
