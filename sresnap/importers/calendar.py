"""Translates OpenSLO's calendar windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sresnap.importers.part import Part

_UNITS = {"1w": "week", "7d": "week", "1M": "month", "1Q": "quarter", "3M": "quarter"}
_QUARTERS = (1, 4, 7, 10)
_BEGINS: Mapping[str, Callable[[datetime], bool]] = {
    "week": lambda start: start.isoweekday() == 1,
    "month": lambda start: start.day == 1,
    "quarter": lambda start: start.day == 1 and start.month in _QUARTERS,
}


def calendar_window(calendar: Part, duration: str, slo: Part) -> str | None:
    """The calendar unit of a window: `1M` from `2026-01-01 00:00:00` is `month`; None for a window of another length.

    A startTime that is not the start of a unit is listed. sresnap's weeks begin on Monday, months on their first day.
    """
    zone = calendar.text("timeZone", "")
    if zone:
        calendar.found.timezones[zone] = None
    unit = _UNITS.get(duration)
    if unit is None:
        slo.note(f"a calendar window of {duration} is not carried over; the file's window is used")
        calendar.get("startTime")
        return None
    text = calendar.text("startTime", "")
    if not text:
        return unit
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        calendar.wrong("startTime", "a time such as 2026-01-01 00:00:00")
        return unit
    if start.time().isoformat() != "00:00:00" or not _BEGINS[unit](start):
        slo.note(f"its window begins at {text}, which is not the start of a {unit}; a calendar {unit} is used")
    return unit
