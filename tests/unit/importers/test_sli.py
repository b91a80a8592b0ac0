"""Queries of another tool become an SLI that means the same: events, their own ratio over time, or a refusal."""

import pytest

from sresnap import promql
from sresnap.importers.sli import from_events, from_ratio
from sresnap.importers.source_query import NotImportedError, check_written

W = "{{.window}}"


def windowed(text):
    return text.replace("W]", f"{W}]").replace("[W:", f"[{W}:").replace("rateW", f"rate{W}")


def counted(selector, siblings=None):
    return {"form": "counted", "selector": selector} | ({} if siblings is None else {"siblings": siblings})


FAILED = 't{{code="500"}}'
EVENTS = {
    "rates": ("sum(rate(t[W]))", 'sum(rate(t{code="500"}[W]))', {"total": counted("t"), "bad": counted(FAILED, "t")}),
    "a total above 0, and errors or 0": (
        "sum(rate(t[W])) > 0",
        'sum(rate(t{code="500"}[W])) OR on() vector(0)',
        {"total": counted("t"), "bad": counted(FAILED, "t")},
    ),
    "a total or 1": (
        "(sum(rate(t[W]) > 0)) or vector(1)",
        "sum(rate(e[W]))",
        {"total": counted("t"), "bad": counted("e", "t")},
    ),
    "groups": ("sum by (a) (rate(t[W]))", "sum(rate(e[W])) by (a)", {"total": counted("t"), "bad": counted("e", "t")}),
    "a difference from the total": (
        "sum(rate(t[W]))",
        "sum(rate(t[W])) - sum(rate(g[W]))",
        {"total": counted("t"), "good": counted("g", "t")},
    ),
    "all buckets less one": (
        "sum(rate(h_ms_count[W]))",
        'clamp_min(sum(rate(h_ms_bucket{le="+Inf"}[W])) - sum(rate(h_ms_bucket{le="250.0"}[W])), 0)',
        {"total": counted("h_ms_count"), "good": counted('h_ms_bucket{{le=~"250([.]0)?"}}', "h_ms_count")},
    ),
    "a threshold in seconds": (
        "sum(rate(h_seconds_count[W]))",
        'sum(rate(h_seconds_count[W])) - sum(rate(h_seconds_bucket{le="1"}[W]))',
        {
            "total": counted("h_seconds_count"),
            "latency_good": counted('h_seconds_bucket{{le=~"{threshold}([.]0)?"}}', "h_seconds_count"),
        },
    ),
    "another difference": (
        "sum(rate(t[W]))",
        "sum(rate(e[W])) - sum(rate(x[W]))",
        {
            "total": counted("t"),
            "good": "sum(increase(t[{window}])) - (sum(increase(e[{window}])) - sum(increase(x[{window}])))",
        },
    ),
    "a sum of errors that need not exist": (
        "sum(rate(t[W]))",
        "sum(rate(e[W])) + (sum(rate(x[W])) or vector(0))",
        {
            "total": counted("t"),
            "bad": 'sum(label_replace(sum(increase(e[{window}])), "term", "0", "", "") '
            'or label_replace(sum(increase(x[{window}])), "term", "1", "", ""))',
        },
    ),
    "probes": (
        "sum(count_over_time(probe_success[W]))",
        "sum(count_over_time(probe_success[W])) - sum(sum_over_time(probe_success[W]))",
        {
            "total": "sum(count_over_time(probe_success[{within}]))",
            "good": "sum(sum_over_time(probe_success[{within}]))",
        },
    ),
    "minutes in which a rate is too high": (
        "count_over_time((sum(up))[W:1m])",
        'sum_over_time((sum(rate(t{code="500"}[2m])) > bool 0)[W:1m])',
        {
            # Within an hour less a millisecond there are 60 minutes; an hour has 61 with both of its edges.
            "total": "sum(count_over_time(sum(up)[{within}:1m]))",
            "bad": 'sum(sum_over_time((sum(rate(t{{code="500"}}[2m])) > bool 0)[{within}:1m]))',
        },
    ),
    "minutes of a fixed range": (
        "count_over_time((sum(up))[10m:1m])",
        "sum_over_time((sum(irate(e[90s])) > bool 1)[10m:1m])",
        {
            "total": "sum(count_over_time(sum(up)[{within}:1m]))",
            "bad": "sum(sum_over_time((sum(irate(e[90s])) > bool 1)[{within}:1m]))",
        },
    ),
    "minutes of minutes": (
        "count_over_time((sum(up))[W:1m])",
        "sum_over_time((count_over_time((sum(increase(e[2m])) > 0)[5m:1m]) > bool 3)[W:1m])",
        {
            "total": "sum(count_over_time(sum(up)[{within}:1m]))",
            "bad": "sum(sum_over_time((count_over_time((sum(increase(e[2m])) > 0)[5m:1m]) > bool 3)[{within}:1m]))",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EVENTS)
def test_sums_of_counts_become_events(case):
    total, bad, queries = EVENTS[case]
    sli = from_events(windowed(total), windowed(bad), "bad")
    assert (dict(sli.queries), sli.kind) == (queries, None)
    assert sli.latency_threshold == ("1s" if "latency_good" in queries else None)


OVER_TIME = {
    "a rate or a gauge": (
        "sum(rate(t[W])) or vector(1)",
        "sum(rate(e[W])) or clamp_min(1 - sum(up), 0)",
        "bad mixes a rate, a gauge and a number and total mixes a rate and a number, so they are not counts of events",
        (
            "((clamp_max(((sum(rate(e[5m])) or clamp_min(1 - sum(up), 0)) or (0 * sum(rate(t[5m])))) "
            "/ (sum(rate(t[5m])) or vector(1)), 1) >= 0) or (0 * (sum(rate(t[5m])) == 0)))"
        ),
    ),
    "a share of targets": (
        "count(up)",
        "sum((1 - avg_over_time(up[W])) > 0.33)",
        "bad mixes a gauge, a number and a comparison and total is a gauge, so they are not",
        (
            "((clamp_max((sum((1 - avg_over_time(up[5m])) > 0.33) or (0 * count(up))) / count(up), 1) >= 0) "
            "or (0 * (count(up) == 0)))"
        ),
    ),
    "a quantile above a limit": (
        "sum(rate(h_count[W]))",
        "histogram_quantile(0.95, sum by (le) (rate(h_bucket[W]))) > 0.05",
        "so time is bad while the comparison holds; `total` is not used",
        "(histogram_quantile(0.95, sum by (le) (rate(h_bucket[5m]))) > bool 0.05)",
    ),
    "a comparison of one": (
        "vector(1)",
        "max(queue_length) > 9",
        "bad mixes a gauge and a comparison and total is a number",
        "(clamp_max(max(queue_length) * (max(queue_length) > bool 9), 1) >= 0)",
    ),
    "recorded rates": (
        "sum(job:t:rateW)",
        "sum(job:e:rateW)",
        "bad is a rate and total is a rate, so they are not counts of events; the SLO is weighted by time (kind: time)",
        (
            "((clamp_max((sum(job:e:rate5m) or (0 * sum(job:t:rate5m))) / sum(job:t:rate5m), 1) >= 0) "
            "or (0 * (sum(job:t:rate5m) == 0)))"
        ),
    ),
    "a total that is not judged below a limit": (
        "sum(rate(t[W])) > 5",
        "sum(rate(e[W]))",
        "total mixes a rate and a comparison, so it is not a count of events; the SLO is weighted by time (kind: time)",
        (
            "((clamp_max((sum(rate(e[5m])) or (0 * sum(rate(t[5m])))) / (sum(rate(t[5m])) > 5), 1) >= 0) "
            "or (0 * ((sum(rate(t[5m])) == 0) or (sum(rate(t[5m])) unless (sum(rate(t[5m])) > 5)))))"
        ),
    ),
    "several series": (
        "rate(h_count[5m])",
        "histogram_quantile(0.95, rate(h_bucket[5m])) > 2",
        "where it has several series, each counts alike",
        "(avg(histogram_quantile(0.95, rate(h_bucket[5m])) > bool 2))",
    ),
}


@pytest.mark.parametrize("case", OVER_TIME)
def test_anything_else_stays_its_own_ratio_and_says_why(case):
    total, bad, why, ratio = OVER_TIME[case]
    sli = from_events(windowed(total), windowed(bad), "bad")
    assert sli.kind == "time"
    assert why in "; ".join(sli.notes)
    assert sli.queries["availability"] == f"100 * (1 - avg_over_time({ratio}[{{within}}:1m]))"
    assert promql.check_syntax(sli.queries["availability"].replace("{within}", "3599999ms")) is None


RATIOS = {
    "sum(rate(e[W])) / sum(rate(t[W]))": {"total": counted("t"), "bad": counted("e", "t")},
    "(sum(rate(t[W])) - sum(rate(g[W]))) / (sum(rate(t[W])) > 0)": {"total": counted("t"), "good": counted("g", "t")},
    "1 - (sum(sum_over_time(probe_success[W])) / sum(count_over_time(probe_success[W])))": {
        "total": "sum(count_over_time(probe_success[{within}]))",
        "good": "sum(sum_over_time(probe_success[{within}]))",
    },
    # A gauge of any size does not add up to a count, even if its name ends in `up`.
    "1 - sum(sum_over_time(jobs_spun_up[W])) / sum(count_over_time(jobs_spun_up[W]))": {
        "availability": "100 * (1 - avg_over_time((clamp_max(1 - (sum(sum_over_time(jobs_spun_up[5m])) "
        "/ sum(count_over_time(jobs_spun_up[5m]))), 1) >= 0)[{within}:1m]))"
    },
    "1 - avg(avg_over_time(up[W]))": {
        "availability": "100 * (1 - avg_over_time((clamp_max(1 - avg(avg_over_time(up[5m])), 1) >= 0)[{within}:1m]))"
    },
}


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_ratio_of_two_counts_becomes_events_and_any_other_stays(ratio):
    assert from_ratio(windowed(ratio), is_good=False).queries == RATIOS[ratio]


def test_a_quantile_that_must_stay_low_is_not_bad_while_nothing_happens():
    # The quantile of no events is NaN, and NaN meets neither comparison.
    sli = from_ratio("histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m]))) < 0.5", is_good=True)
    assert ">= bool 0.5" in sli.queries["availability"]
    assert sli.queries["availability"].startswith("100 * (1 - ")


@pytest.mark.parametrize(
    ("total", "bad", "why"),
    [
        ("sum(increase(t[W]))", "sum(rate(e[W]))", "total is a count and bad is a rate: their ratio has no meaning"),
        ("sum(rate(t[W])", "e", "total is not PromQL: unclosed left parenthesis"),
        ("sum(rate(t[W]))", "e_total[W]", "bad is a range vector, not one number at each moment; count it, as in"),
        ("t_total[W]", "sum(rate(e[W]))", "total is a range vector"),
        ("(sum(rate(t[2m])))[W:1m]", "sum(rate(e[W]))", "total is a range vector"),
        ("sum(rate(t[W]))", "'e'", "bad is a string, not one number at each moment"),
        ("sum(rate(t[W]))", "0", "bad reads no metric, so no event changes it"),
        ("sum(rate(t[W]))", "vector(0)", "bad reads no metric"),
        ("sum(rate(t[W]))", "sum(rate(e[W] @ 1700000000))", "bad reads a fixed moment .`@ 1700000000.0`.,"),
        (
            "count_over_time((sum(up))[W:1m])",
            "sum_over_time((sum(rate(e[2m] @ end())) > bool 0)[W:1m])",
            "bad reads a fixed moment .`@ end..`., so it is the same in every hour",
        ),
    ],
)
def test_what_has_no_meaning_is_refused_with_the_reason(total, bad, why):
    with pytest.raises(NotImportedError, match="^" + why):
        from_events(windowed(total), windowed(bad), "bad")


@pytest.mark.parametrize("ratio", ["0", "vector(0.5)", "time() / 2", "'x'", "x[5m]", "max(x @ 3)"])
def test_a_ratio_that_is_not_a_number_at_each_moment_is_refused(ratio):
    with pytest.raises(NotImportedError, match=r"^the ratio "):
        from_ratio(ratio, is_good=False)


@pytest.mark.parametrize("moved", ["@ end()", "@ start()", "@ end() offset 5m", "offset 5m @ end()"])
def test_the_moment_of_a_rule_s_evaluation_is_each_hour_s_own(moved):
    # A rule has one moment; in a report's range of hours `@ end()` would give each hour the count of the last one.
    sli = from_events(windowed("sum(rate(t[W]))"), windowed(f"sum(rate(e[W] {moved}))"), "bad")
    is_late = "offset" in moved
    assert sli.queries["bad"] == ("sum(increase(e[{window}] offset 5m))" if is_late else counted("e", "t"))
    assert any(note.startswith("bad: `@ ") and "dropped" in note for note in sli.notes) is not is_late
    by_time = from_ratio(f"max(x {moved}) / max(y)", is_good=False).queries["availability"]
    assert "@" not in by_time
    assert by_time.count("offset 5m") == is_late


def test_an_offset_by_the_window_is_not_a_count_of_hours():
    # The hour before each hour is not the month before the month.
    assert from_events(windowed("sum(rate(t[W]))"), f"sum(rate(e[{W}] offset {W}))", "bad").kind == "time"


@pytest.mark.parametrize(
    ("total", "bad", "queries"),
    [
        ("scalar(sum(rate(t[W])))", "sum(rate(e[W]))", {"total": counted("t"), "bad": counted("e", "t")}),
        ("sum(rate(t[W]))", "scalar(sum(rate(e[W])))", {"total": counted("t"), "bad": counted("e", "t")}),
        (
            "sum(rate(t[W]))",
            "-sum(rate(e[W])) + scalar(rate(x[W]))",
            {
                "total": counted("t"),
                "bad": 'sum(label_replace(-sum(increase(e[{window}])), "term", "0", "", "") '
                'or label_replace(sum(increase(x[{window}])), "term", "1", "", ""))',
            },
        ),
        (
            "2",
            "max(x)",
            {"availability": "100 * (1 - avg_over_time((clamp_max(max(x) / 2, 1) >= 0)[{within}:1m]))"},
        ),
        (
            "1",
            "scalar(max(x))",
            {"availability": "100 * (1 - avg_over_time((clamp_max(vector(scalar(max(x))), 1) >= 0)[{within}:1m]))"},
        ),
    ],
)
def test_a_scalar_is_written_where_promql_takes_it(total, bad, queries):
    sli = from_events(windowed(total), windowed(bad), "bad")
    assert dict(sli.queries) == queries
    check_written(sli.queries)


def test_a_query_that_would_not_be_promql_is_refused():
    check_written({"total": counted('t{{a="b"}}', "t"), "availability": "100 * avg_over_time(up[{within}])"})
    for wrong in ("sum(scalar(x))", counted("t}")):
        with pytest.raises(NotImportedError, match=r"^sresnap cannot write its query `bad` as PromQL: "):
            check_written({"total": "sum(x)", "bad": wrong})


def test_a_sum_of_many_terms_stays_as_long_as_it_is():
    errors = " + ".join(f'sum(rate(errors_total{{code="{code}"}}[5m]))' for code in range(90))
    query = from_events("sum(rate(t[5m]))", errors, "bad").queries["bad"]
    assert len(query) < 3 * len(errors)
    assert query.count("increase(") == 90


@pytest.mark.parametrize(
    ("matcher", "spelled"),
    [
        ('le="1"', 'le=~"1([.]0)?"'),
        ('le="1.0"', 'le=~"1([.]0)?"'),
        ('le="250"', 'le=~"250([.]0)?"'),
        ('le!="10"', 'le!~"10([.]0)?"'),
        ('le="2500000"', 'le=~"2500000([.]0)?|2[.]5e[+]06"'),
        ('le="1e+06"', 'le=~"1000000([.]0)?|1e[+]06"'),
        ('le="0.5"', 'le="0.5"'),
        ('le="+Inf"', 'le="+Inf"'),
        ('code="1"', 'code="1"'),
        ('le=~"1|2"', 'le=~"1|2"'),
    ],
)
def test_a_whole_boundary_is_matched_in_every_spelling(matcher, spelled):
    sli = from_events("sum(rate(h_count[5m]))", f"sum(rate(h_bucket{{{matcher}}}[5m]))", "good")
    assert sli.queries["good"] == counted(f"h_bucket{{{{{spelled}}}}}", "h_count")
    assert any("in every spelling" in note for note in sli.notes) == (matcher != spelled)


def test_what_was_dropped_is_said():
    notes = from_events("sum by (a) (rate(t[5m])) > 0", "sum by (a) (rate(e[5m])) or vector(0)", "bad").notes
    for text in (
        "total: `> 0` was dropped",
        "bad: `or vector(0)` was dropped",
        "total: grouping by (a) is not carried over: one SLO for all",
    ):
        assert any(note.startswith(text) for note in notes), notes
