"""Pages → files: panels are rendered one by one, so that each has a hash and the script replaces only what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import sresnap
from sresnap.model.snapshot import Snapshot
from sresnap.render.assets import Assets, collect, short_hash
from sresnap.render.charts import Easel
from sresnap.render.clock import Clock
from sresnap.render.pages import fleet_page, service_page
from sresnap.render.statement_files import statement_files
from sresnap.render.studio import Studio
from sresnap.render.views import Page, RenderedPanel, Shell
from sresnap.resources import bundled


@dataclass(frozen=True, slots=True)
class Site:
    """What a report's pages are written from."""

    files: dict[str, bytes]
    """Content by site-relative path, in the order to be written: assets, statements, service pages, the fleet last."""
    pages: dict[str, str]
    """By page, the hash that its `data-rev` has too."""


def render(snapshot: Snapshot, *, on_page: Callable[[str], None] | None = None) -> Site:
    """The pages of a report and what they need. The same snapshot gives the same bytes.

    A favicon of the site's own (`snapshot.site.favicon` is a path) is referred to; whoever has its bytes writes it.

    Args:
        snapshot: the report.
        on_page: called with each page's path once it is rendered.
    """
    assets = collect(snapshot.site)
    shell = _shell(snapshot, assets)
    environment = _environment()
    files, pages = dict(assets.files), dict[str, str]()
    for service in snapshot.services:
        files |= statement_files(snapshot, service)
    with Easel() as easel:
        for page in _all_pages(snapshot, Studio(Clock.of(snapshot.site.timezone), easel)):
            if page.path == "index.html":
                files["404.html"] = environment.get_template("404.html").render(shell=shell).encode()
            files[page.path], pages[page.path] = _page(environment, shell, page)
            if on_page is not None:
                on_page(page.path)
    return Site(files, pages)


def _all_pages(snapshot: Snapshot, studio: Studio) -> Iterator[Page]:
    """One by one, the fleet last: it is what points to the others."""
    for service in snapshot.services:
        yield service_page(snapshot, service, studio)
    yield fleet_page(snapshot, studio)


def _shell(snapshot: Snapshot, assets: Assets) -> Shell:
    return Shell(
        site_title=snapshot.site.title,
        css=assets.css,
        script=assets.script,
        icon=assets.icon,
        icon_type=assets.icon_type,
        policy=assets.policy,
        schedule_seconds=snapshot.site.schedule_seconds,
        generated_at=snapshot.generated_at,
        footer=(f"report {snapshot.id}", f"sresnap {sresnap.__version__}"),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(bundled("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["href"] = href
    return environment


def href(path: str, root: str) -> str:
    """A site-relative path as seen from a page; an http(s) URL as it is."""
    return path if path.startswith(("http://", "https://")) else root + path


def _page(environment: Environment, shell: Shell, page: Page) -> tuple[bytes, str]:
    """A page's bytes and its hash, which changes when any of its panels, its title or an asset does."""
    panels = []
    for panel in page.panels:
        html = environment.get_template(f"panels/{panel.template}.html").render(view=panel.view)
        # Every value in it was escaped when it was rendered.
        panels.append(RenderedPanel(panel.name, panel.title, Markup(html), short_hash(html.encode())))  # noqa: S704
    parts = [f"{panel.name} {panel.title} {panel.rev}" for panel in panels]
    names = [link.text for link in page.services]
    revs = [page.title, page.status.word, shell.css, shell.script, shell.icon, *names, *parts]
    rev = short_hash("\n".join(revs).encode())
    html = environment.get_template("page.html").render(shell=shell, page=page, panels=panels, rev=rev)
    return html.encode(), rev
