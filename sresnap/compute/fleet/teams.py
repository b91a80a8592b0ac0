"""The teams of a report, and the part of the report that is about one team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sresnap.compute.fleet.now import fleet_now
from sresnap.compute.slo.evaluate import worst
from sresnap.model.slug import team_slug
from sresnap.model.snapshot import ServiceReport, Snapshot


@dataclass(frozen=True, slots=True)
class Team:
    """A team, with its services in the order of the configuration."""

    name: str
    services: tuple[ServiceReport, ...]

    @property
    def slug(self) -> str:
        """Its folder under `teams/`."""
        return team_slug(self.name)


def team_of(service: ServiceReport) -> str | None:
    """The name of a service's team; None where the report names none."""
    return None if service.people is None else service.people.team


def teams(services: Sequence[ServiceReport]) -> tuple[Team, ...]:
    """The teams of some services, worst first. Services without a team belong to none."""
    found: dict[str, list[ServiceReport]] = {}
    for service in services:
        name = team_of(service)
        if name is not None:
            found.setdefault(name, []).append(service)
    made = (Team(name, tuple(members)) for name, members in found.items())
    return tuple(sorted(made, key=lambda team: min(service.urgency for service in team.services)))


def part_of(snapshot: Snapshot, services: Sequence[ServiceReport]) -> Snapshot:
    """The report as if it were about these services only, with the problems that concern them.

    The composite, the queries and what changed stay the whole fleet's.
    """
    names = {service.name for service in services}
    return replace(
        snapshot,
        services=tuple(services),
        status=worst(service.status for service in services),
        now=fleet_now(services),
        problems=tuple(found for found in snapshot.problems if found.service is None or found.service in names),
        groups=(),
    )
