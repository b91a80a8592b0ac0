"""Pictures of a table row's size: the day strip, the sparkline, bars."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.model.golden import SignalWindow
from sresnap.model.slo import SloReport
from sresnap.model.windows import HOUR
from sresnap.render.charts.renderer import Easel
from sresnap.render.charts.scale import buckets, nice_top
from sresnap.render.charts.spec import Frame, Layer, Sketch
from sresnap.render.charts.studio import MOST_POINTS, Span, Studio
from sresnap.render.charts.svg import Drawing, picture
from sresnap.render.charts.trend import Day, big_burn, days, hourly_burn, missing_words
from sresnap.render.clock import Clock
from sresnap.render.slo_text import window_name, window_seconds
from sresnap.render.views import Bar, Chart

_CELL, _GAP, _HEIGHT = 8, 2, 24
_LOWEST, _FULL_BURN = 5, 4.0
"""Pixels of a day that spent nothing, and the burn rate of a day that fills its cell."""
_SPARK = (120, 24)
_SPARK_HOURS = 24
_TONES = ("ok", "risk", "bad", "nodata", "idle")


def day_tone(day: Day, window_seconds: float) -> str:
    """`ok` within the pace of the budget, `bad` when one day spent a tenth of it, `idle` without traffic."""
    if day.events is None:
        return "nodata"
    burn = day.burn_rate
    if burn is None:
        return "idle"
    if burn <= 1:
        return "ok"
    return "risk" if burn <= big_burn(window_seconds) else "bad"


def day_strip(name: str, slo: SloReport, clock: Clock) -> Chart:
    """A cell for each 24 hours: colour and height say how fast the budget went, a hatch that nothing is known."""
    found = days(slo)
    title = f"{slo.name}, day by day over {window_name(slo)}"
    if not any(day.events for day in found):
        return Chart(name, title, None, f"No hour of {window_name(slo)} has data.")
    paths: dict[str, list[str]] = {tone: [] for tone in _TONES}
    for index, day in enumerate(found):
        paths[day_tone(day, window_seconds(slo))].append(_cell(index, day))
    shapes = Markup("").join(
        Markup('<path class="{}"{} d="{}"/>').format(
            f"fill-{tone}", Markup(' fill="url(#hatch)"') if tone == "nodata" else "", "".join(cells)
        )
        for tone, cells in paths.items()
        if cells
    )
    summary = _strip_summary(found, slo, clock)
    size = (len(found) * (_CELL + _GAP) - _GAP, _HEIGHT)
    return Chart(name, title, picture(name, title, summary, size, Drawing(shapes, Markup(""))), summary)


def _cell(index: int, day: Day) -> str:
    burn = day.burn_rate
    share = 1.0 if day.events is None else 0.0 if burn is None else min(1.0, burn / _FULL_BURN)
    height = round(_LOWEST + share * (_HEIGHT - _LOWEST))
    return f"M{index * (_CELL + _GAP)} {_HEIGHT}v-{height}h{_CELL}v{height}z"


def _strip_summary(found: Sequence[Day], slo: SloReport, clock: Clock) -> str:
    tones = [day_tone(day, window_seconds(slo)) for day in found]
    words = (("ok", "within pace"), ("risk", "over pace"), ("bad", "far over pace"), ("nodata", "without data"))
    counted = [f"{tones.count(tone)} {word}" for tone, word in (*words, ("idle", "without traffic")) if tone in tones]
    worst = max((day for day in found if day.burn_rate), key=lambda day: day.burn_rate or 0, default=None)
    at_worst = (
        f"; the worst began {clock.day_minute(worst.start)} with {fmt.burn_rate(worst.burn_rate)}" if worst else ""
    )
    return f"{fmt.count(len(found), 'day')}: {', '.join(counted)}{at_worst}."


def sparkline(name: str, slo: SloReport, easel: Easel, clock: Clock) -> Chart:
    """The burn rate of each of the last 24 hours, from 0, with the pace that the budget allows."""
    values = hourly_burn(slo)[-_SPARK_HOURS:]
    title = f"{slo.name}, burn rate by hour, last 24 h"
    known = [value for value in values if value is not None]
    if not known:
        return Chart(name, title, None, "None of the last 24 hours has data.")
    end = slo.hours.start + len(slo.hours.good) * HOUR
    missing = missing_words(slo, len(slo.hours.good) - len(values))
    latest = fmt.burn_rate(values[-1])
    summary = (
        f"{fmt.burn_rate(min(known))} to {fmt.burn_rate(max(known))}, last {latest} at {clock.minute(end)}{missing}."
    )
    frame = Frame(_SPARK, 0.0, nice_top(max(2.0, *known), ""), (), ())
    steps = max(1, len(values) - 1)
    layers = [Layer("even", (0, 1), (1, 1)), Layer("line", [index / steps for index in range(len(values))], values)]
    return Chart(name, title, picture(name, title, summary, _SPARK, easel.draw(Sketch(frame, layers))), summary)


def capacity_spark(studio: Studio, name: str, title: str, hours: SignalWindow) -> Chart:
    """How full something was, from 0 to 100 % or beyond; small."""
    parts = buckets(hours.values, MOST_POINTS)
    known = [part.high for part in parts if part.high is not None]
    span = Span(hours.start, hours.step_seconds, len(hours.values))
    days_long = fmt.duration(span.end - span.start)
    title = f"{title}, last {days_long}"
    if not known:
        return Chart(name, title, None, f"No data over {days_long}.")
    frame = Frame((120, 28), 0.0, max(1.0, *known), (), ())
    xs = [span.place((part.first + part.last) / 2) for part in parts]
    layers = [Layer("line", xs, [part.middle for part in parts])]
    summary = f"{fmt.percent(min(v for v in hours.values if v is not None))} to {fmt.percent(max(known))}."
    return Chart(
        name, title, picture(name, title, summary, frame.size, studio.easel.draw(Sketch(frame, layers))), summary
    )


def budget_bar(remaining_ratio: float | None, tone: str) -> Bar | None:
    """From −50 % to 100 % with zero marked; what is beyond is cut off, the number stands beside it."""
    if remaining_ratio is None:
        return None
    zero = 100 / 3
    end = zero + min(1.0, max(-0.5, remaining_ratio)) * 100 / 1.5
    return Bar(_place(min(zero, end)), _place(abs(end - zero)), tone, zero=_place(zero))


def level_bar(ratio: float | None, tone: str, marks: Sequence[float] = ()) -> Bar | None:
    """From 0 to 100 %."""
    if ratio is None:
        return None
    return Bar("0%", _place(100 * min(1.0, max(0.0, ratio))), tone, marks=tuple(_place(100 * mark) for mark in marks))


def _place(value: float) -> str:
    return f"{value:.4g}%"
