"""What is said of a metric by what a survey found."""

import pytest

from sresnap.discovery.existence import Labels, Survey
from sresnap.discovery.hints import hints_of
from sresnap.promql.uses import uses


def said(text, survey, presets=()):
    (use,) = uses(text)
    return list(hints_of(use, survey, lambda _: presets))


BUCKETS = 'x_seconds_bucket{le="0.3"}'


@pytest.mark.parametrize(
    ("survey", "presets", "text"),
    [
        (Survey(), (), "x is not here"),
        (Survey(alike={"x": ("x_total",)}), (), "x is not here; this looks like it: x_total"),
        (
            Survey(alike={"x": ("x_total", "x_count")}),
            ("http", "flask"),
            "x is not here; these look like it: x_total, x_count; the preset http or flask would fit",
        ),
    ],
)
def test_a_metric_that_is_not_here_is_named_with_those_that_look_like_it(survey, presets, text):
    (hint,) = said("rate(x[5m])", survey, presets)
    assert (hint.kind, hint.of, hint.text, hint.presets) == ("metric", "x", text, presets)


@pytest.mark.parametrize(
    ("present", "text"),
    [
        ({"x_seconds_count"}, "x_seconds is there without its buckets (x_seconds_bucket), so latency cannot be judged"),
        ({"x_seconds"}, "For a native histogram use the forms native_total and native"),
    ],
)
def test_buckets_that_are_switched_off_are_not_a_histogram_that_is_not_there(present, text):
    (hint,) = said(BUCKETS, Survey(frozenset(present)))
    assert hint.kind == "switched off"
    assert text in hint.text


def test_native_histograms_without_buckets_are_read_by_their_own_forms():
    survey = Survey(frozenset({"x_seconds"}), native=frozenset({"x_seconds"}))
    (hint,) = said(BUCKETS, survey)
    assert (hint.kind, hint.names) == ("switched off", ("x_seconds",))
    assert "x_seconds is a native histogram: in `queries`, read it by the form native (latency_good)" in hint.text


def test_of_a_histogram_in_both_forms_it_is_said_which_is_read():
    survey = Survey(frozenset({"x_seconds", "x_seconds_bucket"}), native=frozenset({"x_seconds"}))
    (hint,) = said(BUCKETS, survey)
    assert (hint.kind, hint.of) == ("histograms", "x_seconds_bucket")
    assert "x_seconds is here as a native histogram, too. What is read are the buckets (x_seconds_bucket)" in hint.text
    assert said("x_seconds", survey) == []


def labels(**found):
    return Survey(frozenset({"x"}), labels={"x": Labels(**found)})


def test_a_label_that_no_series_has_is_named_with_the_nearest_and_the_others():
    (hint,) = said('x{code="5"}', labels(known=("id", "status"), missing=("code",), alike={"code": ("status",)}))
    assert (hint.kind, hint.names) == ("label", ("status",))
    assert hint.text == (
        "no series of x has the label code; this looks like it: status; "
        "other labels, some perhaps of earlier series: id"
    )


def test_a_label_that_only_leaves_out_leaves_nothing_out_where_it_is_missing():
    (hint,) = said('x{uri!~"/health"}', labels(missing=("uri",)))
    assert hint.kind == "excludes nothing"
    assert hint.text == "no series of x has the label uri, so a query leaves nothing out by it"


def test_an_identity_with_an_exported_twin_is_named():
    (hint,) = said('x{service="a"}', labels(exported=("service",)))
    assert (hint.kind, hint.names) == ("exported", ("exported_service",))
    assert "honor_labels: true" in hint.text


def test_what_is_as_expected_needs_no_hint():
    assert said('x{service="a"}', labels()) == []
    assert said('x{service="a"}', Survey(frozenset({"x"}))) == [], "its labels could not be looked up"
