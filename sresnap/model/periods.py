"""Weeks, months, quarters and years of a time zone that are over: their names, and the whole hours that they have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from sresnap.model.windows import HOUR, ceil, floor


class PeriodUnit(StrEnum):
    """How long a period is, the shortest first."""

    WEEK = "week"
    """ISO 8601: from Monday."""
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def rank(self) -> int:
        """Its place among units: of two periods that end together, the shorter one is closed first."""
        return list(PeriodUnit).index(self)


PERIOD_FORM = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]|W(?:0[1-9]|[1-4][0-9]|5[0-3])|Q[1-4]))?"
"""The form of a period's name, as a regular expression."""
PeriodName = Annotated[str, Field(pattern=f"^{PERIOD_FORM}$")]
"""`2026-W44`, `2026-10`, `2026-Q4`, `2026`."""
_MONTHS = {PeriodUnit.MONTH: 1, PeriodUnit.QUARTER: 3, PeriodUnit.YEAR: 12}


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """One week, month, quarter or year of a time zone.

    It has the hours that begin in its local days, as `CalendarWindow.period` has them: neighbours share none, and leave
    out none.
    """

    name: str
    unit: PeriodUnit
    start: int
    """Its first whole hour, seconds since the epoch."""
    end: int
    """The end of its last whole hour; not included."""

    @property
    def hours(self) -> int:
        """How many hours it has: a week with a change to summer time has 167."""
        return (self.end - self.start) // HOUR


@dataclass(frozen=True, slots=True)
class Closing:
    """Which periods are closed, and when."""

    units: tuple[PeriodUnit, ...] = tuple(PeriodUnit)
    after_seconds: int = 6 * HOUR
    """How long after its end. Hours are final three hours after their end, as late samples have arrived by then."""

    def newest_due(self, unit: PeriodUnit, timezone: str, at: int) -> NamedPeriod:
        """The last period of a unit that is due at a moment."""
        return before(period_of(unit, timezone, at - self.after_seconds), timezone)


YEARS = range(1970, 9998)
"""Years whose periods have names: from the first of Unix time, and to one whose end can still be written as a time."""


def period_of(unit: PeriodUnit, timezone: str, time: int) -> NamedPeriod:
    """The period that a moment lies in.

    >>> found = period_of(PeriodUnit.MONTH, "Europe/Berlin", 1_792_000_000)
    >>> found.name, found.hours
    ('2026-10', 745)
    """
    local = datetime.fromtimestamp(floor(time, HOUR), ZoneInfo(timezone))
    return _starting(unit, _first_day(unit, datetime(local.year, local.month, local.day)), timezone)  # noqa: DTZ001


def period_named(name: str, timezone: str) -> NamedPeriod:
    """The period of a name.

    Raises:
        ValueError: no period has this name, such as `2026-13` or `2026-W54`.
    """
    unit, first = _read(name)
    return _starting(unit, first, timezone)


def before(period: NamedPeriod, timezone: str) -> NamedPeriod:
    """The one before it, of the same unit."""
    return period_of(period.unit, timezone, period.start - HOUR)


def after(period: NamedPeriod, timezone: str) -> NamedPeriod:
    """The one after it, of the same unit."""
    return period_of(period.unit, timezone, period.end)


def year_before(period: NamedPeriod, timezone: str) -> NamedPeriod | None:
    """The same period of the year before; None for week 53 of a year that follows one of 52 weeks."""
    year, _, rest = period.name.partition("-")
    try:
        return period_named(f"{int(year) - 1:04d}-{rest}".rstrip("-"), timezone)
    except ValueError:
        return None


def _read(name: str) -> tuple[PeriodUnit, datetime]:
    """The unit of a name, and its first local day."""
    if re.fullmatch(PERIOD_FORM, name) is None:
        raise ValueError(f"{name!r} is not a period such as 2026-W44, 2026-10, 2026-Q4 or 2026")
    year, _, rest = name.partition("-")
    if int(year) not in YEARS:
        raise ValueError(f"no period is named {name!r}")
    try:
        if rest.startswith("W"):
            return PeriodUnit.WEEK, datetime.fromisocalendar(int(year), int(rest[1:]), 1)
        if rest.startswith("Q"):
            return PeriodUnit.QUARTER, datetime(int(year), int(rest[1:]) * 3 - 2, 1)  # noqa: DTZ001
        return (PeriodUnit.MONTH if rest else PeriodUnit.YEAR), datetime(int(year), int(rest or 1), 1)  # noqa: DTZ001
    except ValueError as error:
        raise ValueError(f"no period is named {name!r}") from error


def _first_day(unit: PeriodUnit, day: datetime) -> datetime:
    if unit is PeriodUnit.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=day.month - (day.month - 1) % _MONTHS[unit])


def _starting(unit: PeriodUnit, first: datetime, timezone: str) -> NamedPeriod:
    """The period that begins on a local day, without a zone."""
    following = first + timedelta(days=7) if unit is PeriodUnit.WEEK else _months_on(first, _MONTHS[unit])
    zone = ZoneInfo(timezone)
    start, end = (ceil(int(day.replace(tzinfo=zone).astimezone(UTC).timestamp()), HOUR) for day in (first, following))
    return NamedPeriod(_name(unit, first), unit, start, end)


def _months_on(day: datetime, months: int) -> datetime:
    index = day.month - 1 + months
    return day.replace(year=day.year + index // 12, month=index % 12 + 1)


def _name(unit: PeriodUnit, first: datetime) -> str:
    match unit:
        case PeriodUnit.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year:04d}-W{week:02d}"
        case PeriodUnit.MONTH:
            return f"{first.year:04d}-{first.month:02d}"
        case PeriodUnit.QUARTER:
            return f"{first.year:04d}-Q{(first.month + 2) // 3}"
        case PeriodUnit.YEAR:
            return f"{first.year:04d}"
