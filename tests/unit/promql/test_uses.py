"""Which metrics and labels a query reads."""

import pytest

from sresnap.promql.uses import uses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sum(rate(a{x="1", y=~".+"}[5m])) / sum(rate(b[5m]))', [("a", "x y", "", ""), ("b", "", "", "")]),
        ('a{x!="1", y!~"2|3", z!=""}', [("a", "z", "x y", "")]),
        ('a{x="", y=~".*"}', [("a", "", "", "")]),
        ('sum by (job, le) (rate(a{job="j"}[5m]))', [("a", "job", "", "le")]),
        ("sum by (job) (sum by (job, pod) (a)) + sum by (x) (b)", [("a", "", "", "job pod"), ("b", "", "", "x")]),
        ('sum by (new) (label_replace(a, "new", "$1", "old", "(.+)"))', [("a", "", "", "")]),
        ('sum without (pod) (a{x="1"})', [("a", "x", "", "")]),
        ('{__name__=~"a|b", x="1"}', [('{__name__=~"a|b"}', "x", "", "")]),
        ('{x="1"}', []),
        ('sum(a{x="1"}) keep_metric_names', [("a", "x", "", "")]),
    ],
)  # fmt: skip
def test_the_labels_that_a_query_needs_of_each_metric(text, expected):
    found = [
        (one.metric, *(" ".join(labels) for labels in (one.chosen, one.left_out, one.grouped))) for one in uses(text)
    ]
    assert found == expected


def test_a_metric_is_narrowed_by_matchers():
    (named,) = uses('a{x="1"}')
    assert (named.narrowed(), named.narrowed('y!=""')) == ("a", 'a{y!=""}')
    (matched,) = uses('{__name__=~"a|b"}')
    assert matched.narrowed('y!=""') == '{__name__=~"a|b", y!=""}'
