"""What the terms of a PromQL expression are: counts, rates, gauges, numbers, comparisons, quantiles.

An SLI of events needs counts that add up over hours. A rate of the same events becomes such a count. A gauge, a number
or a quantile beside it does not: `sum(rate(errors[5m])) or vector(1)` over an hour is neither 3,600 errors nor 1.
"""

from __future__ import annotations

import re
from enum import Enum

from sresnap.promql.tree import (
    WINDOW,
    Aggregate,
    Binary,
    Call,
    Negative,
    Node,
    Number,
    Range,
    Selector,
    Text,
    moves,
    written,
)


class Term(Enum):
    """The nature of a term. The value is its name in sentences."""

    COUNT = "a count"
    RATE = "a rate"
    COUNTER = "a counter's own value"
    GAUGE = "a gauge"
    NUMBER = "a number"
    COMPARISON = "a comparison"
    QUANTILE = "a quantile"
    RATIO = "a ratio"


COMPARISONS = frozenset({">", ">=", "<", "<=", "==", "!="})
_RATES = frozenset({"rate", "irate"})
_SAME_TERM = frozenset({
    "abs", "ceil", "floor", "round", "label_replace", "label_join", "sort", "sort_desc", "vector", "scalar",
    "histogram_count", "histogram_sum",
})  # fmt: skip
"""Functions whose answer has the nature of their first argument."""
_LINEAR = frozenset({"label_replace", "label_join", "sort", "sort_desc", "vector", "scalar", "histogram_count"})
"""Of these, the ones under which sums stay sums."""
_CLAMPS = frozenset({"clamp", "clamp_min", "clamp_max"})
_QUANTILES = frozenset({"histogram_quantile", "quantile_over_time"})
_NUMBERS = frozenset({"time", "pi"})
_TRUTHS = frozenset({"absent", "absent_over_time"})
# Prometheus documentation, "Metric and label naming": counters end in _total; a histogram's and a summary's in
# _bucket, _count and _sum.
_COUNTER = re.compile(r"(_total|_bucket|_count|_sum)$")
_TRUTH_METRICS = frozenset({
    "up", "probe_success", "script_success", "node_scrape_collector_success", "windows_exporter_collector_success",
    "apache_up", "bind_up", "consul_up", "haproxy_up", "memcached_up", "mongodb_up", "mysql_up", "nginx_up", "pg_up",
    "phpfpm_up", "rabbitmq_up", "redis_up", "traefik_service_server_up",
})  # fmt: skip
"""Gauges that are documented to be 0 or 1: by Prometheus ("Jobs and instances") and by the exporters themselves.

The end of a name proves nothing: `pods_up` may be a number of pods.
"""
# Prometheus documentation, "Recording rules": level:metric:operations, the newest operation first.
_RECORDED = ((re.compile("ratio"), Term.RATIO), (re.compile("rate"), Term.RATE), (re.compile("increase"), Term.COUNT))


def terms(node: Node) -> frozenset[Term]:  # noqa: PLR0911 - one case per kind of node
    """The nature of everything that an expression's value is made of.

    `sum(rate(a[5m])) or clamp_min(1 - sum(up), 0)` has a rate, a gauge and a number.
    """
    match node:
        case Number():
            return frozenset({Term.NUMBER})
        case Text():
            return frozenset()
        case Selector():
            return frozenset({_of_name(node)})
        case Range(of):
            return terms(of)
        case Negative(of):
            return terms(of)
        case Call():
            return _of_call(node)
        case Aggregate():
            return _of_aggregate(node)
        case Binary():
            return _of_binary(node)


def _name_of(selector: Selector) -> str:
    """The metric's name, or the regex of its name; empty where it says only what the name is not."""
    named = (m.value for m in selector.matchers if m.label == "__name__" and m.operator in {"=", "=~"})
    return selector.name or next(named, "")


def _of_name(selector: Selector) -> Term:
    name = _name_of(selector)
    operation = name.rpartition(":")[2] if ":" in name else ""
    recorded = next((term for pattern, term in _RECORDED if pattern.search(operation)), None)
    if recorded is not None:
        return recorded
    return Term.COUNTER if _COUNTER.search(name) else Term.GAUGE


def _of_call(call: Call) -> frozenset[Term]:
    name, first = call.name, call.arguments[0] if call.arguments else None
    fixed = (
        (_NUMBERS, Term.NUMBER),
        (_QUANTILES, Term.QUANTILE),
        (_TRUTHS, Term.COMPARISON),
        (frozenset({"histogram_fraction"}), Term.RATIO),
    )
    term = next((term for names, term in fixed if name in names), Term.GAUGE)
    if name in {"increase", *_RATES} and isinstance(first, Range) and isinstance(first.of, Selector):
        term = Term.COUNT if name == "increase" else Term.RATE
    elif _counts_samples(call):
        term = Term.COUNT
    elif name in _SAME_TERM and first is not None:
        return terms(first)
    elif name in _CLAMPS and first is not None:
        limits = (one for argument in call.arguments[1:] if argument != Number(0.0) for one in terms(argument))
        return terms(first) | frozenset(limits)
    return frozenset({term})


def _counts_samples(call: Call) -> bool:
    """Whether a call counts samples, as of probes: all of them, or the ones that are 1.

    The sum of any other gauge's samples counts nothing that happened. In a subquery, its step must not be the window.
    """
    match call:
        case Call("count_over_time", (Range(of, _, step),)):
            pass
        case Call("sum_over_time", (Range(of, _, step),)) if _is_truth(of):
            pass
        case _:
            return False
    return WINDOW not in (step or "") and WINDOW not in written(of, WINDOW)


def _is_truth(node: Node) -> bool:
    """Whether every sample is 0 or 1."""
    match node:
        case Selector():
            return _name_of(node) in _TRUTH_METRICS
        case Binary(operator, _, _, _, True):
            return operator in COMPARISONS
        case _:
            return False


def _of_aggregate(aggregate: Aggregate) -> frozenset[Term]:
    if aggregate.operator == "quantile":
        return frozenset({Term.QUANTILE})
    if aggregate.operator in {"count", "group", "count_values", "stddev", "stdvar"}:
        return frozenset({Term.GAUGE})
    return terms(aggregate.of)


def _of_binary(binary: Binary) -> frozenset[Term]:  # noqa: PLR0911 - one rule per operator
    left, right = terms(binary.left), terms(binary.right)
    if binary.operator in COMPARISONS:
        return frozenset({Term.COMPARISON}) if binary.is_bool else left | {Term.COMPARISON}
    if binary.operator in {"and", "unless"}:
        return left | {Term.COMPARISON}
    number = frozenset({Term.NUMBER})
    if binary.operator in {"*", "/"} and right == number:
        return left
    if binary.operator == "*" and left == number:
        return right
    if binary.operator in {"/", "%", "^", "atan2"}:
        return frozenset({Term.RATIO})
    if binary.operator == "or" and is_zero(binary.right):
        return left
    return left | right


def is_zero(node: Node) -> bool:
    """Whether an expression is 0 wherever it has a value: `vector(0)`, `0 * x`."""
    match node:
        case Number(value):
            return value == 0
        case Call(name, (first, *_)):
            return name in _SAME_TERM and is_zero(first)
        case Aggregate(operator, of):
            return operator in {"sum", "min", "max", "avg"} and is_zero(of)
        case Binary(operator, left, right):
            return operator == "*" and (is_zero(left) or is_zero(right))
        case _:
            return False


def adds_up(node: Node, *, counters: bool = False) -> bool:  # noqa: C901, PLR0911 - one case per kind of node
    """Whether an expression is a sum of counts, or of rates, of events, so that counts of hours add up to the window's.

    Args:
        node: the expression.
        counters: whether a selector without a range means the increase of counters, as in Pyrra and OpenSLO.
    """

    def each(*nodes: Node) -> bool:
        return all(adds_up(one, counters=counters) for one in nodes)

    match node:
        case Selector():
            return counters and _of_name(node) in {Term.COUNTER, Term.GAUGE} and _is_of_its_hour(node)
        case Call(name, (Range(Selector(), _, None) as range_,)) if name in {"increase", *_RATES}:
            return _is_of_its_hour(range_)
        case Call("count_over_time" | "sum_over_time"):
            return _counts_samples(node) and _is_of_its_hour(node)
        case Call("clamp_min", (first, Number(0.0))):
            return each(first)
        case Call(name, (first, *_)) if name in _LINEAR:
            return each(first)
        case Aggregate("sum", of):
            return each(of)
        case Negative(of):
            return each(of)
        case Binary(operator, left, right, matching, False) if "group_" not in matching:
            if operator in {"+", "-"}:
                return each(left, right)
            if operator == "or":
                return each(left) and (is_zero(right) or each(right))
            number = frozenset({Term.NUMBER})
            return (operator in {"*", "/"} and each(left) and terms(right) == number) or (
                operator == "*" and terms(left) == number and each(right)
            )
        case _:
            return False


def _is_of_its_hour(node: Node) -> bool:
    """Whether an expression of an hour reads that hour, or one a fixed time earlier.

    `x @ end()` is the same in every hour, and `offset` by a window of a month is another one than by an hour's.
    """
    return not any("@" in moved or WINDOW in moved for moved in moves(node))


def in_words(found: frozenset[Term]) -> str:
    """`a rate, a gauge and a number`."""
    names = [term.value for term in Term if term in found]
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part) or "empty"
