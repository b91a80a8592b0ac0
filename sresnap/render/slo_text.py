"""What an objective counts, how it is measured, and over which window, in words."""

from __future__ import annotations

from collections.abc import Mapping

from sresnap import format as fmt
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis
from sresnap.model.slo import Precision, Provisional, SloReport
from sresnap.model.windows import DAY, HOUR, parse_duration
from sresnap.render.clock import Clock

_UNITS: Mapping[str, str] = {Basis.EVENTS: "events", Basis.SLICES: "slices", Basis.TIME: "seconds"}


def data_unit(slo: SloReport) -> str:
    """What its counts are counts of, as files for programs name it: `events`, `slices`, `seconds`."""
    return _UNITS.get(slo.basis, slo.basis)


def unit_of(slo: SloReport) -> str:
    """What its counts are counts of, for readers: `requests`, `events`, `slices`, `seconds`.

    The presets count requests. What queries of the SLO's own count is not known, so those are events.
    """
    is_custom = any(SeriesKey.parse(key).scope for key in slo.series)
    return "requests" if slo.basis == Basis.EVENTS and not is_custom else data_unit(slo)


def bad_units(slo: SloReport, amount: str) -> str:
    """`3 bad requests`; `1 bad request`."""
    unit = unit_of(slo)
    return f"{amount} bad {unit.removesuffix('s') if amount == '1' else unit}"


def kind_of(slo: SloReport) -> str:
    """How it is measured: `By request`, `Requests under 300 ms`, `Slices of 1 min, good from 95 %`, `By time`."""
    if slo.basis == Basis.TIME:
        return "By time"
    if slo.basis == Basis.SLICES:
        length = f"Slices of {fmt.duration(slo.slice_seconds)}" if slo.slice_seconds is not None else "Slices of time"
        return f"{length}, good from {fmt.objective(slo.slice_target)}" if slo.slice_target is not None else length
    if slo.threshold_seconds is not None:
        return f"{unit_of(slo).capitalize()} under {fmt.latency(slo.threshold_seconds)}"
    return f"By {unit_of(slo).removesuffix('s')}"


def window_of(slo: SloReport, clock: Clock) -> str:
    """Its window: `rolling 28 days`, or a calendar window with how much of it has passed and when it resets."""
    calendar = slo.calendar
    if calendar is None:
        return f"rolling {window_phrase(slo)}"
    passed = fmt.percent(calendar.elapsed_ratio)
    resets = clock.day_minute(calendar.resets_at)
    return f"{window_phrase(slo)} so far ({passed} has passed), resets {resets}"


def window_name(slo: SloReport) -> str:
    """Its window where there is little room: `28d`, `this month`."""
    return fmt.window(slo.window)


def part_seen(provisional: Provisional) -> str:
    """How much of a window was seen: `15 of 28 days`."""
    return fmt.part_of(provisional.seen_seconds, provisional.of_seconds)


def span_judged(slo: SloReport) -> str:
    """What an SLI is over: `28d`, in the first days `15 of 28 days`."""
    return window_name(slo) if slo.provisional is None else part_seen(slo.provisional)


def window_phrase(slo: SloReport) -> str:
    """Its window in a sentence: `28 days`, `this month`."""
    return fmt.window_phrase(slo.window)


def pace_span(pace: str) -> str:
    """What a forecast's pace is the average of: `6h` → `last 6 hours`, `3d` → `last 3 days`."""
    seconds = parse_duration(pace)
    return f"last {seconds / DAY:g} days" if seconds > DAY else f"last {seconds / HOUR:g} hours"


def window_seconds(slo: SloReport) -> float:
    """How long its whole window is; of a calendar window including what is still to come."""
    calendar = slo.calendar
    if calendar is not None:
        return calendar.resets_at - calendar.start
    return parse_duration(slo.window)


def precision_of(slo: SloReport) -> str | None:
    """How exactly its events were counted; None where that is not known.

    `Exact in 668 of 671 whole hours; ±5 bad requests in the other 3.`
    """
    found = slo.precision
    total = 0 if found is None else found.exact_hours + found.estimated_hours + found.open_hours
    if found is None or total == 0:
        return None
    hours = fmt.count(total, "whole hour")
    if found.exact_hours == total:
        return f"Exact in all {hours} with data."
    parts = [f"Exact in {fmt.number(found.exact_hours)} of {hours}"] if found.exact_hours else []
    if found.estimated_hours:
        bound = bad_units(slo, fmt.number_up(found.within_events))
        parts.append(f"±{bound} {_others(found)}" if parts else f"Estimated within ±{bound}")
    if found.open_hours:
        parts.append(f"{fmt.count(found.open_hours, 'hour')} {'has' if found.open_hours == 1 else 'have'} bounds")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _others(found: Precision) -> str:
    """Which hours are estimated, beside those that are exact."""
    if found.open_hours:
        return f"in {fmt.count(found.estimated_hours, 'estimated one', 'estimated ones')}"
    return "in the other one" if found.estimated_hours == 1 else f"in the other {fmt.number(found.estimated_hours)}"
