"""Burn rates and the alerts on them. Source: Google SRE workbook, chapter 5 "Alerting on SLOs"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sresnap.compute.budget import error_budget
from sresnap.model.events import BurnPair, EventCount
from sresnap.model.snapshot import Alert
from sresnap.model.windows import format_duration


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

    `burn_rates` is by window in seconds. A pair that looks further back than the SLO window says nothing about it.
    """
    fitting = (pair for pair in pairs if pair.long_seconds <= window_seconds)
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
