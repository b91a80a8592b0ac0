"""From numbers to charts: scales, layers, words and the table behind each picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sresnap import format as fmt
from sresnap.model.golden import SignalReport, SignalWindow
from sresnap.model.slo import SloReport
from sresnap.render.charts.renderer import Easel
from sresnap.render.charts.scale import Bucket, buckets, nice_top
from sresnap.render.charts.spec import Frame, Label, Layer, Mark, Sketch
from sresnap.render.charts.svg import picture
from sresnap.render.clock import FEW_TICKS, Clock
from sresnap.render.views import Chart, Table

_SMALL = (360, 132)
MOST_POINTS = 168
"""More points than this are drawn as a band from lowest to highest around the median."""
_MOST_ROWS = 28
_LAST_TICK = 0.92
"""A time label beyond this would be cut off, but at the very end, where it is aligned to the edge."""
_LAST_LABEL = 0.7
"""The maximum's number ends at its dot beyond this, else it begins there."""
_FAR = 4
"""A mark this many times above the data would flatten it and is left out."""


@dataclass(frozen=True, slots=True)
class Span:
    """The times of a series' first and last point."""

    start: int
    step: int
    count: int

    @property
    def end(self) -> int:
        return self.start + self.step * (self.count - 1)

    def place(self, index: float) -> float:
        """0..1 along the time axis; a lone point stands in the middle."""
        return index / (self.count - 1) if self.count > 1 else 0.5

    def time(self, index: int) -> int:
        return self.start + index * self.step


@dataclass(slots=True)
class Studio:
    """Draws what a page needs. One for a whole site."""

    clock: Clock
    easel: Easel
    _ticks: dict[tuple[Span, int], tuple[tuple[float, str], ...]] = field(default_factory=dict)

    def signal(
        self, name: str, title: str, report: SignalReport | None, window: str, marks: Sequence[Mark], pointer: str = ""
    ) -> Chart:
        """A golden signal over one window: y from 0, the maximum marked, gaps left open."""
        title = f"{title}, {window}"
        series = report.windows.get(window) if report is not None else None
        if report is None or series is None or not _known(series):
            reason = (report.absent if report is not None else None) or f"No data over {window}."
            return Chart(name, title, None, reason)
        span = Span(series.start, series.step_seconds, len(series.values))
        parts = buckets(series.values, MOST_POINTS, series.peaks)
        highest, place = max((part.high, -part.first) for part in parts if part.high is not None)
        near = [mark for mark in marks if mark.level <= _FAR * max(highest, 0)]
        frame = self.frame(_SMALL, max([highest, *(mark.level for mark in near)]), 0.0, report.unit, span)
        layers = _layers(parts, span)
        peak = next(part for part in parts if part.first == -place)
        where = span.place((peak.first + peak.last) / 2)
        dots = [(where, highest)] if highest > 0 else []
        side = "end" if where > _LAST_LABEL else "start"
        labels = [Label(where, highest, fmt.quantity(highest, report.unit), "max", side, above=7)]
        summary = self._summary(title, series, report.unit, span, near)
        sketch = Sketch(frame, layers, near, dots, labels if dots else ())
        svg = picture(name, title, summary, _SMALL, self.easel.draw(sketch))
        return Chart(name, title, svg, summary, self._table(series, report.unit, span), pointer, sketch)

    def frame(
        self, size: tuple[int, int], highest: float, bottom: float, unit: str, span: Span, ticks: int = FEW_TICKS
    ) -> Frame:
        """Axes from bottom to a round top, with round times."""
        top = nice_top(highest, unit)
        levels = {0.0, top / 2, top} | ({bottom} if bottom < -top / 4 else set())
        y_ticks = tuple((level, fmt.tick(level, unit)) for level in sorted(levels))
        return Frame(size, bottom, top, y_ticks, self.time_ticks(span, ticks))

    def time_ticks(self, span: Span, most: int = FEW_TICKS) -> tuple[tuple[float, str], ...]:
        """Round local times along the axis."""
        if (span, most) not in self._ticks:
            length = max(1, span.end - span.start)
            found = [((t - span.start) / length, label) for t, label in self.clock.ticks(span.start, span.end, most)]
            shown = tuple((place, label) for place, label in found if place <= _LAST_TICK or place == 1)
            self._ticks[span, most] = shown
        return self._ticks[span, most]

    def _summary(self, title: str, series: SignalWindow, unit: str, span: Span, marks: Sequence[Mark]) -> str:
        """One sentence with the numbers."""
        whole = buckets(series.values, 1, series.peaks)[0]
        low, middle, high = (fmt.quantity(value, unit) for value in (whole.low, whole.middle, whole.high))
        last = next(index for index in range(span.count - 1, -1, -1) if series.values[index] is not None)
        latest = (
            f"{fmt.quantity(series.values[last], unit)} at {self.clock.label(span.time(last), span.end - span.start)}"
        )
        gaps = sum(value is None for value in series.values)
        missing = f"; {gaps} of {fmt.count(span.count, 'point')} without data" if gaps else ""
        compared = "".join(f"; {mark.label}" for mark in marks)
        return f"{title}: {low} to {high}, median {middle}, last {latest}{missing}{compared}."

    def _table(self, series: SignalWindow, unit: str, span: Span) -> Table:
        parts = buckets(series.values, _MOST_ROWS, series.peaks)
        length = span.end - span.start
        single = all(part.first == part.last for part in parts) and series.peaks is None
        head = ("time", "value") if single else ("from", "lowest", "median", "highest")
        rows = []
        for part in parts:
            numbers = (part.middle,) if single else (part.low, part.middle, part.high)
            rows.append((self.clock.label(span.time(part.first), length), *(fmt.quantity(n, unit) for n in numbers)))
        return Table(head, tuple(rows))


def _known(series: SignalWindow) -> bool:
    return any(value is not None for value in series.values)


def _layers(parts: Sequence[Bucket], span: Span) -> list[Layer]:
    """A line, with the band of what lies under it where points were put together or peaks are known."""
    xs = [span.place((part.first + part.last) / 2) for part in parts]
    line = Layer("line", xs, [part.middle for part in parts])
    if all(part.low == part.high for part in parts):
        return [line]
    return [Layer("band", xs, [part.high for part in parts], [part.low for part in parts]), line]


def reference_marks(slos: Sequence[SloReport]) -> Mapping[str, tuple[Mark, ...]]:
    """By signal, the levels that its curve is held against."""
    latency = [
        Mark(slo.threshold_seconds, f"SLO {fmt.latency(slo.threshold_seconds)}")
        for slo in slos
        if slo.threshold_seconds is not None
    ]
    errors = [
        Mark(1 - slo.objective, f"budget pace {fmt.objective(1 - slo.objective)}")
        for slo in slos
        if slo.threshold_seconds is None and slo.basis == "events"
    ]
    return {
        "latency_p99": tuple(latency[:1]),
        "error_rate": tuple(errors[:1]),
        "saturation": (Mark(0.8, f"80{fmt.SPACE}%"),),
    }
