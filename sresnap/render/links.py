"""Addresses of pages within the site."""

from __future__ import annotations

from urllib.parse import quote

from sresnap.model.snapshot import ServiceReport
from sresnap.render.views import Link


def service_path(service: ServiceReport) -> str:
    """`services/api/index.html`."""
    return f"services/{service.slug}/index.html"


def service_link(service: ServiceReport, root: str) -> Link:
    """A link to a service's page. It names the file, so that it works in a folder too."""
    return Link(f"{root}services/{quote(service.slug)}/index.html", service.name)


def month_of(report: str) -> str:
    """The folder of a report's month below `archive/`: `20261122T213000Z` → `2026-11`."""
    return f"{report[:4]}-{report[4:6]}"
