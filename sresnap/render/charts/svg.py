"""SVG for a page: without style attributes, one drawing for every width and for both themes.

Shapes are in an inner `<svg>` that stretches with the page. Texts are outside of it, placed in percent, so they keep
their size. Colours are in the style sheet, by a shape's class.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Drawing:
    """The parts of one picture."""

    shapes: Markup
    texts: Markup


def coordinate(pixels: float) -> str:
    """A number of path data, with at most one decimal."""
    return f"{pixels:.1f}".removesuffix(".0")


def line(css_class: str, data: str) -> Markup:
    """A line by its path data; nothing where it has none. Colours and widths are in the style sheet."""
    return _path(css_class, data, ' fill="none"')


def area(css_class: str, data: str) -> Markup:
    """A filled shape by its path data; nothing where it has none."""
    return _path(css_class, data, "")


def _path(css_class: str, data: str, attributes: str) -> Markup:
    if not data:
        return Markup("")
    return Markup(f'<path class="{escape(css_class)}" d="{data}"{attributes}/>\n')  # noqa: S704 - escaped, and numbers


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
        '<svg class="chart{axes}" role="{role}" aria-labelledby="{name}-t {name}-d" width="100%" height="{whole}">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{summary}</desc>'
        '<svg width="100%" height="{height}" viewBox="0 0 {width} {height}" preserveAspectRatio="none">{shapes}</svg>'
        "{texts}</svg>"
    ).format(
        name=name,
        role="group" if "<a " in drawing.shapes else "img",  # of an image, readers are not shown any links
        axes=(" axes" if drawing.texts else "") + (" beside" if ' dx="6"' in drawing.texts else ""),
        title=title,
        summary=summary,
        width=width,
        height=height,
        whole=height + below,
        shapes=drawing.shapes,
        texts=drawing.texts,
    )
