"""How often burn-rate alerts would have fired in the past: the rule of `slo/alerts.py` at the end of each whole hour.

Hours are the finest that the history has. So a window of 5m or 30m is stood in for by its hour, and an incident on both
sides of a full hour may be hidden by them. `Alarms.most` has it: it allows a window any position within the hour. It
assumes that traffic is even within an hour, and that an hour's bad events may all lie in its last minutes.

Two hours with 20 bad of 1,000 events each, at 99 % over 7 days: either hour burns at 2×, less than the 3.36 of a page
over 1h, and six hours burn at 0.67×. But all 40 may lie within one hour in between: no page is counted, at most one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sresnap.compute.advice.past import End, Past
from sresnap.compute.advice.sums import Counts, CountSums, Ints, up_to
from sresnap.compute.slo.alerts import LEAST_BAD_EVENTS, LEAST_SHORT_EVENTS, LEAST_THRESHOLD, steps, threshold
from sresnap.compute.slo.budget import error_budget
from sresnap.model.advice import Alarms
from sresnap.model.events import PAGE, BurnPair
from sresnap.model.hours import Bools, Floats
from sresnap.model.service import Basis
from sresnap.model.windows import DAY, HOUR, ceil


@dataclass(frozen=True, slots=True)
class _Window:
    """A window that ends with each hour."""

    counts: Counts
    known: Bools
    shifted_bad: Floats
    """The most bad events in the window at any moment of the hour that ends."""
    shifted_ratio: Floats
    """The highest share of bad events then."""
    shifted_short: Floats
    """The same without the hours of corrections: while one lies in the short window, a pair is withheld."""
    corrected: Bools
    """Whether a correction lies in it."""


@dataclass(frozen=True, slots=True)
class Burning:
    """The windows of all pairs over the whole history, at one end of the bounds."""

    windows: dict[int, _Window]
    """By length in seconds."""
    of_events: bool

    @classmethod
    def of(cls, past: Past, end: End, pairs: Iterable[BurnPair]) -> Burning:
        """The windows of some pairs. Windows of a day and longer have corrections, as in a report."""
        lengths = {length for pair in pairs for length in (pair.long_seconds, pair.short_seconds)}
        raw, hours = CountSums.of(end.raw), CountSums.of(end.hours)
        found = {length: _window(past, raw if length < DAY else hours, hours, length) for length in sorted(lengths)}
        return cls(found, past.slo.basis is Basis.EVENTS)

    def fires(self, windows: Sequence[tuple[int, int]], limit: Floats, budget: float) -> Bools:
        """Whether a pair fires at the end of each hour, by the windows that it looks at in turn.

        The first one decides that fires, is unknown, or has enough events to say that nothing does.
        """
        found = np.zeros(limit.shape, np.bool_)
        looked_at = [(self.windows[long], self.windows[short], short / long) for long, short in self._used(windows)]
        hot = _hot(limit, budget, [over.counts.bad_ratio for over, _, _ in looked_at])
        limit, undecided = limit[hot], np.ones(hot.size, np.bool_)
        for over, under, share in looked_at if hot.size else ():
            rates = [(each.counts.bad_ratio[hot] / budget, each.known[hot]) for each in (over, under)]
            calm = np.logical_or.reduce([known & ~(rate > limit) for rate, known in rates])
            burns = np.logical_and.reduce([known & (rate > limit) for rate, known in rates])
            decides = undecided
            if self.of_events:
                known, bad, total = over.known[hot], over.counts.bad[hot], over.counts.total[hot]
                is_thin = known & (total * share < LEAST_SHORT_EVENTS)
                decides = undecided & (~known | (bad >= LEAST_BAD_EVENTS)) & (~calm | ~is_thin)
            found[hot] |= decides & burns & ~under.corrected[hot]
            undecided = undecided & ~decides
        return found

    def may_fire(self, windows: Sequence[tuple[int, int]], limit: Floats, budget: float) -> Bools:
        """In which hours a pair may fire at any moment; each hour at whose end it fires is one of them."""
        found = np.zeros(limit.shape, np.bool_)
        for long, short in self._used(windows):
            over, under = self.windows[long], self.windows[short]
            hot = _hot(limit, budget, [over.shifted_ratio])
            burns = (over.shifted_ratio[hot] / budget > limit[hot]) & (under.shifted_short[hot] / budget > limit[hot])
            found[hot] |= burns & (over.shifted_bad[hot] >= LEAST_BAD_EVENTS if self.of_events else True)
        return found

    def _used(self, windows: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        return windows if self.of_events else windows[:1]


def _hot(limit: Floats, budget: float, ratios: Iterable[Floats]) -> Ints:
    """The hours in which a pair may fire at all: few of two years. None that exceeds the limit is missing."""
    if limit.max(initial=0.0) < LEAST_THRESHOLD:
        return np.zeros(0, np.int64)
    least = float(limit.min()) * budget * (1 - 1e-9)
    over = np.logical_or.reduce([ratio > least for ratio in ratios])
    found: Ints = np.flatnonzero(over)
    return found[limit[found] >= LEAST_THRESHOLD]


def _window(past: Past, measured: CountSums, corrected: CountSums, length: int) -> _Window:
    count = len(past.low.hours)
    ends = np.arange(1, count + 1)
    hours = ceil(length, HOUR) // HOUR
    starts = np.maximum(ends - hours, 0)
    counts = measured.between(starts, ends)
    leaves_out = _corrected(past, past.start + ends * HOUR, (hours + 1) * HOUR)
    bad, ratio = _shifted(measured, starts, ends, length, leaves_out)
    return _Window(
        counts=counts,
        known=counts.known > 0,
        shifted_bad=bad,
        shifted_ratio=ratio,
        shifted_short=ratio if corrected is measured else _shifted(corrected, starts, ends, length, leaves_out)[1],
        corrected=_corrected(past, past.start + ends * HOUR, hours * HOUR),
    )


def _shifted(sums: CountSums, starts: Ints, ends: Ints, length: int, leaves_out: Bools) -> tuple[Floats, Floats]:
    """The most bad events of a window at any moment of its last hour, and their highest share.

    Where a correction leaves out one of two neighbours, the other one says how much traffic there was.
    """
    wider = sums.between(np.maximum(starts - 1, 0), ends)
    total = sums.between(starts, ends).total
    before = np.concatenate([total[:1], total[:-1]])
    least = np.where(leaves_out & ((before <= 0) | (total <= 0)), np.maximum(before, total), np.minimum(before, total))
    least = least * min(1, length / HOUR)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(wider.bad > 0, np.minimum(wider.bad / least, 1.0), 0.0)
    return wider.bad, ratio


def _corrected(past: Past, at: Ints, length: int) -> Bools:
    found = np.zeros(at.shape, np.bool_)
    for correction in past.exclusions.corrections:
        found |= (at - length < correction.end) & (at > correction.start)
    return found


@dataclass(frozen=True, slots=True)
class PairLimit:
    """A pair over an SLO window."""

    is_page: bool
    windows: tuple[tuple[int, int], ...]
    """That it looks at in turn, long and short."""
    limit: Floats
    """Its threshold at each hour: months differ in length."""


def limits(pairs: Sequence[BurnPair], lengths: Ints) -> tuple[PairLimit, ...]:
    """The pairs over an SLO window, by the length of the window in seconds at each hour."""
    each, places = np.unique(lengths, return_inverse=True)
    return tuple(
        PairLimit(
            is_page=pair.severity == PAGE,
            windows=steps(pair, pairs, int(each[0])),
            limit=np.array([threshold(pair, int(length)) for length in each])[places],
        )
        for pair in pairs
    )


def alarms(low: Burning, high: Burning, pairs: Sequence[PairLimit], target: float) -> tuple[Alarms, Alarms]:
    """How many pages and how many tickets a target would have brought, over a window.

    Args:
        low: the history with the bad events that the samples prove.
        high: the history with all that they cannot rule out.
        pairs: over the SLO window.
        target: the objective.
    """
    budget = error_budget(target)
    pages, tickets = ([pair for pair in pairs if pair.is_page is is_page] for is_page in (True, False))
    return _alarms(low, high, pages, budget), _alarms(low, high, tickets, budget)


def _alarms(low: Burning, high: Burning, pairs: Sequence[PairLimit], budget: float) -> Alarms:
    hours = pairs[0].limit.shape if pairs else 0
    surely, maybe = np.zeros(hours, np.bool_), np.zeros(hours, np.bool_)
    for pair in pairs:
        surely |= low.fires(pair.windows, pair.limit, budget)
        maybe |= low.may_fire(pair.windows, pair.limit, budget)
        if high is not low:
            maybe |= high.may_fire(pair.windows, pair.limit, budget)
    counted = _runs(surely)
    return Alarms(counted, counted + _without(maybe | surely, surely))


def _runs(fires: Bools) -> int:
    """How many runs of hours."""
    return int(fires[:1].sum() + np.sum(fires[1:] & ~fires[:-1]))


def _without(maybe: Bools, surely: Bools) -> int:
    """How many runs of the one hold none of the other."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], maybe, [False]]).astype(np.int8)))
    sums = up_to(surely.astype(np.int64))
    return int(np.sum(sums[edges[1::2]] == sums[edges[::2]]))
