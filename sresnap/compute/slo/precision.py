"""How exactly events were counted.

A counter that is clear within an hour is counted by its own difference, and one that is not from its samples: whole
numbers. A query of a user's own may use `increase`, which extrapolates to the edges of the hour.
Its result is whole only by chance, so a fractional count was estimated. Source: promql/functions.go of
Prometheus, extrapolatedRate, which extrapolates beyond the first and the last sample by at most 1.1 times their
interval.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sresnap.model.hours import Floats, HourlyCounts, sequential_sum
from sresnap.model.service import Basis, Slo
from sresnap.model.slo import Precision
from sresnap.model.windows import HOUR

_WHOLE = 1e-6
_ASSUMED_SCRAPE_SECONDS = 60
UNCERTAIN_SHARE = 2 * 1.1 * _ASSUMED_SCRAPE_SECONDS / HOUR
"""Of an estimated hour's events: 1.1 scrape intervals at either edge. Events between the last scrape and a restart are
lost; at an even pace they lie within the same bound."""


def precision(slo: Slo, hours: HourlyCounts) -> Precision | None:
    """Exact and estimated hours, and the error of the estimates in bad events; None unless the basis is events.

    Two estimated hours with 30 and 60 bad events, scraped each minute: (30 + 60) × 2 × 1.1 × 60 / 3600 = 3.3.
    """
    if slo.basis is not Basis.EVENTS:
        return None
    known = hours.known
    estimated = known & ~(_is_whole(hours.good) & _is_whole(hours.total))
    return Precision(
        exact_hours=int(known.sum() - estimated.sum()),
        estimated_hours=int(estimated.sum()),
        within_events=UNCERTAIN_SHARE * sequential_sum(hours.bad[estimated]),
    )


def _is_whole(counts: Floats) -> NDArray[np.bool_]:
    whole: NDArray[np.bool_] = np.abs(counts - np.round(counts)) <= _WHOLE
    return whole
