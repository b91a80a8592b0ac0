"""Pictures made of cells: a strip of days, a map of hours. Colour and height say how a day or an hour went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from sresnap.render.charts.svg import Drawing, picture
from sresnap.render.views import Chart, Table

STRIP_HEIGHT = 24
"""Pixels."""
_DAY_WIDTH, _DAY_GAP = 8, 2
_UNKNOWN = "fill-nodata"
"""The class of a cell without data. It is hatched, so that it differs without its colour too."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle, in pixels from the top left corner of the picture."""

    css_class: str
    left: int
    bottom: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CellLink:
    """A part of the picture that leads to a page, from top to bottom."""

    left: int
    width: int
    href: str
    title: str


def day_cell(place: int, height: int, tone: str) -> Cell:
    """The cell of a day in a strip.

    Args:
        place: 0 for the first day.
        height: pixels, up to `STRIP_HEIGHT`.
        tone: `ok`, `risk`, `bad`, `nodata`, `idle`, `thinned`.
    """
    return Cell(f"fill-{tone}", place * (_DAY_WIDTH + _DAY_GAP), STRIP_HEIGHT, _DAY_WIDTH, height)


def strip_size(days: int) -> tuple[int, int]:
    """Width and height of a strip of days."""
    return days * (_DAY_WIDTH + _DAY_GAP) - _DAY_GAP, STRIP_HEIGHT


def cell_chart(
    name: str,
    title: str,
    summary: str,
    size: tuple[int, int],
    cells: Iterable[Cell],
    *,
    texts: Markup | None = None,
    below: int = 0,
    table: Table | None = None,
    pointer: str = "",
    links: Iterable[CellLink] = (),
) -> Chart:
    """A chart of cells.

    Args:
        name: prefix of the picture's ids, unique in the page.
        title: what it shows.
        summary: one sentence with the numbers.
        size: width and height of the cells together.
        cells: what to draw.
        texts: labels around them.
        below: pixels under the cells, for labels.
        table: the numbers.
        pointer: where the numbers are in the snapshot (JSON Pointer).
        links: what can be clicked. The keyboard passes over them, so the page must have another way there.
    """
    shapes = _shapes(cells) + _links(links, size[1])
    svg = picture(name, title, summary, size, Drawing(shapes, texts or Markup("")), below)
    return Chart(name, title, svg, summary, table, pointer)


def _links(links: Iterable[CellLink], height: int) -> Markup:
    return Markup("").join(
        Markup(
            '<a href="{}" tabindex="-1"><title>{}</title><rect class="hit" x="{}" width="{}" height="{}"/></a>\n'
        ).format(link.href, link.title, link.left, link.width, height)
        for link in links
    )


def _shapes(cells: Iterable[Cell]) -> Markup:
    """One path for each class, so that hundreds of cells stay small."""
    paths: dict[str, list[str]] = {}
    for cell in cells:
        outline = f"M{cell.left} {cell.bottom}v-{cell.height}h{cell.width}v{cell.height}z"
        paths.setdefault(cell.css_class, []).append(outline)
    return Markup("").join(
        Markup('<path class="{}"{} d="{}"/>').format(
            css_class, Markup(' fill="url(#hatch)"') if css_class == _UNKNOWN else "", "".join(outlines)
        )
        for css_class, outlines in sorted(paths.items())
    )
