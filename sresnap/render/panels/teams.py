"""The teams of a report, with their services and owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.compute.fleet.teams import Team, part_of, team_of, teams
from sresnap.documents.layout import TEAM_FEED
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.render.links import service_link, team_link
from sresnap.render.status_badges import verdict_badge
from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team, or the services without one."""

    team: Link
    badge: Badge
    count: str
    services: tuple[Link, ...]
    """The worst ones first."""
    more: str
    """How many services are not listed."""
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamsView:
    """The teams, worst first."""

    rows: tuple[TeamRow, ...]
    folded: tuple[TeamRow, ...] = ()
    rest: str = ""
    """What the folded rows are."""


@dataclass(frozen=True, slots=True)
class TeamView:
    """What a team's page says of the team itself."""

    owners: tuple[str, ...]
    feed: Link


_MOST_ROWS = 24
"""Rows beyond this are folded."""
_MOST_SERVICES = 8
"""Of a team. Its page has all of them."""


def teams_view(snapshot: Snapshot, root: str | None) -> TeamsView | None:
    """The teams of a report; None where no service has one. Without a `root` nothing is a link."""
    found = teams(snapshot.services)
    if not found:
        return None
    rows = [_row(snapshot, team_link(team.name, root), team.services, root) for team in found]
    rest = [service for service in snapshot.services if team_of(service) is None]
    if rest:
        rows.append(_row(snapshot, Link("", "No team"), rest, root))
    folded = rows[_MOST_ROWS:]
    return TeamsView(tuple(rows[:_MOST_ROWS]), tuple(folded), fmt.count(len(folded), "more team") if folded else "")


def team_view(team: Team, root: str) -> TeamView:
    """A team's owners, and its feed."""
    return TeamView(_owners(team.services), Link(f"{root}{TEAM_FEED.path(team.slug)}", "Feed of its status changes"))


def _row(snapshot: Snapshot, team: Link, services: Sequence[ServiceReport], root: str | None) -> TeamRow:
    part = part_of(snapshot, services)
    ordered = sorted(services, key=lambda service: service.urgency)
    listed = ordered[:_MOST_SERVICES]
    return TeamRow(
        team=team,
        badge=verdict_badge(part.now.state, part.status, incomplete=bool(part.problems)),
        count=fmt.count(len(services), "service"),
        services=tuple(Link("", one.name) if root is None else service_link(one, root) for one in listed),
        more=f"and {fmt.number(len(ordered) - len(listed))} more" if len(ordered) > len(listed) else "",
        owners=_owners(ordered),
    )


def _owners(services: Sequence[ServiceReport]) -> tuple[str, ...]:
    """Each owner once."""
    found = (service.people.owner for service in services if service.people is not None)
    return tuple(dict.fromkeys(owner for owner in found if owner))
