"""Takes a query apart: which series it needs to find, and which it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sresnap.promql.literals import quoted_strings

_MOST_ALTERNATIVES = 16
_RAISING = ("+", "*", "or")
"""Operators whose right side adds to the result."""
_SELECTOR = re.compile(r"""[A-Za-z_:][\w:]*\s*\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^{}"'])*\}""", re.ASCII)


@dataclass(frozen=True, slots=True)
class Matcher:
    """`label op "value"`."""

    label: str
    op: str
    value: str

    @property
    def is_positive(self) -> bool:
        return self.op in ("=", "=~")

    def matches(self, value: str) -> bool:
        """Whether a label's value matches, by Prometheus's rules: a regex must match all of it."""
        equal = value == self.value if self.op in ("=", "!=") else re.fullmatch(self.value, value) is not None
        return equal is self.is_positive


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric's name with its matchers."""

    name: str
    matchers: tuple[Matcher, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a query's answer depends on."""

    needed: tuple[tuple[Selector, ...], ...]
    """Ways to an answer: it has a series if all selectors of one of them find something."""
    counted: tuple[Selector, ...]
    """Selectors whose values raise the answer, each once."""
    subtracted: tuple[Selector, ...]
    """Selectors whose values lower, divide or filter it."""


def selectors(text: str) -> tuple[Selector, ...]:
    """The selectors of a query that name a metric, each once, in order.

    Raises:
        ValueError: the query is not PromQL.
    """
    found = terms(text)
    return tuple(dict.fromkeys((*found.counted, *found.subtracted)))


@lru_cache(maxsize=4096)
def terms(text: str) -> Terms:
    """What a query's answer depends on. Of a query in another dialect all its selectors are needed and counted.

    A side that can only be zero, as in `… or vector(0)` and `… or 0 * total`, says nothing about events, so it is not a
    way to an answer. An empty `absent(…)` or right side of `unless` is no lack.

    Raises:
        ValueError: no selector can be read in it.
    """
    import promql_parser

    try:
        tree = promql_parser.parse(quoted_strings(text))
    except ValueError:
        pieces = _SELECTOR.findall(text)
        if not pieces:
            raise
        found = tuple(dict.fromkeys(_selector(promql_parser.parse(quoted_strings(piece))) for piece in pieces))
        return Terms((found,), found, ())
    counted: dict[Selector, None] = {}
    subtracted: dict[Selector, None] = {}
    for selector, is_counted in _signed(tree, is_counted=True):
        (counted if is_counted else subtracted)[selector] = None
    return Terms(tuple(_needed(tree)), tuple(counted), tuple(subtracted))


def _parts(node: Any) -> Iterator[Any]:
    """The expressions below one that is not a binary operation."""
    for name in ("expr", "param", "vector_selector"):
        if getattr(node, name, None) is not None:
            yield getattr(node, name)
    yield from getattr(node, "args", None) or ()


def _name(node: Any) -> str:
    return type(node).__name__


def _selector(node: Any) -> Selector:
    matchers = [Matcher(m.name, _operator(m.op), m.value) for m in node.matchers.matchers]
    name = node.name or next((m.value for m in matchers if m.label == "__name__" and m.op == "="), "")
    return Selector(name, tuple(matcher for matcher in matchers if matcher.label != "__name__"))


def _operator(op: object) -> str:
    return {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}.get(str(op).rpartition(".")[2], str(op))


def _needed(node: Any) -> list[tuple[Selector, ...]]:
    if _name(node) == "VectorSelector":
        found = _selector(node)
        return [(found,)] if found.name else [()]
    if _name(node) == "Call" and node.func.name.startswith("absent"):
        return [()]
    if _name(node) != "BinaryExpr":
        return _all(_needed(part) for part in _parts(node))
    if str(node.op) == "or":
        sides = [side for side in (node.lhs, node.rhs) if not _is_zero(side)]
        ways = [way for side in sides or (node.lhs,) for way in _needed(side)]
        return list(dict.fromkeys(ways))[:_MOST_ALTERNATIVES]
    return _needed(node.lhs) if str(node.op) == "unless" else _all(map(_needed, (node.lhs, node.rhs)))


def _all(parts: Iterable[list[tuple[Selector, ...]]]) -> list[tuple[Selector, ...]]:
    """The ways in which every part finds something."""
    found: list[tuple[Selector, ...]] = [()]
    for ways in parts:
        found = [tuple(dict.fromkeys((*one, *other))) for one in found for other in ways][:_MOST_ALTERNATIVES]
    return found


def _is_zero(node: Any) -> bool:
    """Whether an expression can only be zero: `0`, `vector(0)`, `0 * x`, and these in brackets or a sum."""
    match _name(node):
        case "NumberLiteral":
            return float(node.val) == 0
        case "ParenExpr" | "AggregateExpr" | "UnaryExpr":
            return _is_zero(node.expr)
        case "Call":
            return node.func.name == "vector" and _is_zero(node.args[0])
        case "BinaryExpr":
            return str(node.op) == "*" and (_is_zero(node.lhs) or _is_zero(node.rhs))
        case _:
            return False


def _signed(node: Any, *, is_counted: bool) -> Iterator[tuple[Selector, bool]]:
    """The selectors below an expression, and whether their values raise the whole."""
    if _name(node) == "VectorSelector":
        found = _selector(node)
        if found.name:
            yield found, is_counted
    elif _name(node) == "BinaryExpr":
        sign = is_counted is (str(node.op) in _RAISING)
        for side, is_raised in ((node.lhs, is_counted), (node.rhs, sign)):
            if str(node.op) != "or" or not _is_zero(side):
                yield from _signed(side, is_counted=is_raised)
    else:
        sign = is_counted is (_name(node) != "UnaryExpr")
        for part in _parts(node):
            yield from _signed(part, is_counted=sign)
