"""Charts of one objective: what is left of its budget, its SLI by days, its burn rates, its errors by hour and day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.compute.slo.burn import burn_rate
from sresnap.model.events import EventCount
from sresnap.model.slo import SloReport
from sresnap.model.windows import HOUR
from sresnap.render.charts.scale import nice_bottom, nice_top
from sresnap.render.charts.spec import Frame, Label, Layer, Sketch
from sresnap.render.charts.studio import Span, Studio
from sresnap.render.charts.svg import Drawing, picture, text
from sresnap.render.charts.trend import DAY_HOURS, big_burn, days, hourly, missing_words, remaining
from sresnap.render.slo_text import unit_of, window_name, window_seconds
from sresnap.render.views import Chart, Table

_WIDE = (720, 216)
_TREND = (720, 132)
_TICKS = 6
"""Of a wide picture's time axis."""
_CELL = (12, 7)
"""Pixels of an hour in the heat map, with the gap around it."""
_LINES = 14
"""Lines of text that fit into a wide picture; nearer labels are put together."""
_NEAR = 0.08
"""A time label nearer to `now` than that gives way to it."""
_TICK = 0.07
"""Height of a small tick on the axis, of the scale."""
_EDGE = 0.8
"""A bar's number beyond this stands inside of it."""


def burn_down(studio: Studio, name: str, slo: SloReport, pointer: str = "") -> Chart:
    """The budget remaining over the SLO window: signed, with the zero line and the even pace to compare with.

    Right of the last hour, dotted, what the forecast's paces make of it over the next quarter of the window; a
    small tick stands where a burn episode leaves the window and its share comes back.
    """
    title = f"Error budget remaining over {window_name(slo)}: {slo.name}"
    values = remaining(slo)
    known = [value for value in values if value is not None]
    if not known:
        idle = "no_traffic" in slo.flags
        reason = "No traffic, so nothing was spent." if idle else "There is no hour with data to draw the budget from."
        return Chart(name, title, None, reason)
    past = Span(slo.hours.start + HOUR, HOUR, len(values))
    ahead = _ahead(slo)
    span = Span(past.start, HOUR, past.count + ahead)
    paths = [(pace.pace, pace.daily_remaining_ratios[: ahead // DAY_HOURS]) for pace in slo.forecast.paces]
    lowest = min([*known, *(value for _, path in paths for value in path)])
    frame = studio.frame(_WIDE, 1.0, nice_bottom(lowest), "ratio", span, _TICKS)
    now = span.place(past.count - 1)
    if ahead:
        around = [(place, label) for place, label in frame.x_ticks if abs(place - now) > _NEAR]
        frame = replace(frame, x_ticks=(*around, (now, "now")))
    spent = [None if value is None else min(value, 0.0) for value in values]
    xs = [span.place(index) for index in range(past.count)]
    layers = [Layer("even", (0, _even_end(slo, span)), (1, 0)), Layer("line", xs, values)]
    if min(known) < 0:
        layers.insert(0, Layer("overspent", xs, [None if v is None else 0.0 for v in values], spent))
    if ahead:
        layers.append(Layer("today", (now, now), (frame.bottom, frame.top)))
        tick = (frame.bottom, frame.bottom + _TICK * (frame.top - frame.bottom))
        layers += [Layer("leaves", (x, x), tick) for x in _leaving(slo, span)]
    labels = []
    for pace, path in paths:
        if path:
            places = [now, *(span.place(past.count - 1 + DAY_HOURS * (day + 1)) for day in range(len(path)))]
            layers.append(Layer("forecast", places, [known[-1], *path]))
            labels.append(Label(1, path[-1], f"{pace} pace", "time", "beside"))
    if len(labels) > 1 and abs(labels[0].y - labels[1].y) < (frame.top - frame.bottom) / _LINES:
        labels = [replace(labels[0], text=f"{', '.join(pace for pace, _ in paths)} pace")]
    summary = (
        f"{fmt.percent_signed(known[-1])} of the error budget is left at {studio.clock.day_minute(past.end)}; "
        f"the lowest over {window_name(slo)} was {fmt.percent_signed(min(known))}{missing_words(slo)}."
    )
    sketch = Sketch(frame, layers, labels=labels)
    svg = picture(name, title, summary, _WIDE, studio.easel.draw(sketch))
    return Chart(name, title, svg, summary, _days(studio, slo, values), pointer, sketch)


def sli_trend(studio: Studio, name: str, slo: SloReport, pointer: str = "") -> Chart:
    """The SLI of every 24 hours as steps; the objective as a labelled line, what lies below it shaded."""
    title = f"SLI of every 24 hours over {window_name(slo)}: {slo.name}"
    found = days(slo)
    slis = [None if day.events is None else day.events.sli for day in found]
    known = [sli for sli in slis if sli is not None]
    if not known:
        return Chart(name, title, None, "There is no day with data and traffic to draw the SLI of.")
    depth = nice_top(max(1 - min(known), (1 - slo.objective) * 1.2), "ratio")
    span = Span(found[0].start, HOUR, (found[-1].end - found[0].start) // HOUR + 1)
    levels = (1 - depth, 1 - depth / 2, 1.0)
    y_ticks = tuple((level, fmt.objective(level)) for level in levels)
    frame = Frame(_TREND, 1 - depth, 1.0, y_ticks, studio.time_ticks(span, _TICKS))
    xs, ys = [], []
    for day, sli in zip(found, slis, strict=True):
        xs += [span.place((edge - span.start) / HOUR) for edge in (day.start, day.end)]
        ys += [sli, sli]
    below = [None if y is None or y >= slo.objective else slo.objective for y in ys]
    layers = [Layer("below", xs, below, ys), Layer("step", xs, ys)]
    layers.append(Layer("mark", (0, 1), (slo.objective, slo.objective)))
    labels = [Label(1, slo.objective, f"≥ {fmt.objective(slo.objective)}", "mark-label", "beside")]
    under = sum(sli < slo.objective for sli in known)
    unknown = len(found) - len(known)
    missing = f"; {fmt.count(unknown, 'day')} without data or traffic, or left out" if unknown else ""
    lowest = fmt.sli(min(known), slo.objective)
    summary = f"{fmt.count(under, 'day')} of {len(found)} under the objective; the lowest had {lowest}{missing}."
    sketch = Sketch(frame, layers, labels=labels)
    svg = picture(name, title, summary, _TREND, studio.easel.draw(sketch))
    head = ("24 h from", "SLI")
    rows = [(studio.clock.day_minute(d.start), fmt.sli(s, slo.objective)) for d, s in zip(found, slis, strict=True)]
    return Chart(name, title, svg, summary, Table(head, tuple(rows)), pointer, sketch)


def burn_bars(studio: Studio, name: str, slo: SloReport, windows: Sequence[str]) -> Chart:
    """Burn rates side by side on a logarithmic scale, with the limits of the alerts and the numbers printed."""
    title = f"Burn rates: {slo.name}"
    rates = [(w, slo.windows[w].burn_rate) for w in dict.fromkeys(windows) if w in slo.windows]
    if all(rate is None for _, rate in rates):
        return Chart(name, title, None, "No burn rate is known.")
    limits = {w: alert.threshold for alert in reversed(slo.alerts) for w in (alert.long,)}
    count = len(rates)
    ticks = tuple((_log_place(rate), f"{rate:g}×") for rate in (0.1, 1, 10, 100))
    rows = tuple((count - index - 0.5, fmt.window(w)) for index, (w, _) in enumerate(rates))
    frame = Frame((360, 26 * count + 30), 0.0, float(count), rows, ticks)
    layers = [Layer("even", (_log_place(1), _log_place(1)), (0, count))]
    labels, told = [], []
    for (middle, _), (window, rate) in zip(rows, rates, strict=True):
        limit = limits.get(window)
        beyond = f", limit {fmt.threshold(limit)}" if limit is not None else ""
        told.append(f"{fmt.window(window)} {fmt.burn_rate(rate, limit)}{beyond}")
        if limit is not None:
            layers.append(Layer("mark", (_log_place(limit),) * 2, (middle - 0.4, middle + 0.4)))
        if rate is None:
            labels.append(Label(0, middle - 0.15, "no data"))
            continue
        tone = "plain" if limit is None or rate <= limit else "risk"
        end = _log_place(rate)
        high, low = (middle + 0.28,) * 2, (middle - 0.28,) * 2
        layers.insert(1, Layer(f"fill-{tone}", (0.0, max(end, 0.004)), high, low))
        at_edge = end > _EDGE
        labels.append(
            Label(end + (-0.01 if at_edge else 0.01), middle - 0.15, fmt.burn_rate(rate, limit),
                  anchor="end" if at_edge else "start")
        )  # fmt: skip
    summary = f"{'; '.join(told)}. At 1× the budget lasts exactly its window."
    svg = picture(name, title, summary, frame.size, studio.easel.draw(Sketch(frame, layers, labels=labels)))
    table = Table(
        ("window", "burn rate", "limit of its alert"),
        tuple((fmt.window(w), fmt.burn_rate(r, limits.get(w)), fmt.threshold(limits[w]) if w in limits else fmt.NONE)
              for w, r in rates),
    )  # fmt: skip
    return Chart(name, title, svg, summary, table)


def heat_map(studio: Studio, name: str, slo: SloReport, pointer: str = "") -> Chart:
    """Bad events by hour of the day and by day: the stronger, the faster the budget went. A cell is one hour."""
    title = f"Errors by hour and day: {slo.name}"
    cells = _by_day_and_hour(studio, slo)
    known = {place: count for place, count in cells.items() if count is not None}
    if not known:
        return Chart(name, title, None, "There is no hour with data.")
    dates = sorted({day for day, _ in cells})
    column = {day: index for index, day in enumerate(dates)}
    paths: dict[str, list[str]] = {}
    for (day, hour), count in cells.items():
        paths.setdefault(_heat(count, slo), []).append(f"M{column[day] * _CELL[0]} {hour * _CELL[1]}h11v6h-11z")
    shapes = Markup("").join(
        Markup('<path class="{}"{} d="{}"/>').format(
            css_class, Markup(' fill="url(#hatch)"') if css_class == "fill-nodata" else "", "".join(found)
        )
        for css_class, found in sorted(paths.items())
    )
    width, height = len(dates) * _CELL[0], 24 * _CELL[1]
    texts = [text(-8, hour * _CELL[1] + 9, f"{hour:02}:00", "level", "end") for hour in (0, 6, 12, 18)]
    step = max(1, len(dates) // 4)
    texts += [
        text(
            100 * (column[day] + 0.5) / len(dates), height + 14, studio.clock.day(_noon(studio, day)), "time", "middle"
        )
        for day in dates[step // 2 :: step]
    ]
    table = _by_hour(known, slo)
    worst = max(known.items(), key=lambda item: item[1].bad)
    (day, hour), count = worst
    when = f"{studio.clock.day(_noon(studio, day))} from {hour:02}:00"
    some = fmt.count(sum(c.bad > 0 for c in known.values()), "hour")
    most = f"the most, {fmt.number(count.bad)}, on {when}"
    summary = f"{some} of {fmt.number(len(known))} had bad {unit_of(slo)}; {most}."
    drawing = Drawing(shapes, Markup("").join(texts))
    return Chart(
        name, title, picture(name, title, summary, (width, height), drawing, below=20), summary, table, pointer
    )


def _by_day_and_hour(studio: Studio, slo: SloReport) -> dict[tuple[date, int], EventCount | None]:
    """By local date and hour; the two hours of one name in autumn are one cell."""
    cells: dict[tuple[date, int], EventCount | None] = {}
    start = slo.hours.start
    for index, count in enumerate(hourly(slo)):
        local = studio.clock.local(start + index * HOUR)
        place = (local.date(), local.hour)
        both = [found for found in (cells.get(place), count) if found is not None]
        cells[place] = sum(both[1:], both[0]) if both else None
    return cells


def _heat(count: EventCount | None, slo: SloReport) -> str:
    """The class of a cell by its burn rate: under the pace, up to that of a tenth a day, up to a page's, beyond."""
    if count is None:
        return "fill-nodata"
    if count.sli is None or count.bad <= 0:
        return "heat-0"
    burn = burn_rate(count, slo.objective) or 0.0
    pages = [alert.threshold for alert in slo.alerts if alert.severity == "page"]
    limits = (1.0, big_burn(window_seconds(slo)), *([max(pages)] if pages else []))
    return f"heat-{1 + sum(burn > limit for limit in limits)}"


def _noon(studio: Studio, day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=studio.clock.zone).timestamp())


def _by_hour(known: Mapping[tuple[date, int], EventCount], slo: SloReport) -> Table:
    """A row an hour of the day, over all days."""
    rows = []
    for hour in range(24):
        found = [count for (_, at), count in known.items() if at == hour]
        if found:
            whole = sum(found[1:], found[0])
            rows.append(
                (f"{hour:02}:00", fmt.number(whole.total), fmt.number(whole.bad), fmt.sli(whole.sli, slo.objective))
            )
    return Table(("hour of the day", unit_of(slo), f"bad {unit_of(slo)}", "SLI"), tuple(rows))


def _days(studio: Studio, slo: SloReport, left: Sequence[float | None]) -> Table:
    """A row a day: what was counted, and the budget left at its end."""
    first = slo.hours.start
    rows = []
    for day in days(slo):
        known = [v for v in left[(day.start - first) // HOUR : (day.end - first) // HOUR] if v is not None]
        events = day.events
        rows.append(
            (
                studio.clock.day_minute(day.start),
                fmt.NONE if events is None else fmt.number(events.total),
                fmt.NONE if events is None else fmt.number(events.bad),
                fmt.NONE if events is None else fmt.sli(events.sli, slo.objective),
                fmt.burn_rate(day.burn_rate),
                fmt.percent_signed(known[-1] if known else None),
            )
        )
    unit = unit_of(slo)
    return Table(("24 h from", unit, f"bad {unit}", "SLI", "burn rate", "budget left"), tuple(rows))


def _ahead(slo: SloReport) -> int:
    """Hours of the future that a burn-down shows: a quarter of the window, or up to a calendar window's reset."""
    if not any(pace.daily_remaining_ratios for pace in slo.forecast.paces):
        return 0
    longest = max(len(pace.daily_remaining_ratios) for pace in slo.forecast.paces) * DAY_HOURS
    quarter = round(window_seconds(slo) / 4 / HOUR)
    return min(longest, max(DAY_HOURS, quarter - quarter % DAY_HOURS))


def _even_end(slo: SloReport, span: Span) -> float:
    """Where a budget that is spent evenly ends: with the window, which of a calendar window is yet to come."""
    end = slo.hours.start + window_seconds(slo)
    return (end - span.start) / max(1, span.end - span.start)


def _leaving(slo: SloReport, span: Span) -> list[float]:
    """When episodes leave a rolling window, within the picture."""
    episodes = slo.statement.episodes if slo.statement is not None and slo.calendar is None else ()
    times = {episode.leaves_at for episode in episodes if episode.leaves_at is not None}
    return [(time - span.start) / (span.end - span.start) for time in sorted(times) if time < span.end]


def _log_place(rate: float) -> float:
    """0..1 on the burn axis, from 0.1 to 100; what is beyond stands at its end, with its number."""
    return min(1.0, max(0.0, (math.log10(rate) + 1) / 3)) if rate > 0 else 0.0
