"""The state of everything, or of one service, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Problem, ServiceReport, Snapshot
from sresnap.model.status import Status
from sresnap.render.panels.policy import PolicyView
from sresnap.render.status_badges import BADGES, INCOMPLETE, badge, concerning, service_badge
from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class Chip:
    """How many services have a status."""

    badge: Badge
    count: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of all in one sentence."""

    badge: Badge
    sentence: str
    reasons: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    policy: PolicyView | None = None
    incomplete: str | None = None
    """What is missing from the report; None when nothing is."""


_SAID = {
    Status.EXHAUSTED: ("has spent its error budget", "have spent their error budgets"),
    Status.CRITICAL: ("burns its budget critically fast", "burn their budgets critically fast"),
    Status.AT_RISK: ("is at risk", "are at risk"),
    Status.NO_DATA: ("has no data", "have no data"),
    Status.INSUFFICIENT: ("has too little data to judge", "have too little data to judge"),
    Status.HEALTHY: ("is healthy", "are healthy"),
}


def fleet_verdict(snapshot: Snapshot) -> Verdict:
    """The state of the fleet in one sentence with counts."""
    services = snapshot.services
    parts = []
    for state, (one, many) in _SAID.items():
        amount = sum(service.status is state for service in services)
        if amount:
            parts.append(f"{fmt.number(amount)} {one if amount == 1 else many}")
    total = fmt.count(len(services), "service")
    only = parts[0] if len(parts) == 1 else ""
    sentence = f"Of {total}, {', '.join(parts)}."
    if only:
        said = _SAID[services[0].status]
        sentence = f"The only service {said[0]}." if len(services) == 1 else f"All {total} {said[1]}."
    if snapshot.problems and snapshot.status is Status.HEALTHY:
        sentence = f"As far as is known: {sentence[0].lower()}{sentence[1:]}"
    return Verdict(
        badge=badge(snapshot.status, incomplete=bool(snapshot.problems)),
        sentence=sentence if services else "No service is configured.",
        chips=chips(services, snapshot.problems),
        incomplete=incomplete(snapshot.problems),
    )


def service_verdict(snapshot: Snapshot, service: ServiceReport, policy: PolicyView) -> Verdict:
    """The state of a service, why, and what follows for deploys."""
    problems = concerning(snapshot.problems, service.name)
    doubt = "As far as is known, " if problems and service.status is Status.HEALTHY else ""
    return Verdict(
        badge=badge(service.status, incomplete=bool(problems)),
        sentence=f"{doubt}{service.name} {_SAID[service.status][0]}.",
        reasons=tuple(f"{slo.name}: {slo.reason}" for slo in worst_first(service.slos)),
        policy=policy,
        incomplete=incomplete(problems),
    )


def worst_first(slos: Sequence[SloReport]) -> list[SloReport]:
    return sorted(slos, key=lambda slo: slo.status.rank)


def chips(services: Sequence[ServiceReport], problems: Sequence[Problem]) -> tuple[Chip, ...]:
    """How many services have each status, worst first."""
    found = [service_badge(service, problems) for service in services]
    ordered = [BADGES[status] for status in Status]
    ordered.insert(-1, INCOMPLETE)
    return tuple(Chip(one, fmt.number(found.count(one))) for one in ordered if one in found)


def incomplete(problems: Sequence[Problem]) -> str | None:
    """What is said of a report in which something is missing."""
    if not problems:
        return None
    things = fmt.count(len(problems), "thing")
    return f"This report is incomplete: {things} failed, missing or doubtful."
