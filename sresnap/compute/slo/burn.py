"""Burn rates and the alerts on them. Source: Google SRE workbook, chapter 5 "Alerting on SLOs"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sresnap import format as fmt
from sresnap.compute.slo.budget import error_budget
from sresnap.model.events import BurnPair, EventCount
from sresnap.model.hours import Floats
from sresnap.model.slo import Alert
from sresnap.model.windows import format_duration

LEAST_THRESHOLD = 0.9
"""A pair with a lower threshold is left out. The ticket pair over 3d has 1.0 for 30 days and 0.933 for 28 days."""

LEAST_BAD_EVENTS = 10
"""With fewer bad events in its long window a pair does not fire: one bad request of three is already a rate of 33 %."""


def burn_rate(events: EventCount | None, objective: float) -> float | None:
    """(1 − SLI) / (1 − objective); 1 for the whole SLO window spends exactly the budget; 0 without traffic.

    3 bad of 100 at an objective of 0.99: 0.03 / 0.01 = 3.
    """
    if events is None:
        return None
    if events.total <= 0:
        return 0.0
    return events.bad / events.total / error_budget(objective)


def burn_rates(good: Floats, total: Floats, objective: float) -> Floats:
    """`burn_rate` of many counts; NaN where they are unknown."""
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = (total - good) / total / error_budget(objective)
    return np.where(total <= 0, 0.0, rates)


def threshold(pair: BurnPair, window_seconds: int) -> float:
    """The burn rate that spends the pair's share of the budget within its long window.

    2 % of 28 days in 1 hour: 0.02 × 672 h / 1 h = 13.44.
    """
    return pair.budget_share * window_seconds / pair.long_seconds


def alerts(
    pairs: Iterable[BurnPair],
    burn_rates: Mapping[int, float | None],
    window_seconds: int,
    *,
    bad: Mapping[int, float] | None = None,
    raw_bad: Mapping[int, float] | None = None,
    maintenance: Mapping[int, str] | None = None,
) -> tuple[Alert, ...]:
    """Each pair, judged. It fires when both windows exceed the threshold.

    It is unknown when a window is unknown and the other one is not below the threshold.

    A firing pair is withheld, with the reason, when its long window has fewer than 10 bad events or a correction lies
    in its short window: such numbers say little about the service.

    Args:
        pairs: the workbook's.
        burn_rates: by window in seconds.
        window_seconds: length of the SLO window. Pairs whose threshold the budget would outlast are left out: the
            shares were chosen for a month, and in a window of one day a pair over 6h would page at a rate of 0.2.
        bad: bad events by window in seconds; None when the basis is not events.
        raw_bad: the same without corrections, for the windows that hold one.
        maintenance: by window in seconds, the reason of a correction that lies in it.
    """
    fitting = (pair for pair in pairs if threshold(pair, window_seconds) >= LEAST_THRESHOLD)
    raw_bad, maintenance = raw_bad or {}, maintenance or {}
    return tuple(
        _alert(pair, burn_rates, threshold(pair, window_seconds), bad, raw_bad, maintenance) for pair in fitting
    )


def _alert(
    pair: BurnPair,
    burn_rates: Mapping[int, float | None],
    limit: float,
    bad: Mapping[int, float] | None,
    raw_bad: Mapping[int, float],
    maintenance: Mapping[int, str],
) -> Alert:
    long, short = burn_rates.get(pair.long_seconds), burn_rates.get(pair.short_seconds)
    known = [rate > limit for rate in (long, short) if rate is not None]
    exceeds = False if not all(known) else (True if len(known) == 2 else None)  # noqa: PLR2004 - both windows
    long_bad = None if bad is None else bad.get(pair.long_seconds)
    reason = maintenance.get(pair.short_seconds)
    withheld = _withheld(pair, long_bad, raw_bad.get(pair.long_seconds), reason) if exceeds else None
    return Alert(
        severity=pair.severity,
        long=format_duration(pair.long_seconds),
        short=format_duration(pair.short_seconds),
        threshold=limit,
        long_burn_rate=long,
        short_burn_rate=short,
        firing=False if withheld else exceeds,
        withheld=withheld,
        long_bad=long_bad,
        budget_share=pair.budget_share,
    )


def _withheld(pair: BurnPair, long_bad: float | None, raw_bad: float | None, reason: str | None) -> str | None:
    if long_bad is not None and long_bad < LEAST_BAD_EVENTS:
        events = f"{fmt.number(long_bad, LEAST_BAD_EVENTS)} bad event{'s' * (long_bad != 1)}"
        raw = f" ({fmt.number(raw_bad)} without corrections)" if raw_bad is not None else ""
        return f"only {events} in {format_duration(pair.long_seconds)}{raw}; it takes {LEAST_BAD_EVENTS} to fire"
    if reason is not None:
        return f"a correction lies in the last {format_duration(pair.short_seconds)}: {reason}"
    return None
