"""Where the error budget went: burn episodes, and the background.

Like a bank statement, every bad event of the window is in exactly one row, and the rows add up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sresnap.compute.slo.budget import allowed_bad, error_budget
from sresnap.compute.slo.burn import burn_rates
from sresnap.compute.slo.forecast import NOTHING_LEFT_OUT, Ahead
from sresnap.model.events import EventCount, MeanHour
from sresnap.model.hours import Floats, HourlyCounts
from sresnap.model.statement import Episode, Statement
from sresnap.model.windows import HOUR, MINUTE, Period, floor

LEAST_SHARE = 0.01
"""Of the window's budget. A cheaper run is background; otherwise every noisy hour would be an episode."""
_MOST_QUIET_HOURS = 1
"""Between two burning hours of the same episode: an incident may pause for an hour."""


def statement(ahead: Ahead, pace: MeanHour | None, left_out: Mapping[int, int] = NOTHING_LEFT_OUT) -> Statement | None:
    """The statement of an SLO's window; None when the window has no data.

    An episode is a run of hours that burn faster than 1×, with at most one slower hour between two of them. Together
    they cost at least 1 % of the window's budget. The running hour is one more hour. What is not in an episode is
    background. What is left when an episode leaves is the forecast's, at its calmer pace: an incident that is over does
    not continue. An hour that a correction cuts counts for the time that is left of it.

    99 hours of 100 events without a bad one and one hour with 30 bad, at 0.99: 10,000 events allow 100 bad ones. The
    one episode has 30 bad events, 30 % of the budget, 100 % of what was spent, a burn rate of 0.3 / 0.01 = 30.

    Args:
        ahead: the window.
        pace: the calmer pace of its forecast; None without a forecast.
        left_out: by an hour's start, the seconds of it that corrections leave out.
    """
    period, seen = ahead.period, 1.0 if ahead.provisional is None else ahead.provisional.share
    every = _Ledger.of(ahead.hours, ahead.running, ahead.objective, period.end, left_out)
    if not every.known.any():
        return None
    bad, total = every.bad_sum(every.known), math.fsum(every.counts.total[every.known].tolist())
    budget = allowed_bad(total, ahead.objective) / seen
    runs = [run for run in every.runs() if every.bad_sum(run) >= LEAST_SHARE * budget]
    rest = every.known.copy()
    for run in runs:
        rest &= ~run
    scale = _Scale(ahead.objective, budget, bad, int(every.seconds[every.known].sum()) / seen)
    roll_off = _RollOff.of(ahead, pace)
    return Statement(
        bad=bad,
        total=total,
        budget_share=_share(bad, budget),
        episodes=tuple(roll_off.applied(scale.episode(every, run)) for run in runs),
        background=replace(scale.episode(every, rest), start=period.start, end=period.end),
        pace=pace,
    )


def past_episodes(
    hours: HourlyCounts, objective: float, windows: float, left_out: Mapping[int, int] = NOTHING_LEFT_OUT
) -> tuple[Episode, ...]:
    """The episodes of a history that is longer than a window, oldest first, by the same rule.

    Their shares are of the budget of a mean window. Of 112 days with 10,000 events a day, four windows of 28 days, a
    window allows at 0.99 2,800 bad ones, so that an episode has at least 28.

    Args:
        hours: the history.
        objective: ratio in (0, 1).
        windows: how many windows long it is.
        left_out: by an hour's start, the seconds of it that corrections leave out.
    """
    every = _Ledger.of(hours, None, objective, hours.end, left_out)
    total = math.fsum(every.counts.total[every.known].tolist())
    budget = allowed_bad(total, objective) / windows
    scale = _Scale(objective, budget, every.bad_sum(every.known), int(every.seconds[every.known].sum()) / windows)
    return tuple(scale.episode(every, run) for run in every.runs() if every.bad_sum(run) >= LEAST_SHARE * budget)


Mask = NDArray[np.bool_]
"""Which hours of a ledger belong to something."""


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The window's hours, the running one the last of them."""

    counts: HourlyCounts
    seconds: NDArray[np.int64]
    """Of each hour, the time that was counted: without what corrections leave out."""
    burn_rates: Floats
    at: int

    @classmethod
    def of(
        cls, hours: HourlyCounts, running: EventCount | None, objective: float, at: int, left_out: Mapping[int, int]
    ) -> _Ledger:
        counts = hours.appended(running)
        starts = counts.start + np.arange(len(counts)) * HOUR
        seconds = np.minimum(starts + HOUR, at) - starts
        for start, cut in left_out.items():
            if 0 <= counts.index(start) < len(counts):
                seconds[counts.index(start)] -= cut
        return cls(counts, seconds, burn_rates(counts.good, counts.total, objective), at)

    @property
    def known(self) -> Mask:
        return self.counts.known

    def bad_sum(self, hours: Mask) -> float:
        """The bad events of some hours, summed without rounding."""
        return math.fsum(self.counts.bad[hours].tolist())

    def runs(self) -> list[Mask]:
        """Runs of burning hours, from the first to the last of them."""
        burning = np.flatnonzero(self.known & (self.burn_rates > 1))
        gaps = np.flatnonzero(np.diff(burning) > _MOST_QUIET_HOURS + 1) + 1
        return [self._between(run[0], run[-1]) for run in np.split(burning, gaps) if run.size]

    def _between(self, first: int, last: int) -> Mask:
        found = np.zeros(len(self.counts), dtype=np.bool_)
        found[first : last + 1] = True
        return found & self.known

    def span(self, hours: Mask) -> tuple[int, int]:
        """Start of the first of some hours, and end of the last."""
        indices = np.flatnonzero(hours).tolist()
        return self.counts.start + indices[0] * HOUR, min(self.counts.start + (indices[-1] + 1) * HOUR, self.at)


def _share(part: float, whole: float) -> float:
    """The share of the whole; 0 when the whole is 0."""
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class _Scale:
    """What an episode's bad events are compared with."""

    objective: float
    budget: float
    spent: float
    seconds: float
    """Of the window that has data; while the history is young, of the whole window. One hour of only errors counts as
    one hour of full outage."""

    def episode(self, every: _Ledger, hours: Mask) -> Episode:
        """The numbers of some hours; without an hour they are 0."""
        bad = every.bad_sum(hours)
        share = _share(bad, self.budget)
        start, end = every.span(hours) if hours.any() else (every.counts.start, every.at)
        return Episode(
            start=start,
            end=end,
            bad=bad,
            minutes=int(every.seconds[hours].sum()) / MINUTE,
            outage_minutes=share * error_budget(self.objective) * self.seconds / MINUTE,
            budget_share=share,
            spent_share=_share(bad, self.spent),
            peak_burn_rate=float(every.burn_rates[hours].max(initial=0.0)),
        )


@dataclass(frozen=True, slots=True)
class _RollOff:
    """When episodes leave the window, and what the budget will be then, as the forecast says."""

    period: Period
    last_hour: int
    """Start of the window's last hour."""
    left: Floats
    """The budget after one hour, two hours, …; empty without a pace."""

    @classmethod
    def of(cls, ahead: Ahead, pace: MeanHour | None) -> _RollOff:
        last_hour = ahead.hours.end if ahead.running is not None else ahead.hours.end - HOUR
        return cls(ahead.period, last_hour, np.array([]) if pace is None else ahead.remaining(pace))

    def applied(self, episode: Episode) -> Episode:
        """The episode with the moment at which it leaves the window: the window then begins after its last hour."""
        last = floor(episode.end - 1, HOUR)
        steps = (last - self.period.start) // HOUR + 1
        leaves, after = self.period.end + steps * HOUR, None
        if self.period.resets_at is not None:
            # At its reset a calendar window is empty, and its budget whole.
            leaves, after = self.period.resets_at, 1.0
        elif 0 < steps <= len(self.left):
            after = float(self.left[steps - 1])
        return replace(episode, ongoing=last >= self.last_hour, leaves_at=leaves, remaining_after=after)
