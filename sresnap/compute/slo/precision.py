"""How exactly events were counted.

A counter that was not reset within an hour is counted by its own difference, which is a whole number, and so is one
that was born beside older series of its target. Where it was reset, gone, or born with its target, `increase` answers,
and its answer is an extrapolation to the hour's edges, which is whole only by chance: so a count that is no whole
number was estimated. Source: promql/functions.go of Prometheus, extrapolatedRate,
which goes beyond the first and the last sample by 1.1 times the interval between samples at most.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sresnap.model.hours import Floats, HourlyCounts, sequential_sum
from sresnap.model.service import Basis, Slo
from sresnap.model.slo import Precision

_WHOLE = 1e-6
_ASSUMED_SCRAPE_SECONDS = 60
UNCERTAIN_SHARE = 2 * 1.1 * _ASSUMED_SCRAPE_SECONDS / 3600
"""Of an estimated hour's events: 1.1 scrape intervals at either edge. What happened between the last scrape before a
restart and the restart is known to nobody; at an even pace it lies within the same bound."""


def precision(slo: Slo, hours: HourlyCounts) -> Precision | None:
    """Exact and estimated hours, and by how many bad events the estimated ones may be off; None unless of events.

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
