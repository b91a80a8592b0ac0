"""An SLO judged at both ends of what its samples leave open. Nothing is healthy only at its better end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sresnap import format as fmt
from sresnap.compute.slo.corrections import NO_EXCLUSIONS, Exclusions
from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.compute.slo.events import SloData
from sresnap.model.events import BurnPair
from sresnap.model.now import Now
from sresnap.model.service import Slo
from sresnap.model.slo import Precision, SloReport, WindowReport


def evaluate_between(
    slo: Slo,
    proved: SloData,
    possible: SloData,
    pairs: Sequence[BurnPair],
    exclusions: Exclusions = NO_EXCLUSIONS,
) -> SloReport:
    """An SLO by what its samples prove, with the bounds of its bad events and the verdict at the worse of them.

    So does the state now, with the alerts of the end that it is taken from.

    Events that are left open are open in every series alike: they happened in all of them or in none. So there are two
    cases, and the truth lies between them.

    Args:
        slo: the objective.
        proved: the counts that the samples prove.
        possible: the counts with all that the samples cannot rule out.
        pairs: burn-rate pairs.
        exclusions: corrections.
    """
    low = evaluate_slo(slo, proved, pairs, exclusions)
    high = low if _same(proved, possible) else evaluate_slo(slo, possible, pairs, exclusions)
    windows = {name: _between(window, high.windows[name]) for name, window in low.windows.items()}
    worse = min(low, high, key=_by_status_and_budget)
    burns = min(low, high, key=lambda report: report.now.state.rank)
    precision = _precision(low, high)
    return replace(
        low,
        status=worse.status,
        reason=_reason(low, high, worse),
        windows=windows,
        precision=precision,
        alerts=burns.alerts,
        now=_now(low.now, high.now, burns.now),
    )


def _by_status_and_budget(report: SloReport) -> tuple[int, float]:
    """The worse first. Of two ends with one status the one with more bad events: "no bad events" may not be true."""
    left = report.budget.remaining_ratio
    return report.status.rank, np.inf if left is None else left


def _now(low: Now, high: Now, worse: Now) -> Now:
    """The worse state. Where the other end has another one, its reason says so."""
    if low.state is high.state:
        return worse
    better = low if worse is high else high
    reason = f"{worse.reason} The samples leave this open: at best the state is {better.state.value}."
    return replace(worse, reason=reason)


def _precision(low: SloReport, high: SloReport) -> Precision | None:
    """How exactly the events were counted. An hour that is open is not exact."""
    if low.precision is None:
        return None
    pairs = zip((low.hours.good, low.hours.total), (high.hours.good, high.hours.total), strict=True)
    # Where only bad events are open, there are more good ones at the low end. An hour unknown at both ends is not open.
    differ = [~np.isclose(np.array(one, float), np.array(other, float), 0, 0, equal_nan=True) for one, other in pairs]
    open_hours = int((differ[0] | differ[1]).sum())
    exact = max(0, low.precision.exact_hours - open_hours)
    return replace(low.precision, exact_hours=exact, open_hours=open_hours)


def _between(low: WindowReport, high: WindowReport) -> WindowReport:
    if low.bad is None or high.bad is None:
        return low
    return replace(low, bad_bounds=(min(low.bad, high.bad), max(low.bad, high.bad)))


def _reason(low: SloReport, high: SloReport, worse: SloReport) -> str:
    """The worse reason. Where the other end says something else, that too."""
    better = low if worse is high else high
    if low.status is not high.status:
        return fmt.plain(f"{worse.reason} The samples leave this open: at best the status is {better.status.value}.")
    shares = (low.budget.remaining_ratio, high.budget.remaining_ratio)
    texts = [fmt.percent_signed(share) for share in shares if share is not None]
    if len(set(texts)) <= 1:
        return worse.reason
    between = f"The samples leave open whether {texts[0]} or {texts[1]} of the budget is left."
    return fmt.plain(f"{worse.reason} {between}")


def _same(one: SloData, other: SloData) -> bool:
    return (
        one.short == other.short
        and one.running == other.running
        and np.array_equal(one.hours.good, other.hours.good, equal_nan=True)
        and np.array_equal(one.hours.total, other.hours.total, equal_nan=True)
    )
