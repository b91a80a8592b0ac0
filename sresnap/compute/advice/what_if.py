"""What if: the past without an incident, or with a correction that the configuration does not have.

The past that is made lies between two bounds, like counts that samples leave open: its low end has the fewest bad
events that the question allows, its high end the most. So everything that is said of a past can be said of it, and what
the bounds leave open is open.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sresnap.compute.advice.past import End, Past, Seer, Spans
from sresnap.compute.advice.verdicts import left, verdicts
from sresnap.compute.slo.corrections import Exclusions
from sresnap.model.advice import WhatIfWindow
from sresnap.model.corrections import Correction, cuts
from sresnap.model.hours import Bools, HourlyCounts
from sresnap.model.review import Outcome
from sresnap.model.statement import Episode
from sresnap.model.windows import HOUR


def without(past: Past, episode: Episode, others: tuple[Episode, ...]) -> Past:
    """The past without an incident that a fix would have prevented.

    Its hours keep their traffic. At best they have no bad event; at worst the usual share of them, which is the share
    in all hours outside of episodes. No hour gets more bad events than it had.

    1,000 events an hour, 2 of them bad, and an incident of one hour with 400: the hour has 0 to 2 bad events.

    Args:
        past: the history.
        episode: the incident.
        others: all episodes of the history.
    """
    usual = _usual_share(past.high.hours, others)
    inside = _between(past, episode.start, episode.end)
    return replace(past, low=_calmed(past.low, inside, 0.0), high=_calmed(past.high, inside, usual))


def _usual_share(hours: HourlyCounts, episodes: tuple[Episode, ...]) -> float:
    rest = hours.known
    for episode in episodes:
        rest = rest.copy()
        rest[hours.index(episode.start) : hours.index(episode.end - 1) + 1] = False
    counts = replace(hours, good=hours.good[rest], total=hours.total[rest]).sum()
    return counts.bad / counts.total if counts is not None and counts.total > 0 else 0.0


def _calmed(end: End, inside: Bools, share: float) -> End:
    def calm(hours: HourlyCounts) -> HourlyCounts:
        bad = np.minimum(hours.bad, hours.total * share)
        return replace(hours, good=np.where(inside, hours.total - bad, hours.good))

    return replace(end, raw=calm(end.raw), hours=calm(end.hours))


def corrected_by(past: Past, correction: Correction) -> Past:
    """The past as a correction in the configuration would leave it.

    Whole hours are left out. What was counted in a part of an hour is not known: at best all its bad events were in the
    part that is left out, at worst none of them, and all the good ones were.

    An hour with 90 good and 10 bad events, 20 minutes of it left out: at best 0 bad of 100, at worst 10 bad of 10.
    """
    known = past.exclusions
    before = {cut for cut in known.events if cut.is_whole}
    parts = cuts((*known.corrections, correction), past.start, past.end)
    seconds = {hour: sum(cut.seconds for cut in parts if cut.hour == hour) for hour in {cut.hour for cut in parts}}
    new = cuts((correction,), past.start, past.end)
    touched = [cut.hour for cut in new if cut.hour not in {whole.hour for whole in before}]
    exclusions = Exclusions((*known.corrections, correction), known.events)
    low, high = (
        _left_out(end, past, touched, seconds, is_best=is_best)
        for end, is_best in ((past.low, True), (past.high, False))
    )
    return replace(past, low=low, high=high, exclusions=exclusions)


def _left_out(end: End, past: Past, touched: list[int], seconds: dict[int, int], *, is_best: bool) -> End:
    good, total, cut = end.hours.good.copy(), end.hours.total.copy(), end.left_out.copy()
    for hour in touched:
        place = end.hours.index(hour)
        cut[place] = seconds[hour]
        if seconds[hour] == HOUR:
            good[place] = total[place] = np.nan
        elif is_best:
            good[place] = total[place]
        else:
            total[place] -= good[place]
            good[place] = 0.0
    return replace(end, hours=HourlyCounts(past.start, good, total), left_out=cut)


def _between(past: Past, start: int, end: int) -> Bools:
    times = past.start + np.arange(len(past.low.hours)) * HOUR
    found: Bools = (times + HOUR > start) & (times < end)
    return found


def window_now(past: Past) -> WhatIfWindow:
    """The SLO's window at the end of the history, by its present objective."""
    period = past.slo.window.period(past.end)
    first = max(0, (period.start - past.start) // HOUR)
    spans = Spans(np.array([first]), np.array([len(past.low.hours)]))
    low, high = (Seer.of(end).seen(spans) for end in (past.low, past.high))
    found = verdicts(past.slo, low, high, past.slo.objective)
    outcomes = {Outcome.MET: found.met, Outcome.MISSED: found.missed, Outcome.OPEN: found.open}
    outcome = next((each for each, is_so in outcomes.items() if is_so[0]), None)
    ratios = [float(left(end, past.slo.objective)[0]) for end in (low, high)]
    return WhatIfWindow(
        start=past.start + first * HOUR,
        end=past.end,
        outcome=outcome,
        remaining_bounds=None if outcome is None else (min(ratios), max(ratios)),
    )
