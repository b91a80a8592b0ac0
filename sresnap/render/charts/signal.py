"""The chart of a golden signal over one window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sresnap import format as fmt
from sresnap.model.golden import SignalReport, SignalWindow
from sresnap.model.service import Basis
from sresnap.model.slo import SloReport
from sresnap.render.charts.drawing import Charts, Span
from sresnap.render.charts.scale import Bucket, buckets
from sresnap.render.charts.spec import ChartSpec, Label, Layer, Mark
from sresnap.render.clock import Clock
from sresnap.render.views import Chart, Table

_SIZE = (360, 132)
MOST_POINTS = 168
"""A longer series is drawn as a band from lowest to highest around the median."""
_MOST_ROWS = 28
_LAST_LABEL = 0.7
"""Right of this position, the maximum's number ends at its dot; left of it, it starts there."""
_FAR = 4
"""A mark this many times above the data would flatten it and is left out."""


def signal_chart(
    charts: Charts,
    name: str,
    title: str,
    report: SignalReport | None,
    window: str,
    marks: Sequence[Mark],
    pointer: str = "",
) -> Chart:
    """A golden signal over one window: y from 0, the maximum marked, gaps left open."""
    title = f"{title}, {window}"
    series = report.windows.get(window) if report is not None else None
    if report is None or series is None or all(value is None for value in series.values):
        reason = (report.absent if report is not None else None) or f"No data over {window}."
        return Chart(name, title, None, reason)
    span = Span(series.start, series.step_seconds, len(series.values))
    parts = buckets(series.values, MOST_POINTS, series.peaks)
    highest, place = max((part.high, -part.first) for part in parts if part.high is not None)
    near = tuple(mark for mark in marks if mark.level <= _FAR * max(highest, 0))
    frame = charts.frame(_SIZE, max([highest, *(mark.level for mark in near)]), 0.0, report.unit, span)
    peak = next(part for part in parts if part.first == -place)
    where = span.place((peak.first + peak.last) / 2)
    dots = ((where, highest),) if highest > 0 else ()
    side = "end" if where > _LAST_LABEL else "start"
    levels = [*(level for level, _ in frame.y_ticks if level > 0), *(mark.level for mark in near)]
    labels = (Label(where, highest, fmt.quantity(highest, report.unit, levels), "max", side, above=7),)
    spec = ChartSpec(frame, _layers(parts, span), near, dots, labels if dots else ())
    summary = _summary(charts.clock, title, series, report.unit, span, near)
    return charts.chart(name, title, summary, spec, _table(charts.clock, series, report.unit, span, near), pointer)


def _layers(parts: Sequence[Bucket], span: Span) -> tuple[Layer, ...]:
    """A line; with a band around it if points were combined or peaks are known."""
    xs = tuple(span.place((part.first + part.last) / 2) for part in parts)
    line = Layer("line", xs, tuple(part.middle for part in parts))
    if all(part.low == part.high for part in parts):
        return (line,)
    return Layer("band", xs, tuple(part.high for part in parts), tuple(part.low for part in parts)), line


def _summary(clock: Clock, title: str, series: SignalWindow, unit: str, span: Span, marks: Sequence[Mark]) -> str:
    """One sentence with the numbers."""
    whole = buckets(series.values, 1, series.peaks)[0]
    levels = [mark.level for mark in marks]
    low, middle, high = (fmt.quantity(value, unit, levels) for value in (whole.low, whole.middle, whole.high))
    last = next(index for index in range(span.count - 1, -1, -1) if series.values[index] is not None)
    when = clock.label(span.time(last), span.end - span.start)
    gaps = sum(value is None for value in series.values)
    missing = f"; {gaps} of {fmt.count(span.count, 'point')} without data" if gaps else ""
    compared = "".join(f"; {mark.label}" for mark in marks)
    latest = fmt.quantity(series.values[last], unit, levels)
    return f"{title}: {low} to {high}, median {middle}, last {latest} at {when}{missing}{compared}."


def _table(clock: Clock, series: SignalWindow, unit: str, span: Span, marks: Sequence[Mark]) -> Table:
    levels = [mark.level for mark in marks]
    parts = buckets(series.values, _MOST_ROWS, series.peaks)
    length = span.end - span.start
    is_single = all(part.first == part.last for part in parts) and series.peaks is None
    head = ("time", "value") if is_single else ("from", "lowest", "median", "highest")
    rows = []
    for part in parts:
        numbers = (part.middle,) if is_single else (part.low, part.middle, part.high)
        rows.append((clock.label(span.time(part.first), length), *(fmt.quantity(n, unit, levels) for n in numbers)))
    return Table(head, tuple(rows))


def reference_marks(slos: Sequence[SloReport]) -> Mapping[str, tuple[Mark, ...]]:
    """By signal, the levels to compare its curve with."""
    latency = [
        Mark(slo.threshold_seconds, f"SLO {fmt.latency(slo.threshold_seconds)}")
        for slo in slos
        if slo.threshold_seconds is not None
    ]
    errors = [
        Mark(1 - slo.objective, f"budget pace {fmt.objective(1 - slo.objective)}")
        for slo in slos
        if slo.threshold_seconds is None and slo.basis == Basis.EVENTS
    ]
    return {
        "latency_p99": tuple(latency[:1]),
        "error_rate": tuple(errors[:1]),
        "saturation": (Mark(0.8, f"80{fmt.SPACE}%"),),
    }
