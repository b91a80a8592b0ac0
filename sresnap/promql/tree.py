"""PromQL as a tree of plain values, which can be compared, changed and written again.

promql-parser reads. Its own tree can be neither compared nor changed, hence this one. Parentheses are not kept: they
are written where they are needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sresnap.promql.literals import quote
from sresnap.promql.names import selector_text

WINDOW = "31y7w3d1h7m13s"
"""A duration that replaces a tool's placeholder of the window while the query is read. No query has it by chance."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True, slots=True)
class Matcher:
    """`code=~"5.."`."""

    label: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Selector:
    """Series by name and labels."""

    name: str
    """Empty if only matchers select."""
    matchers: tuple[Matcher, ...] = ()
    moved: str = ""
    """`offset 5m`, `@ end()`."""


@dataclass(frozen=True, slots=True)
class Range:
    """`x[5m]`, or the subquery `(…)[1h:5m]`."""

    of: Node
    length: str | None
    """None: the window."""
    step: str | None = None
    """Empty for a subquery with the default step; None for a selector's range."""
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum by (a) (x)`."""

    operator: str
    of: Node
    grouping: str = ""
    """`by (a, b)`, `without (a)`."""
    parameter: Node | None = None


@dataclass(frozen=True, slots=True)
class Binary:
    """`left + right`."""

    operator: str
    left: Node
    right: Node
    matching: str = ""
    """`on (a) group_left ()`."""
    is_bool: bool = False


@dataclass(frozen=True, slots=True)
class Negative:
    """`-x`."""

    of: Node


Node = Number | Text | Selector | Range | Call | Aggregate | Binary | Negative


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every node changed, the inner ones first."""

    def inner(child: Node) -> Node:
        return rebuilt(child, change)

    match node:
        case Range() | Negative() | Aggregate():
            node = replace(node, of=inner(node.of))
        case Call():
            node = replace(node, arguments=tuple(map(inner, node.arguments)))
        case Binary():
            node = replace(node, left=inner(node.left), right=inner(node.right))
    return change(node)


def walk(node: Node) -> Iterator[Node]:
    """Every node of a tree, the outer ones first."""
    yield node
    match node:
        case Range(of) | Negative(of):
            inner: tuple[Node, ...] = (of,)
        case Aggregate(_, of, _, parameter):
            inner = (of,) if parameter is None else (parameter, of)
        case Call(_, arguments):
            inner = arguments
        case Binary(_, left, right):
            inner = (left, right)
        case _:
            return
    for one in inner:
        yield from walk(one)


def moves(node: Node) -> Iterator[str]:
    """What moves an expression or a part of it in time: `offset 5m`, `@ end()`."""
    return (one.moved for one in walk(node) if isinstance(one, Selector | Range) and one.moved)


def written(node: Node, window: str) -> str:
    """The tree as PromQL, with a text for its window.

    `written(Call("rate", (Range(Selector("x"), None),)), "5m")` is `rate(x[5m])`.
    """
    return _written(node).replace(WINDOW, window)


def _written(node: Node) -> str:  # noqa: PLR0911 - one case per kind of node
    match node:
        case Number(value):
            return _number(value)
        case Text(value):
            return quote(value)
        case Selector(name, matchers, moved):
            return f"{selector_text(name, [(m.label, m.operator, m.value) for m in matchers])}{_after(moved)}"
        case Range(of, length, step, moved):
            inner = _written(of) if isinstance(of, Selector | Call | Aggregate) else f"({_written(of)})"
            return f"{inner}[{length or WINDOW}{'' if step is None else f':{step}'}]{_after(moved)}"
        case Call(name, arguments):
            return f"{name}({', '.join(map(_written, arguments))})"
        case Aggregate(operator, of, grouping, parameter):
            first = "" if parameter is None else f"{_written(parameter)}, "
            return f"{operator}{f' {grouping} ' if grouping else ''}({first}{_written(of)})"
        case Binary(operator, left, right, matching, is_bool):
            middle = " ".join(part for part in (operator, "bool" if is_bool else "", matching) if part)
            return f"{_operand(left)} {middle} {_operand(right)}"
        case Negative(of):
            return f"-{_operand(of)}"


def _operand(node: Node) -> str:
    return f"({_written(node)})" if isinstance(node, Binary | Negative) else _written(node)


def _after(text: str) -> str:
    return f" {text}" if text else ""


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return repr(value).removesuffix(".0")
