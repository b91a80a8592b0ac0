"""Makes the series of time slices from the series of events.

A slice is a stretch of time such as a minute. It is good when its share of good events reaches its target. Prometheus
counts an hour's good slices in a subquery, so that the history needs one number per hour instead of sixty.
Source: OpenSLO v1, SLO.spec.budgetingMethod Timeslices.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sresnap.model.query import QueryTemplate
from sresnap.model.service import SliSeries
from sresnap.model.windows import format_duration

_RECORDED = "slo:sli_total:increase"
"""Begins the name under which `sresnap rules` records totals; of an SLO by time slices they count slices."""
_PER_WINDOW = re.compile(r"(?<!\{)\{(?:window|rate)\}(?!\})")


def sliced(total: SliSeries, part: SliSeries, seconds: int, target: float) -> tuple[SliSeries, SliSeries]:
    """The series of all slices that had events, and the series of the good slices.

    `part` is the series of good or of bad events. A slice without events is 0 / 0 = NaN, for which every comparison is
    false: it is neither good nor in the total. Bad events without a series count as 0. Recorded series count slices
    already and are used unchanged.
    """
    length = format_duration(seconds)
    variables = {**total.variables, **part.variables, "slice": length, "slice_target": repr(target)}
    own, parts = total.template.by_itself, part.template.by_itself
    is_recorded = _RECORDED in own.promql
    every, some = (template.promql if is_recorded else _by_slice(template) for template in (own, parts))
    good = f"({some})" if part.key.role != "bad" else f"(({every}) - (({some}) or 0 * ({every})))"
    if not is_recorded:
        range_ = "[{within}:{slice}]"
        good = f"sum_over_time(({good} / ({every}) >= bool {{slice_target}}){range_})"
        every = f"sum_over_time((({every}) > bool 0){range_})"
    all_slices, good_slices = (part.key.in_slices(role, length, target) for role in ("slices_total", "slices_good"))
    return (
        SliSeries(
            all_slices,
            replace(own, key="slices_total", promql=every, written=None),
            variables,
            events=total,
        ),
        SliSeries(
            good_slices,
            replace(own, key="slices_good", promql=good, part=some, written=None),
            variables,
            events=part,
        ),
    )


def _by_slice(template: QueryTemplate) -> str:
    """A query with the window set to the slice."""
    return _PER_WINDOW.sub("{slice}", template.promql)
