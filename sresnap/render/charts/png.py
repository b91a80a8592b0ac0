"""A chart as a PNG at twice the size, for mails, slides and chats, which have no style sheet. Drawn by matplotlib."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sresnap.render.charts.labels import labelled_marks, time_anchor
from sresnap.render.charts.shapes import level_or_nan
from sresnap.render.charts.spec import ChartSpec, Label, Layer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINES: Mapping[str, tuple[str, float, str]] = {
    "line": ("series", 1.75, "-"), "step": ("series", 1.75, "-"), "even": ("muted", 1, "--"),
    "mark": ("risk", 1.25, "--"), "limit": ("text", 1.5, "--"), "provisional": ("series", 1.75, "--"),
    "forecast": ("series", 1.5, ":"), "today": ("muted", 1, "-"), "leaves": ("text", 2, "-"),
}  # fmt: skip
_BANDS = {"band": ("series", 0.22), "overspent": ("bad", 0.45), "below": ("bad", 0.25)}
"""As in site/css/charts.css: a layer's colour with its width and dash, or its opacity."""
_SIDES: Mapping[str, Any] = {"start": "left", "end": "right", "middle": "center", "beside": "left"}
_LEFT, _RIGHT, _TITLE, _NOTE = 60, 104, 30, 18
"""Pixels for the levels' labels, for labels beside the chart, for the title, and for a sentence under the chart."""


def paint(spec: ChartSpec, title: str, palette: Mapping[str, str]) -> bytes:
    """A PNG file on the palette's background.

    Args:
        spec: the chart.
        title: is printed above it.
        palette: colours by their names in the style sheet: `series`, `muted`, `bad`, …
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    frame = spec.frame
    (above, below), (width, height) = frame.margins, frame.size
    under = _NOTE if spec.note else 0
    whole = (_LEFT + width + _RIGHT, _TITLE + height + under)
    figure = Figure(figsize=(whole[0] / 72, whole[1] / 72), dpi=144, facecolor=palette["bg"])
    FigureCanvasAgg(figure)
    inside = (width / whole[0], (height - above - below) / whole[1])
    axes = figure.add_axes((_LEFT / whole[0], (below + under) / whole[1], *inside))
    _paint_axes(axes, spec, palette)
    _paint_title(figure, title, whole, palette)
    figure.text(_LEFT / whole[0], 5 / whole[1], spec.note, color=palette["muted"], parse_math=False)
    for layer in spec.layers:
        _paint_layer(axes, layer, palette)
    for mark in spec.marks:
        axes.axhline(mark.level, color=palette["risk"], linewidth=1.25, linestyle="--")
    for x, y in spec.dots:
        axes.plot([x], [y], "o", color=palette["series"], markersize=5)
    _paint_labels(axes, spec, palette)
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _paint_title(figure: Figure, title: str, whole: tuple[int, int], palette: Mapping[str, str]) -> None:
    figure.text(
        _LEFT / whole[0], 1 - 8 / whole[1], title, va="top", weight="bold", color=palette["text"], parse_math=False
    )


def _paint_axes(axes: Axes, spec: ChartSpec, palette: Mapping[str, str]) -> None:
    """The frame, the grid and the labels of times and levels."""
    frame = spec.frame
    axes.set(xlim=(0, 1), ylim=(frame.bottom, frame.top), facecolor=palette["bg"])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_yticks([level for level, _ in frame.y_ticks])
    axes.set_yticklabels([label for _, label in frame.y_ticks], ha="right", va="center", parse_math=False)
    axes.set_xticks([place for place, _ in frame.x_ticks])
    labels = axes.set_xticklabels([label for _, label in frame.x_ticks], parse_math=False)
    for (place, _), label in zip(frame.x_ticks, labels, strict=True):
        label.set_horizontalalignment(_SIDES[time_anchor(place)])
    axes.tick_params(left=False, bottom=False, colors=palette["muted"])
    axes.tick_params(axis="y", pad=8)
    axes.grid(axis="y", clip_on=False, color=palette["grid"], linewidth=1)


def _paint_layer(axes: Axes, layer: Layer, palette: Mapping[str, str]) -> None:
    ys = [level_or_nan(y) for y in layer.ys]
    if layer.lower is not None:
        colour, alpha = _BANDS.get(layer.css_class, (layer.css_class.removeprefix("fill-"), 1.0))
        lower = [level_or_nan(y) for y in layer.lower]
        axes.fill_between(layer.xs, ys, lower, color=palette.get(colour, palette["series"]), alpha=alpha, linewidth=0)
        return
    colour, width, dash = _LINES.get(layer.css_class, _LINES["line"])
    axes.plot(layer.xs, ys, color=palette[colour], linewidth=width, linestyle=dash)


def _paint_labels(axes: Axes, spec: ChartSpec, palette: Mapping[str, str]) -> None:
    words = [Label(1, mark.level, mark.label, "mark-label", "end", above=4) for mark in labelled_marks(spec)]
    for label in (*spec.labels, *words):
        colour = palette["risk" if label.css_class == "mark-label" else "text" if label.css_class == "max" else "muted"]
        beside = label.anchor == "beside"
        side: Any = _SIDES[label.anchor]
        axes.annotate(
            label.text, (1 if beside else label.x, label.y), (6 if beside else 0, label.above),
            textcoords="offset points", ha=side, va="center" if beside else "bottom", color=colour,
            annotation_clip=False, parse_math=False,
        )  # fmt: skip
