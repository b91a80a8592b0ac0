"""What an objective came to in a period: its numbers between bounds, and whether it was met.

A report's status has the same rules (docs/how-numbers-are-made.md), with one difference: it looks ahead, so a budget
spent to the last event is EXHAUSTED there. A period is over, and a promise that was kept to the last event was
kept: an SLI equal to its objective meets it (Google SRE workbook, chapter 2: SLI ≥ target).
"""

from __future__ import annotations

import math
from dataclasses import fields

from sresnap.compute.review.counts import PeriodCounts
from sresnap.compute.slo.budget import remaining_ratio
from sresnap.compute.slo.events import SloData, Total, corrected, over_period
from sresnap.compute.slo.status import LEAST_COVERAGE, is_low_traffic, is_plausible
from sresnap.model.events import EventCount
from sresnap.model.review import Outcome, PeriodResult
from sresnap.model.service import Basis, Slo

_SAME = 1e-9
"""Prometheus adds fractions in no fixed order, so numbers that differ by less are the same."""


def result(counts: PeriodCounts) -> PeriodResult:
    """The result with corrections."""
    removed = counts.exclusions.events
    return _between(counts, *(corrected(data, removed) for data in (counts.proved, counts.possible)))


def uncorrected_result(counts: PeriodCounts) -> PeriodResult | None:
    """The result without corrections; None when the period holds none."""
    return _between(counts, counts.proved, counts.possible) if counts.exclusions.events else None


def outcome(slo: Slo, low: Total, high: Total, *, misses_errors: bool = False) -> Outcome:
    """What an objective came to, by the first rule that matches.

    At 99 %, 1,000 events with 10 bad ones meet it; with 10 to 12 bad ones, the samples leave it open.

    Args:
        slo: the objective.
        low: the bad events that the samples prove.
        high: all that they cannot rule out.
        misses_errors: whether a query misses errors that it could find. Then what was missed stays so, and what was met
            is open.
    """
    if low.events is None or high.events is None:
        return Outcome.NO_DATA
    if low.coverage is None or low.coverage < LEAST_COVERAGE:
        return Outcome.INCOMPLETE
    ends = {_judge(slo, low.events), _judge(slo, high.events)}
    if misses_errors and Outcome.MET in ends:
        return Outcome.OPEN
    return ends.pop() if len(ends) == 1 else Outcome.OPEN


def same(one: PeriodResult, other: PeriodResult) -> bool:
    """Whether two results have the same numbers. With the same ones, only rounding gives another outcome."""
    names = [field.name for field in fields(PeriodResult) if field.name != "outcome"]
    pairs = [(getattr(one, name), getattr(other, name)) for name in names]
    return all(_alike(before, after) for before, after in pairs)


def _between(counts: PeriodCounts, proved: SloData, possible: SloData) -> PeriodResult:
    low, high = (over_period(data, counts.period) for data in (proved, possible))
    if low.events is None or high.events is None:
        return PeriodResult(Outcome.NO_DATA, None, None, None, None, None, None, low.coverage or 0.0)
    bad = sorted((low.events.bad, high.events.bad))
    left, at_worst = (remaining_ratio(events, counts.slo.objective) for events in (low.events, high.events))
    return PeriodResult(
        outcome=outcome(counts.slo, low, high, misses_errors=counts.misses_errors),
        good=low.events.good,
        total=low.events.total,
        bad_bounds=(bad[0], bad[1]),
        sli=low.events.sli,
        remaining_ratio=left,
        worst_remaining_ratio=min(left, at_worst),
        coverage=low.coverage or 0.0,
    )


def _judge(slo: Slo, events: EventCount) -> Outcome:
    if not is_plausible(events):
        return Outcome.IMPLAUSIBLE
    if events.total <= 0:
        return Outcome.NO_TRAFFIC
    if is_low_traffic(events, slo.objective, in_events=slo.basis is Basis.EVENTS):
        return Outcome.LOW_TRAFFIC
    return Outcome.MET if remaining_ratio(events, slo.objective) >= 0 else Outcome.MISSED


def _alike(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(map(_alike, one, other))
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME)
    return one == other
