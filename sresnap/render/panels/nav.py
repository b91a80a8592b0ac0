"""The sidebar: the pages and the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.documents.layout import (
    ARCHIVE_PAGE,
    CONCEPTS_PAGE,
    CUSTOMIZE_PAGE,
    FLEET_PAGE,
    MONTH_PAGE,
    REVIEW_PAGE,
    REVIEWS_PAGE,
    SERVICE_PAGE,
    SINCE_PAGE,
)
from sresnap.model.periods import PeriodUnit
from sresnap.model.review_index import ReviewEntry
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.status import Status
from sresnap.render.links import service_link, service_path
from sresnap.render.status_badges import service_badge
from sresnap.render.views import Badge, Link

MOST_SERVICES = 40
"""A larger fleet shows only the services that need attention. Otherwise each page would list hundreds."""
_FIXED = (
    (FLEET_PAGE, "Overview"),
    (ARCHIVE_PAGE, "Archive"),
    (REVIEWS_PAGE, "Closed periods"),
    (SINCE_PAGE, "Since last week"),
    (CONCEPTS_PAGE, "Concepts"),
    (CUSTOMIZE_PAGE, "Customize"),
)
UNIT_HEADINGS = {
    PeriodUnit.YEAR: "Years",
    PeriodUnit.QUARTER: "Quarters",
    PeriodUnit.MONTH: "Months",
    PeriodUnit.WEEK: "Weeks",
}
"""Closed periods of each unit together, the longest first."""
MOST_BESIDE = 10
"""The same on the page of a service: there are as many such pages as services."""


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
    links: tuple[NavLink, ...]
    """The services, on a month's page the months, and on a closed period's the periods of its unit."""
    rest: str | None
    """Link text to all services; None when all are shown."""
    can_search: bool


def nav(snapshot: Snapshot, root: str, current: str, *, is_live: bool = True) -> Nav:
    """The pages and the services, worst first. A large fleet shows what needs attention, and the current page.

    A frozen page has no services: their pages show a newer state, or may be gone.
    """
    pages = _pages(root, current)
    if not is_live:
        return Nav(pages, "", (), None, can_search=False)
    own = SERVICE_PAGE.value(current)
    shown = _shown(snapshot.services, own, MOST_SERVICES if own is None else MOST_BESIDE)
    services = tuple(nav_link(snapshot, service, root, current) for service in shown)
    rest = len(snapshot.services) - len(shown)
    title = "Services" if not rest else "Services that need attention"
    more = f"All {fmt.count(len(snapshot.services), 'service')}" if rest else None
    return Nav(pages, title, services, more, can_search=len(shown) > 8)  # noqa: PLR2004 - more than a glance takes in


def months_nav(months: Sequence[str], root: str, current: str) -> Nav:
    """The pages and the months of the archive, newest first.

    It shows nothing of the newest report, so a month's page changes only when a month begins.
    """
    pages = {month: MONTH_PAGE.path(month) for month in months}
    links = (NavLink(Link(root + path, fmt.month_name(month)), None, path == current) for month, path in pages.items())
    return Nav(_pages(root, current), "Months", tuple(links), None, can_search=False)


def periods_nav(periods: Sequence[ReviewEntry], unit: PeriodUnit, root: str, current: str) -> Nav:
    """The pages and closed periods of one unit, newest first."""
    pages = {entry.period: REVIEW_PAGE.path(entry.period) for entry in periods}
    links = (NavLink(Link(root + path, fmt.period_name(name)), None, path == current) for name, path in pages.items())
    return Nav(_pages(root, current), UNIT_HEADINGS[unit], tuple(links), None, can_search=False)


def _pages(root: str, current: str) -> tuple[NavLink, ...]:
    """The pages that every site has."""
    return tuple(NavLink(Link(root + row.path(), title), None, row.path() == current) for row, title in _FIXED)


def nav_link(snapshot: Snapshot, service: ServiceReport, root: str, current: str) -> NavLink:
    found = service_badge(service, snapshot.problems)
    return NavLink(service_link(service, root), found, service_path(service) == current)


def _shown(services: Sequence[ServiceReport], own: str | None, most: int) -> list[ServiceReport]:
    """The services in the sidebar of a page; `own` is the folder of the service that it is about."""
    is_small = len(services) <= most
    # Of a large fleet only a few are sorted: this runs once for each page.
    listed = services if is_small else [service for service in services if _needs_attention(service)]
    found = sorted(listed, key=lambda service: service.urgency)[:most]
    return found + [service for service in services if service.slug == own and service not in found]


def _needs_attention(service: ServiceReport) -> bool:
    return service.status is not Status.HEALTHY or service.now.is_burning
