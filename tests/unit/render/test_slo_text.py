"""What an objective is measured by, in words."""

from dataclasses import replace

import pytest

from sresnap.model.slo import Precision
from sresnap.render.clock import Clock
from sresnap.render.slo_text import kind_of, precision_of, window_of, window_seconds
from tests import factories
from tests.panels import plain

BERLIN = Clock.of("Europe/Berlin")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "occurrences: weighted by events"),
        ({"basis": "time"}, "time: weighted by time"),
        (
            {"basis": "slices", "slice_seconds": 60, "slice_target": 0.95},
            "timeslices: 1 min slices, good from 95 %; weighted by slices",
        ),
        (
            {"basis": "slices", "slice_seconds": 90, "slice_target": 0.999},
            "timeslices: 1 min 30 s slices, good from 99.9 %; weighted by slices",
        ),
        ({"basis": "slices"}, "timeslices: weighted by slices"),
    ],
)
def test_an_objective_says_its_kind_and_weighting(changes, text):
    assert plain(kind_of(replace(factories.slo(), **changes))) == text


def test_a_window_is_rolling_or_says_how_much_has_passed_and_when_it_begins_anew():
    assert window_of(factories.slo(), BERLIN) == "rolling 28d"
    month = factories.this_month()
    assert plain(window_of(month, BERLIN)) == "this month, to date: 73 % of it has passed, resets Tue 1 Dec 00:00"
    assert window_seconds(month) == 30 * 86400


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (None, None),
        (Precision(0, 0, 0.0), None),
        (Precision(672, 0, 0.0), "no restart of a counter seen in 672 hours with data"),
        (
            Precision(670, 2, 2.1),
            (
                "no restart of a counter seen in 670 of 672 hours; "
                "2 hours estimated by increase, within ±3 bad events if scraped once a minute"
            ),
        ),
        (
            Precision(671, 1, 0.2),
            (
                "no restart of a counter seen in 671 of 672 hours; "
                "1 hour estimated by increase, within ±1 bad event if scraped once a minute"
            ),
        ),
        (
            Precision(0, 3, 0.0),
            (
                "no restart of a counter seen in 0 of 3 hours; "
                "3 hours estimated by increase, within ±0 bad events if scraped once a minute"
            ),
        ),
    ],
)
def test_precision_is_said_with_its_bound_rounded_up(found, text):
    assert plain(precision_of(replace(factories.slo(), precision=found))) == text
