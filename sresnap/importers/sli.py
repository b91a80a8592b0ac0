"""Turns the queries of another tool's SLO into an SLI that means the same.

* Counts and rates that add up become events: `total` with `good` or `bad`.
* Everything else stays the ratio that it is, over five minutes and minute by minute, as the tools themselves take it.
  The SLO is then weighted by time.
* What has no meaning as either is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sresnap.importers.boundaries import latency_of
from sresnap.importers.part import Part
from sresnap.importers.ratio import availability, availability_while
from sresnap.importers.rewrite import (
    Notes,
    counted,
    peeled,
    same,
    template,
    whole,
    without_constant,
)
from sresnap.importers.source_query import NotImportedError, check_written, query_of
from sresnap.promql.terms import COMPARISONS, Term, adds_up, in_words, terms
from sresnap.promql.tree import Binary, Call, Node, Number


@dataclass(frozen=True, slots=True)
class Sli:
    """An SLI in the words of sresnap.yaml."""

    queries: Mapping[str, Any]
    kind: str | None = None
    """None: events."""
    latency_threshold: str | None = None
    notes: tuple[str, ...] = ()
    """What was changed."""


def from_events(total: str, part: str, side: str, *, counters: bool = False) -> Sli:
    """The SLI of two queries.

    Args:
        total: all events.
        part: the bad or the good ones.
        side: `bad` or `good`.
        counters: whether a counter without a range means its increase.

    Raises:
        NotImportedError: they are not PromQL, or their ratio has no meaning.
    """
    notes = Notes()
    every = query_of(total, "total", notes.of("total"), may_be_constant=True)
    return _of_nodes(every, query_of(part, side, notes.of(side)), side, notes, counters=counters)


def from_ratio(text: str, *, is_good: bool) -> Sli:
    """The SLI of a ratio of errors, or of good events. A ratio of two counts becomes events.

    Raises:
        NotImportedError: it is not PromQL, or not a number at each moment.
    """
    notes = Notes()
    node = peeled(query_of(text, "the ratio", notes), notes)
    parts = _fraction(node, is_good=is_good)
    if parts is not None:
        total, part, side = parts
        return _of_nodes(total, part, side, notes, counters=False)
    notes.add(f"the ratio {_consists(node)}, not one count divided by another{_BY_TIME}")
    if _is_condition(node, of_events=False):
        return Sli({"availability": availability_while(node, notes, is_bad=not is_good)}, "time", None, notes.texts)
    return Sli({"availability": availability(node, None, notes, is_bad=not is_good)}, "time", None, notes.texts)


THRESHOLDS = {"lte": "<=", "lt": "<", "gte": ">=", "gt": ">"}
"""OpenSLO's operators of a value that is good."""


def from_threshold(text: str, operator: str, limit: float) -> Sli:
    """The SLI of a value that is good while it meets a limit, minute by minute. Its own ranges stay.

    Raises:
        NotImportedError: it is not PromQL, or not a number at each moment.
    """
    notes = Notes()
    node = Binary(THRESHOLDS[operator], query_of(text, "the query", notes), Number(limit))
    notes.add("a threshold of a gauge is weighted by time, minute by minute")
    return Sli({"availability": availability_while(node, notes, is_bad=False)}, "time", None, notes.texts)


def translated(slo: Part, translate: Callable[[], Sli], *, unsaid: str = "") -> Sli | None:
    """An SLI with its changes noted but one; None if it is refused, with the reason among the mistakes."""
    try:
        sli = translate()
        check_written(sli.queries)
    except NotImportedError as error:
        slo.leave_out(str(error))
        return None
    for note in sli.notes:
        if not (unsaid and note.endswith(unsaid)):
            slo.note(note)
    return sli


_BY_TIME = "; the SLO is weighted by time (kind: time), by its ratio over 5m, taken each minute"
_WHILE = "{side} compares a value with a limit, so time is {side} while the comparison holds"
_EVENTS = frozenset({Term.RATE, Term.COUNT, Term.COUNTER})


def _of_nodes(total: Node, part: Node, side: str, notes: Notes, *, counters: bool) -> Sli:
    some = peeled(part, notes.of(side), counters=counters)
    every = peeled(total, notes.of("total"), counters=counters)
    if adds_up(some, counters=counters):
        every = without_constant(every, notes.of("total"), counters=counters)
    if adds_up(some, counters=counters) and adds_up(every, counters=counters):
        _refuse_mixed(every, some, side)
        return _events(every, some, side, notes)
    odd = [(name, node) for name, node in ((side, some), ("total", every)) if not adds_up(node, counters=counters)]
    why = " and ".join(f"{name} {_consists(node)}" for name, node in odd)
    so = "it is not a count" if len(odd) == 1 else "they are not counts"
    notes.add(f"{why}, so {so} of events{_BY_TIME}")
    of_events = bool(terms(every) & _EVENTS)
    if _is_condition(some, of_events=of_events):
        notes.add(f"{_WHILE.format(side=side)}; `total` is not used")
        query = availability_while(some, notes, is_bad=side == "bad")
    elif of_events and terms(some) == {Term.COMPARISON}:
        notes.add(f"{_WHILE.format(side=side)}; `total` is not used")
        query = availability(some, None, notes, is_bad=side == "bad")
    else:
        query = availability(some, every, notes, is_bad=side == "bad")
    return Sli({"availability": query}, "time", None, notes.texts)


def _consists(node: Node) -> str:
    """`is a gauge`, `mixes a rate and a gauge`."""
    found = terms(node)
    return f"{'mixes' if len(found) > 1 else 'is'} {in_words(found)}"


def _refuse_mixed(total: Node, part: Node, side: str) -> None:
    """A count of a window over a rate per second is not a ratio."""
    kinds = [terms(node) & {Term.COUNT, Term.RATE} for node in (total, part)]
    if {Term.COUNT, Term.RATE} <= kinds[0] | kinds[1]:
        raise NotImportedError(f"total {_consists(total)} and {side} {_consists(part)}: their ratio has no meaning")


def _is_condition(node: Node, *, of_events: bool) -> bool:
    """Whether a comparison says only when it is bad: `histogram_quantile(…) > 0.5`, which is not a share of anything.

    With a total of events, neither is 0 or 1: a share needs a part of the events.
    """
    if not (isinstance(node, Binary) and node.operator in COMPARISONS):
        return False
    of = terms(node.left)
    return (of_events and not of & _EVENTS) or (not node.is_bool and Term.QUANTILE in of)


def _fraction(node: Node, *, is_good: bool) -> tuple[Node, Node, str] | None:
    """Total, part and side of a ratio of two sums: `a / t`, `1 - a / t`, `(t - a) / t`."""
    if isinstance(node, Binary) and node.operator == "-" and node.left == Number(1.0):
        return _fraction(node.right, is_good=not is_good)
    if not (isinstance(node, Binary) and node.operator == "/" and "group_" not in node.matching):
        return None
    if not (adds_up(node.left) and adds_up(without_constant(node.right, Notes()))):
        return None
    return node.right, node.left, "good" if is_good else "bad"


def _events(total: Node, part: Node, side: str, notes: Notes) -> Sli:
    every, some = (
        whole(counted(node, notes.of(name)), notes.of(name)) for node, name in ((total, "total"), (part, side))
    )
    rest = _rest(every, some)
    if rest is not None:
        some, side = rest, "bad" if side == "good" else "good"
    elif side == "bad" and isinstance(some, Binary) and some.operator == "-":
        # Without a series of the subtrahend the difference has no series, which would mean that nothing was bad.
        some, side = Binary("-", every, some), "good"
    threshold = latency_of(some) if side == "good" else None
    queries = {"total": template(every, notes)}
    if threshold is None:
        queries[side] = template(some, notes, total=every)
        return Sli(queries, None, None, notes.texts)
    notes.add(f"its boundary became latency_threshold: {threshold.text}")
    queries["latency_good"] = template(threshold.node, notes, total=every)
    return Sli(queries, None, threshold.text, notes.texts)


def _rest(total: Node, part: Node) -> Node | None:
    """What was subtracted from the total: for `total - x`, which is bad, `x` is good."""
    if isinstance(part, Call) and part.name == "clamp_min":
        part = part.arguments[0]
    if isinstance(part, Binary) and part.operator == "-" and same(part.left, total):
        return part.right
    return None
