"""The statement: where the budget went, adding up to the event."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.compute.slo.forecast import NOTHING_LEFT_OUT, Ahead, calmest, forecast
from sresnap.compute.slo.statement import statement
from sresnap.compute.slo.traffic import traffic_by_hour
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.windows import DAY, HOUR, MINUTE, CalendarUnit, CalendarWindow, Window, parse_time

AT = parse_time("2026-11-22T21:00:00Z")
PERIOD = Window(28 * DAY).period(AT)
GOOD = EventCount(100, 100)


def stated(hours, running=None, at=AT, period=None, objective=0.99, left_out=NOTHING_LEFT_OUT):
    """The statement of a window's hours, with the calmer pace of its forecast."""
    period = replace(PERIOD if period is None else period, end=at)
    counts = HourlyCounts.of(period.start, hours)
    foreseen = forecast(counts, running, objective, period, left_out=left_out)
    window = Ahead(counts, running, objective, period, None, traffic_by_hour(counts))
    return statement(window, calmest(foreseen), left_out)


def after(text):
    return (text - PERIOD.start) // HOUR


def test_an_incident_is_an_episode_with_its_share_and_the_rest_is_background():
    # 672 hours of 100 events at 0.99 allow 672 bad ones. Hours 100 and 101 have 50 and 70 bad: 120 / 672 = 17.86 % of
    # the budget, burn 50 and 70. Twelve hours with 1 bad each burn at exactly 1 and are background: 12 of 132 spent.
    hours = [GOOD] * 100 + [EventCount(50, 100), EventCount(30, 100)] + [GOOD] * 558 + [EventCount(99, 100)] * 12
    found = stated(hours)
    (episode,) = found.episodes
    assert (after(episode.start), after(episode.end)) == (100, 102)
    assert (episode.bad, episode.minutes) == (120, 120)
    assert episode.budget_share == pytest.approx(120 / 672)
    assert episode.spent_share == pytest.approx(120 / 132)
    assert episode.peak_burn_rate == pytest.approx(70)
    # 17.86 % of the budget of 28 d × 1 % = 403.2 min of full outage: 72 min.
    assert episode.outage_minutes == pytest.approx(72)
    assert found.background.bad == 12
    assert found.background.peak_burn_rate == pytest.approx(1)
    assert (found.bad, found.total) == (132, 67_200)
    assert found.budget_share == pytest.approx(132 / 672)


def test_an_hour_s_pause_does_not_end_an_episode_and_two_do():
    bad = EventCount(50, 100)
    one = stated([GOOD] * 10 + [bad, GOOD, bad] + [GOOD] * 659)
    assert [(after(e.start), after(e.end), e.bad) for e in one.episodes] == [(10, 13, 100)]
    two = stated([GOOD] * 10 + [bad, GOOD, GOOD, bad] + [GOOD] * 658)
    assert [(after(e.start), after(e.end)) for e in two.episodes] == [(10, 11), (13, 14)]


def test_what_cost_less_than_a_hundredth_of_the_budget_is_background():
    # 1 % of 672 is 6.72: an hour with 6 bad is background though it burned at 6×, one with 7 is an episode.
    found = stated([EventCount(94, 100), GOOD, GOOD, EventCount(93, 100)] + [GOOD] * 668)
    assert [e.bad for e in found.episodes] == [7]
    assert found.background.bad == 6


def test_an_episode_leaves_a_rolling_window_with_its_last_hour():
    # Hour 100 is the 101st of the window: it is gone 101 hours on. Then, all else being good, the budget is whole.
    found = stated([GOOD] * 100 + [EventCount(50, 100)] + [GOOD] * 571)
    assert found.episodes[0].leaves_at == AT + 101 * HOUR
    assert found.episodes[0].remaining_after == 1
    assert not found.episodes[0].ongoing


def test_an_episode_of_the_running_hour_is_ongoing():
    at = AT + 30 * MINUTE
    period = Window(28 * DAY).period(at)
    hours = [GOOD] * 671
    found = stated(hours, EventCount(0, 50), at, period)
    (episode,) = found.episodes
    assert episode.ongoing
    assert episode.end == at
    assert episode.minutes == 30
    # How the window is that the running hour leaves lies beyond the simulation.
    assert episode.remaining_after is None


def test_episodes_of_a_calendar_window_leave_at_its_reset():
    period = CalendarWindow(CalendarUnit.MONTH, "UTC").period(AT)
    found = stated([GOOD] * 100 + [EventCount(50, 100)] + [GOOD] * 424, period=period)
    assert found.episodes[0].leaves_at == parse_time("2026-12-01T00:00:00Z")
    assert found.episodes[0].remaining_after == 1


def test_without_three_days_to_take_a_pace_from_the_budget_after_it_is_unknown():
    found = stated([None] * 600 + [EventCount(50, 100)] * 20 + [None] * 52)
    assert found.episodes[0].remaining_after is None


def test_nothing_spent_is_a_statement_of_zeros_and_no_data_gives_no_statement():
    found = stated([GOOD] * 672)
    assert (found.episodes, found.bad, found.budget_share, found.background.spent_share) == ((), 0, 0, 0)
    assert stated([None] * 672) is None
    assert stated([EventCount(0, 0)] * 672).budget_share == 0


HOURS = st.lists(
    st.one_of(st.none(), st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda p: EventCount(p[0], sum(p)))),
    min_size=1,
    max_size=200,
)


@given(HOURS, st.sampled_from([0.5, 0.9, 0.99, 0.999]))
def test_episodes_and_background_add_up_to_what_was_spent_to_the_event(hours, objective):
    found = stated(hours, objective=objective)
    spent = sum(hour.bad for hour in hours if hour is not None)
    if found is None:
        assert all(hour is None for hour in hours)
        return
    assert sum(e.bad for e in found.episodes) + found.background.bad == found.bad == spent
    shares = [e.spent_share for e in found.episodes] + [found.background.spent_share]
    assert math.fsum(shares) == pytest.approx(1 if spent else 0)
    minutes = sum(e.minutes for e in found.episodes) + found.background.minutes
    assert minutes == 60 * sum(hour is not None for hour in hours)


def test_an_hour_of_full_outage_is_60_minutes_however_little_was_seen():
    # A day of data in a window of 28 days, and two hours of a month: an hour of only errors each.
    hours = [None] * 648 + [GOOD] * 10 + [EventCount(0, 100)] + [GOOD] * 13
    assert stated(hours).episodes[0].outage_minutes == pytest.approx(60)
    month = CalendarWindow(CalendarUnit.MONTH, "UTC").period(parse_time("2026-11-01T02:00:00Z"))
    young = stated([GOOD, EventCount(0, 100)], at=parse_time("2026-11-01T02:00:00Z"), period=month)
    assert young.episodes[0].outage_minutes == pytest.approx(60)


def test_only_the_rest_of_an_hour_that_a_correction_cuts_counts_as_time():
    # Two hours of only errors, 20 minutes of the second left out, with what was counted in them: 100 minutes,
    # and 167 bad of 67,167 events in 671 hours and 40 minutes are 167 / 67,167 of that time.
    hours = [GOOD] * 670 + [EventCount(0, 100), EventCount(0, 67)]
    found = stated(hours, left_out={AT - HOUR: 1200})
    (episode,) = found.episodes
    assert episode.minutes == 100
    assert episode.end == AT
    assert found.background.minutes == 670 * 60
    assert episode.outage_minutes == pytest.approx(167 / 67_167 * (672 * 60 - 20))


def test_the_pace_after_an_episode_weighs_hours_by_what_a_correction_left_of_them():
    # All late hours have 1 bad of 100 a whole hour; of each half is left out, with half of the events. An outage
    # of one whole hour leaves after 101 hours. Then the window holds 571 half hours and 101 whole ones, all at 1 %, and
    # 0 is left.
    half = EventCount(49.5, 50)
    hours = [half] * 100 + [EventCount(0, 100)] + [half] * 571
    left_out = {PERIOD.start + index * HOUR: HOUR // 2 for index in range(672) if index != 100}
    found = stated(hours, left_out=left_out)
    assert found.episodes[0].remaining_after == pytest.approx(0)


def test_an_episode_that_a_calm_running_hour_follows_is_over():
    hours = [GOOD] * 671 + [EventCount(0, 100)]
    assert stated(hours).episodes[0].ongoing
    assert not stated(hours, running=EventCount(90, 90), at=AT + 59 * MINUTE).episodes[0].ongoing


def test_an_incident_that_is_over_does_not_continue_in_the_forecast():
    # An outage 10 hours ago, calm otherwise: when it leaves, nothing is left of it and the budget is whole.
    hours = [GOOD] * 661 + [EventCount(0, 100)] + [GOOD] * 10
    (episode,) = stated(hours).episodes
    assert episode.remaining_after == pytest.approx(1)
