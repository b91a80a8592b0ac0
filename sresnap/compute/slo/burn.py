"""Burn rates. Source: Google SRE workbook, chapter 5 "Alerting on SLOs"."""

from __future__ import annotations

import numpy as np

from sresnap.compute.slo.budget import error_budget
from sresnap.model.events import EventCount
from sresnap.model.hours import Floats


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
