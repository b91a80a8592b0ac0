"""The state of the fleet, or of one service, in a sentence."""

from __future__ import annotations

from collections import Counter
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
    """How many services have a state now, or a status."""

    badge: Badge
    count: str


@dataclass(frozen=True, slots=True)
class ChipRow:
    """How many services have which state, now or over the window. Each service counts once in a row."""

    label: str
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state in one sentence, the reasons, and what to do."""

    now: Badge
    """Whether it burns now."""
    badge: Badge
    """The status of the window."""
    window: str
    """Which window that is: `28 days`; `Window` where objectives have several."""
    sentence: str
    since: Moment | None = None
    """When the state now began, as far as that is known."""
    reasons: tuple[str, ...] = ()
    chips: tuple[ChipRow, ...] = ()
    provisional: tuple[str, ...] = ()
    """Until when it is provisional, and why; continues the word."""
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
        window=_window(snapshot.services),
        sentence=doubted(sentence) if is_doubtful else sentence,
        since=_since(snapshot, snapshot.now),
        provisional=_provisional(snapshot.services, Clock.of(snapshot.site.timezone)),
        chips=chips(snapshot.services, snapshot.problems),
        incomplete=incomplete(snapshot.problems),
    )


def _window(services: Sequence[ServiceReport]) -> str:
    """The window of all objectives, as a label: `28 days`, `This month`; `Window` where they differ."""
    names = {slo.window for service in services for slo in service.slos}
    if len(names) != 1:
        return "Window"
    phrase = fmt.window_phrase(names.pop())
    return f"{phrase[0].upper()}{phrase[1:]}"


def _provisional(services: Sequence[ServiceReport], clock: Clock) -> tuple[str, ...]:
    """Until when objectives are judged by a part of their window, one text for all that become whole on one day.

    `until 20 Dec for 4 of 4 objectives: the history does not reach back 28 days yet.`
    """
    slos = [slo for service in services for slo in service.slos]
    found = Counter(
        (clock.day(slo.provisional.whole_at), slo.window)
        for slo in slos
        if slo.provisional is not None and slo.status.is_judged
    )
    total = fmt.count(len(slos), "objective")
    return tuple(
        f"until {day} for {fmt.number(count)} of {total}: {_why_provisional(window)}"
        for (day, window), count in found.items()
    )


def _why_provisional(window: str) -> str:
    phrase = fmt.window_phrase(window)
    is_calendar = phrase.startswith("this ")
    return f"the history begins within {phrase}." if is_calendar else f"the history does not reach back {phrase} yet."


def service_verdict(snapshot: Snapshot, service: ServiceReport, policy: PolicyView) -> Verdict:
    """The state of a service, why, and what to do."""
    problems = problems_of(snapshot.problems, service.name)
    sentence = service_sentence(service)
    return Verdict(
        now=NOW_BADGES[service.now.state],
        badge=badge(service.status, incomplete=bool(problems)),
        window=_window([service]),
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


def chips(services: Sequence[ServiceReport], problems: Sequence[Problem]) -> tuple[ChipRow, ...]:
    """How many services have which state now, and how many have which status, worst first."""
    now = [NOW_BADGES[service.now.state] for service in services]
    statuses = [badge(one.status, incomplete=bool(problems_of(problems, one.name))) for one in services]
    by_status = [BADGES[status] for status in Status]
    by_status.insert(-1, INCOMPLETE)
    rows = (("Now", now, [NOW_BADGES[state] for state in NowState]), (_window(services), statuses, by_status))
    return tuple(
        ChipRow(label, tuple(Chip(one, fmt.number(found.count(one))) for one in order if one in found))
        for label, found, order in rows
        if found
    )


def incomplete(problems: Sequence[Problem]) -> str | None:
    """How many gaps the data has: `4 gaps in the data.`; None without any."""
    if not problems:
        return None
    return f"{fmt.count(len(problems), 'gap')} in the data."
