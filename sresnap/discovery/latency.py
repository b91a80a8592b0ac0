"""The buckets of a source's histogram: their boundaries, and how many events of each service were under them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap import promql
from sresnap.model.query import LatencyUnit, Member, QueryTemplate
from sresnap.model.series import Series
from sresnap.promql.reader import read
from sresnap.promql.tree import Selector, written


@dataclass(frozen=True, slots=True)
class Buckets:
    """Of one service."""

    events: Mapping[float, float]
    """By upper bound in seconds, the events under it."""
    written: Mapping[float, str]
    """Each bound as `latency_threshold` has it: 0.25 is 250ms."""


def buckets_query(template: QueryTemplate, members: Sequence[Member], window: str) -> str | None:
    """The query for all buckets of the histogram that `latency_good` reads; None where it reads none.

    Raises:
        TemplateError: a label is missing.
    """
    if len(template.counters) != 1:
        return None
    whole = QueryTemplate(template.key, template.counters[0], template.by, template.origin)
    text = _filled(whole, members)
    selector = read(text)
    if not isinstance(selector, Selector) or not any(one.label == "le" for one in selector.matchers):
        return None
    bare = replace(selector, matchers=tuple(one for one in selector.matchers if one.label != "le"))
    return f"sum by ({', '.join((*template.by, 'le'))}) (increase({written(bare, '')}[{window}]))"


def _filled(template: QueryTemplate, members: Sequence[Member]) -> str:
    from sresnap.model.query import Purpose, Query
    from sresnap.model.series import Grid
    from sresnap.model.series_key import SeriesKey

    variables = {"threshold": "0", "window": "1h"}
    query = Query(
        template, tuple(members), variables, Grid.instant(0), Purpose.LOOK_UP, SeriesKey(template.key), "buckets"
    )
    return promql.render(query)


def buckets_of(
    series: Iterable[Series], members: Sequence[Member], by: Sequence[str], unit: LatencyUnit | None
) -> dict[str, Buckets]:
    """The buckets of each service that has some."""
    events: dict[tuple[str, ...], dict[float, float]] = defaultdict(dict)
    texts: dict[float, str] = {math.inf: "+Inf"}
    for one in series:
        bound = _bound(one.labels.get("le", ""), unit)
        if bound is not None and one.last is not None:
            seconds, text = bound
            texts[seconds] = text
            key = tuple(one.labels.get(name, "") for name in by)
            events[key][seconds] = events[key].get(seconds, 0.0) + one.last
    return {
        member.service: Buckets(events[member.values(by)], texts) for member in members if member.values(by) in events
    }


def _bound(text: str, unit: LatencyUnit | None) -> tuple[float, str] | None:
    """A boundary in seconds, and as a latency is written; None for one that cannot be a threshold."""
    try:
        value = float(text)
    except ValueError:
        return None
    if value == math.inf:
        return value, text
    seconds = value / (1 if unit is None else unit.per_second)
    if not 0 < seconds < math.inf:
        return None
    ms = LatencyUnit.MILLISECONDS.written(seconds)
    return seconds, f"{LatencyUnit.SECONDS.written(seconds)}s" if seconds >= 1 else f"{ms}ms"
