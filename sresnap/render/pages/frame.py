"""What stands around the panels: the bar with the state of all, and the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sresnap import format as fmt
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.status import Status
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Moment
from sresnap.render.panels import status
from sresnap.render.views import Badge, Link

MOST_SERVICES = 40
"""In the sidebar. A larger fleet shows those that need attention; each page would else carry a list of hundreds."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The line at the top of every page."""

    home: str
    badge: Badge
    """Of the whole fleet."""
    selected: NavLink | None
    """The service that the page is about."""
    problems: str | None
    quality: str
    """Where they are listed."""
    generated: Moment
    zone: str
    badges: tuple[str, ...]
    """The window, and the resolution of the charts."""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A page in the sidebar."""

    link: Link
    badge: Badge | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Nav:
    """The sidebar's links."""

    pages: tuple[NavLink, ...]
    title: str
    services: tuple[NavLink, ...]
    rest: str | None
    """How many more services there are."""
    can_search: bool


def service_path(service: ServiceReport) -> str:
    """`services/api/index.html`."""
    return f"services/{service.slug}/index.html"


def service_link(service: ServiceReport, root: str) -> Link:
    """From a page to a service's. It names the file, so that it works from a folder too."""
    return Link(f"{root}services/{quote(service.slug)}/index.html", service.name)


def bar(snapshot: Snapshot, root: str, studio: Studio, current: str) -> Bar:
    """The state of the fleet and of the page's service, how old the report is, what it covers."""
    problems = len(snapshot.problems)
    steps = [w.step_seconds for s in snapshot.services for r in s.signals.values() if (w := r.windows.get("6h"))]
    resolution = (f"step {fmt.duration(steps[0])}",) if steps else ()
    return Bar(
        home=f"{root}index.html",
        badge=status.badge(snapshot.status, incomplete=bool(snapshot.problems)),
        selected=next(
            (_nav_link(snapshot, s, root, current) for s in snapshot.services if service_path(s) == current), None
        ),
        problems=fmt.count(problems, "problem") if problems else None,
        quality=f"{root}index.html#p-quality",
        generated=studio.clock.moment(snapshot.generated_at),
        zone=snapshot.site.timezone,
        badges=(f"window {snapshot.site.window}", *resolution),
    )


def nav(snapshot: Snapshot, root: str, current: str, *, is_live: bool = True) -> Nav:
    """The pages, and the services: all of a small fleet, of a large one those that are not well and the one shown.

    Not on a frozen page: a service's page shows how it is now, or is there no longer.
    """
    fixed = (
        ("index.html", "Overview"),
        ("archive/index.html", "Archive"),
        ("concepts/index.html", "Concepts"),
        ("customize/index.html", "Customize"),
    )
    pages = tuple(NavLink(Link(root + path, title), None, path == current) for path, title in fixed)
    if not is_live:
        return Nav(pages, "", (), None, can_search=False)
    shown = _shown(snapshot.services, current)
    services = tuple(_nav_link(snapshot, service, root, current) for service in shown)
    rest = len(snapshot.services) - len(shown)
    title = "Services" if not rest else "Services that need attention"
    more = f"All {fmt.count(len(snapshot.services), 'service')}" if rest else None
    return Nav(pages, title, services, more, can_search=len(shown) > 8)  # noqa: PLR2004 - more than a glance takes in


def _nav_link(snapshot: Snapshot, service: ServiceReport, root: str, current: str) -> NavLink:
    found = status.service_badge(service, snapshot.problems)
    return NavLink(service_link(service, root), found, service_path(service) == current)


def _shown(services: Sequence[ServiceReport], current: str) -> list[ServiceReport]:
    if len(services) <= MOST_SERVICES:
        return list(services)
    unwell = [service for service in services if service.status is not Status.HEALTHY]
    unwell.sort(key=lambda service: service.status.rank)
    found = unwell[:MOST_SERVICES]
    return found + [service for service in services if service_path(service) == current and service not in found]
