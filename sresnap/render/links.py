"""Links between the pages of a site. The paths themselves are in documents/layout.py."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from sresnap.documents.layout import (
    ARCHIVE_PAGE,
    FLEET_PAGE,
    FROZEN_PAGE,
    MONTH_PAGE,
    SERVICE_PAGE,
    TEAM_PAGE,
    relative,
)
from sresnap.model.slug import team_slug
from sresnap.model.snapshot import ServiceReport
from sresnap.model.windows import month_of_id
from sresnap.render.views import Link


def service_path(service: ServiceReport) -> str:
    """`services/api/index.html`."""
    return SERVICE_PAGE.path(service.slug)


def service_link(service: ServiceReport, root: str) -> Link:
    """A link to a service's page; `root` leads to the site's root. It names the file, so that it works in a folder."""
    return Link(f"{root}{service_path(service)}", service.name)


def team_link(team: str, root: str | None) -> Link:
    """A link to a team's page, by the team's name; without a `root` only its text."""
    return Link("" if root is None else f"{root}{TEAM_PAGE.path(team_slug(team))}", team)


def report_href(report: str, page: str) -> str:
    """From a page to a report in the archive, by the report's id."""
    return relative(FROZEN_PAGE.path(report), page)


def month_href(report: str, page: str) -> str:
    """From a page to the list of the month of a report."""
    return relative(MONTH_PAGE.path(month_of_id(report)), page)


def day_href(day: str, page: str) -> str:
    """From a page to the reports of a UTC day, `2026-11-22`, in the list of its month."""
    return f"{relative(MONTH_PAGE.path(day[:7]), page)}#d{day}"


@dataclass(frozen=True, slots=True)
class ReportDays:
    """The days that a page can lead to: their reports are in the archive."""

    page: str
    """Site-relative path of the page."""
    days: Container[str]
    """UTC days, `2026-11-22`, with a kept report."""

    def href(self, day: str) -> str | None:
        """To the reports of a day; None where none is kept."""
        return day_href(day, self.page) if day in self.days else None


def crumbs(site_title: str, page: str, *, in_archive: bool = False) -> tuple[Link, ...]:
    """The way back to the fleet, and to the archive."""
    home = Link(relative(FLEET_PAGE.path(), page), site_title)
    return (home, Link(relative(ARCHIVE_PAGE.path(), page), "Archive")) if in_archive else (home,)
