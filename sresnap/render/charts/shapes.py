"""A chart's shapes as SVG: grid, lines, bands, marks and dots.

matplotlib cuts lines at the frame and leaves out the points that nobody sees. Its SVG renderer would take five times as
long, and axes a hundred times. matplotlib is imported late: it takes half a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from markupsafe import Markup

from sresnap.render.charts.spec import ChartSpec, Layer
from sresnap.render.charts.svg import area, coordinate, line

if TYPE_CHECKING:
    from matplotlib.path import Path
    from matplotlib.transforms import Transform

_SIMPLIFY = 0.4
"""Pixels: points that move a line by less are left out."""


def shapes_svg(spec: ChartSpec) -> Markup:
    """The shapes, from back to front, each on a line of its own, so that a diff of two pages is readable."""
    from matplotlib.transforms import Affine2D

    frame = spec.frame
    width, height = frame.size
    # The frame counts from the bottom, SVG from the top.
    scale = Affine2D().translate(0, -frame.bottom).scale(width, frame.scale).translate(0, frame.margins[1])
    brush = _Brush((0, 0, width, height), scale.scale(1, -1).translate(0, height).frozen())
    shapes = [shape for layer in _layers(spec) for shape in brush.layer(layer)]
    if spec.dots:
        shapes.append(brush.points("peak", spec.dots))
    return Markup("").join(shapes)


def _layers(spec: ChartSpec) -> Iterator[Layer]:
    for level, _ in spec.frame.y_ticks:
        yield _across(level, "zero" if level == 0 else "grid")
    yield from spec.layers
    for mark in spec.marks:
        yield _across(mark.level, mark.css_class)


def _across(level: float, css_class: str) -> Layer:
    return Layer(css_class, (0, 1), (level, level))


@dataclass(frozen=True, slots=True)
class _Brush:
    """Draws layers, given in the frame's coordinates."""

    clip: tuple[float, float, float, float]
    scale: Transform

    def layer(self, layer: Layer) -> Iterator[Markup]:
        runs = _runs(layer)
        lines = [run for run in runs if len(run) > 1]
        if layer.lower is not None:
            yield self._band(layer, layer.lower, lines)
            return
        yield self._line(layer, lines)
        single = [(layer.xs[run[0]], layer.ys[run[0]]) for run in runs if len(run) == 1]
        if single:
            yield self.points("dot", [(x, y) for x, y in single if y is not None])

    def points(self, css_class: str, points: Sequence[tuple[float, float]]) -> Markup:
        """Dots as lines of zero length, which stay round when the picture is stretched."""
        from matplotlib.path import Path

        twice = [point for point in points for _ in range(2)]
        return line(css_class, self._data(Path(twice, [Path.MOVETO, Path.LINETO] * len(points)), clip=self.clip))

    def _line(self, layer: Layer, runs: Sequence[Sequence[int]]) -> Markup:
        from matplotlib.path import Path

        points: list[tuple[float, float]] = []
        for run in runs:
            points += [(layer.xs[i], level_or_nan(layer.ys[i])) for i in run]
            points.append((math.nan, math.nan))
        if not points:
            return Markup("")
        path = Path(points)
        path.simplify_threshold = _SIMPLIFY
        return line(layer.css_class, self._data(path, clip=self.clip, simplify=path.should_simplify))

    def _band(self, layer: Layer, lower: Sequence[float | None], runs: Sequence[Sequence[int]]) -> Markup:
        from matplotlib.path import Path

        outlines = [
            Path(
                [
                    *((layer.xs[i], level_or_nan(layer.ys[i])) for i in run),
                    *((layer.xs[i], level_or_nan(lower[i])) for i in run[::-1]),
                ]
            )
            for run in runs
        ]
        return area(layer.css_class, self._data(Path.make_compound_path(*outlines))) if outlines else Markup("")

    def _data(
        self, path: Path, *, clip: tuple[float, float, float, float] | None = None, simplify: bool = False
    ) -> str:
        """A path's data as SVG writes it, in pixels."""
        cleaned = path.cleaned(self.scale, remove_nans=True, clip=clip, simplify=simplify, curves=True)
        points = zip(cast("Any", cleaned.codes).tolist(), np.asarray(cleaned.vertices).tolist(), strict=True)
        letters = {int(path.MOVETO): "M", int(path.LINETO): "L"}
        return "".join(f"{letters[code]}{coordinate(x)} {coordinate(y)}" for code, (x, y) in points if code in letters)


def _runs(layer: Layer) -> list[list[int]]:
    """The indexes of each run of points between gaps."""
    runs: list[list[int]] = [[]]
    for index, value in enumerate(layer.ys):
        if value is None or (layer.lower is not None and layer.lower[index] is None):
            runs.append([])
        else:
            runs[-1].append(index)
    return [run for run in runs if run]


def level_or_nan(value: float | None) -> float:
    """A level as matplotlib takes it: NaN is a gap."""
    return math.nan if value is None else value
