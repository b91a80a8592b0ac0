"""The Jinja2 templates, with a theme's in front of the shipped ones, and a panel's HTML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, FunctionLoader, StrictUndefined
from jinja2.loaders import split_template_path
from markupsafe import Markup

from sresnap.documents.layout import ARCHIVE_PAGE, CONCEPTS_PAGE, FEED, FLEET_PAGE, FROZEN_PAGE, SNAPSHOT
from sresnap.render.assets import short_hash
from sresnap.render.theme import read_part
from sresnap.render.views import Panel, RenderedPanel, Shell
from sresnap.resources import bundled
from sresnap.web.links import is_link

_PATHS: Mapping[str, object] = {
    "overview": FLEET_PAGE.path(),
    "archive": ARCHIVE_PAGE.path(),
    "concepts": CONCEPTS_PAGE.path(),
    "feed": FEED.path(),
    "snapshot": SNAPSHOT.path,
    "report": FROZEN_PAGE.path,
}
"""The site-relative paths that templates link to, as `paths`."""


def load_templates(theme: Path | None = None) -> Environment:
    """The shipped templates. A theme's templates override them."""
    if theme is None:
        return _shipped()
    return _environment(ChoiceLoader([_own_templates(theme), FileSystemLoader(bundled("templates"))]))


def _own_templates(theme: Path) -> BaseLoader:
    """A theme's templates. Jinja's own loader would pass over one that cannot be read."""

    def load(name: str) -> tuple[str, str, None] | None:
        path = theme.joinpath(*split_template_path(name))
        text = read_part(path)
        return None if text is None else (text, str(path), None)

    return FunctionLoader(load)


@cache
def _shipped() -> Environment:
    """Compiled once per process. A theme's templates are read each time, so that an added one is found."""
    return _environment(FileSystemLoader(bundled("templates")))


def _environment(loader: BaseLoader) -> Environment:
    environment = Environment(
        loader=loader,
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
    return path if is_link(path) else root + path


def render_panel(environment: Environment, panel: Panel, root: str, shell: Shell) -> RenderedPanel:
    """A panel as HTML with its hash. `root` leads from the page's folder to the site's root."""
    template = environment.get_template(f"panels/{panel.template}.html")
    html = template.render(view=panel.view, root=root, shell=shell)
    # Every value in it was escaped when it was rendered.
    return RenderedPanel(panel.name, panel.title, Markup(html), short_hash(html.encode()), panel.term)  # noqa: S704
