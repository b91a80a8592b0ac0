"""Windows, durations and points in time. All times are whole seconds since the epoch, UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE = 60
HOUR = 3600
DAY = 86400

_UNITS = {"ms": 0.001, "s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}
_PART = re.compile(r"(\d+)(ms|[smhdwy])")


def parse_duration(text: str) -> float:
    """Seconds of a duration as Prometheus writes it: `30s`, `5m`, `1h30m`, `28d`, `300ms`.

    Raises:
        ValueError: the text is no duration.
    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"not a duration: {text!r}")
    return sum(int(number) * _UNITS[unit] for number, unit in parts)


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


SHORT_WINDOWS = tuple(Window(s) for s in (5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR))
"""Windows whose SLI is one instant query each."""

LONG_WINDOWS = (Window(DAY), Window(3 * DAY))
"""Windows that are summed from the history's hours, as is the SLO window."""


def slo_windows(slo_window: Window) -> tuple[Window, ...]:
    """All windows of an SLO in the snapshot, shortest first, without doubles."""
    sizes = {w.seconds for w in (*SHORT_WINDOWS, *LONG_WINDOWS, slo_window)}
    return tuple(Window(s) for s in sorted(sizes))


def floor(time: int, step: int) -> int:
    """The last multiple of step at or before time."""
    return time - time % step


def ceil(time: int, step: int) -> int:
    """The first multiple of step at or after time."""
    return -(-time // step) * step


def iso(time: int) -> str:
    """RFC 3339 in UTC: `2026-11-22T21:30:00Z`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> int:
    """Seconds since the epoch of an RFC 3339 time; a fraction of a second is cut off.

    Raises:
        ValueError: no such time, or it names no UTC offset.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} names no UTC offset; end it with Z")
    return int(time.timestamp())


def snapshot_id(time: int) -> str:
    """The snapshot's id: `20261122T213000Z`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y%m%dT%H%M%SZ")


def day_of(time: int) -> str:
    """The UTC day of a time: `2026-11-22`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")


def day_start(day: str) -> int:
    """Seconds since the epoch at the start of a UTC day."""
    return int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
