"""A verdict at both ends of what the samples leave open: the worse one counts, and says that it is open."""

from dataclasses import replace

import pytest

from sresnap.compute.slo.bounds import evaluate_between
from sresnap.compute.slo.events import SloData
from sresnap.config import burn_pairs
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.status import Status
from sresnap.model.windows import HOUR, SHORT_WINDOWS, parse_time

AT = parse_time("2026-11-22T21:00:00Z")
SLO = Slo("availability", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"))
OK = EventCount(1000, 1000)


def data(first):
    hours = [first] + [OK] * 671
    return SloData(
        AT,
        dict.fromkeys((w.seconds for w in SHORT_WINDOWS), OK),
        None,
        HourlyCounts.of(AT - 672 * HOUR, hours),
        [True] * 72,
    )


def between(proved, possible):
    return evaluate_between(SLO, data(proved), data(possible), burn_pairs())


def test_where_the_samples_decide_both_bounds_are_the_count():
    report = between(EventCount(990, 1000), EventCount(990, 1000))
    assert report.windows["28d"].bad_bounds == (10, 10)
    assert report.status is Status.HEALTHY
    assert "open" not in report.reason


def test_an_open_count_keeps_what_is_proved_and_names_the_most():
    # 672,000 events allow 6,720 bad ones.
    report = between(EventCount(990, 1000), EventCount(990, 1500))
    window = report.windows["28d"]
    assert (window.bad, window.bad_bounds) == (10, (10, 510))
    assert window.worst_sli == pytest.approx(1 - 510 / 672_500)
    assert report.status is Status.HEALTHY
    assert "The samples leave open whether 99.9 % or 92 % of the budget is left." in report.reason.replace(
        "\N{NO-BREAK SPACE}", " "
    ).replace("\u202f", " ")


def test_nothing_is_healthy_only_at_its_better_bound():
    report = between(EventCount(1000, 1000), EventCount(1000, 9000))
    assert report.status is Status.EXHAUSTED
    assert "at best the status is HEALTHY" in report.reason
    assert report.windows["28d"].bad_bounds == (0, 8000)


@pytest.mark.parametrize(
    ("proved", "possible", "unsure"),
    [
        (OK, OK, 0),
        (EventCount(1000, 1000), EventCount(990, 1000), 1),  # only bad is open: good is more at its low end
        (EventCount(990, 1000), EventCount(990, 1500), 1),
        (EventCount(990, 1000), EventCount(1490, 1500), 1),  # only good is open
        (None, None, 0),
    ],
)
def test_an_hour_that_is_open_at_any_end_is_not_exact(proved, possible, unsure):
    precision = between(proved, possible).precision
    whole = 672 if proved else 671
    assert (precision.exact_hours, precision.open_hours) == (whole - unsure, unsure)


def test_a_window_without_data_has_no_bounds():
    nothing = replace(data(OK), short=dict.fromkeys((w.seconds for w in SHORT_WINDOWS), None))
    assert evaluate_between(SLO, nothing, nothing, burn_pairs()).windows["1h"].bad_bounds is None


@pytest.mark.parametrize("most", [1, 23, 500])
def test_no_bad_events_is_not_said_beside_bounds_that_hold_some(most):
    report = between(OK, EventCount(1000 - most, 1000))
    assert (report.status, report.windows["28d"].bad_bounds) == (Status.HEALTHY, (0, most))
    assert "No bad events" not in report.reason
    assert report.reason.startswith("The budget lasts at this pace.")
    assert "No bad events" in between(OK, OK).reason
