"""The type of an expression decides where PromQL takes it."""

import pytest

from sresnap.promql.reader import read
from sresnap.promql.value_types import ValueType, value_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", ValueType.VECTOR),
        ("sum(x)", ValueType.VECTOR),
        ("rate(x[5m])", ValueType.VECTOR),
        ("vector(1)", ValueType.VECTOR),
        ("1 - x", ValueType.VECTOR),
        ("-x", ValueType.VECTOR),
        ("x[5m]", ValueType.RANGE),
        ("(rate(x[5m]))[1h:1m]", ValueType.RANGE),
        ("3", ValueType.SCALAR),
        ("-(1 + scalar(x))", ValueType.SCALAR),
        ("time() / pi()", ValueType.SCALAR),
        ("'a'", ValueType.TEXT),
    ],
)
def test_the_type_of_an_expression_is_known(text, expected):
    assert value_type(read(text)) is expected
