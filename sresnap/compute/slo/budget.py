"""Error budgets. Source: Google SRE workbook, chapter 2 "Implementing SLOs" and appendix B."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from sresnap.model.events import EventCount
from sresnap.model.slo import Budget


@lru_cache(maxsize=1024)
def error_budget(objective: float) -> float:
    """1 − objective, in decimals: objectives are written that way, and 1 − 0.99 in floats is 0.010000000000000009.

    With it, spending exactly the budget leaves exactly 0. Cached, because a report asks for it many times.
    """
    return float(1 - Decimal(repr(objective)))


def allowed_bad(total: float, objective: float) -> float:
    """The bad events that the objective allows, (1 − objective) × total, in decimals as well.

    At 0.93 it is 7 of 100. In floats, 0.07 × 100 is 7.000000000000001, and 7 bad events would not spend the budget.
    """
    return float((1 - Decimal(repr(objective))) * Decimal(total))


def remaining_ratio(events: EventCount, objective: float, seen: float = 1.0) -> float:
    """1 − (1 − SLI) / (1 − objective) × seen; negative when overspent; 1 without traffic, which spends nothing.

    10 bad of 10,000 at an objective of 0.995: 1 − 0.001 / 0.005 = 0.8. Seen on the first of 28 days: 1 − 0.2 / 28.
    """
    if events.total <= 0:
        return 1.0
    return 1 - events.bad / events.total / error_budget(objective) * seen


def budget(
    events: EventCount | None, objective: float, window_seconds: int, *, in_events: bool, seen: float = 1.0
) -> Budget:
    """The remaining budget as a ratio, as seconds of full outage, and as bad events.

    At a ratio of 0.33, an objective of 0.995 and 28 days: 0.33 × 0.005 × 2,419,200 s = 3,991.7 s. Where a part of the
    window was seen, the whole window is expected to have as many events an hour: after one of 28 days with 10,000
    events, 280,000 allow 0.005 × 280,000 = 1,400 bad ones.

    Args:
        events: the counts of the window; None without data.
        objective: ratio in (0, 1).
        window_seconds: the time that the budget is a share of.
        in_events: whether the basis is events.
        seen: the share of the window that was seen while the history is young.
    """
    if events is None:
        return Budget(None, None, None)
    ratio = remaining_ratio(events, objective, seen)
    return Budget(
        remaining_ratio=ratio,
        remaining_seconds=ratio * error_budget(objective) * window_seconds,
        remaining_events=allowed_bad(events.total, objective) / seen - events.bad if in_events else None,
    )
