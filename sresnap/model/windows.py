"""Windows, durations and points in time. All times are whole seconds since the epoch, UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = 60
HOUR = 3600
DAY = 86400

REPORT_ID = "[0-9]{8}T[0-9]{6}Z"
"""The form of a report's id, as a regular expression."""
DAY_FORM = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
"""The form of a UTC day, as a regular expression."""
LAST_YEAR = 2200
"""Of times in files and configurations. Near the year 9999, sums of times overflow."""
END_OF_TIME = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
"""The first moment after it, seconds since the epoch."""

_UNITS = {"ms": 0.001, "s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}
_PART = re.compile(r"([0-9]+)(ms|[smhdwy])")


def parse_duration(text: str) -> float:
    """Seconds of a duration as Prometheus writes it: `30s`, `5m`, `1h30m`, `28d`, `300ms`.

    Raises:
        ValueError: the text is not a duration, or too long for a number.
    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"not a duration: {text!r}")
    try:
        return sum(int(number) * _UNITS[unit] for number, unit in parts)
    except OverflowError as error:
        raise ValueError(f"too long a duration: {text[:20]}…") from error


def format_duration(seconds: int) -> str:
    """The shortest exact PromQL duration in one unit: 3600 → `1h`, 5400 → `90m`, 2419200 → `28d`.

    Days are the largest unit, because windows are named in days.
    """
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        if seconds % size == 0 and seconds > 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time that ends at the report's `at`."""

    seconds: int

    @property
    def name(self) -> str:
        """Its key in the snapshot, e.g. `28d`."""
        return format_duration(self.seconds)

    def period(self, at: int) -> Period:
        """Its span at a moment. It begins at a whole hour, because the history has whole hours."""
        return Period(self.name, ceil(at - self.seconds, HOUR), at, self.seconds)


class CalendarUnit(StrEnum):
    """The unit of a calendar window: the running week, month or quarter."""

    WEEK = "week"
    """ISO 8601: from Monday."""
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class CalendarWindow:
    """The running week, month or quarter of a time zone, to date."""

    unit: CalendarUnit
    timezone: str
    """IANA name; its days may have 23 or 25 hours."""

    @property
    def name(self) -> str:
        """Its key in the snapshot, e.g. `month`."""
        return self.unit.value

    def period(self, at: int) -> Period:
        """The span that holds the moment just before `at`, so that a report on the reset shows the complete one.

        If the zone's midnight is not a whole hour of UTC, a window begins at the first whole hour after it, and the
        window before it ends there. So windows share no hour of the history, and leave out none. November in Kolkata,
        where midnight is 18:30 UTC, runs from 31 October 19:00 UTC to 30 November 19:00 UTC.
        """
        zone = ZoneInfo(self.timezone)
        # An hour belongs to the local day that it begins in.
        local = datetime.fromtimestamp(floor(at - 1, HOUR), zone)
        midnight = datetime(local.year, local.month, local.day, tzinfo=zone)
        match self.unit:
            case CalendarUnit.WEEK:
                first = midnight - timedelta(days=local.weekday())
                following = first + timedelta(days=7)
            case CalendarUnit.MONTH:
                first, following = midnight.replace(day=1), _months_on(midnight, 1)
            case CalendarUnit.QUARTER:
                first = midnight.replace(day=1, month=local.month - (local.month - 1) % 3)
                following = _months_on(first, 3)
        # Arithmetic on aware datetimes is by the wall clock; the differences below are by the epoch.
        start, end = (ceil(int(midnight.timestamp()), HOUR) for midnight in (first, following))
        return Period(self.name, start, at, end - start, resets_at=end)


def _months_on(day: datetime, months: int) -> datetime:
    """The first day of the month that is so many months later, at midnight."""
    index = day.month - 1 + months
    return day.replace(year=day.year + index // 12, month=index % 12 + 1, day=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The span of an SLO's window at a moment."""

    name: str
    start: int
    """First whole hour in it."""
    end: int
    """The report's moment."""
    length_seconds: int
    """Of the whole window; of a calendar window also what is still to come."""
    resets_at: int | None = None
    """When a calendar window resets, a whole hour; None for a rolling one."""

    @property
    def budget_seconds(self) -> int:
        """The time that the budget is a share of. Of a calendar window this is the part that has passed."""
        return self.length_seconds if self.resets_at is None else self.end - self.start

    @property
    def elapsed_ratio(self) -> float:
        """How much of it has passed; 1 for a rolling window."""
        return self.budget_seconds / self.length_seconds


SloWindow = Window | CalendarWindow


SHORT_WINDOWS = tuple(Window(s) for s in (5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR))
"""Windows whose SLI is one instant query each."""

LONG_WINDOWS = (Window(DAY), Window(3 * DAY))
"""Windows that are summed from the history's hours, as is the SLO window."""


def floor(time: int, step: int) -> int:
    """The last multiple of step at or before time."""
    return time - time % step


def ceil(time: int, step: int) -> int:
    """The first multiple of step at or after time."""
    return -(-time // step) * step


def iso(time: int) -> str:
    """RFC 3339 in UTC: `2026-11-22T21:30:00Z`."""
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def parse_time(text: str) -> int:
    """Seconds since the epoch of an RFC 3339 time; a fraction of a second is cut off.

    Raises:
        ValueError: the time does not exist, or has no UTC offset.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} names no UTC offset; end it with Z")
    return int(time.timestamp())


def snapshot_id(time: int) -> str:
    """The snapshot's id: `20261122T213000Z`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y%m%dT%H%M%SZ")


def is_snapshot_id(text: str) -> bool:
    """Whether a text has the form of a snapshot's id; its date may still be impossible."""
    return re.fullmatch(REPORT_ID, text) is not None


def moment_of(snapshot: str) -> int:
    """The moment of a snapshot's id, seconds since the epoch.

    Raises:
        ValueError: there is no such moment.
    """
    try:
        return int(datetime.strptime(snapshot, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError as error:
        raise ValueError(f"{snapshot!r} is not the id of a report, such as 20261122T213000Z") from error


def day_of_id(report: str) -> str:
    """The UTC day of a report's id: `20261122T213000Z` → `2026-11-22`."""
    return f"{month_of_id(report)}-{report[6:8]}"


def month_of_id(report: str) -> str:
    """The month of a report's id, in UTC: `20261122T213000Z` → `2026-11`."""
    return f"{report[:4]}-{report[4:6]}"


def id_start(period: str) -> str:
    """What the ids of a UTC day's or a month's reports begin with: `2026-11` → `202611`."""
    return period.replace("-", "")


def slot(at: int, schedule: int) -> int:
    """The slot of a schedule that a moment is in; the moment itself where the schedule does not divide the hour.

    The phase of such a schedule is not known.
    """
    return floor(at, schedule) if HOUR % schedule == 0 else at


def day_of(time: int) -> str:
    """The UTC day of a time: `2026-11-22`."""
    return _day(time // DAY)


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    """The day of a number of days since the epoch. A history asks for the same days once an hour of each series."""
    return datetime.fromtimestamp(number * DAY, UTC).strftime("%Y-%m-%d")


@lru_cache(maxsize=4096)
def day_start(day: str) -> int:
    """Seconds since the epoch at the start of a UTC day. A history asks for the same days for each series."""
    return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
