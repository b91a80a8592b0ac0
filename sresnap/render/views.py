"""View models: what templates are filled with. All strings are ready to be shown; templates only escape and place them."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from sresnap.render.clock import Moment
from sresnap.render.format import NONE


@dataclass(frozen=True, slots=True)
class Badge:
    """A status: always glyph, word and colour together."""

    glyph: str
    word: str
    tone: str
    """Class of the colour: `ok`, `risk`, `bad` or `nodata`."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number as text. Where it is missing, the reason stands with it."""

    text: str
    why: str | None = None
    """Why there is no number; None when there is one."""
    tone: str = ""

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
    """Where zero is, when it is not at the left."""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Data behind a picture."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its words and its data; or the reason why there is none."""

    id: str
    title: str
    svg: Markup | None
    summary: str
    """One sentence with the numbers; the reason when nothing is drawn."""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline number."""

    label: str
    value: Value
    notes: tuple[str, ...] = ()
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relative link."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the report was made, what it covers, when the next one is due."""

    generated: Moment
    until: Moment
    due: Moment
    zone: str
    schedule: str
    window: str
    source: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """How many services have a status."""

    badge: Badge
    count: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of all in one sentence."""

    badge: Badge
    sentence: str
    reasons: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    policy: Badge | None = None
    policy_reason: str = ""
    incomplete: str | None = None
    """What is missing from the report; None when nothing is."""


@dataclass(frozen=True, slots=True)
class Concern:
    """A service that needs attention, and why."""

    link: Link
    badge: Badge
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs attention, worst first."""

    concerns: tuple[Concern, ...]
    calm: str
    """Said when there is none."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A strip of headline numbers."""

    groups: tuple[TileGroup, ...]


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Tiles about one thing."""

    title: str
    tiles: tuple[Tile, ...]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class SloRow:
    """One objective of one service."""

    service: Link
    name: str
    badge: Badge
    objective: str
    sli: Value
    notes: tuple[str, ...]
    """Coverage under 100 %, basis, flags."""
    budget: Value
    bar: Bar | None
    burns: tuple[Value, ...]
    spark: Chart
    strip: Chart
    reason: str | None


@dataclass(frozen=True, slots=True)
class SloTable:
    """Objectives, worst first."""

    burn_windows: tuple[str, ...]
    window: str
    rows: tuple[SloRow, ...]


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A burn-rate pair."""

    severity: str
    windows: str
    long: Value
    short: Value
    threshold: str
    bar: Bar | None
    state: Badge


@dataclass(frozen=True, slots=True)
class SloBudget:
    """The budget of one objective over its window."""

    title: str
    badge: Badge
    facts: tuple[tuple[str, Value], ...]
    forecast: str
    chart: Chart
    days: Chart
    alerts: tuple[AlertRow, ...]


@dataclass(frozen=True, slots=True)
class Budgets:
    """Error budgets of one service."""

    service: Link
    slos: tuple[SloBudget, ...]
    policy: Badge
    policy_reason: str


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A golden signal: its value now and its curves, one a window."""

    title: str
    value: Value
    charts: tuple[Chart, ...]
    absent: str | None


@dataclass(frozen=True, slots=True)
class Signals:
    """The golden signals of one service."""

    service: Link
    windows: tuple[str, ...]
    rows: tuple[SignalRow, ...]


@dataclass(frozen=True, slots=True)
class Capacities:
    """How full things are."""

    service: Link
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that failed or is missing."""

    where: str
    kind: str
    message: str
    count: str | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """What failed, what was missing, what the source warned of."""

    gaps: tuple[Gap, ...]
    warnings: tuple[Gap, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryView:
    """A request as it was sent."""

    title: str
    promql: str
    facts: tuple[tuple[str, str], ...]
    badge: Badge
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the numbers were computed."""

    summary: str
    queries: tuple[QueryView, ...]
    links: tuple[Link, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a page that is refreshed on its own."""

    name: str
    title: str
    template: str
    view: object


@dataclass(frozen=True, slots=True)
class RenderedPanel:
    """A panel as HTML."""

    name: str
    title: str
    html: Markup
    rev: str


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
    services: tuple[Link, ...] = ()

    @property
    def root(self) -> str:
        """The way from the page's folder to the site's root: `./`, `../../`."""
        return "../" * self.path.count("/") or "./"


@dataclass(frozen=True, slots=True)
class Shell:
    """What all pages share."""

    site_title: str
    css: str
    script: str
    icon: str
    icon_type: str | None
    policy: str
    """The Content-Security-Policy."""
    schedule_seconds: int
    generated_at: str
    footer: tuple[str, ...] = field(default=())
