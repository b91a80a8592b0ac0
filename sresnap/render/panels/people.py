"""Who looks after a service, and where a reader finds more about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.people import NamedLink, People
from sresnap.model.snapshot import ServiceReport
from sresnap.render.links import team_link
from sresnap.render.views import Link
from sresnap.web.links import is_contact


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """Who looks after one service."""

    service: str
    """Empty on the page of the service."""
    description: str
    team: Link | None
    """Without an address where its page may show another time."""
    owner: str
    links: tuple[Link, ...]
    """The runbook first. To other sites; one that no browser should open has no address."""
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Who looks after some services."""

    rows: tuple[PeopleRow, ...]
    folded: tuple[PeopleRow, ...] = ()
    rest: str = ""
    """What the folded rows are."""


_MOST_ROWS = 12
"""Rows beyond this are folded."""


def service_people(people: People, root: str) -> PeopleView:
    """Who looks after the service of a page."""
    return PeopleView((_row("", people, root),))


def fleet_people(services: Sequence[ServiceReport]) -> PeopleView | None:
    """Who looked after each service of an archived report; None where it does not say."""
    rows = tuple(_row(service.name, service.people, None) for service in services if service.people is not None)
    folded = rows[_MOST_ROWS:]
    rest = fmt.count(len(folded), "more service") if folded else ""
    return PeopleView(rows[:_MOST_ROWS], folded, rest) if rows else None


def _row(service: str, people: People, root: str | None) -> PeopleRow:
    runbook = [] if people.runbook is None else [NamedLink("Runbook", people.runbook)]
    return PeopleRow(
        service=service,
        description=people.description or "",
        team=None if people.team is None else team_link(people.team, root),
        owner=people.owner or "",
        links=tuple(Link(_address(link.url), link.title) for link in (*runbook, *people.links)),
        tags=people.tags,
    )


def _address(url: str) -> str:
    """An address that a reader may open, otherwise nothing: a snapshot may come from anywhere."""
    return url if is_contact(url) else ""
