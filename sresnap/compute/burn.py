"""Burn rates and the alerts on them. Source: Google SRE workbook, chapter 5 "Alerting on SLOs"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sresnap.compute.budget import error_budget
from sresnap.model.events import BurnPair, EventCount
from sresnap.model.snapshot import Alert
from sresnap.model.windows import format_duration

LEAST_THRESHOLD = 0.9
"""Below it a pair is left out. The ticket pair over 3d has 1.0 for the workbook's 30 days and 0.933 for 28."""


def burn_rate(events: EventCount | None, objective: float) -> float | None:
    """(1 − SLI) / (1 − objective); 1 for the whole SLO window spends exactly the budget; 0 without traffic.

    3 bad of 100 at an objective of 0.99: 0.03 / 0.01 = 3.
    """
    if events is None:
        return None
    if events.total <= 0:
        return 0.0
    return events.bad / events.total / error_budget(objective)


def threshold(pair: BurnPair, window_seconds: int) -> float:
    """The burn rate that spends the pair's share of the budget within its long window.

    2 % of 28 days in 1 hour: 0.02 × 672 h / 1 h = 13.44.
    """
    return pair.budget_share * window_seconds / pair.long_seconds


def alerts(pairs: Iterable[BurnPair], burn_rates: Mapping[int, float | None], window_seconds: int) -> tuple[Alert, ...]:
    """Each pair judged. It fires when both windows exceed the threshold; unknown when the known ones do not decide it.

    `burn_rates` is by window in seconds. Pairs whose threshold is a burn that the budget would last through are left
    out: the shares were chosen for a month, and of one day a pair over 6h would page at a burn rate of 0.2.
    """
    fitting = (pair for pair in pairs if threshold(pair, window_seconds) >= LEAST_THRESHOLD)
    return tuple(_alert(pair, burn_rates, threshold(pair, window_seconds)) for pair in fitting)


def _alert(pair: BurnPair, burn_rates: Mapping[int, float | None], limit: float) -> Alert:
    long, short = burn_rates.get(pair.long_seconds), burn_rates.get(pair.short_seconds)
    known = [rate > limit for rate in (long, short) if rate is not None]
    firing = False if not all(known) else (True if len(known) == 2 else None)  # noqa: PLR2004 - both windows
    return Alert(
        severity=pair.severity,
        long=format_duration(pair.long_seconds),
        short=format_duration(pair.short_seconds),
        threshold=limit,
        long_burn_rate=long,
        short_burn_rate=short,
        firing=firing,
    )
