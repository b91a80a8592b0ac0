"""The type of an expression's value.

Source: Prometheus documentation, "Querying basics", "Expression language data types".
"""

from __future__ import annotations

from enum import Enum

from sresnap.promql.tree import Aggregate, Binary, Call, Negative, Node, Number, Range, Selector, Text


class ValueType(Enum):
    """The type of a value. Its own value is its name in sentences."""

    VECTOR = "an instant vector"
    RANGE = "a range vector"
    SCALAR = "a scalar"
    TEXT = "a string"


_SCALARS = frozenset({"scalar", "time", "pi"})


def value_type(node: Node) -> ValueType:  # noqa: PLR0911 - one case per kind of node
    """The type of an expression: `x[5m]` is a range vector, and `1 + scalar(x)` a scalar."""
    match node:
        case Number():
            return ValueType.SCALAR
        case Text():
            return ValueType.TEXT
        case Range():
            return ValueType.RANGE
        case Call(name):
            return ValueType.SCALAR if name in _SCALARS else ValueType.VECTOR
        case Negative(of):
            return value_type(of)
        case Binary(_, left, right):
            both = {value_type(left), value_type(right)}
            return ValueType.SCALAR if both == {ValueType.SCALAR} else ValueType.VECTOR
        case Selector() | Aggregate():
            return ValueType.VECTOR
