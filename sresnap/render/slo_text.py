"""What an objective is measured by, and over which window, in words."""

from __future__ import annotations

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.model.windows import parse_duration
from sresnap.render.clock import Clock

_UNITS = {"events": "events", "slices": "slices", "time": "seconds"}


def unit_of(slo: SloReport) -> str:
    """What its counts are counts of: `events`, `slices`, `seconds`."""
    return _UNITS.get(slo.basis, slo.basis)


def kind_of(slo: SloReport) -> str:
    """How it is measured and what it is weighted by: `timeslices: 1 min slices, good from 95 %; weighted by slices`."""
    if slo.basis == "time":
        return "time: weighted by time"
    if slo.basis == "slices":
        length = f"{fmt.duration(slo.slice_seconds)} slices" if slo.slice_seconds is not None else ""
        target = f"good from {fmt.objective(slo.slice_target)}" if slo.slice_target is not None else ""
        parts = ", ".join(part for part in (length, target) if part)
        return f"timeslices: {parts}; weighted by slices" if parts else "timeslices: weighted by slices"
    return "occurrences: weighted by events"


def window_of(slo: SloReport, clock: Clock) -> str:
    """Its window: `rolling 28d`, or a calendar window with how much of it has passed and when it begins anew."""
    calendar = slo.calendar
    if calendar is None:
        return f"rolling {slo.window}"
    passed = fmt.percent(calendar.elapsed_ratio)
    resets = clock.day_minute(calendar.resets_at)
    return f"{fmt.window(slo.window)}, to date: {passed} of it has passed, resets {resets}"


def window_name(slo: SloReport) -> str:
    """Its window in a word or two: `28d`, `this month`."""
    return fmt.window(slo.window)


def window_seconds(slo: SloReport) -> float:
    """How long its whole window is; of a calendar window with what is still to come."""
    calendar = slo.calendar
    if calendar is not None:
        return calendar.resets_at - calendar.start
    return parse_duration(slo.window)


def precision_of(slo: SloReport) -> str | None:
    """How exactly its events were counted: `no restart … seen in 670 of 672 hours; 2 hours estimated, …`."""
    found = slo.precision
    if found is None or found.exact_hours + found.estimated_hours == 0:
        return None
    hours = fmt.count(found.exact_hours + found.estimated_hours, "hour")
    if not found.estimated_hours:
        return f"no restart of a counter seen in {hours} with data"
    bounds = fmt.number_up(found.within_events)
    estimated = fmt.count(found.estimated_hours, "hour")
    return (
        f"no restart of a counter seen in {fmt.number(found.exact_hours)} of {hours}; {estimated} estimated by "
        f"increase, within ±{bounds} bad {'event' if bounds == '1' else 'events'} if scraped once a minute"
    )
