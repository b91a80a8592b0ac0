"""What a query selects for some services, apart from what chooses the kind of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sresnap import promql
from sresnap.model.query import LatencyUnit, Member, Query
from sresnap.prometheus.diagnose import bucket_lack
from sresnap.prometheus.missed import Row
from sresnap.promql.names import selector_text
from sresnap.promql.selectors import Dependence, dependence, is_positive, matches, metric_of
from sresnap.promql.tree import Matcher, Selector


class NoMetricError(ValueError):
    """Without the matchers that choose events, a selector would select all series of the server."""


def terms(query: Query, members: Sequence[Member]) -> Dependence:
    """What a query's counts depend on, of some services.

    Raises:
        ValueError: no selector can be read in it.
    """
    return dependence(counters(replace(query, members=tuple(members))))


def counters(query: Query) -> str:
    """The query without what counts its series."""
    template = query.template
    text = template.part or template.raw or template.promql
    return promql.render(replace(query, template=replace(template, promql=text)))


def every(found: Dependence) -> tuple[Selector, ...]:
    """Every selector that an answer depends on, in a stable order."""
    needed = (selector for way in found.needed for selector in way)
    return tuple(dict.fromkeys((*needed, *found.counted, *found.subtracted)))


def choosing(
    selector: Selector, selectors: Sequence[Selector], total: Sequence[Selector] | None, by: Sequence[str]
) -> tuple[Matcher, ...]:
    """The matchers of a selector that choose events. Those that all events have, too, choose the service.

    Args:
        selector: one of the query.
        selectors: all of the query.
        total: the selectors of the query of all events; None without one. Then what all selectors of the query share
            chooses the service.
        by: the labels that the query is grouped by.
    """
    if total is not None:
        shared = {_meaning(matcher) for each in total for matcher in each.matchers}
    else:
        shared = set.intersection(*({_meaning(matcher) for matcher in each.matchers} for each in selectors))
    return tuple(m for m in selector.matchers if _meaning(m) not in shared and m.label not in (*by, "__name__"))


def labels_by_metric(chosen: Mapping[Selector, Sequence[Matcher]]) -> dict[str, tuple[str, ...]]:
    """By metric, the labels that any of its selectors chooses by: only together they show what no selector takes."""
    found: dict[str, dict[str, None]] = {}
    for selector, matchers in chosen.items():
        found.setdefault(metric_of(selector), {}).update(dict.fromkeys(matcher.label for matcher in matchers))
    return {metric: tuple(labels) for metric, labels in found.items()}


def lack_of_values(metric: str, chosen: Iterable[Matcher], rows: Sequence[Row], unit: LatencyUnit | None) -> str | None:
    """The label or the bucket that no series has; None where only a value has not been seen yet."""
    for matcher in chosen:
        if not is_positive(matcher) or any(matches(matcher, row.get(matcher.label, "")) for row in rows):
            continue
        if not any(row.get(matcher.label) for row in rows):
            return f"no series of {metric} has a label {matcher.label}"
        if matcher.label == "le":
            return bucket_lack(metric, matcher, {row["le"] for row in rows if row.get("le")}, unit)
    return None


def text_of(selector: Selector, leave: Sequence[Matcher]) -> str:
    """A selector without some of its matchers.

    Raises:
        NoMetricError: what is left selects everything, which a server refuses.
    """
    kept = [matcher for matcher in selector.matchers if matcher not in leave]
    if not selector.name and not any(is_positive(matcher) and not matches(matcher, "") for matcher in kept):
        raise NoMetricError(selector)
    return selector_text(selector.name, [(m.label, m.operator, m.value) for m in kept])


def _meaning(matcher: Matcher) -> tuple[str, str, bool]:
    """Equal for `a="b"` and `a=~"b"`."""
    return matcher.label, matcher.value, is_positive(matcher)
