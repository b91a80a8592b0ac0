"""Rewrites the trees of imported queries so that they count events, and notes what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from sresnap.importers.boundaries import THRESHOLD, with_both_spellings
from sresnap.promql.terms import COMPARISONS, Term, adds_up, is_zero, terms
from sresnap.promql.tree import (
    Aggregate,
    Binary,
    Call,
    Matcher,
    Negative,
    Node,
    Number,
    Range,
    Selector,
    Text,
    rebuilt,
    written,
)

_HOLE = "\0window\0"
_WITHIN = "\0within\0"
"""Replaces a range of samples until the query is written as a template."""
PLAIN = "a plain selector: its increase is counted"
_PER_SECOND = frozenset({"rate", "irate"})
_OVER_TIME = frozenset({"sum_over_time", "count_over_time"})
_UNDER_ZERO = frozenset({">", ">=", "!="})


@dataclass(frozen=True, slots=True)
class Notes:
    """What was changed, each sentence once."""

    prefix: str = ""
    _texts: dict[str, None] = field(default_factory=dict)

    def of(self, key: str) -> Notes:
        """The same notes, about one query."""
        return Notes(f"{key}: ", self._texts)

    def add(self, text: str) -> None:
        self._texts[f"{self.prefix}{text}"] = None

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts)


def peeled(node: Node, notes: Notes, *, counters: bool = False) -> Node:
    """A query without what only hides or invents a zero: `… > 0` around counts, and `… or vector(0)`."""
    match node:
        case Binary("or", left, right) if is_zero(right):
            notes.add(f"`or {written(right, '…')}` was dropped: sresnap itself decides whether no series means 0")
            return peeled(left, notes, counters=counters)
        case Binary(operator, left, Number(0.0), "", False) if operator in _UNDER_ZERO and adds_up(
            left, counters=counters
        ):
            notes.add(f"`{operator} 0` was dropped: time without events spends nothing anyway")
            return peeled(left, notes, counters=counters)
        case Aggregate("sum", of):
            return replace(node, of=peeled(of, notes, counters=counters) if _is_filter(of) else of)
        case Binary(operator, left, right) if operator in {"+", "-", "/"}:
            first, second = (peeled(one, notes, counters=counters) if _is_filter(one) else one for one in (left, right))
            return replace(node, left=first, right=second)
        case _:
            return node


def _is_filter(node: Node) -> bool:
    return (isinstance(node, Binary) and node.operator in COMPARISONS) or (
        isinstance(node, Aggregate) and node.operator == "sum" and _is_filter(node.of)
    )


def without_constant(node: Node, notes: Notes, *, counters: bool = False) -> Node:
    """A total without the number that replaces it where there are no events, as in `sum(rate(x[5m])) or vector(1)`."""
    match node:
        case Binary("or", left, right) if terms(right) == {Term.NUMBER}:
            bare = peeled(left, notes, counters=counters)
            if adds_up(bare, counters=counters):
                notes.add(f"`or {written(right, '…')}` was dropped: time without events spends nothing anyway")
                return bare
    return node


def counted(node: Node, notes: Notes) -> Node:
    """Sums of rates, or of counters without a range, as sums of increases over the window.

    Only a call that counts is changed, not what is inside of it: of `sum_over_time((rate(x[2m]) > bool 0)[1d:1m])`,
    the rate says which minutes are counted, and keeps its two minutes.
    """
    fixed: dict[str, None] = {}
    node = _ranged(node, notes, fixed)
    if fixed:
        notes.add(f"its fixed range {' and '.join(fixed)} became the window")
    return node


def _ranged(node: Node, notes: Notes, fixed: dict[str, None]) -> Node:
    """The tree with every count, and every counter that has no range, over the window."""

    def inner(one: Node) -> Node:
        return _ranged(one, notes, fixed)

    match node:
        case Selector():
            notes.add(PLAIN)
            return Call("increase", (Range(replace(node, moved=""), None, moved=node.moved),))
        case Call(name, (Range() as range_,)) if name in {"increase", *_PER_SECOND, *_OVER_TIME}:
            if range_.length is not None:
                fixed[f"[{range_.length}]"] = None
            if name in _PER_SECOND:
                notes.add("its rate is counted as events, because counts add up and rates do not")
            # The samples on both edges of an hour would count in two hours.
            length = _WITHIN if name in _OVER_TIME else None
            return Call(name if name in _OVER_TIME else "increase", (replace(range_, length=length),))
        case Call(_, (first, *others)):
            return replace(node, arguments=(inner(first), *others))
        case Aggregate() | Negative():
            return replace(node, of=inner(node.of))
        case Binary():
            return replace(node, left=inner(node.left), right=inner(node.right))
        case _:
            return node


def whole(node: Node, notes: Notes) -> Node:  # noqa: C901, PLR0911 - one case per kind of node
    """A sum of counts as one number: without groups, and with what has no series left out of a sum."""
    match node:
        case Aggregate("sum", _, grouping):
            if grouping:
                notes.add(f"grouping {grouping} is not carried over: one SLO for all")
            return replace(node, grouping="")
        case Binary("+"):
            return _sum_of_present([whole(term, notes) for term in _added(node)])
        case Binary("-", left, right):
            return replace(node, left=whole(left, notes), right=whole(right, notes), matching="")
        case Binary(operator, left, right) if operator in {"*", "/"}:
            if terms(right) == {Term.NUMBER}:
                return replace(node, left=whole(left, notes))
            return replace(node, right=whole(right, notes))
        case Negative(of):
            return replace(node, of=whole(of, notes))
        case Call("scalar", (of,)) | Call("vector", (Call("scalar", (of,)),)):
            return whole(of, notes)
        case Call("clamp_min", (first, limit)):
            return replace(node, arguments=(whole(first, notes), limit))
        case Number():
            return node
        case _:
            return Aggregate("sum", node)


def _added(node: Node) -> Iterator[Node]:
    """The terms of a sum."""
    match node:
        case Binary("+", left, right):
            yield from _added(left)
            yield from _added(right)
        case _:
            yield _without_zero(node)


def _sum_of_present(added: Sequence[Node]) -> Node:
    """The sum of the terms that have a series. `a + b` would have none where one of them has none.

    An error that never happened has no series. A label of its own keeps each term apart from the others.
    """
    named: Iterator[Node] = (
        Call("label_replace", (term, Text("term"), Text(str(i)), Text(""), Text(""))) for i, term in enumerate(added)
    )
    return Aggregate("sum", reduce(lambda one, other: Binary("or", one, other), named))


def _without_zero(node: Node) -> Node:
    match node:
        case Binary("or", left, right) if is_zero(right):
            return _without_zero(left)
        case _:
            return node


def same(one: Node, other: Node) -> bool:
    """Whether two sums count the same events. A histogram's bucket +Inf holds all that its count does."""
    return rebuilt(one, _plain) == rebuilt(other, _plain)


def _plain(node: Node) -> Node:
    if not isinstance(node, Selector):
        return node
    name, matchers = node.name, frozenset(node.matchers)
    if name.endswith("_bucket") and (infinite := Matcher("le", "=", "+Inf")) in matchers:
        name, matchers = f"{name.removesuffix('_bucket')}_count", matchers - {infinite}
    return replace(node, name=name, matchers=tuple(sorted(matchers, key=lambda m: (m.label, m.operator, m.value))))


def template(node: Node, notes: Notes, *, total: Node | None = None) -> Any:
    """A sum of counts as a query of sresnap.yaml: exact, by the form `counted`, where it is one selector's."""
    counter = _counter(node)
    if counter is None:
        return text_of(node, notes, "{window}")
    found: dict[str, str] = {"form": "counted", "selector": text_of(counter, notes, "")}
    around = None if total is None else _counter(total)
    # Errors of another name are of the same targets, as a rule: their traffic shows when a process restarted.
    if around is not None and around.name and around != counter:
        found["siblings"] = text_of(around, notes, "")
    return found


def _counter(node: Node) -> Selector | None:
    match node:
        case Aggregate("sum", Call("increase", (Range(Selector() as selector, None, None, ""),)), ""):
            return selector
        case _:
            return None


def text_of(node: Node, notes: Notes, window: str) -> str:
    """A tree as a template, with every whole bucket boundary in both spellings."""
    spelled, changed = with_both_spellings(node)
    for boundary in changed:
        notes.add(f'le="{boundary}" is matched in every spelling: Prometheus 3 writes whole boundaries as 1.0')
    text = written(spelled, _HOLE).replace("{", "{{").replace("}", "}}")
    return text.replace(_HOLE, window).replace(_WITHIN, "{within}").replace(THRESHOLD, "{threshold}")
