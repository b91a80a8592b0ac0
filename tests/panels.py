"""Single panels as HTML: what a test of a sentence needs, without the rest of the site."""

import re
from collections.abc import Callable
from functools import cache, cached_property, partial
from html.parser import HTMLParser

from sresnap.compute.fleet.teams import teams
from sresnap.model.snapshot import Snapshot
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.spec import ChartSpec
from sresnap.render.clock import Clock
from sresnap.render.concepts import load_primer
from sresnap.render.pages.concepts import concepts_page
from sresnap.render.pages.customize import customize_page
from sresnap.render.pages.fleet import fleet_page
from sresnap.render.pages.frozen import frozen_page
from sresnap.render.pages.service import service_page
from sresnap.render.pages.team import team_page
from sresnap.render.panels.bar import bar
from sresnap.render.panels.nav import nav
from sresnap.render.templates import load_templates, render_panel
from sresnap.render.views import Chart, Page, Panel, Shell, Table
from tests import factories

SHELL = Shell(
    site_title="Reliability",
    css="assets/site.css",
    boot="assets/boot.js",
    script="assets/app.js",
    icon="assets/icon.svg",
    icon_type="image/svg+xml",
    state_icons={},
    policy="default-src 'none'",
    schedule_seconds=300,
    current_at="2026-11-22T21:30:04Z",
    generated="22 Nov 2026, 22:30 CET",
    report="20261122T213000Z",
)


class Document(HTMLParser):
    """What the tests ask about a page or a panel."""

    def __init__(self, source: bytes | str) -> None:
        super().__init__()
        self.tags, self.ids, self.links, self.attributes, self.words = [], [], [], [], []
        self.external = []
        self.feed(source.decode() if isinstance(source, bytes) else source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        for name, value in attrs:
            self.attributes.append(name)
            if name == "id":
                self.ids.append(value)
            if name in {"href", "src"}:
                (self.external if "external" in (dict(attrs).get("rel") or "") else self.links).append(value)

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return plain(" ".join(" ".join(self.words).split()))


def plain(text):
    """With ordinary spaces."""
    return None if text is None else " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def panel_html(panel: Panel, root: str = "./") -> str:
    """A panel as the page has it, without the heading."""
    return str(render_panel(load_templates(), panel, root, SHELL).html)


class _Picture:
    """A chart's picture, drawn when it is shown."""

    def __init__(self, draw: Callable[[], Chart]) -> None:
        self._draw = draw

    @cached_property
    def _drawn(self) -> str:
        return str(self._draw().svg)

    def __html__(self) -> str:
        return self._drawn

    __str__ = __html__


class _ShownCharts(Charts):
    """Draws the charts that a test shows: of a page with dozens of them, most tests ask for one panel."""

    def chart(
        self, name: str, title: str, summary: str, spec: ChartSpec, table: Table | None = None, pointer=""
    ) -> Chart:
        draw = partial(Charts.chart, self, name, title, summary, spec)
        return Chart(name, title, _Picture(draw), summary, table, pointer, spec)


class Pages:
    """The pages of a report before they are rendered, each made when it is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._pages: dict[str, Page] = {}

    @cached_property
    def charts(self) -> Charts:
        return _ShownCharts(Clock.of(self.snapshot.site.timezone))

    def page(self, path: str) -> Page:
        if path not in self._pages:
            self._pages[path] = self._page(path)
        return self._pages[path]

    def _page(self, path: str) -> Page:
        found = re.fullmatch(r"services/(.+)/index\.html", path)
        if found:
            (service,) = (service for service in self.snapshot.services if service.slug == found[1])
            return service_page(self.snapshot, service, self.charts)
        found = re.fullmatch(r"teams/(.+)/index\.html", path)
        if found:
            (team,) = (team for team in teams(self.snapshot.services) if team.slug == found[1])
            return team_page(self.snapshot, team, self.charts)
        if path.startswith("archive/"):
            return frozen_page(self.snapshot, self.charts)
        if path == "concepts/index.html":
            return concepts_page(self.snapshot, load_primer())
        if path == "customize/index.html":
            return customize_page(self.snapshot)
        return fleet_page(self.snapshot, self.charts)

    def view(self, path: str, name: str):
        """What a panel's template is filled with."""
        return self.panel(path, name).view

    def panel(self, path: str, name: str) -> Panel:
        root = "../" * path.count("/") or "./"
        if name == "bar":
            return Panel("bar", "", "bar", bar(self.snapshot, root, self.charts, path))
        if name == "nav":
            return Panel("nav", "", "nav", nav(self.snapshot, root, path))
        return next(panel for panel in self.page(path).panels if panel.name == name)

    def html(self, path: str, name: str) -> str:
        with self.charts:
            return panel_html(self.panel(path, name), "../" * path.count("/") or "./")

    def document(self, path: str, name: str) -> Document:
        return Document(self.html(path, name))


@cache
def pages_of(state: str) -> Pages:
    """The pages of a state of `factories.STATES`, kept for the whole run."""
    return Pages(factories.STATES[state]())
