"""The budget by hour and by day."""

from dataclasses import replace

import pytest

from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.compute.slo.events import SloData
from sresnap.compute.slo.trend import big_burn, days, hourly_burn, missing_words, remaining, spent
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.slo import Hours
from sresnap.model.windows import DAY, HOUR, SHORT_WINDOWS, Window, parse_time
from tests import factories

AT = parse_time("2026-11-22T21:00:00Z")


def slo(good, total):
    hours = Hours(parse_time("2026-11-01T00:00:00Z"), tuple(good), tuple(total))
    base = factories.slo(objective=0.9)
    known = [t for t in total if t is not None]
    whole = replace(base.windows["28d"], total=float(sum(known)))
    return replace(base, hours=hours, windows={**base.windows, "28d": whole})


def test_what_was_spent_rises_with_each_bad_event_and_may_be_more_than_all():
    # 300 events allow 30 bad ones: 10, then 20 more, then 15 more
    assert spent(slo([90, 80, 85], [100, 100, 100])) == pytest.approx([10 / 30, 1.0, 1.5])


def test_an_hour_without_data_is_a_gap_and_not_zero():
    assert spent(slo([90, None, 90], [100, None, 100])) == pytest.approx([0.5, None, 1.0])


def test_no_traffic_leaves_nothing_to_draw():
    assert spent(slo([0, 0], [0, 0])) == (None, None)


def rolling(hours, window=4 * HOUR, at=AT):
    """The report of some hours in a window of four."""
    counts = HourlyCounts.of(at - len(hours) * HOUR, hours)
    short = dict.fromkeys((w.seconds for w in SHORT_WINDOWS), EventCount(100, 100))
    slo = Slo("a", 0.9, Basis.EVENTS, SeriesKey("total"), SeriesKey("good"), None, None, Window(window))
    return evaluate_slo(slo, SloData(at, short, None, counts, [True] * 72), ())


def bad(count):
    return EventCount(100 - count, 100)


def test_what_was_left_at_an_hour_is_of_the_window_that_ended_then():
    # Eight hours; 100 events an hour allow 40 bad ones in four. The windows that ended with the last four hours had
    # 0 + 0 + 8 + 0, 0 + 8 + 0 + 0, 8 + 0 + 0 + 4 and 0 + 0 + 4 + 0 bad ones: what leaves a window comes back.
    report = rolling([bad(20), bad(0), bad(0), bad(8), bad(0), bad(0), bad(4), bad(0)])
    assert remaining(report) == pytest.approx([1 - 8 / 40, 1 - 8 / 40, 1 - 12 / 40, 1 - 4 / 40])
    assert remaining(report)[-1] == report.budget.remaining_ratio


def test_a_gap_before_the_window_counts_as_it_did_then():
    # The second hour is unknown: the first of the four windows has 300 events with 8 bad ones.
    report = rolling([bad(20), None, bad(0), bad(8), bad(0), bad(0), bad(4), bad(0)])
    assert remaining(report)[0] == pytest.approx(1 - 8 / 300 / 0.1)
    early = rolling([bad(20), None, bad(0), bad(8), bad(0)], at=AT - 3 * HOUR)
    assert early.budget.remaining_ratio == remaining(report)[0]


def test_an_older_report_does_not_know_what_was_left_earlier():
    assert set(remaining(replace(factories.slo(), earlier=None, known_since=None))) == {None}


def test_idle_hours_leave_the_whole_budget():
    assert remaining(rolling([EventCount(0, 0)] * 8)) == (1.0,) * 4


def test_a_day_knows_how_much_of_it_was_seen():
    good, total = (
        [90.0] * 24 + [None] * 24 + [None] * 12 + [100.0] * 12,
        [100.0] * 24 + [None] * 24 + [None] * 12 + [100.0] * 12,
    )
    found = days(slo(good, total))
    assert [day.burn_rate for day in found] == pytest.approx([1.0, None, 0.0])


def test_the_last_day_is_whole_and_the_first_may_be_short():
    assert [(day.end - day.start) // HOUR for day in days(slo([1.0] * 30, [1.0] * 30))] == [6, 24]


def test_an_hour_without_traffic_burns_nothing_and_one_without_data_is_unknown():
    assert hourly_burn(slo([0, None, 80], [0, None, 100])) == pytest.approx([0.0, None, 2.0])


def test_a_day_that_spends_a_tenth_of_the_budget_burns_at_2_8_in_28_days():
    assert big_burn(28 * DAY) == pytest.approx(2.8)


def test_hours_that_a_correction_leaves_out_are_not_called_missing():
    # 300 to 304 are left out whole; 310 has no data.
    report = factories.corrected_slo()
    good = tuple(None if i == 310 else value for i, value in enumerate(report.hours.good))
    report = replace(report, hours=replace(report.hours, good=good))
    assert missing_words(report) == "; 1 hour without data; 5 hours left out by corrections"
    assert missing_words(report, 305) == "; 1 hour without data"
    assert missing_words(factories.slo()) == ""
