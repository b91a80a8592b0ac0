"""The series of time slices, made of the series of events.

A slice is a stretch of time such as a minute; it is good when the share of good events in it reaches its target. The
hour's good slices are counted by Prometheus, in a subquery, so that the history needs one number an hour and not sixty.
Source: OpenSLO v1, SLO.spec.budgetingMethod Timeslices.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sresnap.model.service import SliSeries
from sresnap.model.windows import format_duration

_RECORDED = "slo:sli_total:increase"
"""Begins the name under which `sresnap rules` records totals; of an SLO by time slices they count slices."""
_PER_WINDOW = re.compile(r"(?<!\{)\{(?:window|rate)\}(?!\})")


def sliced(total: SliSeries, part: SliSeries, seconds: int, target: float) -> tuple[SliSeries, SliSeries]:
    """The series of all slices that had events, and of the good ones among them.

    `part` is the series of good or of bad events. A slice without events is 0 / 0 = NaN, which no comparison holds for:
    it is neither good nor in the total. Bad events that have no series are none. What rules have recorded are slices
    already, of which no slices can be made again.
    """
    length = format_duration(seconds)
    variables = {**total.variables, **part.variables, "slice": length, "slice_target": repr(target)}
    is_recorded = _RECORDED in total.template.promql
    texts = (total.template.promql, part.template.promql) if is_recorded else (_by_slice(total), _by_slice(part))
    every, some = texts
    good = f"({some})" if part.key.role != "bad" else f"(({every}) - (({some}) or 0 * ({every})))"
    if not is_recorded:
        range_ = "[{within}:{slice}]"
        good = f"sum_over_time(({good} / ({every}) >= bool {{slice_target}}){range_})"
        every = f"sum_over_time((({every}) > bool 0){range_})"
    all_slices, good_slices = (part.key.in_slices(role, length, target) for role in ("slices_total", "slices_good"))
    return (
        SliSeries(
            all_slices,
            replace(total.template, key="slices_total", promql=every),
            variables,
        ),
        SliSeries(
            good_slices,
            replace(total.template, key="slices_good", promql=good),
            variables,
        ),
    )


def _by_slice(series: SliSeries) -> str:
    """Its query with the window set to the slice."""
    return _PER_WINDOW.sub("{slice}", series.template.promql)
