"""Counts of windows: sums, never means of ratios; unknown is not zero."""

import pytest

from sresnap.compute.slo.events import SloData, count, over
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import DAY, HOUR, MINUTE, SHORT_WINDOWS, Window, parse_time

BAD = Slo("availability", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"))
GOOD = Slo("latency", 0.99, Basis.EVENTS, SeriesKey.parse("total"), SeriesKey.parse("latency_good@0.3"), None)
TIME = Slo("availability", 0.99, Basis.TIME, None, SeriesKey.parse("availability"), None)
AT = parse_time("2026-11-22T21:30:00Z")


def data(hours, *, at=AT, running=None, short=None, seen=(True,) * 72):
    first = at - at % HOUR - len(hours) * HOUR
    return SloData(at, short or {w.seconds: None for w in SHORT_WINDOWS}, running, HourlyCounts.of(first, hours), seen)


def test_good_events_are_total_minus_bad():
    assert count(BAD, {SeriesKey.parse("total"): 100.0, SeriesKey.parse("bad"): 3.0}, HOUR) == EventCount(97, 100)


def test_good_events_are_taken_as_they_are_when_they_are_asked_for():
    assert count(
        GOOD, {SeriesKey.parse("total"): 100.0, SeriesKey.parse("latency_good@0.3"): 95.0}, HOUR
    ) == EventCount(95, 100)


def test_on_a_time_basis_the_share_of_the_hour_is_good_seconds():
    assert count(TIME, {SeriesKey.parse("availability"): 0.75}, HOUR) == EventCount(2700, 3600)


@pytest.mark.parametrize("answers", [{"total": None, "bad": 0.0}, {"total": 5.0, "bad": None}, {}])
def test_an_unknown_part_makes_the_count_unknown_not_zero(answers):
    assert count(BAD, answers, HOUR) is None


def test_a_long_window_adds_up_its_whole_hours_and_the_running_one():
    # 1d at 21:30 begins at the first whole hour after yesterday 21:30, which is 22:00: 23 whole hours and 30 minutes.
    hours = [EventCount(90, 100)] * 72
    total = over(data(hours, running=EventCount(50, 50)), Window(DAY))
    assert total.start == parse_time("2026-11-21T22:00:00Z")
    assert total.events == EventCount(23 * 90 + 50, 23 * 100 + 50)
    assert total.coverage == 1.0


def test_the_sli_of_a_window_is_a_ratio_of_sums_not_a_mean_of_ratios():
    # One hour 1 of 2 good, 71 hours 1000 of 1000: the mean of ratios would be 0.993, the sums give 71,001 of 71,002.
    at = AT - AT % HOUR
    total = over(data([EventCount(1, 2)] + [EventCount(1000, 1000)] * 71, at=at), Window(3 * DAY))
    assert total.events.sli == 71_001 / 71_002


def test_coverage_is_hours_seen_of_hours_expected():
    at = AT - AT % HOUR
    hours = [None] * 18 + [EventCount(1, 1)] * 54
    assert over(data(hours, at=at), Window(3 * DAY)).coverage == 54 / 72


def test_the_running_hour_counts_for_as_much_as_has_passed():
    # 23 whole hours and half an hour expected, all but the running half hour seen.
    total = over(data([EventCount(1, 1)] * 72, running=None), Window(DAY))
    assert total.coverage == 23 / 23.5


def test_without_an_hour_there_is_no_count():
    total = over(data([None] * 72), Window(DAY))
    assert total.events is None
    assert total.coverage == 0


def test_a_short_window_is_covered_by_the_five_minutes_that_had_data():
    short = {w.seconds: EventCount(9, 10) for w in SHORT_WINDOWS}
    seen = [True] * 66 + [False] * 3 + [True] * 3
    assert over(data([], short=short, seen=seen), Window(HOUR)).coverage == 9 / 12
    assert over(data([], short=short, seen=seen), Window(5 * MINUTE)).coverage == 1


def test_a_short_window_without_an_answer_has_no_coverage():
    assert over(data([]), Window(HOUR)).coverage == 0
