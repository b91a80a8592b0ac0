"""Where a chart's words go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from sresnap.render.charts.spec import ChartSpec, Mark
from sresnap.render.charts.svg import text

_EDGE = 0.06
"""A time label nearer than this to an edge is aligned to it, so that it is not cut off."""
_TIME_WIDTH = 0.27
"""The share of the width that a time label takes on a phone."""
_LOWEST_LABEL = 0.08
"""A mark lower than this share of the scale has no label: it would be on the axis and in the data."""
_OVER = -7
"""Pixels from the top of the frame to a mark's label, which is above the data: on its line, peaks would cross it."""
_LEFT_OF, _MIDDLE, _UNDER = 11.5, 3.12, 16.1
"""Pixels from the frame's edge to a level's label, from its line to the label's baseline, and from the frame's bottom
to the times' baseline."""


def labels_svg(spec: ChartSpec) -> Iterator[Markup]:
    """The labels of times, levels, marks and points. The page leaves room for levels left of the frame."""
    frame = spec.frame
    under = frame.size[1] - frame.margins[1] + _UNDER
    for (place, label), name in zip(frame.x_ticks, _time_classes(frame.x_ticks), strict=True):
        yield text(100 * place, under, label, name, time_anchor(place))
    for level, label in frame.y_ticks:
        yield text(-_LEFT_OF, frame.y(level) + _MIDDLE, label, "level", "end")
    for mark in labelled_marks(spec):
        yield text(100, _OVER, mark.label, f"{mark.css_class}-label", "end")
    for words in spec.labels:
        yield text(100 * words.x, frame.y(words.y) - words.above, words.text, words.css_class, words.anchor)


def time_anchor(place: float) -> str:
    """How a time label is aligned at a position 0..1: `start`, `end` or `middle`."""
    return "start" if place < _EDGE else "end" if place > 1 - _EDGE else "middle"


def _time_classes(ticks: Sequence[tuple[float, str]]) -> list[str]:
    """The class of each time label. Labels too near to a later one are `alt`, and hidden where there is little room."""
    classes: list[str] = []
    shown: list[float] = []
    for place, _ in reversed(ticks):
        is_near = any(abs(place - other) < _TIME_WIDTH for other in shown)
        classes.append("time alt" if is_near else "time")
        shown += [] if is_near else [place]
    return classes[::-1]


def labelled_marks(spec: ChartSpec) -> list[Mark]:
    """The marks that have room for a label: not those at the very bottom."""
    frame = spec.frame
    return [mark for mark in spec.marks if (mark.level - frame.bottom) / (frame.top - frame.bottom) >= _LOWEST_LABEL]
