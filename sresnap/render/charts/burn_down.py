"""The chart of an objective's error budget: spent over the window, forecast, and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.compute.slo.trend import DAY_HOURS, days, missing_words, remaining
from sresnap.model.slo import Flag, SloReport
from sresnap.model.statement import Episode
from sresnap.model.windows import HOUR
from sresnap.render.charts.drawing import Charts, Span
from sresnap.render.charts.scale import nice_bottom
from sresnap.render.charts.spec import ChartSpec, Frame, Label, Layer
from sresnap.render.slo_text import pace_span, unit_of, window_name, window_seconds
from sresnap.render.views import Chart, Table

_SIZE = (720, 216)
_TICKS = 6
_LINES = 14
"""Lines of text that fit beside the chart. Labels that are nearer to each other are combined."""
_NEAR_NOW = 0.08
"""A time label nearer than this to `now` gives way to it."""
_EVEN_LABEL = (0.15, 0.7)
"""Where along the time axis the even pace may be labelled."""
_EPISODE_TICK = 0.07
"""Height of a tick where an episode leaves the window, as a share of the scale."""
_UNDER_LINE = -14
"""Pixels that put a label below a line."""


@dataclass(frozen=True, slots=True)
class _Budget:
    """What a burn-down is drawn from."""

    values: tuple[float | None, ...]
    """The budget left after each hour."""
    span: Span
    """The window's hours and those that the forecast shows."""
    paths: tuple[tuple[str, tuple[float, ...]], ...]
    """By the forecast's pace, the budget left at the end of each day ahead."""

    @property
    def known(self) -> list[float]:
        return [value for value in self.values if value is not None]

    @property
    def now(self) -> float:
        """The last hour's position on the time axis."""
        return self.span.place(len(self.values) - 1)

    @property
    def has_forecast(self) -> bool:
        return self.span.count > len(self.values)


def burn_down(charts: Charts, name: str, slo: SloReport, pointer: str = "") -> Chart:
    """The budget remaining over the SLO window: signed, with the zero line and the even pace to compare with.

    Right of the last hour, dotted lines show the forecast of each pace over the next quarter of the window. A small
    tick is where a burn episode leaves the window and its share of the budget comes back.
    """
    title = f"Error budget remaining over {window_name(slo)}: {slo.name}"
    budget = _budget(slo)
    known = budget.known
    if not known:
        is_idle = Flag.NO_TRAFFIC in slo.flags
        reason = (
            "No traffic, so nothing was spent." if is_idle else "There is no hour with data to draw the budget from."
        )
        return Chart(name, title, None, reason)
    frame = _frame(charts, budget)
    layers = (*_past(slo, budget), *(_ahead(slo, budget, frame) if budget.has_forecast else ()))
    note = _outage_note(charts, slo, budget.span) if budget.has_forecast else ""
    spec = ChartSpec(frame, layers, labels=_labels(slo, budget, frame), note=note)
    end = charts.clock.day_minute(slo.hours.start + len(budget.values) * HOUR)
    summary = (
        f"{fmt.percent_signed(known[-1])} of the error budget is left at {end}; "
        f"the lowest over {window_name(slo)} was {fmt.percent_signed(min(known))}{missing_words(slo)}."
    )
    return charts.chart(name, title, summary, spec, _table(charts, slo, budget.values), pointer)


def _budget(slo: SloReport) -> _Budget:
    values = remaining(slo)
    ahead = _hours_ahead(slo)
    paths = [(pace.pace, tuple(pace.daily_remaining_ratios[: ahead // DAY_HOURS])) for pace in slo.forecast.paces]
    return _Budget(tuple(values), Span(slo.hours.start + HOUR, HOUR, len(values) + ahead), tuple(paths))


def _hours_ahead(slo: SloReport) -> int:
    """Hours of the future to show: a quarter of the window, or up to a calendar window's reset."""
    longest = max((len(pace.daily_remaining_ratios) for pace in slo.forecast.paces), default=0) * DAY_HOURS
    quarter = round(window_seconds(slo) / 4 / HOUR)
    return min(longest, max(DAY_HOURS, quarter - quarter % DAY_HOURS))


def _frame(charts: Charts, budget: _Budget) -> Frame:
    lowest = min([*budget.known, *(value for _, path in budget.paths for value in path)])
    frame = charts.frame(_SIZE, 1.0, nice_bottom(lowest), "ratio", budget.span, _TICKS)
    if not budget.has_forecast:
        return frame
    around = [(place, label) for place, label in frame.x_ticks if abs(place - budget.now) > _NEAR_NOW]
    return replace(frame, x_ticks=(*around, (budget.now, "now")))


def _past(slo: SloReport, budget: _Budget) -> list[Layer]:
    """The budget so far, and the even pace, which ends with the window: a calendar window ends in the future."""
    xs = tuple(budget.span.place(index) for index in range(len(budget.values)))
    layers = [Layer("even", (0, _even_end(slo, budget.span)), (1, 0)), Layer("line", xs, budget.values)]
    if min(budget.known) < 0:
        zero = tuple(None if value is None else 0.0 for value in budget.values)
        spent = tuple(None if value is None else min(value, 0.0) for value in budget.values)
        layers.insert(0, Layer("overspent", xs, zero, spent))
    return layers


def _ahead(slo: SloReport, budget: _Budget, frame: Frame) -> list[Layer]:
    """The line of now, ticks where episodes leave the window, and the forecast of each pace."""
    layers = [Layer("today", (budget.now, budget.now), (frame.bottom, frame.top))]
    tick = (frame.bottom, frame.bottom + _EPISODE_TICK * (frame.top - frame.bottom))
    layers += [Layer("leaves", (x, x), tick) for x in sorted({place for place, _ in _leaving(slo, budget.span)})]
    last = len(budget.values) - 1
    for _, path in budget.paths:
        if path:
            ahead = (budget.span.place(last + DAY_HOURS * (day + 1)) for day in range(len(path)))
            layers.append(Layer("forecast", (budget.now, *ahead), (budget.known[-1], *path)))
    return layers


def _labels(slo: SloReport, budget: _Budget, frame: Frame) -> tuple[Label, ...]:
    """Names of the lines: each forecast at its end, and the even pace."""
    return (
        *_forecast_labels(budget, frame),
        *_even_label(slo, budget, frame),
    )


def _forecast_labels(budget: _Budget, frame: Frame) -> tuple[Label, ...]:
    """The pace of each forecast; one label for two ends that are near each other."""
    ends = [(f"as {pace_span(pace)}", path[-1]) for pace, path in budget.paths if path]
    if len(ends) > 1 and abs(ends[0][1] - ends[1][1]) < (frame.top - frame.bottom) / _LINES:
        ends = [("present pace", ends[0][1])]
    return tuple(Label(1, level, text, "time", "beside") for text, level in ends)


def _even_label(slo: SloReport, budget: _Budget, frame: Frame) -> tuple[Label, ...]:
    """The label of the even-pace line where the two lines are farthest apart; omitted if they are too close.

    The line falls. A label to its left is clear of it below the line, one to its right above it.
    """
    end = _even_end(slo, budget.span)
    room = []
    for index, value in enumerate(budget.values):
        place = budget.span.place(index)
        if value is not None and _EVEN_LABEL[0] < place < min(_EVEN_LABEL[1], end):
            room.append((value - (1 - place / end), place))
    distance, place = max(room, key=lambda found: abs(found[0]), default=(0.0, 0.0))
    if abs(distance) < (frame.top - frame.bottom) / _LINES:
        return ()
    anchor, above = ("end", _UNDER_LINE) if distance > 0 else ("start", 4)
    return (Label(place, 1 - place / end, "even pace", "time", anchor, above),)


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


def _even_end(slo: SloReport, span: Span) -> float:
    """Where the even pace reaches 0: at the end of the window, which for a calendar window is in the future."""
    return _position(slo.hours.start + round(window_seconds(slo)), span)


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
