"""Reads a query of another tool, and refuses one that is not a series of numbers over time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sresnap.importers.rewrite import Notes
from sresnap.promql import TemplateError, check_syntax, one_line
from sresnap.promql.reader import read, sample_text
from sresnap.promql.tree import WINDOW, Aggregate, Binary, Call, Negative, Node, Range, Selector, moves, walk
from sresnap.promql.value_types import ValueType, value_type

_GO_WINDOW = re.compile(r"\{\{-?\s*\.window\s*-?\}\}")
_OF_EVALUATION = re.compile(r"@ (?:start|end)\(\) ?")


class NotImportedError(ValueError):
    """An SLO's queries have no meaning here. The text says why, in one sentence."""


def query_of(text: str, name: str, notes: Notes, *, may_be_constant: bool = False) -> Node:
    """The tree of another tool's query, which is an instant vector. Go's {{.window}} is its window.

    Args:
        text: the query.
        name: what it is: `total`, `bad`.
        notes: where to say what was changed.
        may_be_constant: whether it may read no metric, as a total of `vector(1)`.

    Raises:
        NotImportedError: it is not PromQL, or not a number at each moment.
    """
    try:
        node = read(_GO_WINDOW.sub(WINDOW, one_line(text)))
    except ValueError as error:
        raise NotImportedError(f"{name} is not PromQL: {error}") from None
    found = value_type(node)
    if found in {ValueType.RANGE, ValueType.TEXT}:
        raise NotImportedError(f"{name} is {found.value}, not one number at each moment{_advice(found)}")
    if not may_be_constant and not any(isinstance(one, Selector) for one in walk(node)):
        raise NotImportedError(f"{name} reads no metric, so no event changes it")
    node = _unmoved(node, notes)
    fixed = next((moved for moved in moves(node) if "@" in moved), None)
    if fixed is not None:
        raise NotImportedError(f"{name} reads a fixed moment (`{fixed}`), so it is the same in every hour")
    return Call("vector", (node,)) if found is ValueType.SCALAR else node


def check_selector(text: str, name: str) -> None:
    """Refuse what is not one selector, where a tool takes its samples.

    Raises:
        NotImportedError: it is not.
    """
    try:
        node = read(one_line(text))
    except ValueError as error:
        raise NotImportedError(f"{name} is not PromQL: {error}") from None
    if not isinstance(node, Selector) or "@" in node.moved:
        raise NotImportedError(f'{name} is not a selector, as `up{{job="web"}}` is')


def check_written(queries: Mapping[str, Any]) -> None:
    """Refuse an SLO with a query that is not PromQL once written: it would make the whole file unusable.

    Raises:
        NotImportedError: one is not.
    """
    for key, query in queries.items():
        for text in (query,) if isinstance(query, str) else (query["selector"], query.get("siblings", "")):
            try:
                problem = check_syntax(sample_text(text)) if text else None
            except TemplateError as error:
                problem = str(error)
            if problem:
                raise NotImportedError(f"sresnap cannot write its query `{key}` as PromQL: {problem}")


def _advice(found: ValueType) -> str:
    return "; count it, as in `sum(increase(x[5m]))`" if found is ValueType.RANGE else ""


def _unmoved(node: Node, notes: Notes) -> Node:
    """The tree without `@ start()` and `@ end()`: a rule is evaluated at one moment, and both are that moment.

    Inside a subquery they are not the moment that the subquery reads, so there they stay.
    """
    match node:
        case Selector() | Range():
            return _without_at(node, notes)
        case Negative() | Aggregate():
            return replace(node, of=_unmoved(node.of, notes))
        case Call():
            return replace(node, arguments=tuple(_unmoved(one, notes) for one in node.arguments))
        case Binary():
            return replace(node, left=_unmoved(node.left, notes), right=_unmoved(node.right, notes))
        case _:
            return node


def _without_at(node: Selector | Range, notes: Notes) -> Node:
    moved = _OF_EVALUATION.sub("", node.moved).strip()
    if moved == node.moved:
        return node
    notes.add(f"`{node.moved}` became `{moved}`" if moved else f"`{node.moved}` was dropped")
    return replace(node, moved=moved)
