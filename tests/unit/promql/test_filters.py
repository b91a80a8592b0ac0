"""`> 0` around a count of all events goes; everything else stays."""

import pytest

from sresnap.promql.filters import without_filter

COUNT = 'sum by (service) (increase(x{{service=~"{service}"}}[{window}]))'


@pytest.mark.parametrize(
    "template", [f"{COUNT} > 0", f"({COUNT} > 0)", f"{COUNT}>0", f"{COUNT} != 0", f"{COUNT} > 0.0"]
)
def test_a_filter_around_a_count_goes(template):
    found = without_filter(template)
    assert found is not None
    assert found.strip("()") == COUNT.strip("()")


def test_a_filter_around_the_terms_of_a_sum_goes():
    inner = 'increase(x{{a="> 0"}}[{window}])'
    assert without_filter(f"sum({inner} > 0)") == f"sum({inner})"
    assert without_filter(f"sum({inner} > 0) by (service)") == f"sum({inner}) by (service)"


@pytest.mark.parametrize(
    "template",
    [
        COUNT,
        f"{COUNT} > 100",  # no series means 100 or less
        f"{COUNT} > bool 0",
        f"{COUNT} > 0 or vector(0)",
        f"{COUNT} - ({COUNT} > 0)",
        f"{COUNT} > 05",
        f"avg({COUNT} > 0)",
        'sum(x{{a="> 0"}})',
        f"{COUNT} > 0 and on () y",
        "not PromQL > 0",
        "{broken > 0",
    ],
)
def test_other_comparisons_stay(template):
    assert without_filter(template) is None
