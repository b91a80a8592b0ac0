"""Which metrics a query reads, and which labels it needs of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sresnap.promql.literals import quote
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.selectors import dependence, is_named, is_positive, matches, metric_of
from sresnap.promql.tree import Aggregate, Binary, Call, Negative, Node, Number, Range, Selector, Text, walk

_LABELS = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_MAKES_LABELS = ("label_replace", "label_join")
"""Functions whose second argument names a label that they make."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a query reads of one metric."""

    metric: str
    """Its name, or `{__name__=~"…"}`."""
    selectors: tuple[Selector, ...]
    chosen: tuple[str, ...]
    """Labels without which it finds nothing."""
    left_out: tuple[str, ...]
    """Labels by which it only leaves series out: without them, it leaves nothing out."""
    grouped: tuple[str, ...]
    """Labels by which it adds up or joins."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that has to exist."""
        return tuple(dict.fromkeys((*self.chosen, *self.left_out, *self.grouped)))

    def narrowed(self, *matchers: str) -> str:
        """The metric as PromQL, with matchers."""
        if not self.metric.startswith("{"):
            return f"{self.metric}{{{', '.join(matchers)}}}" if matchers else self.metric
        return f"{{{', '.join((self.metric.strip('{}'), *matchers))}}}"


@lru_cache(maxsize=1024)
def uses(text: str) -> tuple[Use, ...]:
    """What a query reads, by metric. Of a query in another dialect the grouping is not known.

    A selector that names no metric says nothing of one, so it is left out.

    Raises:
        NotPromqlError: no selector can be read in it.
    """
    selectors = tuple(filter(is_named, dependence(text).selectors))
    grouped = _grouped(text)
    metrics = dict.fromkeys(map(metric_of, selectors))
    return tuple(
        _use(metric, tuple(one for one in selectors if metric_of(one) == metric), grouped.get(metric, {}))
        for metric in metrics
    )


def text_of(selector: Selector) -> str:
    """A selector as PromQL."""
    inner = ", ".join(f"{m.label}{m.operator}{quote(m.value)}" for m in selector.matchers)
    return f"{selector.name}{{{inner}}}"


def _use(metric: str, selectors: tuple[Selector, ...], grouped: dict[str, None]) -> Use:
    matchers = [one for selector in selectors for one in selector.matchers if one.label != "__name__"]
    chosen = {one.label: None for one in matchers if not matches(one, "")}
    left_out = {one.label: None for one in matchers if not is_positive(one) and one.label not in chosen}
    by = [label for label in grouped if label not in chosen and label not in left_out]
    return Use(metric, selectors, tuple(chosen), tuple(left_out), tuple(by))


def _grouped(text: str) -> dict[str, dict[str, None]]:
    """By metric, the labels that an aggregation around it names, unless the query makes them itself."""
    try:
        tree = read(text)
    except NotPromqlError:
        return {}
    made = {
        argument.value
        for node in walk(tree)
        if isinstance(node, Call) and node.name in _MAKES_LABELS
        for argument in node.arguments[1:2]
        if isinstance(argument, Text)
    }
    found: dict[str, dict[str, None]] = {}
    for selector, labels in _with_grouping(tree, ()):
        wanted = [label for label in labels if label not in made and label != "__name__"]
        found.setdefault(metric_of(selector), {}).update(dict.fromkeys(wanted))
    return found


def _with_grouping(node: Node, labels: tuple[str, ...]) -> Iterator[tuple[Selector, tuple[str, ...]]]:
    match node:
        case Selector():
            yield node, labels
        case Aggregate(_, of, grouping, _):
            # `by` of an outer aggregation can only name what the inner one keeps, so the inner one decides.
            own = tuple(_LABELS.findall(grouping.removeprefix("by"))) if grouping.startswith("by") else labels
            yield from _with_grouping(of, () if grouping.startswith("without") else own)
        case Binary(_, left, right):
            yield from _with_grouping(left, labels)
            yield from _with_grouping(right, labels)
        case Call(_, arguments):
            for argument in arguments:
                yield from _with_grouping(argument, labels)
        case Range(of) | Negative(of):
            yield from _with_grouping(of, labels)
        case Number() | Text():
            return
