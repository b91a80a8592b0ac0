"""The series of time slices, made of the series of events.

A slice is a stretch of time such as a minute; it is good when the share of good events in it reaches its target. The
hour's good slices are counted by Prometheus, in a subquery, so that the history needs one number an hour and not sixty.
Source: OpenSLO v1, SLO.spec.budgetingMethod Timeslices.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sresnap.model.query import QueryTemplate
from sresnap.model.service import SliSeries, role_of
from sresnap.model.windows import format_duration

_PER_WINDOW = re.compile(r"(?<!\{)\{(?:window|rate)\}(?!\})")


def sliced(total: SliSeries, part: SliSeries, scope: str, seconds: int, target: float) -> tuple[SliSeries, SliSeries]:
    """The series of all slices that had events, and of the good ones among them.

    `part` is the series of good or of bad events. A slice without events is 0 / 0 = NaN, which no comparison holds for:
    it is neither good nor in the total. Bad events that have no series are none.
    """
    length = format_duration(seconds)
    suffix = f"#{scope}.{length}.{target!r}"
    every, some = _by_slice(total.template), _by_slice(part.template)
    good = f"({some})" if role_of(part.key) != "bad" else f"(({every}) - (({some}) or 0 * ({every})))"
    variables = {**total.variables, **part.variables, "slice": length, "slice_target": repr(target)}
    range_ = "[{within}:{slice}]"
    return (
        SliSeries(
            f"slices_total{suffix}",
            replace(total.template, key="slices_total", promql=f"sum_over_time((({every}) > bool 0){range_})"),
            variables,
        ),
        SliSeries(
            f"slices_good{suffix}",
            replace(
                total.template,
                key="slices_good",
                promql=f"sum_over_time(({good} / ({every}) >= bool {{slice_target}}){range_})",
            ),
            variables,
        ),
    )


def _by_slice(template: QueryTemplate) -> str:
    """The template with its window set to the slice."""
    return _PER_WINDOW.sub("{slice}", template.promql)
