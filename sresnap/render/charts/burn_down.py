"""The chart of an objective's error budget over time: what was left at each hour, and the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.compute.slo.trend import DAY_HOURS, days, missing_words, remaining
from sresnap.model.slo import Flag, SloReport
from sresnap.model.statement import Episode
from sresnap.model.windows import HOUR, format_duration
from sresnap.render.charts.clip import above
from sresnap.render.charts.drawing import Charts, Span
from sresnap.render.charts.scale import nice_bottom
from sresnap.render.charts.spec import ChartSpec, Frame, Label, Layer
from sresnap.render.slo_text import pace_span, unit_of, window_name, window_phrase, window_seconds
from sresnap.render.views import Chart, Table

_SIZE = (720, 216)
_TICKS = 6
_LINES = 14
"""Lines of text that fit beside the chart. Labels that are nearer to each other are combined."""
_LINE_HEIGHT = 13
"""Pixels from one line of a label to the next."""
_NEAR_NOW = 0.08
"""A time label nearer than this to `now` gives way to it."""
_EPISODE_TICK = 0.07
"""Height of a tick where an episode leaves the window, as a share of the scale."""
_FARTHEST_AHEAD = 1.0
"""How far below the past, and below 0, the axis reaches for a forecast, as a share of the budget. A forecast of −2000 %
would leave a flat line of the past."""


@dataclass(frozen=True, slots=True)
class _Budget:
    """What the chart is drawn from."""

    values: tuple[float | None, ...]
    """The budget left at the end of each hour, of the window that ended then."""
    now: float
    """The report's own, at its moment."""
    span: Span
    """The window's hours and those that the forecast shows."""
    at: float
    """The report's moment on the time axis."""
    paths: tuple[tuple[str, tuple[float, ...]], ...]
    """By the forecast's pace, the budget left at the end of each day ahead."""

    @property
    def known(self) -> list[float]:
        return [*(value for value in self.values if value is not None), self.now]

    @property
    def has_forecast(self) -> bool:
        return any(path for _, path in self.paths)


def burn_down(charts: Charts, name: str, slo: SloReport, pointer: str = "") -> Chart:
    """The budget left over time: at each hour, what a report of that hour says of the window which ended then.

    Right of the report's moment, dotted lines show the forecast of each pace over the next quarter of the window. A
    small tick is where a burn episode leaves the window and its share of the budget comes back.
    """
    title = f"Error budget left over time, {window_name(slo)}: {slo.name}"
    left = slo.budget.remaining_ratio
    if left is None or not slo.hours.total:
        return Chart(name, title, None, "There is no hour with data to draw the budget from.")
    if Flag.NO_TRAFFIC in slo.flags:
        return Chart(name, title, None, "No traffic, so nothing was spent.")
    budget = _budget(slo, left)
    frame = _frame(charts, budget)
    layers = (*_past(slo, budget), *(_ahead(slo, budget, frame) if budget.has_forecast else ()))
    notes = [_outage_note(charts, slo, budget.span)] if budget.has_forecast else []
    notes += [_dashes(charts, slo)] if any(layer.css_class == "provisional" for layer in layers) else []
    spec = ChartSpec(frame, layers, labels=_forecast_labels(budget, frame), note=" ".join(filter(None, notes)))
    return charts.chart(name, title, _summary(charts, slo, budget), spec, _table(charts, slo, budget.values), pointer)


def _summary(charts: Charts, slo: SloReport, budget: _Budget) -> str:
    """What is left, what was the least, and since when that is known."""
    at = charts.clock.day_minute(slo.windows[slo.window].end)
    left = f"{fmt.percent_signed(budget.now)} of the error budget is left at {at}"
    drawn = [index for index, value in enumerate(budget.values) if value is not None]
    if not drawn:
        return f"{left}. This report does not have the window before, so it does not know what was left earlier."
    parts = [f"the lowest over {window_name(slo)} was {fmt.percent_signed(min(budget.known))}{missing_words(slo)}"]
    if drawn[0] > 0:
        parts.append(f"known since {charts.clock.day_minute(slo.hours.start + drawn[0] * HOUR)}")
    if slo.provisional is not None:
        parts.append(f"provisional until {charts.clock.day_minute(slo.provisional.whole_at)}")
    elif _whole_from(slo) > 0:
        whole = charts.clock.day_minute(slo.hours.start + (_whole_from(slo) + 1) * HOUR)
        parts.append(f"provisional until {whole}, when the first window was whole")
    return f"{'; '.join([left, *parts])}."


def _whole_from(slo: SloReport) -> int:
    """Index of the first hour at whose end a rolling window was whole; beyond the last hour where none was."""
    if slo.calendar is not None or slo.known_since is None:
        return 0 if slo.provisional is None else len(slo.hours.total)
    whole_at = slo.known_since + round(window_seconds(slo))
    return min(len(slo.hours.total), max(0, (whole_at - slo.hours.start) // HOUR - 1))


def _dashes(charts: Charts, slo: SloReport) -> str:
    """Until when the line is dashed; and why, where the verdict is not provisional, which says so itself."""
    if slo.provisional is not None:
        return f"Dashed: provisional until {charts.clock.day(slo.provisional.whole_at)}."
    why = f"Dashed: provisional, because at these hours the history did not yet reach back {window_phrase(slo)}."
    if slo.known_since is None or _whole_from(slo) + DAY_HOURS < len(slo.hours.total):
        return why
    twice = round(2 * window_seconds(slo))
    solid = charts.clock.day(slo.known_since + twice)
    return (
        f"{why} The whole line is solid once it reaches back {fmt.window_phrase(format_duration(twice))}, on {solid}."
    )


def _budget(slo: SloReport, left: float) -> _Budget:
    values = remaining(slo)
    ahead = _hours_ahead(slo)
    paths = [(pace.pace, tuple(pace.daily_remaining_ratios[: ahead // DAY_HOURS])) for pace in slo.forecast.paces]
    # The last place has room for the report's moment, up to an hour after the last whole hour.
    span = Span(slo.hours.start + HOUR, HOUR, len(values) + ahead + 1)
    place = _position(slo.windows[slo.window].end, span)
    return _Budget(values, left, span, place, tuple(paths))


def _hours_ahead(slo: SloReport) -> int:
    """Hours of the future to show: a quarter of the window, or up to a calendar window's reset."""
    longest = max((len(pace.daily_remaining_ratios) for pace in slo.forecast.paces), default=0) * DAY_HOURS
    quarter = round(window_seconds(slo) / 4 / HOUR)
    return min(longest, max(DAY_HOURS, quarter - quarter % DAY_HOURS))


def _frame(charts: Charts, budget: _Budget) -> Frame:
    past = min(budget.known)
    lowest = min([past, *(value for _, path in budget.paths for value in path)])
    lowest = max(lowest, min(past, 0.0) - _FARTHEST_AHEAD)
    frame = charts.frame(_SIZE, 1.0, nice_bottom(lowest), "ratio", budget.span, _TICKS)
    if not budget.has_forecast:
        return frame
    around = [(place, label) for place, label in frame.x_ticks if abs(place - budget.at) > _NEAR_NOW]
    return replace(frame, x_ticks=(*around, (budget.at, "now")))


def _past(slo: SloReport, budget: _Budget) -> list[Layer]:
    """The budget so far; where the history was young, and the window not whole, in the style of a guess."""
    xs = (*(budget.span.place(index) for index in range(len(budget.values))), budget.at)
    values = (*budget.values, budget.now)
    whole = _whole_from(slo)
    young = tuple(value if index <= whole else None for index, value in enumerate(values))
    sure = tuple(value if index >= whole else None for index, value in enumerate(values))
    layers = [Layer("line", xs, sure)]
    if whole > 0:
        layers.append(Layer("provisional", xs, young))
    if min(budget.known) < 0:
        zero = tuple(None if value is None else 0.0 for value in values)
        spent = tuple(None if value is None else min(value, 0.0) for value in values)
        layers.insert(0, Layer("overspent", xs, zero, spent))
    return layers


def _ahead(slo: SloReport, budget: _Budget, frame: Frame) -> list[Layer]:
    """The line of now, ticks where episodes leave the window, and the forecast of each pace."""
    layers = [Layer("today", (budget.at, budget.at), (frame.bottom, frame.top))]
    tick = (frame.bottom, frame.bottom + _EPISODE_TICK * (frame.top - frame.bottom))
    layers += [Layer("leaves", (x, x), tick) for x in sorted({place for place, _ in _leaving(slo, budget.span)})]
    day = _position(slo.windows[slo.window].end + DAY_HOURS * HOUR, budget.span) - budget.at
    for _, path in budget.paths:
        if path:
            ahead = (budget.at + day * (number + 1) for number in range(len(path)))
            xs, ys = above(frame.bottom, (budget.at, *ahead), (budget.now, *path))
            layers.append(Layer("forecast", tuple(xs), tuple(ys)))
    return layers


def _forecast_labels(budget: _Budget, frame: Frame) -> tuple[Label, ...]:
    """The pace of each forecast at its end; one label for two ends that are near each other.

    An end below the frame says so in a second line, at the bottom: `below −100 %`.
    """
    ends = [(f"as {pace_span(pace)}", max(path[-1], frame.bottom), path[-1]) for pace, path in budget.paths if path]
    if len(ends) > 1 and abs(ends[0][1] - ends[1][1]) < (frame.top - frame.bottom) / _LINES:
        ends = [("present pace", ends[0][1], max(end for _, _, end in ends))]
    labels = []
    for text, level, end in ends:
        labels.append(Label(1, level, text, "time", "beside"))
        if end < frame.bottom:
            below = f"below {fmt.percent_signed(frame.bottom)}"
            labels.append(Label(1, level, below, "time", "beside", above=-_LINE_HEIGHT))
    return tuple(labels)


def _outage_note(charts: Charts, slo: SloReport, span: Span) -> str:
    """What the ticks mean: `The tick is where the outage of 7 Nov drops out, on 5 Dec.`, of several the largest."""
    leaving = _leaving(slo, span)
    if not leaving:
        return ""
    _, largest = max(leaving, key=lambda found: found[1].bad)
    if largest.leaves_at is None:
        return ""
    start, end = charts.clock.day(largest.start), charts.clock.day(largest.leaves_at)
    if len({place for place, _ in leaving}) == 1:
        return f"The tick is where the outage of {start} drops out, on {end}."
    return f"The ticks are where outages drop out; the largest, of {start}, on {end}."


def _position(time: int, span: Span) -> float:
    """0..1 on the time axis."""
    return (time - span.start) / max(1, span.end - span.start)


def _leaving(slo: SloReport, span: Span) -> list[tuple[float, Episode]]:
    """Episodes that leave a rolling window as far as the chart reaches, with their positions."""
    episodes = slo.statement.episodes if slo.statement is not None and slo.calendar is None else ()
    times = [(episode.leaves_at, episode) for episode in episodes]
    return [(_position(time, span), episode) for time, episode in times if time is not None and time < span.end]


def _table(charts: Charts, slo: SloReport, left: Sequence[float | None]) -> Table:
    """A row for each day: its counts, and the budget left at its end."""
    first = slo.hours.start
    rows = []
    for day in days(slo):
        known = [v for v in left[(day.start - first) // HOUR : (day.end - first) // HOUR] if v is not None]
        events = day.events
        rows.append(
            (
                charts.clock.day_minute(day.start),
                fmt.NONE if events is None else fmt.number(events.total),
                fmt.NONE if events is None else fmt.number(events.bad),
                fmt.NONE if events is None else fmt.sli(events.sli, slo.objective),
                fmt.burn_rate(day.burn_rate),
                fmt.percent_signed(known[-1] if known else None),
            )
        )
    unit = unit_of(slo)
    return Table(("24 h from", unit, f"bad {unit}", "SLI", "burn rate", "budget left"), tuple(rows))
