"""Matplotlib's SVG made fit for a page: no style attributes, no ids, one drawing for every width and both themes.

Shapes go into an inner `<svg>` that stretches with the page; texts stay outside of it, placed in percent, so that they
keep their size. Colours are the style sheet's: a shape's class is the `gid` of the matplotlib group that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from markupsafe import Markup

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+\.\d+")
_SPACES = re.compile(r"\s*([MLzZ])\s*")


@dataclass(frozen=True, slots=True)
class Drawing:
    """The parts of one picture."""

    shapes: Markup
    texts: Markup


def presentation(style: str) -> dict[str, str]:
    """Of a style attribute, what stays as a presentation attribute: that a line is not filled.

    Colours, widths and fonts are the style sheet's.
    """
    declared = {name.strip(): value.strip() for name, _, value in (part.partition(":") for part in style.split(";"))}
    return {"fill": "none"} if declared.get("fill") == "none" else {}


def compact(path: str) -> str:
    """Path data with one decimal and no spaces that are not needed."""
    rounded = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), path)
    return _SPACES.sub(r"\1", rounded).strip()


def _attributes(pairs: dict[str, str]) -> Markup:
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in pairs.items())


def _walk(element: ET.Element, css_class: str) -> Iterator[tuple[ET.Element, str]]:
    for child in element:
        if child.tag == f"{_SVG}path":
            yield child, css_class
        elif child.tag == f"{_SVG}g":
            yield from _walk(child, child.get("id", css_class))


def _shape(path: ET.Element, css_class: str) -> Markup:
    attributes = presentation(path.get("style", ""))
    return Markup('<path class="{}" d="{}"{}/>\n').format(
        css_class, compact(path.get("d", "")), _attributes(attributes)
    )


def text(x: float, y: float, content: str, css_class: str, anchor: str = "start") -> Markup:
    """A text at x percent and y pixels; what is left of the drawing keeps its distance in pixels.

    The anchor `beside` puts it right of the drawing, where the page leaves room.
    """
    attributes = {"x": f"{x:.4g}%" if x >= 0 else f"{x:.4g}", "y": f"{y:.4g}"}
    if anchor == "beside":
        attributes |= {"x": "100%", "dx": "6"}
    elif anchor != "start":
        attributes["text-anchor"] = anchor
    return Markup('<text class="{}"{}>{}</text>\n').format(css_class, _attributes(attributes), content)


def adopt(source: str) -> Markup:
    """The shapes of matplotlib's SVG, each on a line of its own, so that a change of a page can be read."""
    root = ET.fromstring(source)  # noqa: S314 - our own drawing, made a moment ago
    return Markup("").join(_shape(path, name) for path, name in _walk(root, "") if path.get("d"))


def picture(name: str, title: str, summary: str, size: tuple[int, int], drawing: Drawing, below: int = 0) -> Markup:
    """An inline SVG that fills its column, with its title and one-sentence description.

    Args:
        name: prefix of its ids, unique in the page.
        title: what it shows.
        summary: the description, with the numbers.
        size: width in drawing units and height in pixels.
        drawing: what stands in it.
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
