"""How many series an expression can answer with, as far as it says so itself."""

import pytest

from sresnap.promql.labels import labels_of
from sresnap.promql.reader import read

TABLE = {
    "sum(x)": set(),
    "vector(1)": set(),
    "100 * sum by (service) (rate(x[5m])) / 3": {"service"},
    "avg by (a, b) (x)": {"a", "b"},
    "sum without (a) (x)": None,
    "x": None,
    "rate(x[5m])": None,
    "topk(3, sum by (a) (x))": {"a"},
    'count_values("v", x)': None,
    "sum by (a) (x) / sum by (a) (y)": {"a"},
    "sum by (a) (x) / on (a) group_left (b) y": None,
    "sum by (a) (x) or sum by (b) (y)": {"a", "b"},
    "sum(x) or y": None,
    "sum(x) and y": set(),
    "sum(x) unless on () y": set(),
    "x * 0 or vector(1)": None,
    "histogram_quantile(0.9, sum by (le) (rate(x[5m])))": set(),
    "histogram_quantile(0.9, sum by (le, a) (rate(x[5m])))": {"a"},
    'label_replace(sum(x), "a", "$1", "b", "(.*)")': {"a"},
    "avg_over_time((sum(a) / sum(b))[1h:1m])": set(),
    "avg_over_time(x[1h])": None,
    "absent(x)": None,
    "-sum(x)": set(),
    "clamp_max(scalar(x) * sum(y), 1)": set(),
}


@pytest.mark.parametrize("text", TABLE)
def test_the_labels_that_series_can_differ_in(text):
    assert labels_of(read(text)) == TABLE[text]
