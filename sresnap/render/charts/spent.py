"""The chart of how the budget of an objective's present window was spent, hour by hour."""

from __future__ import annotations

from sresnap import format as fmt
from sresnap.compute.slo.trend import days, missing_words, spent
from sresnap.model.slo import Flag, SloReport
from sresnap.model.windows import HOUR
from sresnap.render.charts.drawing import Charts, Span
from sresnap.render.charts.spec import ChartSpec, Frame, Label, Layer
from sresnap.render.slo_text import unit_of, window_name, window_phrase, window_seconds
from sresnap.render.views import Chart, Table

_SIZE = (720, 132)
_TICKS = 6
_LINES = 8
"""Lines of text that fit beside the chart."""
_EVEN_LABEL = (0.15, 0.7)
"""Where along the time axis the even pace may be labelled."""
_UNDER_LINE = -14
"""Pixels that put a label below a line."""


def spent_chart(charts: Charts, name: str, slo: SloReport, pointer: str = "") -> Chart:
    """What of the present window's budget was spent by each hour, beside the even pace, which ends with the window.

    It begins at 0 and ends at what the report says: it shows when the budget of this window went. What was left at an
    earlier hour is another question, because that hour had another window.
    """
    title = f"Spent of the error budget, {window_name(slo)}: {slo.name}"
    values = spent(slo)
    known = [value for value in values if value is not None]
    if not known:
        is_idle = Flag.NO_TRAFFIC in slo.flags
        return Chart(
            name, title, None, "No traffic, so nothing was spent." if is_idle else "There is no hour with data."
        )
    span = Span(slo.hours.start + HOUR, HOUR, len(values))
    frame = charts.frame(_SIZE, max(1.0, *known), 0.0, "ratio", span, _TICKS)
    xs = tuple(span.place(index) for index in range(len(values)))
    end = window_seconds(slo) / max(1, span.end - slo.hours.start)
    even = Layer("even", (0, min(1.0, end)), (0, min(1.0, 1 / end)))
    over = tuple(None if value is None else max(value, 1.0) for value in values)
    band = [Layer("overspent", xs, over, tuple(None if v is None else 1.0 for v in values))] if max(known) > 1 else []
    spec = ChartSpec(frame, (*band, even, Layer("line", xs, values)), labels=_even_label(values, span, frame, end))
    by = charts.clock.day_minute(span.end)
    summary = f"{fmt.percent(known[-1])} of the budget of {window_phrase(slo)} was spent by {by}{missing_words(slo)}."
    return charts.chart(name, title, summary, spec, _table(charts, slo, values), pointer)


def _even_label(values: tuple[float | None, ...], span: Span, frame: Frame, end: float) -> tuple[Label, ...]:
    """The label of the even pace where the two lines are farthest apart; omitted if they are too close.

    The line rises. A label to its left is clear of it above the line, one to its right below it.
    """
    places = ((value, span.place(index)) for index, value in enumerate(values))
    room = [
        (place / end - value, place)
        for value, place in places
        if value is not None and _EVEN_LABEL[0] < place < min(_EVEN_LABEL[1], end)
    ]
    distance, place = max(room, key=lambda found: abs(found[0]), default=(0.0, 0.0))
    if abs(distance) < (frame.top - frame.bottom) / _LINES:
        return ()
    anchor, above = ("end", 4) if distance > 0 else ("start", _UNDER_LINE)
    return (Label(place, place / end, "even pace", "time", anchor, above),)


def _table(charts: Charts, slo: SloReport, values: tuple[float | None, ...]) -> Table:
    """A row for each day: what it spent, and the sum so far."""
    first, unit = slo.hours.start, unit_of(slo)
    rows = []
    for day in days(slo):
        span = slice((day.start - first) // HOUR, (day.end - first) // HOUR)
        known = [value for value in values[span] if value is not None]
        bad = fmt.NONE if day.events is None else fmt.number(day.events.bad)
        rows.append((charts.clock.day_minute(day.start), bad, fmt.percent(known[-1] if known else None)))
    return Table(("24 h from", f"bad {unit}", "spent so far"), tuple(rows))
