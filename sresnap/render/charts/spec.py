"""A chart before it is drawn: plain data, the same for every output. Equal specs give equal drawings."""

from __future__ import annotations

from dataclasses import dataclass

_TOP, _BOTTOM = 10, 20
"""Pixels for half of the top label, and for the time axis."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Axes without data."""

    size: tuple[int, int]
    """Width in drawing units, height in pixels."""
    bottom: float
    top: float
    y_ticks: tuple[tuple[float, str], ...]
    x_ticks: tuple[tuple[float, str], ...]
    """Positions 0..1 and their labels. Where there is little room, later ones are kept."""

    @property
    def margins(self) -> tuple[int, int]:
        """Pixels above and below the data; few in a frame without labels."""
        return (_TOP, _BOTTOM) if self.y_ticks else (3, 3)

    @property
    def scale(self) -> float:
        """Pixels for one unit of the levels."""
        return (self.size[1] - sum(self.margins)) / (self.top - self.bottom)

    def y(self, level: float) -> float:
        """Pixels from the top of the frame to a level."""
        return self.margins[0] + (self.top - level) * self.scale


@dataclass(frozen=True, slots=True)
class Layer:
    """A line, or the band between two lines. x is 0..1; None is a gap."""

    css_class: str
    xs: tuple[float, ...]
    ys: tuple[float | None, ...]
    lower: tuple[float | None, ...] | None = None
    """The band's other edge; None for a line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled level to compare the data with."""

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
    """`start`, `end`, `middle`; `beside` puts it right of the drawing, at the level y."""
    above: int = 0
    """Pixels above y."""


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A frame and its contents, from back to front."""

    frame: Frame
    layers: tuple[Layer, ...]
    marks: tuple[Mark, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()
    labels: tuple[Label, ...] = ()
    note: str = ""
    """A sentence under the drawing."""
