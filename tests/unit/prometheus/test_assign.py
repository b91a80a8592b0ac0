"""Series are assigned to the services that they belong to."""

from dataclasses import replace

import pytest

from sresnap.model.query import Member, Purpose, Query, QueryTemplate, Run
from sresnap.model.series import Answer, Grid, Series
from sresnap.prometheus.assign import assign

GRID = Grid(0, 60, 2)
TIMES = frozenset({0, 60})
RUN = Run("up", GRID, 0, 0.1)


def query(by, **services):
    """Services with the value of their label `job`."""
    members = tuple(Member(name, {"job": job}) for name, job in services.items())
    return Query(QueryTemplate("k", "up", (by,) if by else (), "test"), members, {}, GRID, Purpose.SIGNAL, "k", "1h")


def series(value=1.0, **labels):
    return Series(labels, GRID, (value, value))


def answer(*found, warnings=()):
    return Answer(found, warnings, (), 0.1)


def test_grouped_series_go_to_the_services_with_their_value():
    one, two = series(1.0, job="a"), series(2.0, job="b")
    result = assign(query("job", api="a", web="b"), answer(two, one), RUN)
    assert result.values == {"api": one, "web": two}
    assert (result.failures, result.unsure, result.runs) == ({}, {}, (RUN,))


def test_services_that_share_a_value_all_get_its_series():
    one = series(job="a")
    assert assign(query("job", api="a", api2="a"), answer(one), RUN).values == {"api": one, "api2": one}


def test_a_service_without_a_series_is_in_neither_mapping():
    result = assign(query("job", api="a", web="b"), answer(series(job="a")), RUN)
    assert set(result.values) == {"api"}
    assert result.failures == {}


def test_series_of_unknown_values_are_ignored():
    result = assign(query("job", api="a"), answer(series(job="a"), series(job="z"), series(job="z")), RUN)
    assert (set(result.values), result.failures) == ({"api"}, {})


def test_two_series_for_one_value_are_ambiguous_only_for_its_services():
    found = answer(series(job="a", pod="x", zone="z"), series(job="a", pod="y", zone="z"), series(job="b"))
    result = assign(query("job", api="a", api2="a", web="b"), found, RUN)
    assert result.values["api"].values == (None,) * len(result.values["api"].values)
    assert result.values["web"].last is not None
    assert set(result.failures) == {"api", "api2"}
    failure = result.failures["api"]
    assert failure.kind == "ambiguous"
    assert failure.message == (
        '2 series came for job="a" where one is needed; they differ in pod: '
        "aggregate them, for example with avg by (job) (…) or max by (job) (…)"
    )
    assert result.unsure == {}, "asking again would not change it"


def test_a_label_that_only_some_series_have_is_named_as_differing():
    result = assign(query("job", api="a"), answer(series(job="a"), series(job="a", le="1")), RUN)
    assert "differ in le" in result.failures["api"].message


def test_a_grouped_answer_without_its_label_is_a_mistake_in_the_query():
    result = assign(query("job", api="a", web="b"), answer(series()), RUN)
    assert set(result.failures) == {"api", "web"}
    assert "no series of the answer has that label" in result.failures["api"].message


def test_an_ungrouped_series_is_for_all_members():
    one = series(instance="x")
    assert assign(query(None, api="a", web="b"), answer(one), RUN).values == {"api": one, "web": one}


def test_several_ungrouped_series_are_ambiguous():
    result = assign(query(None, api="a"), answer(series(i="1"), series(i="2")), RUN)
    assert result.values["api"].last is None
    assert "they differ in i: aggregate them, for example with avg(…) or max(…)" in result.failures["api"].message


def test_warnings_leave_all_times_of_all_services_unsure():
    result = assign(query("job", api="a", web="b"), answer(series(job="a"), warnings=("partial",)), RUN)
    assert result.unsure == {"api": TIMES, "web": TIMES}
    assert set(result.values) == {"api"}


@pytest.mark.parametrize(
    ("signal", "advice"),
    [
        ("total", "sum by (job) (…)"),
        ("bad", "sum by (job) (…)"),
        ("good", "sum by (job) (…)"),
        ("latency_good", "sum by (job) (…)"),
        ("slices_good", "sum by (job) (…)"),
        ("request_rate", "sum by (job) (…)"),
        # 99 % of one cluster and 97 % of another are not 196 %.
        ("availability", "avg by (job) (…) or max by (job) (…)"),
        ("error_rate", "avg by (job) (…) or max by (job) (…)"),
        ("latency_p99", "avg by (job) (…) or max by (job) (…)"),
        ("cap_vps_disk", "avg by (job) (…) or max by (job) (…)"),
    ],
)
def test_the_advice_for_several_series_fits_the_signal(signal, advice):
    asked = query("job", api="a")
    asked = replace(asked, template=replace(asked.template, key=signal))
    result = assign(asked, answer(series(job="a", pod="x"), series(job="a", pod="y")), RUN)
    assert result.failures["api"].message.endswith(f"for example with {advice}")


def two_labels(*pairs):
    members = tuple(Member(f"{n}/{i}", {"namespace": n, "ingress": i}) for n, i in pairs)
    template = QueryTemplate("total", "up", ("namespace", "ingress"), "test")
    return Query(template, members, {}, GRID, Purpose.SIGNAL, "total", "1h")


def test_series_are_assigned_by_all_of_several_labels_and_a_pair_of_no_service_is_dropped():
    query = two_labels(("shop", "web"), ("blog", "api"))
    # The query asks namespace=~"shop|blog", ingress=~"web|api", so it also finds shop/api, which no service is.
    found = [
        series(1.0, namespace="shop", ingress="web"),
        series(7.0, namespace="shop", ingress="api"),
        series(2.0, namespace="blog", ingress="api"),
        series(9.0, namespace="blog"),
    ]
    result = assign(query, Answer(tuple(found), (), (), 0.0), RUN)
    assert {name: each.last for name, each in result.values.items()} == {"shop/web": 1.0, "blog/api": 2.0}
    assert not result.failures


def test_an_answer_that_lacks_one_of_several_labels_says_which_are_needed():
    result = assign(two_labels(("shop", "web")), Answer((series(1.0, namespace="shop"),), (), (), 0.0), RUN)
    assert result.failures["shop/web"].message == (
        "the query is grouped by namespace, ingress, but no series of the answer has these labels: "
        "keep them, for example with sum by (namespace, ingress) (…)"
    )
