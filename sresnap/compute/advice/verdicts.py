"""What a target comes to in windows of the past: met, missed or open, and the days with the budget spent.

An objective is met by an SLI that is not below it; a budget that is spent to the last event is spent (Google SRE
workbook, chapter 2). So with 10 bad events of 1,000, 99 % is met, and releases are frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import numpy as np

from sresnap.compute.advice.past import Seen
from sresnap.compute.slo.budget import error_budget
from sresnap.model.advice import NINE_OF_TEN, NOTABLE_TARGETS
from sresnap.model.hours import Bools, Floats
from sresnap.model.service import Basis, Slo

_DIGITS = 2
"""Of the error budget of a target that is worked out."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Of each window, what a target comes to. No other window can be judged."""

    met: Bools
    missed: Bools
    open: Bools


def fewest(slo: Slo, target: float) -> float:
    """The fewest events that can be judged: those that allow one bad one. 1,000 at 99.9 %; 0 where time is counted."""
    return float(1 / (1 - Decimal(repr(target)))) if slo.basis is Basis.EVENTS else 0.0


def left(seen: Seen, target: float) -> Floats:
    """The budget left in each window: 1 − (1 − SLI) / (1 − target), as `slo/budget.remaining_ratio`."""
    found: Floats = 1 - seen.counts.bad_ratio / error_budget(target)
    return found


def verdicts(slo: Slo, low: Seen, high: Seen, target: float) -> Verdicts:
    """What a target comes to. Where the ends of the bounds differ, it is open, and so where one cannot be judged."""
    least = fewest(slo, target)
    judged = [end.is_sound & (end.counts.total >= least) for end in (low, high)]
    kept = [left(end, target) >= 0 for end in (low, high)]
    met, missed = judged[0] & judged[1] & kept[0] & kept[1], judged[0] & judged[1] & ~kept[0] & ~kept[1]
    return Verdicts(met, missed, (judged[0] | judged[1]) & ~met & ~missed)


def frozen(slo: Slo, low: Seen, high: Seen, target: float) -> tuple[Bools, Bools]:
    """At which ends of days the budget was spent, at the worse end as the status is; and which could be judged."""
    least = fewest(slo, target)
    judged = [end.is_sound & (end.counts.total >= least) for end in (low, high)]
    spent = [left(end, target) <= 0 for end in (low, high)]
    return (judged[0] & spent[0]) | (judged[1] & spent[1]), judged[0] | judged[1]


def nine_of_ten(slo: Slo, low: Seen, high: Seen) -> float | None:
    """The highest target that was met in 9 of 10 windows, by the worse end of the bounds; None below 90 %.

    Of ten windows with 0.1, 0.2, …, 1.0 % bad events it is the ninth, 0.9 %: 99.1 %. The error budget is rounded up to
    two digits, so that the target is met in no fewer windows: 0.123 % is 99.87 %. No target is above 99.99 %.
    """
    sound = low.is_sound & high.is_sound
    ratios = np.sort(np.maximum(low.counts.bad_ratio, high.counts.bad_ratio)[sound])
    if not ratios.size:
        return None
    needed = -(-len(ratios) * 9 // 10)
    target = _with_budget(float(ratios[needed - 1]))
    if target is None:
        return None
    found = verdicts(slo, low, high, target)
    met, judged = (int(np.sum(each)) for each in (found.met, found.met | found.missed | found.open))
    return target if judged and met >= NINE_OF_TEN * judged else None


def _with_budget(bad_ratio: float) -> float | None:
    """The highest target whose error budget is not below a ratio."""
    highest, lowest = NOTABLE_TARGETS[-1], NOTABLE_TARGETS[0]
    if bad_ratio <= error_budget(highest):
        return highest
    exact = Decimal(repr(bad_ratio))
    rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - _DIGITS + 1), ROUND_CEILING)
    target = float(1 - rounded)
    return target if target >= lowest else None
