"""The forecast, hour by hour: worked out by hand, and compared with an evaluation of the hours that it predicts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.compute.slo.budget import remaining_ratio
from sresnap.compute.slo.forecast import (
    LONG_PACE,
    NOTHING_LEFT_OUT,
    SHORT_PACE,
    Ahead,
    calmest,
    forecast,
    mean_hour,
    says_enough,
    simulate,
)
from sresnap.compute.slo.traffic import arriving, traffic_by_hour
from sresnap.model.events import EventCount, MeanHour
from sresnap.model.hours import HourlyCounts
from sresnap.model.windows import DAY, HOUR, CalendarUnit, CalendarWindow, Window, parse_time
from tests.examples import FEW
from tests.hours import hours_until

AT = parse_time("2026-11-22T21:00:00Z")
MONTH = CalendarWindow(CalendarUnit.MONTH, "UTC")
ROLLING = Window(28 * DAY).period(AT)
GOOD = EventCount(1000, 1000)


def hours_on(time):
    return None if time is None else (time - AT) // HOUR


def mean(counts, running=None, at=AT, left_out=NOTHING_LEFT_OUT):
    found = mean_hour(hours_until(at, counts), SHORT_PACE, running, at, left_out)
    return None if found is None else found.arriving


def rolling(hours, running=None, objective=0.99):
    return forecast(hours_until(AT, hours), running, objective, ROLLING)


def test_a_steady_burn_ends_the_budget_at_both_paces_at_the_same_hour():
    # 672 hours of 1,000 requests, all good until 72 hours ago, since then 20 bad an hour. Objective 99 %: 6,720 bad are
    # allowed, 72 × 20 = 1,440 spent, and each coming hour adds 20 while good hours leave: (6,720 − 1,440) / 20 = 264 h.
    found = rolling([GOOD] * 600 + [EventCount(980, 1000)] * 72)
    assert found.outcome == "exhausted"
    assert hours_on(found.exhausted_at) == hours_on(found.latest_exhausted_at) == 264
    assert [pace.burn_rate for pace in found.paces] == pytest.approx([2, 2])


def test_two_paces_make_a_range():
    # 66 hours with 20 bad, then 6 with 60: 1,320 + 360 = 1,680 spent, 5,040 left. At 60 an hour: 84 h.
    # The mean of the 72 is 1,680 / 72 = 23.33 an hour: 5,040 / 23.33 = 216 h.
    found = rolling([GOOD] * 600 + [EventCount(980, 1000)] * 66 + [EventCount(940, 1000)] * 6)
    assert (hours_on(found.exhausted_at), found.pace) == (84, "6h")
    assert hours_on(found.latest_exhausted_at) == 216


def test_a_budget_that_only_one_pace_spends_has_no_later_end():
    # The last 6 hours burn at 6×, but the 66 before were good: 6 × 60 = 360 over 72 h is 5 an hour, half of the pace.
    found = rolling([GOOD] * 666 + [EventCount(940, 1000)] * 6)
    assert found.outcome == "exhausted"
    assert hours_on(found.exhausted_at) == (6720 - 360) / 60
    assert found.latest_exhausted_at is None


def test_a_pace_within_the_budget_lasts():
    found = rolling([EventCount(995, 1000)] * 672)
    assert (found.outcome, found.exhausted_at, found.pace) == ("lasts", None, "3d")
    assert found.paces[0].end_remaining_ratio == pytest.approx(0.5)


def test_a_spent_budget_is_back_above_zero_when_the_outage_leaves_the_window():
    # Hour 100 of the window had 7,000 bad of 7,000; good since. Spent: 7,000 of 0.01 × (671 × 1,000 + 7,000) = 6,780.
    # It leaves with the 101st step.
    found = rolling([GOOD] * 100 + [EventCount(0, 7000)] + [GOOD] * 571)
    assert found.outcome == "recovers"
    assert hours_on(found.recovers_at) == 101
    assert found.exhausted_at is None


def test_a_spent_budget_that_keeps_burning_stays_spent():
    assert rolling([EventCount(900, 1000)] * 672).outcome == "stays_spent"


def test_recovery_is_promised_only_when_every_pace_holds_it():
    # The outage leaves after 101 hours, but the last six hours burn at 10×.
    found = rolling([GOOD] * 100 + [EventCount(0, 7000)] + [GOOD] * 565 + [EventCount(900, 1000)] * 6)
    assert [pace.recovers_at is not None for pace in found.paces] == [False, True]
    assert (found.outcome, found.recovers_at) == ("stays_spent", None)


@pytest.mark.parametrize(
    "hours",
    [[None] * 672, [None] * 650 + [EventCount(995, 1000)] * 19 + [None] * 3, []],
    ids=["nothing seen", "less than a day and less than four of the last six hours", "no hours"],
)
def test_too_little_data_gives_no_forecast(hours):
    found = rolling(hours)
    assert (found.outcome, found.pace, found.paces) == ("unknown", None, ())


def test_a_first_day_has_only_the_short_pace():
    assert [pace.pace for pace in rolling([None] * 650 + [EventCount(995, 1000)] * 22).paces] == ["6h"]


def night(hour, *late):
    """10,000 requests an hour by day with 2 bad, one at night, and `late` at the end: the forecast at some hour."""
    at = parse_time(f"2026-11-23T{hour:02}:00:00Z")
    by_hour = [EventCount(9998, 10_000) if 8 <= index % 24 < 20 else EventCount(1, 1) for index in range(672)]
    hours = (by_hour * 2)[hour : hour + 672]
    hours[len(hours) - len(late) :] = late
    return forecast(hours_until(at, hours), None, 0.999, Window(28 * DAY).period(at), in_events=True)


@pytest.mark.parametrize("bad", [0, 1, 2, 6])
def test_a_few_requests_at_night_do_not_decide_the_day(bad):
    found = night(5, *[EventCount(0, 1)] * bad)
    assert [pace.pace for pace in found.paces] == ["1d", "3d"]
    assert found.outcome == "lasts"


def test_an_outage_at_night_is_a_pace_from_its_tenth_bad_event():
    few, enough = (night(5, EventCount(0, bad), EventCount(0, 1)) for bad in (8, 9))
    assert (few.outcome, few.paces[0].pace) == ("lasts", "1d")
    assert (enough.outcome, enough.pace) == ("exhausted", "6h")


def test_without_enough_events_in_any_span_there_is_no_forecast():
    # Two requests an hour: at 99.9 % the 144 of three days allow 0.14 bad ones, and 3 bad ones say nothing.
    hours = [EventCount(2, 2)] * 669 + [EventCount(1, 2)] * 3
    found = forecast(hours_until(AT, hours), None, 0.999, ROLLING, in_events=True)
    assert (found.outcome, found.paces) == ("unknown", ())


def test_how_many_events_say_something():
    # The docstring's examples.
    found = {
        (bad, total): says_enough(MeanHour(total - bad, total, 6), 0.999)
        for bad, total in ((1, 6), (0, 6), (10, 60), (9, 60), (0, 1000), (1, 1000), (2, 1000), (0, 999))
    }
    assert [counts for counts, enough in found.items() if enough] == [(10, 60), (0, 1000), (1, 1000)]


def test_a_calendar_window_forgets_nothing_until_its_reset():
    # On 22 November at 21:00 there are 525 hours of the month gone and 195 to come. 10 bad of 1,000 an hour is the pace
    # that just lasts; 12 were seen in each: spent from the start, and nothing leaves.
    period = MONTH.period(AT)
    found = forecast(hours_until(AT, [EventCount(988, 1000)] * 525), None, 0.99, period)
    assert found.outcome == "stays_spent"
    assert found.horizon == parse_time("2026-12-01T00:00:00Z")
    # 500 good hours, then 25 with 20 bad: 500 bad of 5,250. At 20 an hour, against 10 more allowed for each: after n
    # hours 500 + 20 n ≥ 5,250 + 10 n, which is n = 475 > 195: it lasts until the reset.
    calm = forecast(hours_until(AT, [GOOD] * 500 + [EventCount(980, 1000)] * 25), None, 0.99, period)
    assert calm.outcome == "lasts"
    assert calm.paces[0].end_remaining_ratio == pytest.approx(1 - (500 + 20 * 195) / (0.01 * 1000 * 720))


def test_at_the_reset_itself_nothing_lies_ahead():
    reset = parse_time("2026-12-01T00:00:00Z")
    found = forecast(hours_until(reset, [GOOD] * 720), None, 0.99, MONTH.period(reset))
    assert found.paces[0].end_remaining_ratio is None


def test_the_mean_hour_is_of_the_hours_that_are_known():
    assert mean([None, None, *[EventCount(98, 100)] * 4]) == EventCount(98, 100)
    assert mean([None, None, None, *[EventCount(98, 100)] * 3]) is None


COUNT = st.tuples(st.integers(0, 1000), st.integers(0, 50)).map(lambda pair: EventCount(pair[0], sum(pair)))
WEEK = Window(7 * DAY)


@FEW
@given(st.lists(st.one_of(st.none(), COUNT), min_size=168, max_size=168), st.integers(1, 168))
def test_the_end_state_equals_the_evaluation_when_the_assumed_traffic_really_arrives(hours, steps):
    found = mean_hour(hours_until(AT, hours), LONG_PACE)
    if found is None:
        return
    arriving = found.arriving
    come = HourlyCounts.of(AT, [arriving] * 168)
    foreseen = simulate(hours_until(AT, hours), None, come, WEEK.period(AT)).count(steps - 1)
    later = (hours + [arriving] * steps)[steps:]
    real = sum((hour for hour in later if hour is not None), EventCount(0, 0))
    assert foreseen.good == pytest.approx(real.good, rel=1e-9, abs=1e-6)
    assert foreseen.total == pytest.approx(real.total, rel=1e-9, abs=1e-6)
    if real.total > 1:
        assert remaining_ratio(foreseen, 0.99) == pytest.approx(remaining_ratio(real, 0.99), rel=1e-6, abs=1e-6)


@given(
    st.lists(st.floats(1, 1e6), min_size=30, max_size=30),
    st.floats(0.0, 1.0),
)
def test_a_service_whose_traffic_has_stopped_keeps_a_whole_budget_once_all_has_left(totals, bad_share):
    # Hours estimated by `increase` are fractions; their sums must still come out at exactly 0.
    hours = [EventCount(total * (1 - bad_share / 1000), total) for total in totals] + [EventCount(0, 0)] * 6
    hours = hours_until(AT, hours)
    nothing = HourlyCounts.of(AT, [EventCount(0, 0)] * 36)
    last = simulate(hours, None, nothing, Window(36 * HOUR).period(AT)).count(-1)
    assert (last.good, last.total) == (0, 0)
    # It is expected to have its usual traffic again, with the errors of the pace that had some.
    (pace,) = forecast(hours, None, 0.99, Window(36 * HOUR).period(AT)).paces
    assert pace.pace == "3d"
    assert pace.end_remaining_ratio == pytest.approx(1 - bad_share / 1000 / 0.01, abs=1e-6)


def test_without_any_traffic_nothing_is_ever_spent():
    found = rolling([EventCount(0, 0)] * 672)
    assert [(pace.pace, pace.end_remaining_ratio) for pace in found.paces] == [("6h", 1), ("3d", 1)]


def test_the_running_hour_is_part_of_the_pace():
    # Six calm hours of 600 events with 12 bad, and half an hour of 55 bad events: 588 good in 6.5 hours, 655 in all.
    running = EventCount(0, 55)
    found = mean([EventCount(98, 100)] * 6, running, AT + HOUR // 2)
    assert (found.good, found.total) == pytest.approx((588 / 6.5, 655 / 6.5))


def test_an_hour_that_a_correction_cuts_counts_for_what_is_left_of_it():
    # Six hours of 120 events a whole hour with 2 bad each; of the last one 45 minutes are left out, and 30 events with
    # 0.5 bad remain of it: 630 events with 10.5 bad in 5.25 hours are 120 an hour with 2 bad.
    hours = [EventCount(118, 120)] * 5 + [EventCount(29.5, 30)]
    found = mean(hours, left_out={AT - HOUR: 2700})
    assert (found.good, found.total) == pytest.approx((118, 120))


def test_the_rest_of_a_running_hour_that_a_correction_cuts_counts():
    # 40 minutes have passed, 10 of them left out: 60 events in half an hour go with 120 in a whole one.
    at = AT + 2400
    assert mean([EventCount(120, 120)] * 6, EventCount(60, 60), at, {AT: 600}).total == pytest.approx(120)
    # All of it left out: it says nothing.
    assert mean([EventCount(120, 120)] * 6, EventCount(0, 0), at, {AT: 2400}).total == 120


def test_four_hours_are_too_few_when_a_correction_cuts_one():
    hours = [None, None, *[EventCount(120, 120)] * 4]
    assert mean(hours) is not None
    assert mean(hours, left_out={AT - HOUR: 60}) is None


def test_on_the_first_hours_of_a_month_the_paces_come_from_the_days_before():
    # Two hours into December; November's last 72 hours burned at 2: 10 bad of 500 at 0.99. 744 hours of 500 allow
    # 3,720 bad in the month's own terms, but a calendar budget is to date: 2 % bad of all there is spends it at once.
    at = parse_time("2026-12-01T02:00:00Z")
    late = hours_until(at, [EventCount(490, 500)] * 72)
    calm = hours_until(at, [EventCount(500, 500)] * 2)
    found = forecast(calm, None, 0.99, MONTH.period(at), late)
    assert [pace.pace for pace in found.paces] == ["6h", "3d"]
    # 10 bad an hour, of (2 + n) × 500 × 0.01: n = 2 hours.
    assert found.exhausted_at == parse_time("2026-12-01T04:00:00Z")
    assert forecast(calm, None, 0.99, MONTH.period(at)).outcome == "unknown"


def test_a_reset_in_the_middle_of_an_hour_is_the_end():
    # At 23:30 half an hour of the month is left, in which the budget is spent.
    at = parse_time("2026-11-30T23:30:00Z")
    period = MONTH.period(at)
    hours = [EventCount(990.5, 1000)] * ((at - period.start) // HOUR)
    late = hours_until(at, [EventCount(0, 100_000)] * 72)
    found = forecast(hours_until(at, hours), EventCount(500, 500), 0.99, period, late)
    assert found.exhausted_at == found.horizon == parse_time("2026-12-01T00:00:00Z")
    # 719 hours of 9.5 bad, and half of the 1,000 that the month's hours have, at the error ratio of these three days:
    # of 72.5 hours 72 had 100,000 bad events each, and the running half none of 500.
    bad = 500 * 100_000 * 72 / (100_000 * 72 + 500)
    left = 1 - (719 * 9.5 + bad) / (719_000 + 500 + 500) / 0.01
    assert found.paces[1].end_remaining_ratio == pytest.approx(left)


def test_each_day_ahead_is_kept_for_the_chart():
    # 5 bad of 1,000 at 0.99 for ever: half of the budget is left on every one of 28 days.
    paces = rolling([EventCount(995, 1000)] * 672).paces
    assert paces[0].daily_remaining_ratios == pytest.approx([0.5] * 28)


def busy(hour):
    """The traffic of an hour: a day's rhythm, and quiet weekends."""
    by_day = 1000 + 900 * math.sin((hour // HOUR % 24 - 8) / 24 * 2 * math.pi)
    weekday = (hour // DAY + 3) % 7  # 0 is Monday
    return by_day * (0.3 if weekday >= 5 else 1.0)


def test_row_19_the_date_is_the_same_at_any_hour_of_a_day_in_which_nothing_changed():
    # Calm at 0.2× until a release three days and a half ago, 2.5× since: the budget is gone when 28 days hold enough of
    # it, at any hour of the forecast. With the mean hour of the last six it was 25, 19 or 18 December.
    released = AT - 84 * HOUR
    dates = []
    for hour in range(24):
        at = AT + hour * HOUR
        starts = range(at - 56 * DAY, at, HOUR)
        every = HourlyCounts.of(
            starts[0], [EventCount(busy(h) * (1 - (0.0125 if h >= released else 0.001)), busy(h)) for h in starts]
        )
        period = Window(28 * DAY).period(at)
        window = every.since(period.start)
        found = forecast(window, None, 0.995, period, every.tail(72), traffic=traffic_by_hour(every))
        dates += [pace.exhausted_at for pace in found.paces]
        left = Ahead(window, None, 0.995, period, None, traffic_by_hour(every)).remaining(calmest(found))
        # The statement's numbers are on the line of a pace: the budget is gone at the same hour.
        assert at + (int((left <= 0).argmax()) + 1) * HOUR in [pace.exhausted_at for pace in found.paces]
    assert len(dates) == 48
    assert max(dates) - min(dates) <= DAY


def test_an_hour_has_the_traffic_of_the_same_hour_of_the_week():
    # Two Mondays with 100 and 200 events from 9 to 10 UTC, and nothing else known.
    monday = parse_time("2026-11-09T09:00:00Z")
    hours = HourlyCounts.of(monday, [EventCount(100, 100), *[None] * 167, EventCount(200, 200)])
    found = traffic_by_hour(hours)
    assert found[9] == 150
    # The hour of the day is used for other days, and the mean for other hours.
    assert (found[24 + 9], found[0]) == (150, 150)


def test_an_hour_ahead_at_half_past_is_half_of_each_hour_of_the_week():
    traffic = np.zeros(168)
    traffic[:2] = 100, 300
    monday = parse_time("2026-11-23T00:30:00Z")
    come = arriving(MeanHour(98, 100, 1), traffic, monday, monday + 2 * HOUR)
    assert come.total.tolist() == pytest.approx([200, 150])
    assert come.bad.tolist() == pytest.approx([4, 3])


def test_a_pace_without_traffic_has_no_error_ratio_and_is_left_out():
    # Nights are idle: at four in the morning the last six hours say nothing, the last three days do.
    day = [EventCount(0, 0)] * 8 + [EventCount(995, 1000)] * 16
    found = forecast(hours_until(AT + 9 * HOUR, day * 28), None, 0.99, Window(28 * DAY).period(AT + 9 * HOUR))
    late = forecast(hours_until(AT, (day * 29)[6:-18]), None, 0.99, Window(28 * DAY).period(AT))
    assert [pace.pace for pace in found.paces] == ["6h", "3d"]
    assert [pace.pace for pace in late.paces] == ["3d"]
