"""Charts, drawn by matplotlib. The only module that imports it, and late: importing it takes a second.

A frame (grid, ticks, labels) is the same for all services whose scale is the same, so it is drawn once and shared;
a curve alone costs a fraction of a millisecond. Always `Figure()` with its own canvas, never pyplot.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from markupsafe import Markup

from sresnap.render.svg import Drawing, adopt, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TOP, _BOTTOM = 10, 20
"""Pixels for half of the top label, and for the time axis."""
_EDGE = 0.06
"""Time labels nearer than this to an edge are aligned to it, so that none is cut off."""
_ROOM = 0.27
"""Of the width: what a time label takes on a phone."""
_LOWEST_LABEL = 0.08
"""Of the scale: a mark's label under that would stand on the axis and in the data."""
_SIMPLIFY = 0.4
"""Pixels: a line's points that move it by less are left out."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Axes without data. Equal frames are drawn once."""

    size: tuple[int, int]
    """Width in drawing units, height in pixels."""
    bottom: float
    top: float
    y_ticks: tuple[tuple[float, str], ...]
    x_ticks: tuple[tuple[float, str], ...]
    """Positions 0..1 and their labels; the later one matters more where there is room for few."""

    @property
    def margins(self) -> tuple[int, int]:
        """Pixels above and below the data; hardly any where nothing is written."""
        return (_TOP, _BOTTOM) if self.y_ticks else (3, 3)


@dataclass(frozen=True, slots=True)
class Layer:
    """A line, or the band between two lines. x is 0..1; None is a gap."""

    css_class: str
    xs: Sequence[float]
    ys: Sequence[float | None]
    lower: Sequence[float | None] | None = None
    """The band's other edge; None for a line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A level to compare with, labelled."""

    level: float
    label: str
    css_class: str = "mark"


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a point of the data."""

    x: float
    y: float
    text: str
    css_class: str = "value"
    anchor: str = "start"
    """`start`, `end`, `middle`; `beside`: right of the drawing, at the level y."""
    above: int = 0
    """Pixels above y."""


@dataclass(slots=True)
class Easel:
    """Draws charts, and keeps the frames for the next one. A context: matplotlib's settings are put back at its end."""

    _frames: dict[Frame, tuple[Axes, Drawing]] = field(default_factory=dict)
    _settings: ExitStack = field(default_factory=ExitStack)
    _is_ready: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._settings.close()
        self._is_ready = False

    def draw(
        self,
        frame: Frame,
        layers: Sequence[Layer],
        marks: Sequence[Mark] = (),
        dots: Sequence[tuple[float, float]] = (),
        labels: Sequence[Label] = (),
    ) -> tuple[Drawing, ...]:
        """Frame, data and marks, from back to front."""
        if not self._is_ready:
            self._get_ready()
        if frame not in self._frames:
            self._frames[frame] = _draw_frame(frame)
        axes, backdrop = self._frames[frame]
        words = Drawing(Markup(""), _labels(axes, frame, labels))
        return backdrop, _draw_data(frame, axes, layers, marks, dots), words

    def _get_ready(self) -> None:
        """The settings that make the same bytes everywhere, whatever matplotlibrc the user has."""
        import matplotlib as mpl

        self._settings.enter_context(mpl.rc_context())
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "sresnap", "font.size": 12})
        self._is_ready = True


def _draw_frame(frame: Frame) -> tuple[Axes, Drawing]:
    """The axes, and their picture."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    width, height = frame.size
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    FigureCanvasSVG(figure)
    figure.patch.set_visible(False)
    above, below = frame.margins
    axes = figure.add_axes((0, below / height, 1, (height - above - below) / height))
    axes.patch.set_visible(False)
    axes.set(xlim=(0, 1), ylim=(frame.bottom, frame.top))
    for spine in axes.spines.values():
        spine.set_visible(False)
    _label(axes, frame)
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return axes, adopt(out.getvalue().decode())


def _label(axes: Axes, frame: Frame) -> None:
    """Grid lines and the labels of both axes: levels left of the frame, where the page leaves room, times below."""
    axes.set_yticks([level for level, _ in frame.y_ticks], labels=[label for _, label in frame.y_ticks])
    axes.set_xticks([place for place, _ in frame.x_ticks], labels=[label for _, label in frame.x_ticks])
    axes.tick_params(left=False, bottom=False)
    axes.tick_params(axis="y", pad=8)
    axes.grid(axis="y", clip_on=False)
    for (level, _), line, label in zip(frame.y_ticks, axes.get_ygridlines(), axes.get_yticklabels(), strict=True):
        line.set_gid("zero" if level == 0 else "grid")
        label.set(ha="right", va="center", gid="level", parse_math=False)
    for (place, _), label in zip(frame.x_ticks, axes.get_xticklabels(), strict=True):
        side = "left" if place < _EDGE else "right" if place > 1 - _EDGE else "center"
        label.set(ha=side, parse_math=False)
    kept: list[float] = []
    for (place, _), label in zip(reversed(frame.x_ticks), reversed(axes.get_xticklabels()), strict=True):
        # Where there is little room, those that stand too near to a later one are left out.
        is_near = any(abs(place - other) < _ROOM for other in kept)
        label.set_gid("time alt" if is_near else "time")
        kept += [] if is_near else [place]


def _draw_data(
    frame: Frame, axes: Axes, layers: Sequence[Layer], marks: Sequence[Mark], dots: Sequence[tuple[float, float]]
) -> Drawing:
    """Lines, bands, marks and dots on the frame's axes, without drawing the frame again."""
    from matplotlib.backends.backend_svg import RendererSVG

    width, height = frame.size
    out = io.StringIO()
    renderer = RendererSVG(width, height, out, image_dpi=72, metadata={"Date": None})  # type: ignore[no-untyped-call]
    for layer in layers:
        _draw_layer(renderer, axes, layer)
    for mark in marks:
        _draw_layer(renderer, axes, Layer(mark.css_class, (0, 1), (mark.level, mark.level)))
    if dots:
        _draw_points(renderer, axes, "peak", dots)
    renderer.finalize()  # type: ignore[no-untyped-call]
    return Drawing(adopt(out.getvalue()).shapes, _mark_labels(axes, height, marks))


def _labels(axes: Axes, frame: Frame, labels: Sequence[Label]) -> Markup:
    height = frame.size[1]
    places = [(height - float(axes.transData.transform((0, label.y))[1]), label) for label in labels]
    return Markup("").join(
        text(100 * label.x, y - label.above, label.text, label.css_class, label.anchor) for y, label in places
    )


def _mark_labels(axes: Axes, height: int, marks: Sequence[Mark]) -> Markup:
    """The marks' labels at the right, above their lines; at the very bottom there is no room for one."""
    bottom, top = axes.get_ylim()
    shown = [mark for mark in marks if (mark.level - bottom) / (top - bottom) >= _LOWEST_LABEL]
    found = [(height - float(axes.transData.transform((0, mark.level))[1]), mark) for mark in shown]
    return Markup("").join(text(100, y - 4, mark.label, f"{mark.css_class}-label", "end") for y, mark in found)


def _draw_layer(renderer: Any, axes: Axes, layer: Layer) -> None:
    runs = list(_runs(layer))
    if layer.lower is not None:
        _draw_band(renderer, axes, layer, [run for run in runs if len(run) > 1])
        return
    _draw_line(renderer, axes, layer, [run for run in runs if len(run) > 1])
    alone = [(layer.xs[run[0]], layer.ys[run[0]]) for run in runs if len(run) == 1]
    if alone:
        _draw_points(renderer, axes, "dot", [(x, y) for x, y in alone if y is not None])


def _runs(layer: Layer) -> list[list[int]]:
    """Indexes of the points between gaps."""
    runs: list[list[int]] = [[]]
    for index, value in enumerate(layer.ys):
        if value is None or (layer.lower is not None and layer.lower[index] is None):
            runs.append([])
        else:
            runs[-1].append(index)
    return [run for run in runs if run]


def _draw_line(renderer: Any, axes: Axes, layer: Layer, runs: Sequence[Sequence[int]]) -> None:
    from matplotlib.path import Path

    points: list[tuple[float, float]] = []
    for run in runs:
        points += [(layer.xs[i], _level(layer.ys[i])) for i in run]
        points.append((math.nan, math.nan))
    if not points:
        return
    path = Path(points)
    path.simplify_threshold = _SIMPLIFY
    _draw_path(renderer, axes, layer.css_class, path, None)


def _draw_band(renderer: Any, axes: Axes, layer: Layer, runs: Sequence[Sequence[int]]) -> None:
    from matplotlib.path import Path

    lower = layer.lower or ()
    outlines = [
        Path(
            [*((layer.xs[i], _level(layer.ys[i])) for i in run), *((layer.xs[i], _level(lower[i])) for i in run[::-1])]
        )
        for run in runs
    ]
    if outlines:
        _draw_path(renderer, axes, layer.css_class, Path.make_compound_path(*outlines), (0, 0, 0))


def _draw_points(renderer: Any, axes: Axes, css_class: str, points: Sequence[tuple[float, float]]) -> None:
    """Dots as lines of no length, so that stretching the picture keeps them round."""
    from matplotlib.path import Path

    twice = [point for point in points for _ in range(2)]
    _draw_path(renderer, axes, css_class, Path(twice, [Path.MOVETO, Path.LINETO] * len(points)), None)


def _draw_path(renderer: Any, axes: Axes, css_class: str, path: Any, face: tuple[float, ...] | None) -> None:
    context = renderer.new_gc()
    renderer.open_group(css_class, css_class)
    renderer.draw_path(context, path, axes.transData, face)
    renderer.close_group(css_class)
    context.restore()


def _level(value: float | None) -> float:
    return math.nan if value is None else value
