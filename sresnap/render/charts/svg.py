"""Matplotlib's SVG for a page: without style attributes or ids, one drawing for every width and for both themes.

Shapes are in an inner `<svg>` that stretches with the page. Texts are outside of it, placed in percent, so they keep
their size. Colours are in the style sheet: a shape's class is the `gid` of its matplotlib group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+\.\d+")
_SPACES = re.compile(r"\s*([MLzZ])\s*")


@dataclass(frozen=True, slots=True)
class Drawing:
    """The parts of one picture."""

    shapes: Markup
    texts: Markup


def presentation(style: str) -> str:
    """The presentation attributes for a style attribute: only that a line is not filled.

    Colours, widths and fonts are in the style sheet.
    """
    declared = {name.strip(): value.strip() for name, _, value in (part.partition(":") for part in style.split(";"))}
    return ' fill="none"' if declared.get("fill") == "none" else ""


def compact(path: str) -> str:
    """Path data with at most one decimal and only the spaces that it needs."""
    rounded = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), path)
    return _SPACES.sub(r"\1", rounded).strip()


def adopt(source: str) -> Markup:
    """The shapes of matplotlib's SVG, each on a line of its own, so that a diff of two pages is readable."""
    root = ET.fromstring(source)  # noqa: S314 - drawn in this process
    shapes = "".join(_shape(path, name) for path, name in _walk(root, "") if path.get("d"))
    return Markup(shapes)  # noqa: S704 - each value was escaped


def _walk(element: ET.Element, css_class: str) -> Iterator[tuple[ET.Element, str]]:
    for child in element:
        if child.tag == f"{_SVG}path":
            yield child, css_class
        elif child.tag == f"{_SVG}g":
            yield from _walk(child, child.get("id", css_class))


def _shape(path: ET.Element, css_class: str) -> str:
    data, attributes = compact(path.get("d", "")), presentation(path.get("style", ""))
    return f'<path class="{escape(css_class)}" d="{escape(data)}"{attributes}/>\n'


def text(x: float, y: float, content: str, css_class: str, anchor: str = "start") -> Markup:
    """A text element at x percent and y pixels. A negative x is in pixels, left of the drawing.

    The anchor `beside` puts the text right of the drawing, where the page leaves room.
    """
    place = f"{x:.4g}%" if x >= 0 else f"{x:.4g}"
    if anchor == "beside":
        place, more = "100%", ' dx="6"'
    else:
        more = "" if anchor == "start" else f' text-anchor="{escape(anchor)}"'
    where = f'x="{place}" y="{y:.4g}"{more}'
    return Markup(f'<text class="{escape(css_class)}" {where}>{escape(content)}</text>\n')  # noqa: S704 - escaped


def picture(name: str, title: str, summary: str, size: tuple[int, int], drawing: Drawing, below: int = 0) -> Markup:
    """An inline SVG that fills its column, with its title and one-sentence description.

    Args:
        name: prefix of its ids, unique in the page.
        title: what it shows.
        summary: the description, with the numbers.
        size: width in drawing units and height in pixels.
        drawing: its shapes and texts.
        below: pixels under the shapes, for texts.
    """
    width, height = size
    return Markup(
        '<svg class="chart{axes}" role="img" aria-labelledby="{name}-t {name}-d" width="100%" height="{whole}">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{summary}</desc>'
        '<svg width="100%" height="{height}" viewBox="0 0 {width} {height}" preserveAspectRatio="none">{shapes}</svg>'
        "{texts}</svg>"
    ).format(
        name=name,
        axes=(" axes" if drawing.texts else "") + (" beside" if ' dx="6"' in drawing.texts else ""),
        title=title,
        summary=summary,
        width=width,
        height=height,
        whole=height + below,
        shapes=drawing.shapes,
        texts=drawing.texts,
    )
