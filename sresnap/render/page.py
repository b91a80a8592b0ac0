"""One page → HTML. Panels are rendered one by one: each has a hash, so the script replaces only those that changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import Environment

from sresnap.model.snapshot import Snapshot
from sresnap.render.assets import short_hash
from sresnap.render.charts.drawing import Charts
from sresnap.render.concepts import Primer, Term
from sresnap.render.panels.bar import bar
from sresnap.render.panels.nav import nav
from sresnap.render.status_badges import verdict_badge
from sresnap.render.templates import render_panel
from sresnap.render.views import Page, Panel, RenderedPanel, Shell

_TERM_BUTTON = re.compile(r'popovertarget="t-([a-z_0-9]+)"')
"""A term in a panel's HTML, which opens its tooltip."""


@dataclass(frozen=True, slots=True)
class PageRenderer:
    """Renders the pages of one report."""

    environment: Environment
    shell: Shell
    snapshot: Snapshot
    charts: Charts
    primer: Primer

    def page(self, page: Page) -> tuple[bytes, str]:
        """A page's HTML and its hash, which changes when any of its panels, its title or an asset does."""
        panels = [self._rendered(panel, page) for panel in page.panels]
        frame = self._frame(page)
        around = [*frame.values(), *panels]
        revision = self._hash(page, around)
        html = self.environment.get_template("page.html").render(
            shell=self.shell,
            page=page,
            panels=panels,
            rev=revision,
            terms=self._terms(around),
            tour=self.primer.tour,
            icon=self._icon(page),
            bar_status=page.status.word or verdict_badge(self.snapshot.now.state, self.snapshot.status).word,
            **frame,
        )
        return html.encode(), revision

    def still_page(self, page: Page) -> bytes:
        """A page that shows nothing of the newest report, so that it stays the same until its own content changes."""
        panels = [self._rendered(panel, page) for panel in page.panels]
        side = None if page.side is None else self._rendered(page.side, page)
        template = self.environment.get_template("still.html")
        return template.render(shell=self.shell, page=page, panels=panels, side=side).encode()

    def not_found(self) -> bytes:
        """`404.html`. A host shows it at any depth, so its links are absolute when the site's address is known."""
        root = self.snapshot.site.base_url or "./"
        return self.environment.get_template("404.html").render(shell=self.shell, root=root).encode()

    def _icon(self, page: Page) -> str:
        """The icon of a page in a browser's tab: it shows the state that the title begins with."""
        return self.shell.state_icons.get(page.status.tone, self.shell.icon)

    def _frame(self, page: Page) -> dict[str, RenderedPanel]:
        """The bar above the panels and the sidebar."""
        views = {
            "bar": bar(self.snapshot, page.root, self.charts, page.path),
            "nav": nav(self.snapshot, page.root, page.path, is_live=page.is_live),
        }
        return {name: self._rendered(Panel(name, "", name, view), page) for name, view in views.items()}

    def _rendered(self, panel: Panel, page: Page) -> RenderedPanel:
        return render_panel(self.environment, panel, page.root, self.shell)

    def _terms(self, panels: list[RenderedPanel]) -> list[Term]:
        """The terms that the panels name, in the order of their first use."""
        keys: dict[str, None] = {}
        for panel in panels:
            keys |= dict.fromkeys(_TERM_BUTTON.findall(panel.html))
        keys |= {panel.term: None for panel in panels if panel.term}
        return [self.primer.by_key[key] for key in keys]

    def _hash(self, page: Page, panels: list[RenderedPanel]) -> str:
        parts = [f"{panel.name} {panel.title} {panel.rev}" for panel in panels]
        assets = (self.shell.css, self.shell.boot, self.shell.script, self.shell.icon, self._icon(page))
        return short_hash("\n".join([page.title, page.status.word, *assets, *parts]).encode())
