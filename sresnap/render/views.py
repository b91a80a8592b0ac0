"""View models that panels and pages share. All strings are ready to show; templates only escape them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from sresnap.documents.layout import root_of
from sresnap.format import NONE
from sresnap.render.charts.spec import ChartSpec


@dataclass(frozen=True, slots=True)
class Badge:
    """A status, always with its glyph, word and colour."""

    glyph: str
    word: str
    tone: str
    """The colour's class: `ok`, `risk`, `bad` or `nodata`."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number as text. A missing number has a reason instead."""

    text: str
    why: str | None = None
    """Why there is no number; None when there is one."""
    tone: str = ""
    raw: str | None = None
    """The number without corrections; is shown beside it."""

    @property
    def missing(self) -> bool:
        return self.text == NONE


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar. Positions are percentages of its width, ready for an SVG attribute."""

    start: str
    width: str
    tone: str
    zero: str | None = None
    """Where zero is, if it is not at the left."""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The data of a chart."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its words and its data, or the reason why nothing is drawn."""

    id: str
    title: str
    svg: Markup | None
    summary: str
    """One sentence with the numbers, or the reason."""
    table: Table | None = None
    pointer: str = ""
    """Where its numbers are in the snapshot (JSON Pointer, RFC 6901)."""
    spec: ChartSpec | None = None
    """What it was drawn from, to draw it in another form."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline number."""

    label: str
    value: Value
    notes: tuple[str, ...] = ()
    bar: Bar | None = None
    term: str = ""
    """The key of the concept that the label names."""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relative link."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that the script refreshes on its own."""

    name: str
    title: str
    template: str
    view: object
    term: str = ""
    """The key of the concept that the title names."""


@dataclass(frozen=True, slots=True)
class RenderedPanel:
    """A panel as HTML."""

    name: str
    title: str
    html: Markup
    rev: str
    term: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page before its panels are rendered."""

    path: str
    """`index.html`, `services/api/index.html`."""
    title: str
    heading: str
    status: Badge
    panels: tuple[Panel, ...]
    crumbs: tuple[Link, ...] = ()
    description: str = "Service levels, error budgets and golden signals."
    is_live: bool = True
    """Whether the script looks for a newer version. A frozen page never changes."""
    lead: str = ""
    """In front of the title in the browser's tab."""
    feed: str = ""
    """Site-relative path of its own feed; empty: the site's."""
    side: Panel | None = None
    """The sidebar of a page that shows nothing of the newest report; None: it has none, or the newest report's."""

    @property
    def root(self) -> str:
        """The relative link from the page's folder to the site's root: `./`, `../../`."""
        return root_of(self.path)


@dataclass(frozen=True, slots=True)
class Shell:
    """The site's settings and assets, for every page."""

    site_title: str
    css: str
    boot: str
    script: str
    icon: str
    icon_type: str | None
    state_icons: Mapping[str, str]
    """By the colour of a badge, as in `Assets`."""
    policy: str
    """The Content-Security-Policy."""
    schedule_seconds: int
    current_at: str
    """From when its age counts: when it was built, or the report's moment where that is older than a schedule."""
    generated: str
    """When it was built, for readers."""
    report: str
    """The snapshot's id."""
    footer: tuple[str, ...] = field(default=())
