"""Pages → files: panels are rendered one by one, so that each has a hash and the script replaces only what changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, TemplateError

import sresnap
from sresnap.model.archive import Filed
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import iso
from sresnap.render.assets import Assets, collect, short_hash
from sresnap.render.charts.renderer import Easel
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Clock
from sresnap.render.concepts import Primer, load_primer
from sresnap.render.downloads.badges import badges
from sresnap.render.downloads.feed import feed
from sresnap.render.downloads.objectives import objective_files
from sresnap.render.downloads.statements import statement_files
from sresnap.render.pages.archive import alone, archive_page
from sresnap.render.pages.compare import compare_page
from sresnap.render.pages.concepts import concepts_page
from sresnap.render.pages.customize import customize_page
from sresnap.render.pages.fleet import fleet_page
from sresnap.render.pages.frozen import frozen_page
from sresnap.render.pages.month import month_pages
from sresnap.render.pages.service import service_page
from sresnap.render.pages.summary import summary_pages
from sresnap.render.panels.bar import bar
from sresnap.render.panels.nav import nav
from sresnap.render.templates import load_templates, render_panel
from sresnap.render.views import Page, Panel, RenderedPanel, Shell

_USED = re.compile(r'popovertarget="t-([a-z_0-9]+)"')
"""The terms that a panel names."""


EXTRA_PAGES = 5
"""Beside those of the services: concepts, customize, the archive and its comparisons, the fleet."""

File = Callable[[bytes], Filed]
"""Takes a report's frozen page into the archive, and gives what the archive's pages are made from then."""


class ThemeError(ValueError):
    """A file of the user's theme cannot be used."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a report's pages are written from."""

    files: dict[str, bytes]
    """Content by site-relative path, in the order to be written: assets, statements, service pages, the fleet last."""
    pages: dict[str, str]
    """By page that is refreshed, the hash that its `data-rev` has too."""
    summaries: dict[str, bytes] = field(default_factory=dict)
    """The pages of thinned reports; they may take the place of what was archived and of nothing else."""


def render(
    snapshot: Snapshot,
    *,
    theme: Path | None = None,
    on_page: Callable[[str], None] | None = None,
    file: File | None = None,
    is_past: bool = False,
) -> Site:
    """The pages of a report and what they need. The same snapshot gives the same bytes.

    A favicon of the site's own (`snapshot.site.favicon` is a path) is referred to; whoever has its bytes writes it.

    Args:
        snapshot: the report.
        theme: a folder of the user's with templates that go before the shipped ones, and a `theme.css`.
        on_page: called with each page's path once it is rendered.
        file: takes the frozen page into the archive; without it the archive's pages show this report alone.
        is_past: there is a newer report, which the site goes on showing: only what is frozen is made.

    Raises:
        ThemeError: a template of the theme is wrong.
    """
    try:
        return _render(snapshot, theme, on_page, file or (lambda _: Filed(alone(snapshot))), is_past=is_past)
    except (TemplateError, OSError, UnicodeDecodeError) as error:
        if theme is None:
            raise
        raise ThemeError(f"the theme {theme} cannot be used: {_said(error)}") from error


def _said(error: Exception) -> str:
    """Where a template is wrong, and what is."""
    place = getattr(error, "filename", None) or getattr(error, "name", None)
    line = getattr(error, "lineno", None)
    where = "".join([str(place), f":{line}" if line else "", ": "]) if place else ""
    return f"{where}{getattr(error, 'message', None) or error}"


def _render(
    snapshot: Snapshot, theme: Path | None, on_page: Callable[[str], None] | None, file: File, *, is_past: bool
) -> Site:
    assets = collect(snapshot.site, theme)
    environment = load_templates(theme)
    primer = load_primer()
    site = Site(dict(assets.files), {})
    with Easel() as easel:
        studio = Studio(Clock.of(snapshot.site.timezone), easel)
        press = _Press(environment, _shell(snapshot, assets), snapshot, studio, primer, on_page)
        if not is_past:
            site.files.update(_downloads(snapshot))
            press.live(site, _own_pages(snapshot, studio, primer))
        html = press.page(frozen_page(snapshot, studio))[0]
        filed = file(html)
        site.files[f"archive/{snapshot.id}/index.html"] = html
        press.archive(site, filed)
        if not is_past:
            site.files.update(badges(snapshot))
            press.live(site, (compare_page(filed), archive_page(filed), fleet_page(snapshot, studio)))
    return site


def render_archive(snapshot: Snapshot, filed: Filed, *, theme: Path | None = None) -> Site:
    """The archive's pages alone, around the newest report; `pages` has those that are refreshed.

    Raises:
        ThemeError: a template of the theme is wrong.
    """
    assets = collect(snapshot.site, theme)
    site = Site(dict(assets.files), {})
    with Easel() as easel:
        studio = Studio(Clock.of(snapshot.site.timezone), easel)
        press = _Press(load_templates(theme), _shell(snapshot, assets), snapshot, studio, load_primer(), None)
        press.archive(site, filed)
        press.live(site, (compare_page(filed), archive_page(filed)))
    return site


def data_files(snapshot: Snapshot) -> dict[str, bytes]:
    """What a report's site holds beside pages and archive, by site-relative path."""
    return {**dict(_downloads(snapshot)), **dict(badges(snapshot))}


def _downloads(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """What is to be downloaded beside the pages."""
    yield from objective_files(snapshot.services).items()
    for service in snapshot.services:
        yield from statement_files(snapshot, service).items()
        yield from objective_files([service], f"services/{service.slug}/").items()


def _own_pages(snapshot: Snapshot, studio: Studio, primer: Primer) -> Iterator[Page]:
    """One by one, but for the archive and the fleet, which is written last: it is what points to the others."""
    for service in snapshot.services:
        yield service_page(snapshot, service, studio)
    yield concepts_page(snapshot, primer)
    yield customize_page(snapshot)


def _shell(snapshot: Snapshot, assets: Assets) -> Shell:
    return Shell(
        site_title=snapshot.site.title,
        css=assets.css,
        boot=assets.boot,
        script=assets.script,
        icon=assets.icon,
        icon_type=assets.icon_type,
        policy=assets.policy,
        schedule_seconds=snapshot.site.schedule_seconds,
        generated_at=iso(snapshot.generated_at),
        generated=Clock.of(snapshot.site.timezone).moment(snapshot.generated_at).text,
        report=snapshot.id,
        footer=(f"report {snapshot.id}", f"sresnap {sresnap.__version__}"),
    )


@dataclass(frozen=True, slots=True)
class _Press:
    """Makes HTML of pages."""

    environment: Environment
    shell: Shell
    snapshot: Snapshot
    studio: Studio
    primer: Primer
    on_page: Callable[[str], None] | None

    def live(self, site: Site, pages: Iterable[Page]) -> None:
        """Add pages that are refreshed; before the fleet's, which comes last, the page for what is not there."""
        for page in pages:
            if page.path == "index.html":
                root = self.snapshot.site.base_url or "./"
                site.files["404.html"] = (
                    self.environment.get_template("404.html").render(shell=self.shell, root=root).encode()
                )
            site.files[page.path], site.pages[page.path] = self.page(page)
            if self.on_page is not None:
                self.on_page(page.path)

    def archive(self, site: Site, filed: Filed) -> None:
        """Add the pages that are made from the index alone."""
        site.files["feed.xml"] = feed(filed.index, self.snapshot.site.base_url, self.snapshot.at)
        for page in month_pages(filed.index):
            site.files[page.path] = self.still(page)
        for page in summary_pages(filed):
            site.summaries[page.path] = self.still(page)

    def page(self, page: Page) -> tuple[bytes, str]:
        """A page's bytes and its hash, which changes when any of its panels, its title or an asset does."""
        panels = [self._panel(panel, page.root) for panel in page.panels]
        around = {
            "bar": self._panel(
                Panel("bar", "", "bar", bar(self.snapshot, page.root, self.studio, page.path)), page.root
            ),
            "nav": self._panel(
                Panel("nav", "", "nav", nav(self.snapshot, page.root, page.path, is_live=page.is_live)), page.root
            ),
        }
        used = "".join([*(panel.html for panel in (*around.values(), *panels)), *(_named(panel) for panel in panels)])
        terms = [self.primer.by_key[key] for key in dict.fromkeys(_USED.findall(used))]
        parts = [f"{panel.name} {panel.title} {panel.rev}" for panel in (*around.values(), *panels)]
        assets = (self.shell.css, self.shell.boot, self.shell.script, self.shell.icon)
        rev = short_hash("\n".join([page.title, page.status.word, *assets, *parts]).encode())
        html = self.environment.get_template("page.html").render(
            shell=self.shell,
            page=page,
            panels=panels,
            rev=rev,
            terms=terms,
            tour=self.primer.tour,
            bar_status=self.snapshot.status if page.status.word == "" else page.status.word,
            **around,
        )
        return html.encode(), rev

    def still(self, page: Page) -> bytes:
        """A page that holds nothing of the running report, so that it is the same until what it tells changes."""
        panels = [self._panel(panel, page.root) for panel in page.panels]
        return self.environment.get_template("still.html").render(shell=self.shell, page=page, panels=panels).encode()

    def _panel(self, panel: Panel, root: str) -> RenderedPanel:
        return render_panel(self.environment, panel, root, self.shell)


def _named(panel: RenderedPanel) -> str:
    return f'popovertarget="t-{panel.term}"' if panel.term else ""
