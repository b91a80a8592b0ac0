"""Charts of a table row's height: the strip of days, the sparkline, the curve of a capacity."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap import format as fmt
from sresnap.compute.slo.trend import Day, big_burn, days, hourly_burn, missing_words
from sresnap.model.golden import SignalWindow
from sresnap.model.slo import SloReport
from sresnap.model.windows import HOUR
from sresnap.render.charts.cells import STRIP_HEIGHT, cell_chart, day_cell, strip_size
from sresnap.render.charts.drawing import Charts, Span
from sresnap.render.charts.scale import buckets, nice_top
from sresnap.render.charts.signal import MOST_POINTS
from sresnap.render.charts.spec import ChartSpec, Frame, Layer
from sresnap.render.clock import Clock
from sresnap.render.slo_text import window_name, window_seconds
from sresnap.render.views import Chart

_LOWEST, _FULL_BURN = 5, 4.0
"""Height in pixels of a day that spent nothing, and the burn rate of a day that fills its cell."""
_SPARK = (120, 24)
_SPARK_HOURS = 24
_CAPACITY = (120, 28)


def day_tone(day: Day, window_seconds: float) -> str:
    """How fast a day spent the budget.

    `ok` up to the even pace, `risk` above it, `bad` for a tenth of the whole budget, `idle` without traffic, `nodata`
    without data.
    """
    if day.events is None:
        return "nodata"
    burn = day.burn_rate
    if burn is None:
        return "idle"
    if burn <= 1:
        return "ok"
    return "risk" if burn <= big_burn(window_seconds) else "bad"


def day_strip(name: str, slo: SloReport, clock: Clock) -> Chart:
    """A cell for each 24 hours. Colour and height show how fast the budget was spent; hatched days have no data."""
    found = days(slo)
    title = f"{slo.name}, day by day over {window_name(slo)}"
    if not any(day.events for day in found):
        return Chart(name, title, None, f"No hour of {window_name(slo)} has data.")
    cells = [day_cell(place, _cell_height(day), day_tone(day, window_seconds(slo))) for place, day in enumerate(found)]
    return cell_chart(name, title, _strip_summary(found, slo, clock), strip_size(len(found)), cells)


def _cell_height(day: Day) -> int:
    burn = day.burn_rate
    share = 1.0 if day.events is None else 0.0 if burn is None else min(1.0, burn / _FULL_BURN)
    return round(_LOWEST + share * (STRIP_HEIGHT - _LOWEST))


def _strip_summary(found: Sequence[Day], slo: SloReport, clock: Clock) -> str:
    tones = [day_tone(day, window_seconds(slo)) for day in found]
    words = (("ok", "within pace"), ("risk", "over pace"), ("bad", "far over pace"), ("nodata", "without data"))
    counted = [f"{tones.count(tone)} {word}" for tone, word in (*words, ("idle", "without traffic")) if tone in tones]
    worst = max((day for day in found if day.burn_rate), key=lambda day: day.burn_rate or 0, default=None)
    at_worst = (
        f"; the worst began {clock.day_minute(worst.start)} with {fmt.burn_rate(worst.burn_rate)}" if worst else ""
    )
    return f"{fmt.count(len(found), 'day')}: {', '.join(counted)}{at_worst}."


def sparkline(charts: Charts, name: str, slo: SloReport) -> Chart:
    """The burn rate of each of the last 24 hours, with the even pace of 1× to compare with."""
    values = hourly_burn(slo)[-_SPARK_HOURS:]
    title = f"{slo.name}, burn rate by hour, last 24 h"
    known = [value for value in values if value is not None]
    if not known:
        return Chart(name, title, None, "No hour of the last 24 has data.")
    end = slo.hours.start + len(slo.hours.good) * HOUR
    missing = missing_words(slo, len(slo.hours.good) - len(values))
    latest = fmt.burn_rate(values[-1])
    summary = (
        f"{fmt.burn_rate(min(known))} to {fmt.burn_rate(max(known))}, last {latest} at {charts.clock.minute(end)}"
        f"{missing}."
    )
    frame = Frame(_SPARK, 0.0, nice_top(max(2.0, *known), ""), (), ())
    steps = max(1, len(values) - 1)
    line = Layer("line", tuple(index / steps for index in range(len(values))), tuple(values))
    return charts.chart(name, title, summary, ChartSpec(frame, (Layer("even", (0, 1), (1, 1)), line)))


def capacity_chart(charts: Charts, name: str, title: str, hours: SignalWindow, pointer: str) -> Chart:
    """How full something was, from 0 to 100 % or above."""
    parts = buckets(hours.values, MOST_POINTS)
    known = [part.high for part in parts if part.high is not None]
    span = Span(hours.start, hours.step_seconds, len(hours.values))
    length = fmt.duration(span.end - span.start)
    title = f"{title}, last {length}"
    if not known:
        return Chart(name, title, None, f"No data over {length}.", pointer=pointer)
    frame = Frame(_CAPACITY, 0.0, max(1.0, *known), (), ())
    xs = tuple(span.place((part.first + part.last) / 2) for part in parts)
    lowest = min(value for value in hours.values if value is not None)
    summary = f"{fmt.percent(lowest)} to {fmt.percent(max(known))}."
    spec = ChartSpec(frame, (Layer("line", xs, tuple(part.middle for part in parts)),))
    return charts.chart(name, title, summary, spec, pointer=pointer)
