"""Single values of a configuration: what each must look like, in the file and in the environment alike."""

from __future__ import annotations

import difflib
import re
import sys
import zoneinfo
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sresnap.model.windows import DAY, HOUR, MINUTE, CalendarUnit, parse_duration


class ExpectedError(ValueError):
    """A value is not what it has to be; the text says what that is."""

    def __init__(self, expected: str, suggestion: str | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.suggestion = suggestion


def nearest(name: str, known: Iterable[str]) -> str | None:
    """`did you mean "…"?` with the most similar known name; None when none is similar."""
    names = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), names, n=1)
    return f'did you mean "{names[close[0]]}"?' if close else None


def shown(value: Any) -> str:
    """A value as a message names what was found."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f'"{shortened(value, 60)}"'
    return shortened(str(value), 60)


def shortened(text: str, most: int) -> str:
    """A text in one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


_UNITS = (("ms", "milliseconds"), ("s", "seconds"), ("m", "minutes"), ("h", "hours"), ("d", "days"))


def seconds(low: float, high: float, expected: str, otherwise: str | None = None) -> Callable[[Any], float]:
    """A reader of durations between low and high seconds; what to write `otherwise` stands with what is none."""

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
        # 0.001 is no binary fraction: 9 × 0.001 is off by one bit, 9 / 1000 is 0.009.
        return round(duration * 1000) / 1000

    return read


def _seconds(text: str) -> float:
    """Below 0 for what is no duration."""
    try:
        return parse_duration(text)
    except ValueError:
        return -1.0


def read_window(value: Any) -> float:
    """Seconds of an SLO window: whole days."""
    duration = seconds(DAY, 3660 * DAY, "whole days, such as 28d")(value)
    if duration % DAY:
        raise ExpectedError("whole days, such as 28d")
    return duration


WindowName = float | CalendarUnit
"""Seconds of a rolling window, or the unit of a calendar one."""
_WINDOWS = "whole days such as 28d, month, quarter or week, or a list of them"


def read_windows(value: Any) -> tuple[WindowName, ...]:
    """One SLO window or several."""
    if isinstance(value, list) and not value:
        raise ExpectedError(_WINDOWS)
    found = tuple(_read_slo_window(item) for item in (value if isinstance(value, list) else [value]))
    if len(set(found)) < len(found):
        raise ExpectedError("windows that differ from one another")
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
    # 37.5 s divide five minutes, too, but a subquery's step would be told as 37s.
    if (5 * MINUTE) % duration or duration % 1:
        raise ExpectedError(expected)
    return duration


def read_weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= sys.float_info.max:
        raise ExpectedError("a number above 0, such as 2")
    return float(value)


FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Of times: before and after it, seconds since the epoch are of no use, and near the year 9999 sums overflow."""


def read_moment(value: Any) -> datetime:
    """A time as it is written: with an offset, or by the clock of the configured zone."""
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
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise ExpectedError("an http(s) URL")
    return value


def read_step(value: Any) -> float:
    """Seconds of SRE_STEP: `Xm` or `Xh`."""
    expected = "minutes or hours from 1m to 6h, such as 5m"
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,4}[mh]", value):
        raise ExpectedError(expected)
    return seconds(MINUTE, 6 * HOUR, expected)(value)


def read_timezone(value: Any) -> str:
    """An IANA name that this system knows."""
    expected = "an IANA time zone, such as Europe/Berlin"
    if not isinstance(value, str):
        raise ExpectedError(expected)
    try:
        zoneinfo.ZoneInfo(value)
    # A name that leads out of the database, to a folder or to another file, is a ValueError or an OSError.
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ExpectedError(expected, nearest(value, zoneinfo.available_timezones())) from None
    return value


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
        raise ExpectedError(expected, f"it is a percentage: write {value * 100:g} if that ratio is meant")
    if value == 100:  # noqa: PLR2004 - all of a hundred
        raise ExpectedError(expected, "100 leaves no error budget to measure; 99.99 is very strict")
    if not 0 < value < 100:  # noqa: PLR2004 - also refuses NaN
        raise ExpectedError(expected)
    return float(value)


def read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ExpectedError("text")
    return value


def _schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


def _like(pattern: str, expected: str) -> BeforeValidator:
    """Text of a pattern; what is expected of it, in words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ExpectedError(expected)
        return value

    return BeforeValidator(read)


_DURATION = r"^([0-9]+(ms|s|m|h|d|w|y))+$"
_LABEL = r"^[A-Za-z_][A-Za-z0-9_]*$"
_HOST = r"^[^\s/@*]+$"
_SITE = r"^https?://([^\s/?#@:]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?(/[^\s?#]*)?$"
Text = Annotated[str, BeforeValidator(read_text), WithJsonSchema({"type": "string", "minLength": 1})]
Percent = Annotated[
    float,
    BeforeValidator(read_percent),
    WithJsonSchema({"type": "number", "minimum": 1, "exclusiveMaximum": 100, "examples": [99.9]}),
]
_ONE_WINDOW: dict[str, Any] = {"type": "string", "pattern": "^([0-9]+[dwy]|month|quarter|week)$"}
Windows = Annotated[
    tuple[WindowName, ...],
    BeforeValidator(read_windows),
    WithJsonSchema(
        {
            "anyOf": [_ONE_WINDOW, {"type": "array", "items": _ONE_WINDOW, "minItems": 1, "uniqueItems": True}],
            "examples": ["28d", "month", ["28d", "month"]],
        }
    ),
]
Slice = Annotated[float, BeforeValidator(read_slice), _schema(_DURATION, "1m")]
Weight = Annotated[
    float, BeforeValidator(read_weight), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "examples": [2]})
]
Moment = Annotated[
    datetime, BeforeValidator(read_moment), WithJsonSchema({"type": "string", "examples": ["2026-11-20T22:00:00Z"]})
]
Link = Annotated[str, BeforeValidator(read_link), _schema("^https?://", "https://wiki.example/policy")]
Label = Annotated[str, _like(_LABEL, "a label name: letters, digits and _, no digit first"), _schema(_LABEL, "service")]
PrivateHost = Annotated[
    str,
    _like(_HOST, "an address or a host as it stands in the report, such as 10.0.0.5:9100; no URL and no pattern"),
    _schema(_HOST, "10.0.0.5:9100", "node.internal"),
]
SiteUrl = Annotated[
    str,
    _like(_SITE, "the site's http(s) address with nothing after its path, such as https://status.example/team/"),
    _schema(_SITE, "https://status.example/team/"),
]
Step = Annotated[float, BeforeValidator(read_step), _schema("^[0-9]+[mh]$", "5m")]
Timezone = Annotated[str, BeforeValidator(read_timezone), _schema("^[A-Za-z0-9_+/-]+$", "Europe/Berlin")]
Accent = Annotated[str, BeforeValidator(read_accent), _schema("^#[0-9a-fA-F]{6}$", "#3b82f6")]
Latency = Annotated[
    float,
    BeforeValidator(seconds(0.001, HOUR, "a duration from 1ms to 1h, such as 300ms")),
    _schema(_DURATION, "300ms"),
]
Patience = Annotated[
    float, BeforeValidator(seconds(0.1, HOUR, "a duration up to 1h, such as 30s")), _schema(_DURATION, "30s")
]
Schedule = Annotated[
    float, BeforeValidator(seconds(MINUTE, 31 * DAY, "a duration from 1m to 31d, such as 5m")), _schema(_DURATION, "5m")
]
Span = Annotated[
    float, BeforeValidator(seconds(MINUTE, 3660 * DAY, "a duration, such as 90d")), _schema(_DURATION, "90d")
]
Tier = Annotated[
    float,
    BeforeValidator(
        seconds(MINUTE, 3660 * DAY, "a duration up to 3660d, such as 90d, or null", "null switches the tier off")
    ),
    _schema(_DURATION, "90d"),
]


def _read_size(value: Any) -> int:
    number = str(value).rstrip("KMGTBi")
    units = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
    unit = str(value)[len(number) :]
    if isinstance(value, float) or (isinstance(value, int) and value <= 0 and not isinstance(value, bool)):
        raise ExpectedError("a size, such as 600MB", "null for no bound")
    if isinstance(value, bool) or not number.isdecimal() or unit not in units:
        raise ExpectedError("a size, such as 600MB")
    found = int(number) * units[unit]
    if found < LEAST_BYTES:
        raise ExpectedError("a size of at least 5MB, such as 600MB", "null for no bound; `keep` for fewer reports")
    return found


LEAST_BYTES = 5 * 10**6
"""Two reports of 20 services: with less, one build would thin an archive down to its newest report, for good."""

Size = Annotated[
    int,
    BeforeValidator(_read_size),
    WithJsonSchema({"type": ["string", "integer"], "minimum": LEAST_BYTES, "examples": ["600MB"]}),
]
