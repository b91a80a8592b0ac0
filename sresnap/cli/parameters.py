"""Types of options: times, durations, ratios, folders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from sresnap import clock
from sresnap.model.windows import DAY, MINUTE, floor, format_duration, parse_duration, parse_time

_EARLIEST = 400 * DAY


class Time(click.ParamType[int]):
    """A time in RFC 3339, UTC, cut to a whole minute: queries are aligned to minutes."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            time_asked = parse_time(value)
        except ValueError:
            self.fail(f"{value!r} is not a time in RFC 3339, UTC; write it as 2026-11-22T21:00:00Z", param, ctx)
        if time_asked > clock.now():
            self.fail(f"{value} is in the future", param, ctx)
        if time_asked < _EARLIEST:
            self.fail(f"{value} is before any data", param, ctx)
        return floor(time_asked, MINUTE)


class Duration(click.ParamType[int]):
    """A duration such as 30m, in whole seconds."""

    name = "duration"

    def __init__(self, shortest: int = 0, longest: int | None = None) -> None:
        self._shortest, self._longest = shortest, longest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            seconds = parse_duration(value)
        except ValueError:
            self.fail(f"{value!r} is not a duration; write it as 90s, 30m, 12h or 7d", param, ctx)
        if self._longest is not None and not (self._shortest <= seconds <= self._longest and seconds % 1 == 0):
            limits = f"{format_duration(self._shortest)} and {format_duration(self._longest)}"
            self.fail(f"{value} is not a whole number of seconds between {limits}", param, ctx)
        return int(seconds)


class Choices(click.ParamType[tuple[str, ...]]):
    """One or more words of a list, with commas between them."""

    name = "choices"

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        found = tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else tuple(value)
        wrong = next((word for word in found if word not in self._known), None)
        if wrong is not None:
            self.fail(f"{wrong!r} is not one of {', '.join(self._known)}", param, ctx)
        return found


class Ratio(click.ParamType[float]):
    """A share of the error budget, at most 1. NaN would compare as false with everything."""

    name = "ratio"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            found = float(value)
        except ValueError:
            found = math.nan
        if not (math.isfinite(found) and found <= 1):
            self.fail(f"{value!r} is not a share of a budget up to 1; write a tenth as 0.1", param, ctx)
        return found


class Folder(click.Path):
    """A folder. An empty name, as an unset variable in a script gives, does not mean the current one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("the folder's name is empty", param, ctx)
        return super().convert(value, param, ctx)


class Objective(click.ParamType[float]):
    """A target in percent, as a ratio."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            found = Decimal(value.strip().removesuffix("%").strip())
        except InvalidOperation:
            found = Decimal("NaN")
        if not (found.is_finite() and 0 < found < 100 and 0 < (ratio := float(found / 100)) < 1):  # noqa: PLR2004 - percent
            self.fail(f"{value!r} is not a target in percent above 0 and below 100; write it as 99.7", param, ctx)
        return ratio


class TimeSpan(click.ParamType[tuple[int, int]]):
    """Two times with `..` between them."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        start, dots, end = value.partition("..")
        if not dots:
            self.fail(f"{value!r} is not a span; write it as 2026-11-20T13:00:00Z..2026-11-20T15:00:00Z", param, ctx)
        first, last = (Time().convert(each, param, ctx) for each in (start, end))
        if first >= last:
            self.fail(f"{start} is not before {end}", param, ctx)
        return first, last
