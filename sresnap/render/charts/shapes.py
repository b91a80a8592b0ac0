"""A chart's shapes as SVG, drawn by matplotlib: grid, lines, bands, marks and dots.

Only matplotlib's SVG renderer is used, in less than a millisecond a chart. Axes would cost thirty, so the grid is drawn
as paths like any other. matplotlib is imported late: it takes half a second.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sresnap.render.charts.spec import ChartSpec, Layer
from sresnap.render.charts.svg import adopt

if TYPE_CHECKING:
    from matplotlib.transforms import Affine2D

_SIMPLIFY = 0.4
"""Pixels: points that move a line by less are left out."""


def shapes_svg(spec: ChartSpec) -> Markup:
    """The shapes, from back to front."""
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.transforms import Affine2D

    frame = spec.frame
    width, height = frame.size
    out = io.StringIO()
    renderer = RendererSVG(width, height, out, image_dpi=72, metadata={"Date": None})  # type: ignore[no-untyped-call]
    # The renderer's origin is at the bottom.
    scale = Affine2D().translate(0, -frame.bottom).scale(width, frame.scale).translate(0, frame.margins[1])
    brush = _Brush(renderer, scale)
    for level, _ in frame.y_ticks:
        brush.layer(_across(level, "zero" if level == 0 else "grid"))
    for layer in spec.layers:
        brush.layer(layer)
    for mark in spec.marks:
        brush.layer(_across(mark.level, mark.css_class))
    if spec.dots:
        brush.points("peak", spec.dots)
    renderer.finalize()  # type: ignore[no-untyped-call]
    return adopt(out.getvalue())


def _across(level: float, css_class: str) -> Layer:
    return Layer(css_class, (0, 1), (level, level))


@dataclass(frozen=True, slots=True)
class _Brush:
    """Draws layers with matplotlib's renderer, in the frame's coordinates."""

    renderer: Any
    scale: Affine2D

    def layer(self, layer: Layer) -> None:
        runs = _runs(layer)
        lines = [run for run in runs if len(run) > 1]
        if layer.lower is not None:
            self._band(layer, layer.lower, lines)
            return
        self._line(layer, lines)
        single = [(layer.xs[run[0]], layer.ys[run[0]]) for run in runs if len(run) == 1]
        if single:
            self.points("dot", [(x, y) for x, y in single if y is not None])

    def points(self, css_class: str, points: Sequence[tuple[float, float]]) -> None:
        """Dots as lines of zero length, which stay round when the picture is stretched."""
        from matplotlib.path import Path

        twice = [point for point in points for _ in range(2)]
        self._path(css_class, Path(twice, [Path.MOVETO, Path.LINETO] * len(points)), None)

    def _line(self, layer: Layer, runs: Sequence[Sequence[int]]) -> None:
        from matplotlib.path import Path

        points: list[tuple[float, float]] = []
        for run in runs:
            points += [(layer.xs[i], level_or_nan(layer.ys[i])) for i in run]
            points.append((math.nan, math.nan))
        if not points:
            return
        path = Path(points)
        path.simplify_threshold = _SIMPLIFY
        self._path(layer.css_class, path, None)

    def _band(self, layer: Layer, lower: Sequence[float | None], runs: Sequence[Sequence[int]]) -> None:
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
        if outlines:
            self._path(layer.css_class, Path.make_compound_path(*outlines), (0, 0, 0))

    def _path(self, css_class: str, path: Any, face: tuple[float, ...] | None) -> None:
        context = self.renderer.new_gc()
        self.renderer.open_group(css_class, css_class)
        self.renderer.draw_path(context, path, self.scale, face)
        self.renderer.close_group(css_class)
        context.restore()


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
