"""The query `availability` of an SLI that is not a ratio of counts: its own ratio over five minutes, minute by minute.

Sloth records the ratio over five minutes at each evaluation of its rules, and takes the mean over the period
(`sum_over_time(slo:sli_error:ratio_rate5m[30d]) / count_over_time(slo:sli_error:ratio_rate5m[30d])`, Sloth's
documentation, "SLI calculation"). The subquery does the same. Of 60 minutes, one with 30 % and one with 60 % of errors
are (0.3 + 0.6) / 60 = 1.5 % bad.
"""

from __future__ import annotations

from dataclasses import replace

from sresnap.importers.rewrite import Notes, text_of
from sresnap.promql.terms import COMPARISONS, Term, terms
from sresnap.promql.tree import Aggregate, Binary, Call, Node, Number

_RANGE, _STEP = "5m", "1m"
_OPPOSITE = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}


def availability(node: Node, total: Node | None, notes: Notes, *, is_bad: bool) -> str:
    """Percent of good time of a ratio, or of a part and its total.

    A moment is at most wholly bad, so a share above 1 counts as 1: of one probe that failed beside 0.2 requests per
    second, 5 is not more than all. A share below 0 means nothing and stays unknown.
    """
    if total is None:
        return _mean(_limited(_present(node)), notes, is_bad=is_bad)
    if terms(total) == {Term.NUMBER}:
        divisor = total.arguments[0] if isinstance(total, Call) and total.name == "vector" else Call("scalar", (total,))
        share = _present(node) if divisor == Number(1.0) else Binary("/", _present(node), divisor)
        return _mean(_limited(share), notes, is_bad=is_bad)
    base = _bare(total)
    nothing = Binary("*", Number(0.0), base)
    # Without a series of bad events nothing was bad, as long as there are events. Nothing good may be a wrong query.
    part = Binary("or", node, nothing) if is_bad else node
    idle: Node = Binary("==", base, Number(0.0))
    if base != total and isinstance(total, Binary) and total.operator in COMPARISONS:
        idle = Binary("or", idle, Binary("unless", base, total))
    spent: Node = Binary("*", Number(0.0), idle)
    spent = spent if is_bad else Binary("+", spent, Number(1.0))
    return _mean(Binary("or", _limited(Binary("/", part, total)), spent), notes, is_bad=is_bad)


def availability_while(node: Node, notes: Notes, *, is_bad: bool) -> str:
    """Percent of the time in which a comparison did not hold, or in which it did if it says what is good.

    NaN, as the quantile of no events, meets no comparison. So the one that is asked says what is bad.
    """
    assert isinstance(node, Binary)
    operator = node.operator if is_bad else _OPPOSITE[node.operator]
    return _mean(replace(node, operator=operator, is_bool=True), notes, is_bad=True)


def _mean(share: Node, notes: Notes, *, is_bad: bool) -> str:
    if _may_be_several(share):
        notes.add("where it has several series, each counts alike")
        share = Aggregate("avg", share)
    text = text_of(share, notes, _RANGE)
    mean = f"avg_over_time(({text})[{{within}}:{_STEP}])"
    return f"100 * (1 - {mean})" if is_bad else f"100 * {mean}"


def _limited(share: Node) -> Node:
    """A share of at most 1. The comparison drops NaN, and what is below 0."""
    return Binary(">=", Call("clamp_max", (share, Number(1.0))), Number(0.0))


def _bare(total: Node) -> Node:
    """The events themselves, without a filter or a number in their place."""
    match total:
        case Binary("or", left, right) if terms(right) == {Term.NUMBER}:
            return _bare(left)
        case Binary(operator, left, right, "", False) if operator in COMPARISONS and terms(right) == {Term.NUMBER}:
            return left
        case _:
            return total


def _present(node: Node) -> Node:
    """An expression that is 0, and not nothing, where its filters hold nothing: `x > 3` is `x * (x > bool 3)`."""
    match node:
        case Call("absent" | "absent_over_time"):
            return Binary("or", node, Call("vector", (Number(0.0),)))
        case Binary(operator, left, right, "", False) if operator in COMPARISONS and terms(right) == {Term.NUMBER}:
            return Binary("*", left, replace(node, is_bool=True))
        case Aggregate("sum", of):
            return replace(node, of=_present(of))
        case _:
            return node


def _may_be_several(node: Node) -> bool:  # noqa: PLR0911 - one case per kind of node
    match node:
        case Number() | Call("vector" | "scalar"):
            return False
        case Aggregate(operator, _, grouping):
            return bool(grouping) or operator in {"topk", "bottomk", "count_values", "limitk", "limit_ratio"}
        case Call("histogram_quantile", (_, Aggregate(_, _, "by (le)"))) | Call("absent"):
            return False
        case Call(_, arguments):
            return any(map(_may_be_several, arguments))
        case Binary("and" | "unless", left, _):
            return _may_be_several(left)
        case Binary(_, left, right):
            return _may_be_several(left) or _may_be_several(right)
        case _:
            return True
