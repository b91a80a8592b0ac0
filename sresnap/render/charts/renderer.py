"""Charts, drawn by matplotlib. The only module that imports it, and late: importing it takes half a second.

An SVG has the grid as paths like any other and its words as text, so that matplotlib's renderer alone draws it, in less
than a millisecond; axes of its own, as a PNG has them, would cost thirty. Never pyplot.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from markupsafe import Markup

from sresnap.render.charts.spec import Frame, Label, Layer, Mark, Sketch
from sresnap.render.charts.svg import Drawing, adopt, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Affine2D

_EDGE = 0.06
"""Time labels nearer than this to an edge are aligned to it, so that none is cut off."""
_ROOM = 0.27
"""Of the width: what a time label takes on a phone."""
_LOWEST_LABEL = 0.08
"""Of the scale: a mark's label under that would stand on the axis and in the data."""
_LEFT_OF, _MIDDLE, _UNDER = 11.5, 3.12, 16.1
"""Pixels from the frame's edge to a level's label and from its line to the label's baseline; from the frame's bottom to
the baseline of times."""
_SIMPLIFY = 0.4
"""Pixels: a line's points that move it by less are left out."""


@dataclass(slots=True)
class Easel:
    """Draws charts. A context: matplotlib's settings are put back at its end."""

    _settings: ExitStack = field(default_factory=ExitStack)
    _is_ready: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._settings.close()
        self._is_ready = False

    def draw(self, sketch: Sketch) -> Drawing:
        """Grid, data and words, from back to front, as SVG."""
        self._get_ready()
        return Drawing(_shapes(sketch), Markup("").join(_words(sketch)))

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
        mpl.rcParams.update({"font.size": 12})
        self._is_ready = True


def _shapes(sketch: Sketch) -> Markup:
    """Grid, lines, bands, marks and dots."""
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.transforms import Affine2D

    frame = sketch.frame
    width, height = frame.size
    out = io.StringIO()
    renderer = RendererSVG(width, height, out, image_dpi=72, metadata={"Date": None})  # type: ignore[no-untyped-call]
    # The renderer counts from the bottom.
    scale = Affine2D().translate(0, -frame.bottom).scale(width, frame.scale).translate(0, frame.margins[1])
    pen = _Pen(renderer, scale)
    for level, _ in frame.y_ticks:
        pen.layer(_across(level, "zero" if level == 0 else "grid"))
    for layer in sketch.layers:
        pen.layer(layer)
    for mark in sketch.marks:
        pen.layer(_across(mark.level, mark.css_class))
    if sketch.dots:
        pen.points("peak", sketch.dots)
    renderer.finalize()  # type: ignore[no-untyped-call]
    return adopt(out.getvalue())


def _across(level: float, css_class: str) -> Layer:
    return Layer(css_class, (0, 1), (level, level))


def _words(sketch: Sketch) -> Iterator[Markup]:
    """The labels of times, of levels, where the page leaves room left of the frame, of marks and of points."""
    frame = sketch.frame
    under = frame.size[1] - frame.margins[1] + _UNDER
    for (place, label), name in zip(frame.x_ticks, _time_classes(frame), strict=True):
        yield text(100 * place, under, label, name, _anchor(place))
    for level, label in frame.y_ticks:
        yield text(-_LEFT_OF, frame.y(level) + _MIDDLE, label, "level", "end")
    for mark in _with_room(sketch):
        yield text(100, frame.y(mark.level) - 4, mark.label, f"{mark.css_class}-label", "end")
    for words in sketch.labels:
        yield text(100 * words.x, frame.y(words.y) - words.above, words.text, words.css_class, words.anchor)


def _anchor(place: float) -> str:
    return "start" if place < _EDGE else "end" if place > 1 - _EDGE else "middle"


def _time_classes(frame: Frame) -> list[str]:
    """Of each label of a time: where there is little room, those that stand too near to a later one are left out."""
    found: list[str] = []
    kept: list[float] = []
    for place, _ in reversed(frame.x_ticks):
        is_near = any(abs(place - other) < _ROOM for other in kept)
        found.append("time alt" if is_near else "time")
        kept += [] if is_near else [place]
    return found[::-1]


def _with_room(sketch: Sketch) -> list[Mark]:
    """The marks that can be labelled: at the very bottom there is no room."""
    frame = sketch.frame
    return [mark for mark in sketch.marks if (mark.level - frame.bottom) / (frame.top - frame.bottom) >= _LOWEST_LABEL]


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws on matplotlib's renderer by a scale."""

    renderer: Any
    scale: Affine2D

    def layer(self, layer: Layer) -> None:
        runs = _runs(layer)
        lines = [run for run in runs if len(run) > 1]
        if layer.lower is not None:
            self._band(layer, layer.lower, lines)
            return
        self._line(layer, lines)
        alone = [(layer.xs[run[0]], layer.ys[run[0]]) for run in runs if len(run) == 1]
        if alone:
            self.points("dot", [(x, y) for x, y in alone if y is not None])

    def points(self, css_class: str, points: Sequence[tuple[float, float]]) -> None:
        """Dots as lines of no length, so that stretching the picture keeps them round."""
        from matplotlib.path import Path

        twice = [point for point in points for _ in range(2)]
        self._path(css_class, Path(twice, [Path.MOVETO, Path.LINETO] * len(points)), None)

    def _line(self, layer: Layer, runs: Sequence[Sequence[int]]) -> None:
        from matplotlib.path import Path

        points: list[tuple[float, float]] = []
        for run in runs:
            points += [(layer.xs[i], _level(layer.ys[i])) for i in run]
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
                    *((layer.xs[i], _level(layer.ys[i])) for i in run),
                    *((layer.xs[i], _level(lower[i])) for i in run[::-1]),
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
    """Indexes of the points between gaps."""
    runs: list[list[int]] = [[]]
    for index, value in enumerate(layer.ys):
        if value is None or (layer.lower is not None and layer.lower[index] is None):
            runs.append([])
        else:
            runs[-1].append(index)
    return [run for run in runs if run]


def _level(value: float | None) -> float:
    return math.nan if value is None else value


_LINES: Mapping[str, tuple[str, float, str]] = {
    "line": ("series", 1.75, "-"), "step": ("series", 1.75, "-"), "even": ("muted", 1, "--"),
    "mark": ("risk", 1.25, "--"),
    "forecast": ("series", 1.5, ":"), "today": ("muted", 1, "-"), "leaves": ("text", 2, "-"),
}  # fmt: skip
_BANDS = {"band": ("series", 0.22), "overspent": ("bad", 0.45), "below": ("bad", 0.25)}
"""As site/css/charts.css has them: a layer's colour with its width and dash, or its opacity."""
_SIDES: Mapping[str, Any] = {"start": "left", "end": "right", "middle": "center", "beside": "left"}
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
    axes.set_yticks([level for level, _ in frame.y_ticks])
    axes.set_yticklabels([label for _, label in frame.y_ticks], ha="right", va="center", parse_math=False)
    axes.set_xticks([place for place, _ in frame.x_ticks])
    for (place, _), label in zip(
        frame.x_ticks, axes.set_xticklabels([label for _, label in frame.x_ticks], parse_math=False), strict=True
    ):
        label.set_horizontalalignment(_SIDES[_anchor(place)])
    axes.tick_params(left=False, bottom=False, colors=palette["muted"])
    axes.tick_params(axis="y", pad=8)
    axes.grid(axis="y", clip_on=False, color=palette["grid"], linewidth=1)
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
    words = [Label(1, mark.level, mark.label, "mark-label", "end", above=4) for mark in _with_room(sketch)]
    for label in (*sketch.labels, *words):
        colour = palette["risk" if label.css_class == "mark-label" else "text" if label.css_class == "max" else "muted"]
        beside = label.anchor == "beside"
        side: Any = _SIDES[label.anchor]
        axes.annotate(
            label.text, (1 if beside else label.x, label.y), (6 if beside else 0, label.above),
            textcoords="offset points", ha=side, va="center" if beside else "bottom", color=colour,
            annotation_clip=False, parse_math=False,
        )  # fmt: skip
