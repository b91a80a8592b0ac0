"""Reads PromQL into a tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import promql_parser

from sresnap.promql.names import labels_text
from sresnap.promql.parser import TOO_DEEP, NotPromqlError, parsed
from sresnap.promql.template import Hole, Place, TemplateError, parse_joined
from sresnap.promql.tree import (
    WINDOW,
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
)

_SAMPLES = ("x", "5m")
"""Of placeholders inside and outside of strings."""

_DEEPEST = 100


def read(text: str) -> Node:
    """The tree of a query. Its window is written as the duration WINDOW.

    Raises:
        NotPromqlError: the text is not PromQL, or nested so deeply that no tree can be walked.
    """
    tree = parsed(text)
    try:
        node = _node(tree)
    except RecursionError:
        raise NotPromqlError(TOO_DEEP) from None
    except ValueError as error:
        raise NotPromqlError(str(error)) from None
    if _is_deep(node, _DEEPEST):
        raise NotPromqlError(TOO_DEEP)
    return node


def _is_deep(node: Node, levels: int) -> bool:
    """Whether a tree has more levels. A sum of a hundred terms has a hundred."""
    match node:
        case Range(of) | Negative(of) | Aggregate(_, of):
            inner: tuple[Node, ...] = (of,)
        case Call(_, arguments):
            inner = arguments
        case Binary(_, left, right):
            inner = (left, right)
        case _:
            return False
    return levels == 0 or any(_is_deep(one, levels - 1) for one in inner)


def sample_text(template: str) -> str:
    """A template with samples in its placeholders.

    Raises:
        TemplateError: a placeholder is not a plain name, or stands where no value is safe.
    """
    return "".join(_SAMPLES[p.place is Place.CODE] if isinstance(p, Hole) else p for p in parse_joined(template))


def read_template(template: str) -> Node | None:
    """The tree of a template, with samples in its placeholders; None where it cannot be read."""
    try:
        return read(sample_text(template))
    except (NotPromqlError, TemplateError):
        return None


def _node(expr: Any) -> Node:  # noqa: C901, PLR0911 - one case per kind of node
    match expr:
        case promql_parser.ParenExpr():
            return _node(expr.expr)
        case promql_parser.NumberLiteral():
            return Number(expr.val)
        case promql_parser.StringLiteral():
            return Text(expr.val)
        case promql_parser.VectorSelector():
            return _selector(expr)
        case promql_parser.MatrixSelector():
            selector = _selector(expr.vector_selector)
            return Range(replace(selector, moved=""), _length(expr.range), moved=selector.moved)
        case promql_parser.SubqueryExpr():
            step = "" if expr.step is None else _duration(expr.step)
            return Range(_node(expr.expr), _length(expr.range), step, _moved(expr))
        case promql_parser.Call():
            return Call(expr.func.name, tuple(map(_node, expr.args)))
        case promql_parser.AggregateExpr():
            parameter = None if expr.param is None else _node(expr.param)
            return Aggregate(str(expr.op), _node(expr.expr), _grouping(expr.modifier), parameter)
        case promql_parser.UnaryExpr():
            return Negative(_node(expr.expr))
        case promql_parser.BinaryExpr():
            is_bool = expr.modifier is not None and expr.modifier.return_bool
            return Binary(str(expr.op), _node(expr.lhs), _node(expr.rhs), _matching(expr.modifier), is_bool)
        case _:
            raise ValueError(f"{type(expr).__name__} is not known")


_OPERATORS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}


def _selector(expr: Any) -> Selector:
    if expr.matchers.or_matchers:
        raise ValueError("`or` between matchers is not PromQL of Prometheus")
    matchers = tuple(Matcher(m.name, _OPERATORS[str(m.op).rpartition(".")[2]], m.value) for m in expr.matchers.matchers)
    return Selector(expr.name or "", matchers, _moved(expr))


def _moved(expr: Any) -> str:
    parts = []
    if expr.at is not None:
        ends = {"Start": "start()", "End": "end()"}
        name = str(expr.at.type).rpartition(".")[2]
        parts.append(f"@ {ends.get(name) or repr(expr.at.at.timestamp())}")
    if expr.offset is not None:
        parts.append(f"offset {_duration(expr.offset)}")
    return " ".join(parts)


def _grouping(modifier: Any) -> str:
    if modifier is None:
        return ""
    word = "by" if str(modifier.type).endswith(".By") else "without"
    return "" if word == "by" and not modifier.labels else f"{word} ({labels_text(modifier.labels)})"


def _matching(modifier: Any) -> str:
    if modifier is None:
        return ""
    parts = []
    if modifier.matching is not None:
        word = "on" if str(modifier.matching.type).endswith(".Include") else "ignoring"
        parts.append(f"{word} ({labels_text(modifier.matching.labels)})")
    side = {"ManyToOne": "group_left", "OneToMany": "group_right"}.get(str(modifier.card).rpartition(".")[2])
    if side is not None:
        parts.append(f"{side} ({labels_text(modifier.group_labels or ())})")
    return " ".join(parts)


_WINDOW_MS = round(promql_parser.parse_duration(WINDOW).total_seconds() * 1000)


def _length(length: Any) -> str | None:
    return None if _ms(length) == _WINDOW_MS else _duration(length)


def _ms(length: timedelta) -> int:
    return round(length.total_seconds() * 1000)


def _duration(length: Any) -> str:
    """90 minutes are `90m`; the longest unit that divides the length. `offset` may be negative."""
    ms = _ms(length)
    if abs(ms) == _WINDOW_MS:
        return f"{'-' if ms < 0 else ''}{WINDOW}"
    units = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000))
    name, size = next(((name, size) for name, size in units if ms and ms % size == 0), ("ms", 1))
    return f"{ms // size}{name}"
