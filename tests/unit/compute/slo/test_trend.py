"""The budget by hour and by day."""

from dataclasses import replace

import pytest

from sresnap.compute.slo.trend import big_burn, days, hourly_burn, missing_words, remaining
from sresnap.model.slo import Hours
from sresnap.model.windows import DAY, HOUR, parse_time
from tests import factories


def slo(good, total):
    hours = Hours(parse_time("2026-11-01T00:00:00Z"), tuple(good), tuple(total))
    base = factories.slo(objective=0.9)
    known = [t for t in total if t is not None]
    whole = replace(base.windows["28d"], total=float(sum(known)))
    return replace(base, hours=hours, windows={**base.windows, "28d": whole})


def test_the_budget_falls_with_each_bad_event_and_may_be_negative():
    # 300 events allow 30 bad ones: 10, then 20 more, then 15 more
    assert remaining(slo([90, 80, 85], [100, 100, 100])) == pytest.approx([1 - 10 / 30, 0.0, -0.5])


def test_an_hour_without_data_is_a_gap_and_not_zero():
    assert remaining(slo([90, None, 90], [100, None, 100])) == pytest.approx([0.5, None, 0.0])


def test_no_traffic_leaves_nothing_to_draw():
    assert remaining(slo([0, 0], [0, 0])) == (None, None)


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
