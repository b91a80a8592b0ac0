"""Objectives from what was seen."""

import math

import pytest

from sresnap.discovery.objectives import DEFAULT, Seen, availability, latency, unseen
from sresnap.model.windows import DAY, HOUR

WEEK = 7 * DAY


@pytest.mark.parametrize(
    ("total", "bad", "percent"),
    [
        (1_000_000, 0, 99.95),
        (1_000_000, 250, 99.95),  # 0.025 %, just half of what 99.95 allows
        (1_000_000, 251, 99.9),
        (1_000_000, 400, 99.9),
        (1_000_000, 3_000, 99),  # 0.3 %: half of 99.5's 0.5 % is less, half of 99's 1 % is more
        (1_000_000, 60_000, 90),  # 6 %, more than half of what 90 allows
    ],
)
def test_it_was_met_with_slack(total, bad, percent):
    found = availability(Seen(WEEK, total, bad))
    assert found.percent == percent
    assert found.percent / 100 <= 1 - bad / total


@pytest.mark.parametrize("seen", [Seen(WEEK, 1_000_000, 200_000), Seen(WEEK, up=0.8), Seen(WEEK, up=0.001)])
def test_an_objective_is_never_below_90(seen):
    """A service that mostly fails would otherwise be proposed an objective that it meets, such as 1 %."""
    found = availability(seen)
    assert found.percent == 90
    assert f"{'0.10' if seen.up == 0.001 else '80.00'} % was good in 7 days, which is less than 90 %" in found.reason


@pytest.mark.parametrize("seen", [Seen(WEEK, 1_000, 1_000), Seen(WEEK, up=0.0)])
def test_a_service_that_never_answered_gets_the_default_and_what_was_seen(seen):
    found = availability(seen)
    assert found.percent == DEFAULT
    assert found.reason == "nothing was good in 7 days: is that true? This is a guess, not what was seen"


def test_it_allows_ten_bad_events_in_four_weeks():
    # 1,400 in seven days are 5,600 in 28: 99.5 allows 28 of them, 99.9 only 5.6.
    assert availability(Seen(WEEK, 1_400, 0)).percent == 99.5
    assert availability(Seen(WEEK, 10, 0)).percent == 99
    assert "so few requests" in availability(Seen(WEEK, 10, 0)).reason


def test_less_than_a_day_supports_no_strict_objective():
    found = availability(Seen(HOUR, 10_000_000, 0))
    assert found.percent == 99.5
    assert "which is not a day yet" in found.reason


def test_nothing_seen_is_said_to_be_a_guess():
    for seen in (Seen(0), Seen(WEEK, 0, 0), Seen(WEEK, 5_000, None)):
        assert availability(seen) == availability(Seen(0))
    assert availability(Seen(0)).percent == DEFAULT
    assert "guess" in availability(Seen(0)).reason


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Seen(0), "data in 0 of the last 168 hours"),
        (Seen(WEEK, 0.0, 0.0), "did not move in 7 days"),
        (Seen(WEEK, 5.0, None), "errors could not be counted"),
        (Seen(WEEK, 5.0, 5.0), None),
        (Seen(WEEK, up=0.0), None),
    ],
)
def test_a_counter_that_never_moved_and_data_that_is_missing_are_nothing_to_judge(seen, reason):
    found = unseen(seen, 7)
    assert found is None if reason is None else reason in found


def test_time_is_judged_by_its_share():
    assert availability(Seen(WEEK, up=1.0)).percent == 99.95
    assert availability(Seen(WEEK, up=0.985)).percent == 95  # 1.5 % down; half of 98's 2 % is less, of 95's 5 % more


def test_a_latency_is_a_bucket_that_nearly_all_were_under():
    buckets = {0.1: 900.0, 0.25: 994.0, 0.5: 996.0, math.inf: 1000.0}
    written = {0.1: "100ms", 0.25: "250ms", 0.5: "500ms", math.inf: "+Inf"}
    found = latency(buckets, written, Seen(DAY))
    assert (found.percent, found.threshold) == (99, "500ms")  # 0.4 % slower; half of 99's 1 % is 0.5 %
    slow = latency({0.1: 900.0, 0.25: 976.0, math.inf: 1000.0}, written, Seen(DAY))
    assert (slow.percent, slow.threshold) == (95, "250ms")  # 2.4 % slower; half of 95's 5 % is 2.5 %


def test_failures_that_the_histogram_lacks_are_not_fast():
    """As in a report: of 123 tasks of Celery 13 failed, and the others were fast. So 89 % were."""
    written = {0.25: "250ms", math.inf: "+Inf"}
    buckets = {0.25: 110.0, math.inf: 110.0}
    assert "too many failed" in latency(buckets, written, Seen(DAY, total=123, bad=13, least=13, day=123))
    few = latency({0.25: 990.0, math.inf: 990.0}, written, Seen(DAY, total=1000, bad=10, least=10, day=1000))
    # 1 % failed; half of 99's 1 % is less, half of 95's 5 % is more.
    assert (few.percent, few.reason.partition(" in ")[0]) == (95, "99.00 % took at most 250ms")
    # A histogram that has them lacks nothing, and a difference beyond the failures is one of counting.
    has = latency({0.25: 1000.0, math.inf: 1000.0}, written, Seen(DAY, total=1000, bad=10, least=10, day=1000))
    counted = latency({0.25: 970.0, math.inf: 970.0}, written, Seen(DAY, total=1000, bad=0, least=0, day=1000))
    assert (has.percent, counted.percent) == (99, 99)


def test_without_a_fitting_bucket_no_latency_is_proposed():
    written = {0.1: "100ms", math.inf: "+Inf"}
    assert "add higher buckets" in latency({0.1: 500.0, math.inf: 1000.0}, written, Seen(DAY))
    assert "switch its buckets on" in latency({math.inf: 1000.0}, written, Seen(DAY))
    assert "too few requests" in latency({0.1: 10.0, math.inf: 10.0}, written, Seen(DAY))
