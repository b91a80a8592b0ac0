"""One objective over a period: its result, where the budget went, and the periods before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from sresnap.compute.review.counts import PeriodCounts
from sresnap.compute.review.result import result, uncorrected_result
from sresnap.compute.slo.budget import allowed_bad
from sresnap.compute.slo.forecast import Ahead
from sresnap.compute.slo.statement import statement
from sresnap.compute.slo.traffic import traffic_by_hour
from sresnap.model.hours import HourlyCounts
from sresnap.model.review import (
    LAST_PERIODS,
    MOST_DAYS,
    MOST_EPISODES,
    OtherSpending,
    PastResult,
    PeriodResult,
    ReviewedEpisode,
    SloReview,
    WorstDay,
)
from sresnap.model.statement import Episode, Statement
from sresnap.model.windows import HOUR


def objective_review(
    counts: PeriodCounts, timezone: str, earlier: Sequence[PastResult], year_before: PastResult | None
) -> SloReview:
    """An objective over a period.

    Args:
        counts: what is known of it.
        timezone: of local days.
        earlier: its results in the closed periods before, newest first.
        year_before: its result in the same period a year before.
    """
    slo, period, found = counts.slo, counts.period, result(counts)
    spent = _spent(counts)
    named = _costliest(spent)
    this = past_result(period.name, slo.objective, found)
    since = counts.proved.known_since
    return SloReview(
        name=slo.name,
        objective=slo.objective,
        basis=slo.basis.value,
        kind=slo.kind.value,
        threshold_seconds=slo.threshold_seconds,
        definitions=counts.definitions,
        result=found,
        uncorrected=uncorrected_result(counts),
        known_since=since if since is not None and period.start < since < period.end else None,
        episodes=tuple(map(_episode, named)),
        others=None if spent is None else _others(spent, named),
        worst_days=worst_days(counts.judged.hours, slo.objective, timezone),
        year_before=year_before,
        last=(this, *earlier)[:LAST_PERIODS],
        slice_seconds=slo.slice_seconds,
        slice_target=slo.slice_target,
    )


def past_result(period: str, objective: float, found: PeriodResult) -> PastResult:
    """A result as later periods show it."""
    return PastResult(period, found.outcome, found.sli, found.remaining_ratio, objective)


def worst_days(hours: HourlyCounts, objective: float, timezone: str) -> tuple[WorstDay, ...]:
    """The local days with the most bad events, the worst first; only days that have some.

    At 0.99 and 100 events on each of ten days, 1,000 events allow 10 bad ones: 4 on one day are 40 % of the budget.
    """
    zone = ZoneInfo(timezone)
    bad: dict[str, list[float]] = {}
    total: dict[str, list[float]] = {}
    for index in np.flatnonzero(hours.known).tolist():
        day = datetime.fromtimestamp(hours.start + index * HOUR, zone).strftime("%Y-%m-%d")
        bad.setdefault(day, []).append(float(hours.bad[index]))
        total.setdefault(day, []).append(float(hours.total[index]))
    budget = allowed_bad(math.fsum(value for values in total.values() for value in values), objective)
    sums = {day: math.fsum(values) for day, values in bad.items()}
    worst = sorted((day for day, spent in sums.items() if spent > 0), key=lambda day: (-sums[day], day))
    return tuple(
        WorstDay(day, sums[day], math.fsum(total[day]), sums[day] / budget if budget > 0 else 0.0)
        for day in worst[:MOST_DAYS]
    )


def _spent(counts: PeriodCounts) -> Statement | None:
    """Where the budget went, as a report at the period's end says it; None without data."""
    data = counts.judged
    ahead = Ahead(data.hours, None, counts.slo.objective, counts.period, None, traffic_by_hour(data.hours))
    return statement(ahead, None, data.left_out)


def _costliest(spent: Statement | None) -> list[Episode]:
    """The costliest episodes, oldest first."""
    found = () if spent is None else spent.episodes
    costly = sorted(found, key=lambda episode: (-episode.bad, episode.start))[:MOST_EPISODES]
    return sorted(costly, key=lambda episode: episode.start)


def _episode(episode: Episode) -> ReviewedEpisode:
    return ReviewedEpisode(
        start=episode.start,
        end=episode.end,
        bad=episode.bad,
        minutes=episode.minutes,
        budget_share=episode.budget_share,
        peak_burn_rate=episode.peak_burn_rate,
    )


def _others(spent: Statement, named: Sequence[Episode]) -> OtherSpending:
    """What is in none of the named episodes."""
    rest = [*_without(spent.episodes, named), spent.background]
    return OtherSpending(
        episodes=len(rest) - 1,
        bad=math.fsum(episode.bad for episode in rest),
        budget_share=math.fsum(episode.budget_share for episode in rest),
    )


def _without(episodes: Sequence[Episode], named: Sequence[Episode]) -> Iterator[Episode]:
    starts = {episode.start for episode in named}
    return (episode for episode in episodes if episode.start not in starts)
