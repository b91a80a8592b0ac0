"""The advice on one SLO: what each target would have come to in each window of its past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sresnap.compute.advice.alarms import Burning, PairLimit, alarms, limits
from sresnap.compute.advice.past import Past, Seen, Seer, Spans, day_ends, side_by_side, whole_windows
from sresnap.compute.advice.sums import Ints
from sresnap.compute.advice.verdicts import frozen, nine_of_ten, verdicts
from sresnap.compute.slo.statement import past_episodes
from sresnap.model.advice import (
    MOST_EPISODES,
    NOTABLE_TARGETS,
    Advice,
    PastEpisode,
    PastWindow,
    PastWindows,
    TargetResult,
)
from sresnap.model.events import BurnPair
from sresnap.model.statement import Episode
from sresnap.model.windows import HOUR, SloWindow, Window


def advise(
    past: Past,
    pairs: Sequence[BurnPair],
    targets: Iterable[float] | None = None,
    windows: Iterable[SloWindow] | None = None,
) -> Advice:
    """What the history of an SLO says of targets over windows.

    Args:
        past: the history.
        pairs: the workbook's burn-rate pairs.
        targets: ratios in (0, 1); None for the notable ones, the present one, and those that were met in 9 of 10
            windows, of the SLO's own and of these.
        windows: None for all of `Past.windows`.
    """
    history = _History.of(past, pairs)
    looked_at = [_Looked.of(history, window) for window in (past.windows if windows is None else windows)]
    facts = tuple(each.facts for each in looked_at)
    own = next((each for each in facts if each.window == past.slo.window.name), None)
    asked = None if targets is None else tuple(targets)
    results = tuple(
        each.result(target)
        for each in looked_at
        if each.facts.is_enough
        for target in (_notable(past.slo.objective, own, each.facts) if asked is None else asked)
    )
    return Advice(
        slo=past.slo.name,
        objective=past.slo.objective,
        window=past.slo.window.name,
        since=past.start,
        until=past.end,
        windows=facts,
        results=results,
        episodes=_listed(episodes(past)[:MOST_EPISODES]),
        worst_episodes=() if own is None else _listed(_worst_episodes(past, own)),
    )


def _notable(objective: float, *facts: PastWindows | None) -> tuple[float, ...]:
    """The targets of the table, from the lowest: also those that were met in 9 of 10 of some windows."""
    found = {fact.nine_of_ten for fact in facts if fact is not None and fact.nine_of_ten is not None and fact.is_enough}
    return tuple(sorted({*NOTABLE_TARGETS, objective, *found}))


@dataclass(frozen=True, slots=True)
class _History:
    """The sums of an SLO's history, made once for all targets and windows."""

    past: Past
    pairs: Sequence[BurnPair]
    low: Seer
    high: Seer
    burning: tuple[Burning, Burning]

    @classmethod
    def of(cls, past: Past, pairs: Sequence[BurnPair]) -> _History:
        low, burns = Seer.of(past.low), Burning.of(past, past.low, pairs)
        if past.is_exact:
            return cls(past, pairs, low, low, (burns, burns))
        return cls(past, pairs, low, Seer.of(past.high), (burns, Burning.of(past, past.high, pairs)))

    def seen(self, spans: Spans) -> tuple[Seen, Seen]:
        """The counts of windows at both ends."""
        low = self.low.seen(spans)
        return low, low if self.high is self.low else self.high.seen(spans)


@dataclass(frozen=True, slots=True)
class _Looked:
    """The windows of one length in a history."""

    history: _History
    facts: PastWindows
    whole: tuple[Seen, Seen]
    """Of the windows that are judged, at both ends."""
    daily: tuple[Seen, Seen]
    """Of the windows at the end of each day."""
    limits: tuple[PairLimit, ...]

    @classmethod
    def of(cls, history: _History, window: SloWindow) -> _Looked:
        past = history.past
        spans = whole_windows(past, window)
        whole = history.seen(spans)
        facts = PastWindows(
            window=window.name,
            ends=len(spans),
            side_by_side=side_by_side(past, window),
            incomplete=int(np.sum(~(whole[0].has_data & whole[1].has_data))),
            worst=_worst(past, spans, *whole),
            nine_of_ten=nine_of_ten(past.slo, *whole),
        )
        daily = whole if isinstance(window, Window) else history.seen(day_ends(past, window))
        return cls(history, facts, whole, daily, limits(history.pairs, _lengths(past, window)))

    def result(self, target: float) -> TargetResult:
        """What a target would have come to."""
        slo = self.history.past.slo
        found = verdicts(slo, *self.whole, target)
        spent, judged = frozen(slo, *self.daily, target)
        pages, tickets = alarms(*self.history.burning, self.limits, target)
        met, missed, is_open, days_spent, days = (
            int(np.sum(each)) for each in (found.met, found.missed, found.open, spent, judged)
        )
        return TargetResult(target, self.facts.window, met, missed, is_open, pages, tickets, days_spent, days)


def _lengths(past: Past, window: SloWindow) -> Ints:
    """The length of the window that holds each hour's end."""
    count = len(past.low.hours)
    if isinstance(window, Window):
        return np.full(count, window.seconds, np.int64)
    found = np.empty(count, np.int64)
    first = 0
    while first < count:
        period = window.period(past.start + (first + 1) * HOUR)
        last = (period.start + period.length_seconds - past.start) // HOUR
        found[first:last] = period.length_seconds
        first = last
    return found


def _worst(past: Past, spans: Spans, low: Seen, high: Seen) -> PastWindow | None:
    """The window with the lowest SLI, by the worse end of the bounds; of equal ones the newest."""
    sound = np.flatnonzero(low.is_sound & high.is_sound)
    if not sound.size:
        return None
    ratios = np.maximum(low.counts.bad_ratio, high.counts.bad_ratio)[sound]
    place = sound[len(ratios) - 1 - int(np.argmax(ratios[::-1]))]
    start, end = (past.start + int(each[place]) * HOUR for each in (spans.starts, spans.ends))
    slis = [end_.counts.good[place] / end_.counts.total[place] for end_ in (low, high)]
    return PastWindow(start, end, float(min(slis)))


def _worst_episodes(past: Past, facts: PastWindows) -> tuple[Episode, ...]:
    """The episodes of the worst window, as the report at its end would list them, by the SLO's present objective."""
    worst = facts.worst
    if worst is None:
        return ()
    hours = past.high.hours
    inside = hours.slice(hours.index(worst.start), hours.index(worst.end))
    return past_episodes(inside, past.slo.objective, 1, past.left_out)


def _listed(found: Iterable[Episode]) -> tuple[PastEpisode, ...]:
    return tuple(PastEpisode(one.start, one.end, one.bad, one.budget_share, one.peak_burn_rate) for one in found)


def episodes(past: Past) -> tuple[Episode, ...]:
    """The costliest episodes of the whole history, by the SLO's present objective, the costliest first."""
    length = past.slo.window.period(past.end).length_seconds
    windows = (past.end - past.start) / length
    found = past_episodes(past.high.hours, past.slo.objective, windows, past.left_out)
    return tuple(sorted(found, key=lambda episode: (-episode.bad, episode.start)))
