"""Every term of an expression is known, and so is whether it adds up to a count of events."""

import pytest

from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.terms import Term, adds_up, in_words, terms
from sresnap.promql.tree import WINDOW, written

COUNT, RATE, COUNTER, GAUGE = Term.COUNT, Term.RATE, Term.COUNTER, Term.GAUGE
NUMBER, COMPARISON, QUANTILE, RATIO = Term.NUMBER, Term.COMPARISON, Term.QUANTILE, Term.RATIO

TABLE = [
    # Counts and rates, and sums of them.
    ("sum(rate(a_total[W]))", {RATE}, True),
    ("irate(a_total[5m])", {RATE}, True),
    ("sum by (x) (increase(a_total[W]))", {COUNT}, True),
    ("sum(rate(a[W])) - sum(rate(b[W]))", {RATE}, True),
    ("sum(rate(a[W])) or sum(rate(b[W]))", {RATE}, True),
    ("2 * sum(rate(a[W])) / 60", {RATE}, True),
    ("clamp_min(sum(rate(a[W])) - sum(rate(b[W])), 0)", {RATE}, True),
    ("sum(rate(a[W])) or vector(0)", {RATE}, True),
    ("sum(rate(a[W])) or 0 * up", {RATE}, True),
    ('sum(label_replace(rate(a[W]), "x", "$1", "y", "(.*)"))', {RATE}, True),
    ("sum(count_over_time(probe_success[W]))", {COUNT}, True),
    ("sum(sum_over_time((up < bool 1)[W:1m]))", {COUNT}, True),
    ("sum(sum_over_time((pods_up < bool 3)[W:1m]))", {COUNT}, True),
    ("sum(sum_over_time(mysql_up[W]))", {COUNT}, True),
    ('sum(sum_over_time({__name__="probe_success"}[W]))', {COUNT}, True),
    ("sum(count_over_time(probe_success[W]) - sum_over_time(probe_success[W])) by (job)", {COUNT}, True),
    ("histogram_count(sum(rate(native[W])))", {RATE}, True),
    # Something else beside them.
    ("sum(rate(a[W])) or vector(1)", {RATE, NUMBER}, False),
    ("sum(rate(a[W])) or clamp_min(1 - sum(up), 0)", {RATE, GAUGE, NUMBER}, False),
    ("clamp_min(sum(rate(a[W])), 1)", {RATE, NUMBER}, False),
    ("sum(rate(a[W])) + sum(up)", {RATE, GAUGE}, False),
    ("sum(rate(a[W])) > 5", {RATE, COMPARISON}, False),
    ("sum(rate(a[W])) unless sum(b)", {RATE, COMPARISON}, False),
    ("sum(rate(a[W]) * on (pod) group_left (x) info)", {RATE, GAUGE}, False),
    ("avg(rate(a[W]))", {RATE}, False),
    ("max(increase(a[W]))", {COUNT}, False),
    ("rate((sum(a_total))[W:1m])", {GAUGE}, False),
    # Samples of a gauge are not events, and neither is one sample a window.
    ("sum_over_time(replicas_unavailable[W])", {GAUGE}, False),
    ("sum_over_time(requests_total[W])", {GAUGE}, False),
    ("sum(sum_over_time(jobs_spun_up[W]))", {GAUGE}, False),
    ("sum(sum_over_time(pods_up[W]))", {GAUGE}, False),
    ("sum(sum_over_time(backups_success[W]))", {GAUGE}, False),
    ('sum(sum_over_time({__name__=~"up|pods"}[W]))', {GAUGE}, False),
    ('sum(sum_over_time({__name__!="up", job="a"}[W]))', {GAUGE}, False),
    ("clamp_min(sum_over_time(size_bytes[W]) / 10 - sum_over_time(free_bytes[W]), 0)", {GAUGE}, False),
    ("count_over_time((a / b > 0.7)[W:W])", {GAUGE}, False),
    ("sum_over_time((rate(up[W]) > bool 3)[W:1m])", {GAUGE}, False),
    ("avg(count_over_time(probe_success[W]))", {COUNT}, False),
    # Not of each hour.
    ("sum(rate(a[W] @ end()))", {RATE}, False),
    ("sum(increase(a[W] @ 1700000000))", {COUNT}, False),
    ("sum(rate(a[W] offset W))", {RATE}, False),
    ("sum(rate(a[W] offset 5m))", {RATE}, True),
    ("sum(sum_over_time(up[W] @ start()))", {COUNT}, False),
    ("sum_over_time((max(up @ end()) > bool 0)[W:1m])", {COUNT}, False),
    ('sum(count_over_time(up{user="a@b"}[W]))', {COUNT}, True),
    # Never a count.
    ("a_total", {COUNTER}, False),
    ("sum(up)", {GAUGE}, False),
    ("sum((1 - avg_over_time(up[W])) > 0.33)", {GAUGE, NUMBER, COMPARISON}, False),
    ("histogram_quantile(0.95, sum by (le) (rate(a_bucket[W]))) > 0.05", {QUANTILE, COMPARISON}, False),
    ("quantile(0.5, up)", {QUANTILE}, False),
    ("quantile_over_time(0.9, a[W])", {QUANTILE}, False),
    ("up > bool 0", {COMPARISON}, False),
    ("absent(up)", {COMPARISON}, False),
    ("count(rate(a[W]) > 0)", {GAUGE}, False),
    ("vector(1)", {NUMBER}, False),
    ("time() - 3", {NUMBER}, False),
    ("sum(rate(a[W])) / sum(rate(b[W]))", {RATIO}, False),
    ("delta(a[W])", {GAUGE}, False),
    # Recorded by rules, whose names say what they are.
    ("sum(job:errors:rateW)", {RATE}, False),
    ("job:errors:increase5m", {COUNT}, False),
    ("job:errors_per_request:ratio_rate5m", {RATIO}, False),
]


@pytest.mark.parametrize(("text", "expected", "is_count"), TABLE)
def test_the_nature_of_every_term_is_known(text, expected, is_count):
    node = read(text.replace("W", WINDOW))
    assert terms(node) == expected
    assert adds_up(node) is is_count
    assert read(written(node, WINDOW)) == node, "what is written reads as the same"


def test_a_plain_selector_counts_only_where_its_tool_says_so():
    node = read("sum(a_total) - sum(b)")
    assert (adds_up(node), adds_up(node, counters=True)) == (False, True)
    assert not adds_up(read("sum(job:errors:ratio_rate5m)"), counters=True)
    assert not adds_up(read("sum(a_total @ end())"), counters=True)


@pytest.mark.parametrize(
    "text",
    [
        '-sum without (a) (x{b!~"c", d=~"\\\\d+"}) ^ 2',
        "topk(3, x @ end()) / on (a, b) group_left (c) y offset -5m",
        "max_over_time((a > bool 3)[1h:30s] offset 1d)",
        'label_replace(x, "a", "$1", "b", "(.*)")',
        "a and ignoring (x) b == 3",
    ],
)
def test_writing_and_reading_again_changes_nothing(text):
    assert read(written(read(text), WINDOW)) == read(text)


def test_a_text_that_is_not_promql_is_refused_in_one_line():
    with pytest.raises(NotPromqlError, match="parenthesis"):
        read("sum(x\n\n")


@pytest.mark.parametrize("text", ["abs(" * 101 + "x" + ")" * 101, "-" * 900 + "x", "+".join(["x"] * 5000)])
def test_a_query_of_too_many_levels_is_refused(text):
    with pytest.raises(NotPromqlError, match="it is nested too deeply"):
        read(text)


def test_a_sum_of_a_hundred_terms_is_read():
    assert adds_up(read(" + ".join(f'sum(rate(errors_total{{code="{i}"}}[5m]))' for i in range(90))))


def test_terms_in_words():
    assert in_words(frozenset({GAUGE, RATE, NUMBER})) == "a rate, a gauge and a number"
    assert in_words(frozenset({RATE})) == "a rate"
