"""The bars of an objective's burn rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.scale import log_position
from sresnap.render.charts.spec import ChartSpec, Frame, Label, Layer
from sresnap.render.views import Chart, Table

_WIDTH, _ROW, _AXIS = 360, 26, 30
"""Width of the chart, height of a bar's row and of the axis, in pixels."""
_HALF_BAR, _HALF_LIMIT = 0.28, 0.4
"""Half the height of a bar and of a limit's line, in rows."""
_LETTER, _GAP = 0.019, 0.01
"""The width of a letter, and the distance between a number and what it stands beside, as shares of the width."""
_SHORTEST = 0.004


def burn_bars(charts: Charts, name: str, slo: SloReport, windows: Sequence[str]) -> Chart:
    """Burn rates side by side on a logarithmic scale, with the limits of the alerts and the numbers printed."""
    title = f"Burn rates: {slo.name}"
    rates = {w: slo.windows[w].burn_rate for w in windows if w in slo.windows}
    if all(rate is None for rate in rates.values()):
        return Chart(name, title, None, "No burn rate is known.")
    limits = {alert.long: alert.threshold for alert in reversed(slo.alerts)}
    count = len(rates)
    middles = {window: count - index - 0.5 for index, window in enumerate(rates)}
    ticks = tuple((log_position(rate), f"{rate:g}×") for rate in (0.1, 1, 10, 100))
    rows = tuple((middle, fmt.window(window)) for window, middle in middles.items())
    frame = Frame((_WIDTH, _ROW * count + _AXIS), 0.0, float(count), rows, ticks)
    even = Layer("even", (log_position(1), log_position(1)), (0, count))
    bars = [_bar(rate, limits.get(w), middles[w]) for w, rate in rates.items() if rate is not None]
    marks = [_limit(limits[w], middles[w]) for w in rates if w in limits]
    labels = tuple(_label(rate, limits.get(w), middles[w]) for w, rate in rates.items())
    spec = ChartSpec(frame, (even, *reversed(bars), *marks), labels=labels)
    return charts.chart(name, title, _summary(rates, limits), spec, _table(rates, limits))


def _bar(rate: float, limit: float | None, middle: float) -> Layer:
    tone = "plain" if limit is None or rate <= limit else "risk"
    high, low = (middle + _HALF_BAR,) * 2, (middle - _HALF_BAR,) * 2
    return Layer(f"fill-{tone}", (0.0, max(log_position(rate), _SHORTEST)), high, low)


def _limit(limit: float, middle: float) -> Layer:
    return Layer("limit", (log_position(limit),) * 2, (middle - _HALF_LIMIT, middle + _HALF_LIMIT))


def _label(rate: float | None, limit: float | None, middle: float) -> Label:
    if rate is None:
        return Label(0, middle - 0.15, "no data")
    text = fmt.burn_rate(rate, limit)
    marks = [log_position(1)] if limit is None else [log_position(1), log_position(limit)]
    x, anchor = _place(log_position(rate), marks, _LETTER * len(text))
    return Label(x, middle - 0.15, text, anchor=anchor)


def _place(end: float, marks: Sequence[float], width: float) -> tuple[float, str]:
    """Where a bar's number stands, and which of its ends is there: beside the bar or inside it, and on no mark."""
    after = sorted(mark for mark in marks if mark >= end)
    before = sorted((mark for mark in marks if mark < end), reverse=True)
    starts = [(place + _GAP, "start") for place in (end, *after)]
    ends = [(place - _GAP, "end") for place in (end, *before)]
    for x, anchor in [*starts, *ends]:
        low, high = (x, x + width) if anchor == "start" else (x - width, x)
        if low >= 0 and high <= 1 and not any(low - _GAP / 2 < mark < high + _GAP / 2 for mark in marks):
            return x, anchor
    return ends[0]


def _summary(rates: Mapping[str, float | None], limits: Mapping[str, float]) -> str:
    parts = [
        f"{fmt.window(w)} {fmt.burn_rate(rate, limits.get(w))}"
        + (f", limit {fmt.threshold(limits[w])}" if w in limits else "")
        for w, rate in rates.items()
    ]
    return f"{'; '.join(parts)}. At 1× the budget lasts exactly its window."


def _table(rates: Mapping[str, float | None], limits: Mapping[str, float]) -> Table:
    rows = [
        (fmt.window(w), fmt.burn_rate(r, limits.get(w)), fmt.threshold(limits[w]) if w in limits else fmt.NONE)
        for w, r in rates.items()
    ]
    return Table(("window", "burn rate", "limit of its alert"), tuple(rows))
