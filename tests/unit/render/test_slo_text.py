"""What an objective is measured by, in words."""

from dataclasses import replace

import pytest

from sresnap.model.slo import Precision
from sresnap.render.clock import Clock
from sresnap.render.slo_text import data_unit, kind_of, precision_of, unit_of, window_of, window_seconds
from tests import factories
from tests.panels import plain

BERLIN = Clock.of("Europe/Berlin")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "By request"),
        ({"series": ("total#checkout", "bad#checkout")}, "By event"),
        ({"threshold_seconds": 0.3}, "Requests under 300 ms"),
        ({"basis": "time"}, "By time"),
        ({"basis": "slices", "slice_seconds": 60, "slice_target": 0.95}, "Slices of 1 min, good from 95 %"),
        ({"basis": "slices", "slice_seconds": 90, "slice_target": 0.999}, "Slices of 1 min 30 s, good from 99.9 %"),
        ({"basis": "slices"}, "Slices of time"),
    ],
)
def test_an_objective_says_how_it_is_measured(changes, text):
    assert plain(kind_of(replace(factories.slo(), **changes))) == text


def test_counts_of_a_custom_query_are_events_and_files_always_say_events():
    slo = factories.slo()
    custom = replace(slo, series=("total#checkout", "bad#checkout"))
    assert (unit_of(slo), unit_of(custom)) == ("requests", "events")
    assert (data_unit(slo), data_unit(custom)) == ("events", "events")


def test_a_window_is_rolling_or_says_how_much_has_passed_and_when_it_resets():
    assert window_of(factories.slo(), BERLIN) == "rolling 28 days"
    month = factories.this_month()
    assert plain(window_of(month, BERLIN)) == "this month so far (73 % has passed), resets Tue 1 Dec 00:00"
    assert window_seconds(month) == 30 * 86400


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (None, None),
        (Precision(0, 0, 0.0), None),
        (Precision(672, 0, 0.0), "Exact in all 672 whole hours with data."),
        (Precision(670, 2, 2.1), "Exact in 670 of 672 whole hours; ±3 bad requests in the other 2."),
        (Precision(671, 1, 0.2), "Exact in 671 of 672 whole hours; ±1 bad request in the other one."),
        (Precision(0, 3, 0.0), "Estimated within ±0 bad requests."),
        (Precision(670, 0, 0.0, 2), "Exact in 670 of 672 whole hours; 2 hours have bounds."),
        (Precision(0, 0, 0.0, 1), "1 hour has bounds."),
        (
            Precision(669, 2, 2.1, 1),
            "Exact in 669 of 672 whole hours; ±3 bad requests in 2 estimated ones; 1 hour has bounds.",
        ),
    ],
)
def test_precision_has_its_bound_rounded_up(found, text):
    assert plain(precision_of(replace(factories.slo(), precision=found))) == text
