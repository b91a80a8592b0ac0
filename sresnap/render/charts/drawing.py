"""From numbers to a chart: what all charts of a build share, and the drawing of each."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self, TypeVar, cast

from sresnap import format as fmt
from sresnap.model.windows import HOUR
from sresnap.render.charts.renderer import ChartRenderer
from sresnap.render.charts.scale import nice_top
from sresnap.render.charts.spec import ChartSpec, Frame
from sresnap.render.charts.svg import picture
from sresnap.render.clock import FEW_TICKS, Clock
from sresnap.render.views import Chart, Table

_LAST_TICK = 0.92
"""A time label beyond this would be cut off, except at the very end, where it is aligned to the edge."""
_LINE = 14
"""Pixels that the label of a level takes."""
_View = TypeVar("_View")


@dataclass(frozen=True, slots=True)
class Span:
    """Equally spaced points in time."""

    start: int
    step: int
    """Seconds."""
    count: int

    @property
    def end(self) -> int:
        """The last point's time."""
        return self.start + self.step * (self.count - 1)

    def place(self, index: float) -> float:
        """A point's position 0..1 on the time axis; a single point is in the middle."""
        return index / (self.count - 1) if self.count > 1 else 0.5

    def time(self, index: int) -> int:
        """A point's time."""
        return self.start + index * self.step


@dataclass(slots=True)
class Charts:
    """Draws the charts of one build, in one time zone. A context manager, see `ChartRenderer`."""

    clock: Clock
    renderer: ChartRenderer = field(default_factory=ChartRenderer)
    _ticks: dict[tuple[Span, int], tuple[tuple[float, str], ...]] = field(default_factory=dict)
    _hours: dict[tuple[int, int], tuple[tuple[date, int], ...]] = field(default_factory=dict)
    _views: dict[Hashable, object] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.renderer.close()

    def once(self, key: Hashable, make: Callable[[], _View]) -> _View:
        """What several pages of the build show with the same charts, made for the first of them."""
        if key not in self._views:
            self._views[key] = make()
        return cast(_View, self._views[key])

    def chart(
        self, name: str, title: str, summary: str, spec: ChartSpec, table: Table | None = None, pointer: str = ""
    ) -> Chart:
        """A drawn chart.

        Args:
            name: prefix of the picture's ids, unique in the page.
            title: what it shows.
            summary: one sentence with the numbers.
            spec: what to draw.
            table: the numbers.
            pointer: where the numbers are in the snapshot (JSON Pointer).
        """
        svg = picture(name, title, summary, spec.frame.size, self.renderer.svg(spec))
        return Chart(name, title, svg, summary, table, pointer, spec)

    def frame(
        self, size: tuple[int, int], highest: float, bottom: float, unit: str, span: Span, ticks: int = FEW_TICKS
    ) -> Frame:
        """Axes from bottom to a round top, with round times."""
        top = nice_top(highest, unit)
        frame = Frame(size, bottom, top, (), self.time_ticks(span, ticks))
        return replace(frame, y_ticks=tuple((level, fmt.tick(level, unit)) for level in _levels(frame)))

    def time_ticks(self, span: Span, most: int = FEW_TICKS) -> tuple[tuple[float, str], ...]:
        """Round local times along the axis."""
        if (span, most) not in self._ticks:
            length = max(1, span.end - span.start)
            found = [((t - span.start) / length, label) for t, label in self.clock.ticks(span.start, span.end, most)]
            shown = tuple((place, label) for place, label in found if place <= _LAST_TICK or place == 1)
            self._ticks[span, most] = shown
        return self._ticks[span, most]

    def local_hours(self, start: int, count: int) -> tuple[tuple[date, int], ...]:
        """The local date and hour of each of `count` hours. All SLOs of a window share them."""
        if (start, count) not in self._hours:
            times = (self.clock.local(start + index * HOUR) for index in range(count))
            self._hours[start, count] = tuple((local.date(), local.hour) for local in times)
        return self._hours[start, count]


def _levels(frame: Frame) -> list[float]:
    """The levels to label from bottom to top, the first of these that have room: 0, the bottom, the top, its half."""
    shown: list[float] = []
    for level in (0.0, frame.bottom, frame.top, frame.top / 2):
        if all(abs(frame.y(level) - frame.y(other)) >= _LINE for other in shown):
            shown.append(level)
    return sorted(shown)
