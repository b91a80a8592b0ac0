"""Where the error budget went: burn episodes, and what is left beside them.

A statement in the sense of a bank's: every bad event of the window is in exactly one row, and the rows add up.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap.compute.slo.budget import allowed_bad, error_budget, remaining_ratio
from sresnap.compute.slo.burn import burn_rate
from sresnap.compute.slo.forecast import LONG_PACE, NOTHING_LEFT_OUT, mean_hour, simulate
from sresnap.model.events import EventCount
from sresnap.model.statement import Episode, Statement
from sresnap.model.windows import HOUR, MINUTE, Period

LEAST_SHARE = 0.01
"""Of the window's budget: what cost less is background, or every noisy hour would be an episode."""
_MOST_QUIET_HOURS = 1
"""Between two burning hours of the same episode: an incident that pauses for an hour is still one."""


@dataclass(frozen=True, slots=True)
class _Hour:
    start: int
    end: int
    seconds: int
    """Of it that were counted: without what corrections leave out."""
    events: EventCount


def statement(
    hours: Sequence[EventCount | None],
    running: EventCount | None,
    objective: float,
    at: int,
    period: Period,
    recent: Sequence[EventCount | None] | None = None,
    left_out: Mapping[int, int] = NOTHING_LEFT_OUT,
) -> Statement | None:
    """The statement of an SLO's window; None when it saw nothing.

    An episode is a run of hours that each burn faster than 1×, at most one slower hour between two of them, which cost
    at least 1 % of the window's budget. `hours` are the window's whole hours, oldest first; the running hour is one
    more. What is not in an episode is background; its pace over the last three days (`recent`, the window's own hours
    unless given) is what goes on until an episode leaves. Of an hour that a correction cuts (`left_out`: by its start,
    seconds of it) only what is left of it counts as time.

    99 hours of 100 events without a bad one and one hour with 30 bad, at 0.99: 10,000 events allow 100 bad ones. The
    one episode has 30 bad events, 30 % of the budget, 100 % of what was spent, a burn rate of 0.3 / 0.01 = 30.
    """
    seen = list(_seen(hours, running, at, period, left_out))
    if not seen:
        return None
    events = _sum(hour.events for hour in seen)
    budget = allowed_bad(events.total, objective)
    runs = [run for run in _runs(seen, objective) if _bad(run) >= LEAST_SHARE * budget]
    inside = {hour.start for run in runs for hour in run}
    rest = [hour for hour in seen if hour.start not in inside]
    scale = _Scale(objective, budget, events.bad, sum(hour.seconds for hour in seen))
    calm = _without(hours if recent is None else recent, inside, period.start + len(hours) * HOUR)
    pace = mean_hour(calm, LONG_PACE, at=at, left_out=left_out)
    roll_off = _RollOff(hours, running, pace, objective, at, period)
    return Statement(
        bad=events.bad,
        total=events.total,
        budget_share=_share(events.bad, budget),
        episodes=tuple(roll_off.of(scale.episode(run), run[-1].start) for run in runs),
        background=scale.episode(rest, period.start, at),
    )


def _without(recent: Sequence[EventCount | None], inside: Container[int], end: int) -> list[EventCount | None]:
    """The late hours without those of episodes: an incident that is over does not go on."""
    first = end - len(recent) * HOUR
    return [None if first + index * HOUR in inside else hour for index, hour in enumerate(recent)]


def _seen(
    hours: Sequence[EventCount | None],
    running: EventCount | None,
    at: int,
    period: Period,
    left_out: Mapping[int, int],
) -> Iterator[_Hour]:
    for index, hour in enumerate([*hours, running]):
        start = period.start + index * HOUR
        end = min(start + HOUR, at)
        if hour is not None:
            yield _Hour(start, end, end - start - left_out.get(start, 0), hour)


def _runs(seen: Iterable[_Hour], objective: float) -> list[list[_Hour]]:
    """Runs of burning hours, from the first to the last of them."""
    runs: list[list[_Hour]] = []
    quiet: list[_Hour] = []
    for hour in seen:
        if (burn_rate(hour.events, objective) or 0) <= 1:
            quiet.append(hour)
            continue
        if runs and hour.start - runs[-1][-1].start <= (_MOST_QUIET_HOURS + 1) * HOUR:
            runs[-1] += [*(slow for slow in quiet if slow.start > runs[-1][-1].start), hour]
        else:
            runs.append([hour])
        quiet = []
    return runs


def _sum(counts: Iterable[EventCount]) -> EventCount:
    known = list(counts)
    return EventCount(math.fsum(c.good for c in known), math.fsum(c.total for c in known))


def _bad(run: Iterable[_Hour]) -> float:
    return math.fsum(hour.events.bad for hour in run)


def _share(part: float, whole: float) -> float:
    """Nothing of nothing is 0."""
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class _Scale:
    """What an episode's bad events are weighed against."""

    objective: float
    budget: float
    spent: float
    seen_seconds: int
    """The time that the events stand for: an hour of nothing but errors is an hour of full outage."""

    def episode(self, run: Sequence[_Hour], start: int | None = None, end: int | None = None) -> Episode:
        """Its numbers; those of no hour at all are 0."""
        bad = _bad(run)
        share = _share(bad, self.budget)
        return Episode(
            start=run[0].start if start is None else start,
            end=run[-1].end if end is None else end,
            bad=bad,
            minutes=sum(hour.seconds for hour in run) / MINUTE,
            outage_minutes=share * error_budget(self.objective) * self.seen_seconds / MINUTE,
            budget_share=share,
            spent_share=_share(bad, self.spent),
            peak_burn_rate=max((burn_rate(hour.events, self.objective) or 0.0 for hour in run), default=0.0),
        )


class _RollOff:
    """When episodes leave the window, and what the budget will be then, at the background's pace."""

    def __init__(
        self,
        hours: Sequence[EventCount | None],
        running: EventCount | None,
        arriving: EventCount | None,
        objective: float,
        at: int,
        period: Period,
    ) -> None:
        self._at, self._period = at, period
        last_whole = period.start + (len(hours) - 1) * HOUR
        self._last = last_whole if running is None else last_whole + HOUR
        states = simulate(hours, running, arriving, at, period) if arriving is not None else ()
        self._left = [remaining_ratio(state, objective) for state in states]

    def of(self, episode: Episode, last_hour: int) -> Episode:
        """Its last hour is gone when the window's first hour is the one after it."""
        steps = (last_hour - self._period.start) // HOUR + 1
        leaves = self._at + steps * HOUR
        if self._period.resets_at is not None:
            leaves, steps = self._period.resets_at, len(self._left)
        known = 0 < steps <= len(self._left)
        # At its reset a calendar window is empty, and its budget whole.
        after = 1.0 if self._period.resets_at is not None else self._left[steps - 1] if known else None
        return replace(episode, ongoing=last_hour >= self._last, leaves_at=leaves, remaining_after=after)
