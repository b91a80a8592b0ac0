"""The state of the fleet, or of one service, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Problem, ServiceReport, Snapshot
from sresnap.model.status import Status
from sresnap.render.panels.policy import PolicyView
from sresnap.render.status_badges import BADGES, INCOMPLETE, badge, problems_of, service_badge
from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class Chip:
    """How many services have a status."""

    badge: Badge
    count: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state in one sentence, the reasons, and what to do."""

    badge: Badge
    sentence: str
    reasons: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    policy: PolicyView | None = None
    incomplete: str | None = None
    """How many gaps the data has; None without any."""


_DOUBT = "As far as known: "
"""In front of a good verdict on a report with gaps."""
_PHRASES = {
    Status.EXHAUSTED: ("has overspent its error budget", "have overspent their error budgets"),
    Status.CRITICAL: ("is burning its budget critically fast", "are burning their budgets critically fast"),
    Status.AT_RISK: ("is at risk", "are at risk"),
    Status.NO_DATA: ("has no data", "have no data"),
    Status.INSUFFICIENT: ("has too little data to judge", "have too little data to judge"),
    Status.HEALTHY: ("is healthy", "are healthy"),
}


def fleet_verdict(snapshot: Snapshot) -> Verdict:
    """The state of the fleet: how many services have which status."""
    sentence = _fleet_sentence(snapshot.services)
    is_doubtful = bool(snapshot.problems) and snapshot.status is Status.HEALTHY
    return Verdict(
        badge=badge(snapshot.status, incomplete=bool(snapshot.problems)),
        sentence=f"{_DOUBT}{sentence.replace('All ', 'all ', 1)}" if is_doubtful else sentence,
        chips=chips(snapshot.services, snapshot.problems),
        incomplete=incomplete(snapshot.problems),
    )


def _fleet_sentence(services: Sequence[ServiceReport]) -> str:
    if not services:
        return "No service is configured."
    counts = {state: sum(service.status is state for service in services) for state in _PHRASES}
    parts = [f"{fmt.number(n)} {_PHRASES[state][n > 1]}" for state, n in counts.items() if n]
    if len(services) == 1:
        return f"{services[0].name} {_PHRASES[services[0].status][0]}."
    total = fmt.count(len(services), "service")
    if len(parts) == 1:
        return f"All {total} {_PHRASES[services[0].status][1]}."
    return f"Of {total}, {', '.join(parts)}."


def service_verdict(snapshot: Snapshot, service: ServiceReport, policy: PolicyView) -> Verdict:
    """The state of a service, why, and what to do."""
    problems = problems_of(snapshot.problems, service.name)
    doubt = _DOUBT if problems and service.status is Status.HEALTHY else ""
    return Verdict(
        badge=badge(service.status, incomplete=bool(problems)),
        sentence=f"{doubt}{service.name} {_PHRASES[service.status][0]}.",
        reasons=tuple(f"{slo.name}: {slo.reason}" for slo in worst_first(service.slos)),
        policy=policy,
        incomplete=incomplete(problems),
    )


def worst_first(slos: Sequence[SloReport]) -> list[SloReport]:
    """Objectives by status."""
    return sorted(slos, key=lambda slo: slo.status.rank)


def chips(services: Sequence[ServiceReport], problems: Sequence[Problem]) -> tuple[Chip, ...]:
    """How many services have each status, worst first."""
    found = [service_badge(service, problems) for service in services]
    ordered = [BADGES[status] for status in Status]
    ordered.insert(-1, INCOMPLETE)
    return tuple(Chip(one, fmt.number(found.count(one))) for one in ordered if one in found)


def incomplete(problems: Sequence[Problem]) -> str | None:
    """How many gaps the data has: `4 gaps in the data.`; None without any."""
    if not problems:
        return None
    return f"{fmt.count(len(problems), 'gap')} in the data."
