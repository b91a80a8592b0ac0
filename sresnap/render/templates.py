"""The Jinja2 templates, with a theme's in front of the shipped ones, and a panel's HTML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sresnap.documents.layout import ARCHIVE_PAGE, CONCEPTS_PAGE, FEED, FLEET_PAGE, SNAPSHOT
from sresnap.render.assets import short_hash
from sresnap.render.views import Panel, RenderedPanel, Shell
from sresnap.resources import bundled

_PATHS: Mapping[str, object] = {
    "overview": FLEET_PAGE.path(),
    "archive": ARCHIVE_PAGE.path(),
    "concepts": CONCEPTS_PAGE.path(),
    "feed": FEED.path(),
    "snapshot": SNAPSHOT.path,
}
"""The site-relative paths that templates link to, as `paths`."""


def load_templates(theme: Path | None = None) -> Environment:
    """The shipped templates. A theme's templates override them."""
    return _shipped() if theme is None else _environment(theme, bundled("templates"))


@cache
def _shipped() -> Environment:
    """Compiled once per process. A theme's templates are read each time, so that an added one is found."""
    return _environment(bundled("templates"))


def _environment(*folders: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["href"] = href
    environment.globals["paths"] = _PATHS
    return environment


def href(path: str, root: str) -> str:
    """A site-relative path as seen from a page; an http(s) URL unchanged."""
    return path if path.startswith(("http://", "https://")) else root + path


def render_panel(environment: Environment, panel: Panel, root: str, shell: Shell) -> RenderedPanel:
    """A panel as HTML with its hash. `root` leads from the page's folder to the site's root."""
    template = environment.get_template(f"panels/{panel.template}.html")
    html = template.render(view=panel.view, root=root, shell=shell)
    # Every value in it was escaped when it was rendered.
    return RenderedPanel(panel.name, panel.title, Markup(html), short_hash(html.encode()), panel.term)  # noqa: S704
