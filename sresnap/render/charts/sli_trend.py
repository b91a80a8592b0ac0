"""The chart of an objective's SLI by days."""

from __future__ import annotations

from sresnap import format as fmt
from sresnap.compute.slo.trend import Day, days
from sresnap.model.slo import SloReport
from sresnap.model.windows import HOUR
from sresnap.render.charts.drawing import Charts, Span
from sresnap.render.charts.scale import nice_top
from sresnap.render.charts.spec import ChartSpec, Frame, Label, Layer
from sresnap.render.slo_text import window_name
from sresnap.render.views import Chart, Table

_SIZE = (720, 132)
_TICKS = 6
_ROOM = 1.2
"""The scale reaches this far below the objective, as a multiple of the error budget."""


def sli_trend(charts: Charts, name: str, slo: SloReport, pointer: str = "") -> Chart:
    """The SLI of every 24 hours as steps; the objective as a labelled line, with the part below it shaded."""
    title = f"SLI of every 24 hours over {window_name(slo)}: {slo.name}"
    found = days(slo)
    slis = [_sli(day) for day in found]
    known = [sli for sli in slis if sli is not None]
    if not known:
        return Chart(name, title, None, "There is no day with data and traffic to draw the SLI of.")
    depth = nice_top(max(1 - min(known), (1 - slo.objective) * _ROOM), "ratio")
    span = Span(found[0].start, HOUR, (found[-1].end - found[0].start) // HOUR + 1)
    y_ticks = tuple((level, fmt.objective(level)) for level in (1 - depth, 1 - depth / 2, 1.0))
    frame = Frame(_SIZE, 1 - depth, 1.0, y_ticks, charts.time_ticks(span, _TICKS))
    xs = tuple(span.place((edge - span.start) / HOUR) for day in found for edge in (day.start, day.end))
    ys = tuple(sli for sli in slis for _ in range(2))
    below = tuple(None if y is None or y >= slo.objective else slo.objective for y in ys)
    objective = Layer("mark", (0, 1), (slo.objective, slo.objective))
    label = Label(1, slo.objective, f"≥ {fmt.objective(slo.objective)}", "mark-label", "beside")
    spec = ChartSpec(frame, (Layer("below", xs, below, ys), Layer("step", xs, ys), objective), labels=(label,))
    under = sum(sli < slo.objective for sli in known)
    unknown = len(found) - len(known)
    missing = f"; {fmt.count(unknown, 'day')} without data or traffic, or left out" if unknown else ""
    lowest = fmt.sli(min(known), slo.objective)
    summary = f"{fmt.count(under, 'day')} of {len(found)} under the objective; the lowest had {lowest}{missing}."
    rows = [(charts.clock.day_minute(day.start), fmt.sli(_sli(day), slo.objective)) for day in found]
    return charts.chart(name, title, summary, spec, Table(("24 h from", "SLI"), tuple(rows)), pointer)


def _sli(day: Day) -> float | None:
    return None if day.events is None else day.events.sli
