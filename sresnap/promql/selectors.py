"""What a query's answer depends on: the series that it needs to find, and those that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from sresnap.promql.literals import quote
from sresnap.promql.names import selector_text
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.regexes import is_match
from sresnap.promql.tree import Aggregate, Binary, Call, Matcher, Negative, Node, Number, Range, Selector, Text, walk

_MOST_ALTERNATIVES = 16
_RAISING = ("+", "*", "or")
"""Operators whose right side adds to the result."""
_NAME = re.compile(r"[A-Za-z_:][\w:]*", re.ASCII)
_PIECE = re.compile(r"""(?:[A-Za-z_:][\w:]*\s*)?\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^{}"'])*\}""", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dependence:
    """What a query's answer depends on. Selectors are without `offset`."""

    needed: tuple[tuple[Selector, ...], ...]
    """Ways to an answer: it has a series if all selectors of one of them find something."""
    counted: tuple[Selector, ...]
    """Selectors whose values raise the answer, each once."""
    subtracted: tuple[Selector, ...]
    """Selectors whose values lower, divide or filter it."""

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """Every selector, each once."""
        return tuple(dict.fromkeys((*self.counted, *self.subtracted)))


@lru_cache(maxsize=4096)
def dependence(text: str) -> Dependence:
    """What a query's answer depends on. Of a query in another dialect all its selectors are needed and counted.

    A side that can only be zero, as in `… or vector(0)` and `… or 0 * total`, says nothing about events, so it is not a
    way to an answer. An empty `absent(…)` or right side of `unless` is not a lack.

    Raises:
        NotPromqlError: no selector can be read in it.
    """
    try:
        tree = read(text)
    except NotPromqlError:
        found = tuple(dict.fromkeys(_pieces(text)))
        if not found:
            raise
        return Dependence((found,), found, ())
    signed = dict.fromkeys(_signed(tree))
    counted, subtracted = (tuple(one for one, is_counted in signed if is_counted is sign) for sign in (True, False))
    return Dependence(tuple(_needed(tree)), counted, subtracted)


@lru_cache(maxsize=4096)
def places(text: str) -> tuple[Selector, ...]:
    """Every selector of a query, in the order of its text; one that is there twice comes twice.

    Raises:
        NotPromqlError: no selector can be read in it.
    """
    try:
        return tuple(_all_selectors(read(text)))
    except NotPromqlError:
        found = _pieces(text)
        if not found:
            raise
        return found


def is_positive(matcher: Matcher) -> bool:
    """Whether a matcher names what it selects, not what it leaves."""
    return matcher.operator in ("=", "=~")


def matches(matcher: Matcher, value: str) -> bool:
    """Whether a label's value matches, by Prometheus's rules: a regex must match all of it."""
    is_text = matcher.operator in ("=", "!=")
    equal = value == matcher.value if is_text else is_match(matcher.value, value)
    return equal is is_positive(matcher)


def metric_of(selector: Selector) -> str:
    """The name of a selector's metric, or the matchers of its name; `{…}` for one that says nothing of it."""
    names = ", ".join(f"__name__{m.operator}{quote(m.value)}" for m in selector.matchers if m.label == "__name__")
    return selector_text(selector.name, ()) if selector.name else f"{{{names or '…'}}}"


def is_named(selector: Selector) -> bool:
    """Whether a selector says which metrics it reads."""
    return bool(selector.name) or any(m.label == "__name__" and is_positive(m) for m in selector.matchers)


def _pieces(text: str) -> tuple[Selector, ...]:
    """What looks like a selector in a query of another dialect."""
    return tuple(selector for piece in _PIECE.findall(text) for selector in _all_selectors(read(piece)))


def _all_selectors(node: Node) -> Iterator[Selector]:
    return (_plain(one) for one in walk(node) if isinstance(one, Selector))


def _plain(selector: Selector) -> Selector:
    """A selector by its name, without `offset`. A regex of several names stays a matcher."""
    names = [matcher for matcher in selector.matchers if matcher.label == "__name__"]
    exact = [m.value for m in names if m.operator == "=" or (m.operator == "=~" and _NAME.fullmatch(m.value))]
    name = selector.name or next(iter(exact), "")
    matchers = selector.matchers if not name else tuple(m for m in selector.matchers if m not in names)
    return replace(selector, name=name, matchers=matchers, moved="")


def _needed(node: Node) -> list[tuple[Selector, ...]]:  # noqa: PLR0911 - one case per kind of node
    match node:
        case Selector():
            return [(_plain(node),)]
        case Range(of) | Negative(of) | Aggregate(_, of):
            return _needed(of)
        case Call(name, arguments):
            return [()] if name.startswith("absent") else _all(map(_needed, arguments))
        case Binary("unless", left, _):
            return _needed(left)
        case Binary("or", left, right):
            sides = [side for side in (left, right) if not _is_zero(side)]
            ways = [way for side in sides or (left,) for way in _needed(side)]
            return list(dict.fromkeys(ways))[:_MOST_ALTERNATIVES]
        case Binary(_, left, right):
            return _all(map(_needed, (left, right)))
        case Number() | Text():
            return [()]


def _all(parts: Iterable[list[tuple[Selector, ...]]]) -> list[tuple[Selector, ...]]:
    """The ways in which every part finds something."""
    found: list[tuple[Selector, ...]] = [()]
    for ways in parts:
        found = [tuple(dict.fromkeys((*one, *other))) for one in found for other in ways][:_MOST_ALTERNATIVES]
    return found


def _is_zero(node: Node) -> bool:
    """Whether an expression can only be zero: `0`, `vector(0)`, `0 * x`, and a sum of these."""
    match node:
        case Number(value):
            return value == 0
        case Negative(of) | Aggregate(_, of):
            return _is_zero(of)
        case Call("vector", (argument,)):
            return _is_zero(argument)
        case Binary("*", left, right):
            return _is_zero(left) or _is_zero(right)
        case _:
            return False


def _signed(node: Node, *, is_counted: bool = True) -> Iterator[tuple[Selector, bool]]:
    """The selectors of an expression, and whether their values raise the whole."""
    match node:
        case Selector():
            yield _plain(node), is_counted
        case Range(of) | Aggregate(_, of):
            yield from _signed(of, is_counted=is_counted)
        case Negative(of):
            yield from _signed(of, is_counted=not is_counted)
        case Call(_, arguments):
            for argument in arguments:
                yield from _signed(argument, is_counted=is_counted)
        case Binary(operator, left, right):
            sign = is_counted is (operator in _RAISING)
            for side, is_raised in ((left, is_counted), (right, sign)):
                if operator != "or" or not _is_zero(side):
                    yield from _signed(side, is_counted=is_raised)
        case Number() | Text():
            return
