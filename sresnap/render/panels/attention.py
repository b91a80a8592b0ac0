"""The services that need attention, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.status import Status
from sresnap.render.panels.verdict import worst_first
from sresnap.render.status_badges import verdict_badge
from sresnap.render.verdict_text import slo_reason
from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class Concern:
    """A service that needs attention, and why."""

    link: Link
    badge: Badge
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """The services that need attention, worst first."""

    concerns: tuple[Concern, ...]
    calm: str
    """Shown when no service needs attention."""
    more: str | None = None
    """How many services are not listed."""


def _reasons(service: ServiceReport) -> tuple[str, ...]:
    unhealthy = (slo for slo in worst_first(service.slos) if slo.status is not Status.HEALTHY)
    return tuple(f"{slo.name}: {slo_reason(slo)}" for slo in unhealthy)


_MOST_CONCERNS = 12
"""A longer list would not be read."""


def attention(snapshot: Snapshot, links: Mapping[str, Link]) -> Attention:
    """Each service that is not healthy, and why."""
    unhealthy = sorted((s for s in snapshot.services if s.status is not Status.HEALTHY), key=lambda s: s.urgency)
    concerns = tuple(
        Concern(
            links[service.name],
            verdict_badge(service.now.state, service.status),
            _reasons(service),
        )
        for service in unhealthy[:_MOST_CONCERNS]
    )
    rest = len(unhealthy) - len(concerns)
    more = f"{fmt.count(rest, 'more service')} in the table below" if rest else None
    calm = "No service needs attention, as far as known." if snapshot.problems else "No service needs attention."
    return Attention(concerns, calm, more)
