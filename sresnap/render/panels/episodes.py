"""The burn episodes of several services, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.snapshot import ServiceReport
from sresnap.render.clock import Clock
from sresnap.render.panels.statement import StatementRow, episode_row
from sresnap.render.views import Link


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """An episode, and which budget it was spent from."""

    service: Link
    slo: str
    episode: StatementRow


@dataclass(frozen=True, slots=True)
class Episodes:
    """The newest episodes of some services."""

    rows: tuple[EpisodeRow, ...]
    calm: str
    """Shown when there are none."""
    notes: tuple[str, ...]
    """How many are not listed, and for how many objectives they are unknown."""


_MOST_ROWS = 20


def episodes(services: Sequence[ServiceReport], links: Mapping[str, Link], clock: Clock) -> Episodes:
    """The newest episodes of all objectives of some services, by their own windows."""
    slos = [(service, slo) for service in services for slo in service.slos]
    found = [
        (episode, service, slo.name)
        for service, slo in slos
        if slo.statement is not None
        for episode in slo.statement.episodes
    ]
    found.sort(key=lambda one: -one[0].start)
    rows = tuple(
        EpisodeRow(links[service.name], name, episode_row(episode, clock))
        for episode, service, name in found[:_MOST_ROWS]
    )
    unknown = sum(slo.statement is None for _, slo in slos)
    notes = []
    if len(found) > len(rows):
        notes.append(f"{fmt.count(len(found) - len(rows), 'older episode')} on the pages of the services.")
    if unknown:
        notes.append(f"{fmt.number(unknown)} of {fmt.count(len(slos), 'objective')} without data.")
    calm = "No episode is known." if unknown else "No budget was spent faster than it lasts."
    return Episodes(rows, calm, tuple(notes))
