"""Which series queries read over ranges, and over how long ones at least: for the hints of `check --online`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sresnap import promql
from sresnap.model.query import Query
from sresnap.model.windows import SHORT_WINDOWS, parse_duration
from sresnap.plan import window_variables
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.tree import Call, Range, Selector, walk
from sresnap.promql.uses import text_of

MOST = 200
"""Selectors that are looked at for each hint."""
_OF_COUNTERS = ("rate", "irate", "increase", "resets")
_BETWEEN_SAMPLES = (*_OF_COUNTERS, "delta", "idelta", "deriv", "predict_linear", "changes")
"""Functions that compare samples. Others (`…_over_time`) read each on its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A range of a selector that a query reads."""

    selector: str
    length_seconds: float
    """The shortest that a report asks for."""
    of_counter: bool
    compares: bool
    """Whether it takes two samples to say anything."""
    fixed: bool
    """Whether the query itself says how long it is."""
    of_slice: bool
    """Whether it is as long as a slice."""

    @property
    def metric(self) -> str:
        """The selector without its matchers."""
        return self.selector.partition("{")[0]


def readings(query: Query) -> tuple[Reading, ...]:
    """The ranges that a query reads in the shortest window of a report; none where it cannot be read."""
    shortest = window_variables(SHORT_WINDOWS[0].seconds)
    variables = {**query.variables, **{name: shortest[name] for name in shortest if name in query.variables}}
    try:
        tree = read(promql.render(replace(query, variables=variables)))
    except (NotPromqlError, promql.TemplateError):
        return ()
    of_slice = query.series_key.role.startswith("slices_")
    found: dict[Reading, None] = {}
    for node in walk(tree):
        if isinstance(node, Call):
            for of, length in _ranges(node):
                fixed = not of_slice and f"[{length}]" in query.template.promql
                counter, compares = node.name in _OF_COUNTERS, node.name in _BETWEEN_SAMPLES
                seconds = float(parse_duration(length))
                found[Reading(text_of(of), seconds, counter, compares, fixed, of_slice)] = None
    return tuple(found)


def _ranges(call: Call) -> Iterator[tuple[Selector, str]]:
    for node in call.arguments:
        if isinstance(node, Range) and isinstance(node.of, Selector) and not node.of.moved and node.length:
            yield node.of, node.length


def looked_at(found: Iterable[Sequence[Reading]]) -> tuple[list[str], int]:
    """The selectors to look at, and how many are left out: of each metric one, then further ones."""
    every: dict[str, dict[str, None]] = {}
    for some in found:
        for reading in some:
            every.setdefault(reading.metric, {})[reading.selector] = None
    first = [next(iter(selectors)) for selectors in every.values()]
    wanted = list(dict.fromkeys((*first, *(one for selectors in every.values() for one in selectors))))
    return wanted[:MOST], max(0, len(wanted) - MOST)
