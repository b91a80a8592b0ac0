"""Which labels the series of an expression can have, as far as the expression itself says so."""

from __future__ import annotations

import re

from sresnap.promql.terms import Term, terms
from sresnap.promql.tree import Aggregate, Binary, Call, Negative, Node, Number, Range, Selector, Text

_KEEP = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
"""Aggregations that return some of their series as they are."""
_NAMES = re.compile(r"by \((.*)\)")
_NONE: frozenset[str] = frozenset()


def labels_of(node: Node) -> frozenset[str] | None:  # noqa: PLR0911 - one case per kind of node
    """The labels in which two series of the answer can differ; None if they depend on the data.

    `100 * sum by (service) (rate(x[5m]))` has `service`, `sum(x)` has none, `x` may have any. Series of one answer
    never share all labels, so an expression without labels answers with one series at most.
    """
    match node:
        case Number() | Text():
            return _NONE
        case Selector():
            return None
        case Range(of) | Negative(of):
            return labels_of(of)
        case Aggregate(operator, of, grouping) if operator in _KEEP:
            return labels_of(of)
        case Aggregate("count_values"):
            return None
        case Aggregate(_, _, ""):
            return _NONE
        case Aggregate(_, _, grouping):
            names = _NAMES.fullmatch(grouping)
            return None if names is None else frozenset(name.strip('"') for name in names[1].split(", "))
        case Call():
            return _of_call(node)
        case Binary():
            return _of_binary(node)


def _of_call(call: Call) -> frozenset[str] | None:
    if call.name in {"vector", "scalar", "time", "pi"}:
        return _NONE
    if call.name in {"absent", "absent_over_time"}:
        return None
    # histogram_quantile and quantile_over_time have their vector second, holt_winters and others first.
    of = next((one for one in call.arguments if terms(one) - {Term.NUMBER}), None)
    labels = _NONE if of is None else labels_of(of)
    if labels is not None and call.name in {"label_replace", "label_join"}:
        target = call.arguments[1]
        return labels | {target.value} if isinstance(target, Text) else None
    return labels - {"le"} if labels is not None and call.name.startswith("histogram_") else labels


def _of_binary(binary: Binary) -> frozenset[str] | None:
    left, right = labels_of(binary.left), labels_of(binary.right)
    if binary.operator in {"and", "unless"}:
        return left
    if "group_" in binary.matching:
        return None
    if terms(binary.right) <= {Term.NUMBER} and right == _NONE and binary.operator != "or":
        return left
    if terms(binary.left) <= {Term.NUMBER} and left == _NONE and binary.operator != "or":
        return right
    if left is None or right is None:
        return None
    # One-to-one: both sides have the same labels, or the ones that `on` names.
    return left | right
