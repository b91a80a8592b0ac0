"""Charts, drawn by matplotlib. The only module that imports it, and late: importing it takes a second.

A frame (grid, ticks, labels) is the same for all services whose scale is the same, so it is drawn once and shared;
a curve alone costs a fraction of a millisecond. Always `Figure()` with its own canvas, never pyplot.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from markupsafe import Markup

from sresnap.render.sketch import Frame, Label, Layer, Mark, Sketch
from sresnap.render.svg import Drawing, adopt, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_EDGE = 0.06
"""Time labels nearer than this to an edge are aligned to it, so that none is cut off."""
_ROOM = 0.27
"""Of the width: what a time label takes on a phone."""
_LOWEST_LABEL = 0.08
"""Of the scale: a mark's label under that would stand on the axis and in the data."""
_SIMPLIFY = 0.4
"""Pixels: a line's points that move it by less are left out."""


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

    def draw(self, sketch: Sketch) -> tuple[Drawing, ...]:
        """Frame, data and words, from back to front, as SVG."""
        self._get_ready()
        frame = sketch.frame
        if frame not in self._frames:
            self._frames[frame] = _draw_frame(frame)
        axes, backdrop = self._frames[frame]
        words = Drawing(Markup(""), _labels(axes, frame, sketch.labels))
        return backdrop, _draw_data(axes, sketch), words

    def png(self, sketch: Sketch, title: str, palette: Mapping[str, str]) -> bytes:
        """The same as a PNG at twice the size, on white, for mails and slides, which know no style sheet.

        Args:
            sketch: the chart.
            title: what stands above it.
            palette: colours by the names that the style sheet has for them: `series`, `muted`, `bad`, …
        """
        self._get_ready()
        return _paint(sketch, title, palette)

    def _get_ready(self) -> None:
        """The settings that make the same bytes everywhere, whatever matplotlibrc the user has."""
        if self._is_ready:
            return
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


def _draw_data(axes: Axes, sketch: Sketch) -> Drawing:
    """Lines, bands, marks and dots on the frame's axes, without drawing the frame again."""
    from matplotlib.backends.backend_svg import RendererSVG

    width, height = sketch.frame.size
    out = io.StringIO()
    renderer = RendererSVG(width, height, out, image_dpi=72, metadata={"Date": None})  # type: ignore[no-untyped-call]
    for layer in sketch.layers:
        _draw_layer(renderer, axes, layer)
    for mark in sketch.marks:
        _draw_layer(renderer, axes, Layer(mark.css_class, (0, 1), (mark.level, mark.level)))
    if sketch.dots:
        _draw_points(renderer, axes, "peak", sketch.dots)
    renderer.finalize()  # type: ignore[no-untyped-call]
    return Drawing(adopt(out.getvalue()).shapes, _mark_labels(axes, height, sketch.marks))


def _labels(axes: Axes, frame: Frame, labels: Sequence[Label]) -> Markup:
    height = frame.size[1]
    places = [(height - float(axes.transData.transform((0, label.y))[1]), label) for label in labels]
    return Markup("").join(
        text(100 * label.x, y - label.above, label.text, label.css_class, label.anchor) for y, label in places
    )


def _mark_labels(axes: Axes, height: int, marks: Sequence[Mark]) -> Markup:
    """The marks' labels at the right, above their lines."""
    shown = _with_room(axes, marks)
    found = [(height - float(axes.transData.transform((0, mark.level))[1]), mark) for mark in shown]
    return Markup("").join(text(100, y - 4, mark.label, f"{mark.css_class}-label", "end") for y, mark in found)


def _with_room(axes: Axes, marks: Sequence[Mark]) -> list[Mark]:
    """The marks that can be labelled: at the very bottom there is no room."""
    bottom, top = axes.get_ylim()
    return [mark for mark in marks if (mark.level - bottom) / (top - bottom) >= _LOWEST_LABEL]


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


_LINES: Mapping[str, tuple[str, float, str]] = {
    "line": ("series", 1.75, "-"), "step": ("series", 1.75, "-"), "even": ("muted", 1, "--"),
    "mark": ("risk", 1.25, "--"),
    "forecast": ("series", 1.5, ":"), "today": ("muted", 1, "-"), "leaves": ("text", 2, "-"),
}  # fmt: skip
_BANDS = {"band": ("series", 0.22), "overspent": ("bad", 0.45), "below": ("bad", 0.25)}
"""As site/css/charts.css has them: a layer's colour with its width and dash, or its opacity."""
_LEFT, _RIGHT, _TITLE = 60, 90, 30
"""Pixels for the levels, for the words beside, and for the title."""


def _paint(sketch: Sketch, title: str, palette: Mapping[str, str]) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    frame = sketch.frame
    (above, below), (width, height) = frame.margins, frame.size
    whole = (_LEFT + width + _RIGHT, _TITLE + height)
    figure = Figure(figsize=(whole[0] / 72, whole[1] / 72), dpi=144, facecolor=palette["bg"])
    FigureCanvasAgg(figure)
    axes = figure.add_axes((_LEFT / whole[0], below / whole[1], width / whole[0], (height - above - below) / whole[1]))
    axes.set(xlim=(0, 1), ylim=(frame.bottom, frame.top), facecolor=palette["bg"])
    for spine in axes.spines.values():
        spine.set_visible(False)
    _label(axes, frame)
    axes.tick_params(colors=palette["muted"])
    axes.grid(axis="y", color=palette["grid"], linewidth=1)
    figure.text(
        _LEFT / whole[0], 1 - 8 / whole[1], title, va="top", weight="bold", color=palette["text"], parse_math=False
    )
    for layer in sketch.layers:
        _paint_layer(axes, layer, palette)
    for mark in sketch.marks:
        axes.axhline(mark.level, color=palette["risk"], linewidth=1.25, linestyle="--")
    for x, y in sketch.dots:
        axes.plot([x], [y], "o", color=palette["series"], markersize=5)
    _write(axes, sketch, palette)
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _paint_layer(axes: Axes, layer: Layer, palette: Mapping[str, str]) -> None:
    ys = [_level(y) for y in layer.ys]
    if layer.lower is not None:
        colour, alpha = _BANDS.get(layer.css_class, (layer.css_class.removeprefix("fill-"), 1.0))
        axes.fill_between(layer.xs, ys, [_level(y) for y in layer.lower], color=palette.get(colour, palette["series"]),
                          alpha=alpha, linewidth=0)  # fmt: skip
        return
    colour, width, dash = _LINES.get(layer.css_class, _LINES["line"])
    axes.plot(layer.xs, ys, color=palette[colour], linewidth=width, linestyle=dash)


def _write(axes: Axes, sketch: Sketch, palette: Mapping[str, str]) -> None:
    words = [Label(1, mark.level, mark.label, "mark-label", "end", above=4) for mark in _with_room(axes, sketch.marks)]
    for label in (*sketch.labels, *words):
        colour = palette["risk" if label.css_class == "mark-label" else "text" if label.css_class == "max" else "muted"]
        beside = label.anchor == "beside"
        side: Any = {"end": "right", "middle": "center"}.get(label.anchor, "left")
        axes.annotate(
            label.text, (1 if beside else label.x, label.y), (6 if beside else 0, label.above),
            textcoords="offset points", ha=side, va="center" if beside else "bottom", color=colour,
            annotation_clip=False, parse_math=False,
        )  # fmt: skip
