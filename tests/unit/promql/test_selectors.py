"""A query taken apart: what it needs to find, and what it counts."""

import pytest

from sresnap.promql.selectors import dependence, matches
from sresnap.promql.tree import Matcher


def names(selectors):
    return [f"{one.name}{{{','.join(f'{m.label}{m.operator}{m.value}' for m in one.matchers)}}}" for one in selectors]


@pytest.mark.parametrize(
    ("query", "needed", "counted"),
    [
        ('sum(increase(a{x="1"}[1h]))', [["a{x=1}"]], ["a{x=1}"]),
        # One side of `or` is enough, but a zero is not a way to find anything.
        ("sum(a) or sum(b)", [["a{}"], ["b{}"]], ["a{}", "b{}"]),
        ('sum(a{x=~"5.."}) or vector(0)', [["a{x=~5..}"]], ["a{x=~5..}"]),
        ('sum(a{x=~"5.."}) or on() vector(0)', [["a{x=~5..}"]], ["a{x=~5..}"]),
        ('sum(a{x=~"5.."}) or 0 * sum(a)', [["a{x=~5..}"]], ["a{x=~5..}"]),
        ('sum(a{x=~"5.."}) or (sum(a) * 0)', [["a{x=~5..}"]], ["a{x=~5..}"]),
        # A difference needs both sides, and counts the first.
        ('sum(c) - sum(b{le="1"})', [["c{}", "b{le=1}"]], ["c{}"]),
        ("sum(c) - (sum(b) - sum(d))", [["c{}", "b{}", "d{}"]], ["c{}", "d{}"]),
        ("sum(a) unless on (x) b", [["a{}"]], ["a{}"]),
        ("sum(a) and b", [["a{}", "b{}"]], ["a{}"]),
        ("sum(a) / sum(b)", [["a{}", "b{}"]], ["a{}"]),
        ("absent(a)", [[]], ["a{}"]),
        ("sum_over_time((sum(a) > bool 0)[1h:5m])", [["a{}"]], ["a{}"]),
        ('{__name__="a", x!~"b"}', [["a{x!~b}"]], ["a{x!~b}"]),
        ("sum(a{x=~`5\\.`})", [["a{x=~5\\.}"]], ["a{x=~5\\.}"]),
        # MetricsQL, which the parser does not know: its selectors are still found.
        ('sum(increase(a{x="1"}[1h])) default 0', [["a{x=1}"]], ["a{x=1}"]),
    ],
)
def test_what_a_query_needs_and_counts(query, needed, counted):
    found = dependence(query)
    assert [names(way) for way in found.needed] == needed
    assert names(found.counted) == counted


def test_a_query_without_a_readable_selector_is_refused():
    with pytest.raises(ValueError):
        dependence("WITH (x) y default 0")


def test_many_alternatives_stay_few():
    found = dependence(" + ".join("(a or b)" for _ in range(20))).needed
    assert len(found) == 16, "of 2^20"
    assert names(found[0]) == ["a{}"]
    assert all(names(way) == ["a{}", "b{}"] for way in found[1:])


@pytest.mark.parametrize(
    ("op", "value", "matching", "others"),
    [
        ("=", "500", ["500"], ["50", "5000", ""]),
        ("=~", "5..|err", ["500", "err"], ["5000", "error"]),
        ("!=", "200", ["500", ""], ["200"]),
        ("!~", "2..", ["500"], ["204"]),
    ],
)
def test_matchers_match_whole_values_as_prometheus_does(op, value, matching, others):
    matcher = Matcher("code", op, value)
    assert all(matches(matcher, text) for text in matching)
    assert not any(matches(matcher, text) for text in others)
