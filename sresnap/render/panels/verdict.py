"""The state of the fleet, or of one service, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.now import Now, NowState
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Problem, ServiceReport, Snapshot
from sresnap.model.status import Status
from sresnap.render.clock import Clock, Moment
from sresnap.render.panels.policy import PolicyView
from sresnap.render.status_badges import BADGES, INCOMPLETE, NOW_BADGES, badge, problems_of
from sresnap.render.verdict_text import doubted, fleet_sentence, service_sentence, slo_reason
from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class Chip:
    """How many services have a status, or burn."""

    badge: Badge
    count: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state in one sentence, the reasons, and what to do."""

    now: Badge
    """Whether it burns now."""
    badge: Badge
    """The status of the window."""
    sentence: str
    since: Moment | None = None
    """When the state now began, as far as that is known."""
    reasons: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    policy: PolicyView | None = None
    incomplete: str | None = None
    """How many gaps the data has; None without any."""

    @property
    def tone(self) -> str:
        """The colour of the panel: the worse part's."""
        return next(tone for tone in ("bad", "risk", "nodata", "ok") if tone in {self.now.tone, self.badge.tone})


def fleet_verdict(snapshot: Snapshot) -> Verdict:
    """The state of the fleet: what burns, and how many services have which status."""
    sentence = fleet_sentence(snapshot.services)
    is_doubtful = bool(snapshot.problems) and snapshot.status is Status.HEALTHY
    return Verdict(
        now=NOW_BADGES[snapshot.now.state],
        badge=badge(snapshot.status, incomplete=bool(snapshot.problems)),
        sentence=doubted(sentence) if is_doubtful else sentence,
        since=_since(snapshot, snapshot.now),
        reasons=_provisional(snapshot.services),
        chips=chips(snapshot.services, snapshot.problems),
        incomplete=incomplete(snapshot.problems),
    )


def _provisional(services: Sequence[ServiceReport]) -> tuple[str, ...]:
    """How many objectives are judged by a part of their window, as long as the history is young."""
    slos = [slo for service in services for slo in service.slos]
    young = sum(slo.provisional is not None and slo.status.is_judged for slo in slos)
    if not young:
        return ()
    return (f"Provisional for {young} of {fmt.count(len(slos), 'objective')}: the history is younger than the window.",)


def service_verdict(snapshot: Snapshot, service: ServiceReport, policy: PolicyView) -> Verdict:
    """The state of a service, why, and what to do."""
    problems = problems_of(snapshot.problems, service.name)
    sentence = service_sentence(service)
    return Verdict(
        now=NOW_BADGES[service.now.state],
        badge=badge(service.status, incomplete=bool(problems)),
        sentence=doubted(sentence) if problems and service.status is Status.HEALTHY else sentence,
        since=_since(snapshot, service.now),
        reasons=tuple(f"{slo.name}: {slo_reason(slo)}" for slo in worst_first(service.slos)),
        policy=policy,
        incomplete=incomplete(problems),
    )


def _since(snapshot: Snapshot, now: Now) -> Moment | None:
    return None if now.since is None else Clock.of(snapshot.site.timezone).moment(now.since)


def worst_first(slos: Sequence[SloReport]) -> list[SloReport]:
    """Objectives by urgency."""
    return sorted(slos, key=lambda slo: slo.urgency)


def chips(services: Sequence[ServiceReport], problems: Sequence[Problem]) -> tuple[Chip, ...]:
    """How many services burn, and how many have each status, worst first."""
    burning = [NOW_BADGES[service.now.state] for service in services if service.now.is_burning]
    found = burning + [badge(one.status, incomplete=bool(problems_of(problems, one.name))) for one in services]
    ordered = [NOW_BADGES[NowState.PAGING], NOW_BADGES[NowState.TICKET], *(BADGES[status] for status in Status)]
    ordered.insert(-1, INCOMPLETE)
    return tuple(Chip(one, fmt.number(found.count(one))) for one in ordered if one in found)


def incomplete(problems: Sequence[Problem]) -> str | None:
    """How many gaps the data has: `4 gaps in the data.`; None without any."""
    if not problems:
        return None
    return f"{fmt.count(len(problems), 'gap')} in the data."
