"""Whether an SLO burns now: the first part of its verdict, beside what its window has spent."""

import random
from dataclasses import replace
from itertools import groupby

import pytest

from sresnap.compute.slo.alerts import alerts
from sresnap.compute.slo.bounds import evaluate_between
from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.compute.slo.events import SloData
from sresnap.compute.slo.now import now_of
from sresnap.config import burn_pairs
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.now import NowState
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE, SHORT_WINDOWS, Window, format_duration, parse_time

AT = parse_time("2026-11-30T12:00:00Z")
SLO = Slo("availability", 0.999, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"))
WINDOWS = (5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, DAY, 3 * DAY)


def data(hours, short=None, at=AT):
    """Whole hours, the last one ending at `at`; windows up to 6h as given, or as the last hours have it."""
    counts = HourlyCounts.of(at - len(hours) * HOUR, hours)
    last = {w.seconds: counts.tail(max(1, w.seconds // HOUR)).sum() for w in SHORT_WINDOWS}
    return SloData(at, last | (short or {}), None, counts, [True] * 72)


def judged(hours, short=None, slo=SLO):
    return evaluate_slo(slo, data(hours, short), burn_pairs())


def test_row_17_a_worker_that_burns_with_its_budget_spent_weeks_ago_is_not_judged_as_one_at_rest():
    # Spent: an hour of only errors three weeks ago, 1,000 of 672 allowed ones. Burning: 71 of 1,000 at 0.1 % is 71×.
    spent = [EventCount(1000, 1000)] * 100 + [EventCount(0, 1000)]
    at_rest = judged(spent + [EventCount(1000, 1000)] * 571)
    on_fire = judged(
        spent + [EventCount(1000, 1000)] * 565 + [EventCount(929, 1000)] * 6, {5 * MINUTE: EventCount(77.41, 83.33)}
    )
    assert (at_rest.status, at_rest.now.state) == (Status.EXHAUSTED, NowState.QUIET)
    assert (on_fire.status, on_fire.now.state) == (Status.EXHAUSTED, NowState.PAGING)
    assert at_rest.now.pairs == ()
    pair = on_fire.now.pairs[0]
    assert (pair.severity, pair.long, pair.short) == ("page", "1h", "5m")
    assert (pair.long_burn_rate, pair.threshold) == pytest.approx((71, 13.44))
    assert on_fire.now.reason.startswith("Burning at 71× over 1h and 71× over 5m; the limit is 13.44×.")


def test_a_budget_that_was_just_spent_by_what_burns_now_is_spent_and_paging():
    report = judged([EventCount(1000, 1000)] * 671 + [EventCount(0, 1000)])
    assert (report.status, report.now.state) == (Status.EXHAUSTED, NowState.PAGING)


def test_only_ticket_pairs_make_a_ticket():
    # 5 of 1,000 an hour for three days is 5×: over 2.8 and 0.933, under 5.6.
    report = judged([EventCount(1000, 1000)] * 600 + [EventCount(995, 1000)] * 72)
    assert report.now.state is NowState.TICKET
    assert {pair.severity for pair in report.now.pairs} == {"ticket"}


def test_a_window_without_data_makes_the_present_unknown_and_never_quiet():
    report = judged([EventCount(1000, 1000)] * 672, {5 * MINUTE: None})
    assert (report.now.state, report.now.reason) == (NowState.UNKNOWN, "There is no data for the last 5m.")


def test_what_fires_is_known_although_another_window_is_unknown():
    report = judged([EventCount(1000, 1000)] * 600 + [EventCount(900, 1000)] * 72, {5 * MINUTE: None})
    assert report.now.state is NowState.PAGING
    assert report.now.pairs[0].long == "6h"


def test_the_present_is_judged_although_the_window_has_too_little_data():
    # Two days and an hour of 28 are known, with a gap: INSUFFICIENT, and on fire.
    report = judged([EventCount(1000, 1000)] + [None] * 623 + [EventCount(0, 1000)] * 48)
    assert (report.status, report.now.state) == (Status.INSUFFICIENT, NowState.PAGING)


def test_counts_that_cannot_be_say_nothing_of_the_present():
    report = judged([EventCount(2000, 1000)] * 672)
    assert report.now.state is NowState.UNKNOWN
    assert "More good than total" in report.now.reason


def test_an_slo_window_that_no_alert_fits_is_unknown_and_says_why():
    report = judged([EventCount(1000, 1000)] * 24, slo=replace(SLO, window=Window(DAY)))
    assert report.now.state is NowState.UNKNOWN
    assert report.now.reason == ("A window of 1 day is too short for burn-rate alerts, so the present is not judged.")


def test_an_alert_that_is_withheld_is_named_by_a_quiet_state():
    report = judged([EventCount(10, 10)] * 671 + [EventCount(6, 10)])
    assert report.now.state is NowState.QUIET
    assert "only 4 bad events in 1h" in report.now.reason


def low_traffic(bad_hours, bad=3.6, total=4.0):
    """Four requests an hour; in the last hours 90 % of them are bad."""
    return [EventCount(total, total)] * (672 - bad_hours) + [EventCount(total - bad, total)] * bad_hours


@pytest.mark.parametrize("objective", [0.99, 0.995, 0.999, 0.9999])
def test_an_outage_of_four_requests_an_hour_is_found_within_the_day(objective):
    # 3.6 bad ones an hour: ten of them after three hours, over 6h. At 99.99 % the window allows less than one bad
    # event, so its status is INSUFFICIENT. What burns shows all the same.
    slo = replace(SLO, objective=objective)
    states = [judged(low_traffic(hours), slo=slo).now.state for hours in (1, 2, 3, 4, 6, 7, 12, 24)]
    assert states == [NowState.QUIET] * 2 + [NowState.PAGING] * 6


def test_an_outage_of_ten_requests_a_day_is_found_within_the_day():
    # One request in 2.4 hours, all bad: the tenth comes after a day. Six hours never hold more than three.
    states = [judged(low_traffic(hours, 1 / 2.4, 1 / 2.4)).now.state for hours in range(1, 25)]
    assert states == [NowState.QUIET] * 23 + [NowState.PAGING]
    found = judged(low_traffic(24, 1 / 2.4, 1 / 2.4)).now.pairs[0]
    assert (found.severity, found.long, found.short) == ("page", "1d", "2h")


def test_an_outage_at_random_moments_does_not_end_until_it_is_over():
    # Four requests an hour at random moments, 90 % bad for a day: a window of 30m is often empty, or has one good one.
    chance = random.Random(1)
    moments = [chance.uniform(0, 3 * DAY) for _ in range(3 * 96)]
    events = [(time, time > 2 * DAY and chance.random() < 0.9) for time in sorted(moments)]
    states = []
    for time in range(2 * DAY, 3 * DAY, 5 * MINUTE):
        recent = {w: [bad for at, bad in events if time - w < at <= time] for w in WINDOWS}
        rates = {w: 1000 * sum(bad) / len(bad) if bad else 0.0 for w, bad in recent.items()}
        bad, total = ({w: float(f(found)) for w, found in recent.items()} for f in (sum, len))
        found = alerts(burn_pairs(), rates, 28 * DAY, bad=bad, total=total)
        states.append(now_of(found, {format_duration(w): rate for w, rate in rates.items()}, "28d").state)
    assert [state for state, _ in groupby(states)] == [NowState.QUIET, NowState.PAGING]


def test_four_errors_at_night_do_not_page():
    # Four requests an hour; all four of one hour are bad, seen in that hour and in the 72 hours after it, in which each
    # window (1h, 6h, 1d, 3d) comes to hold it and loses it.
    for later in (0, 1, 2, 5, 6, 7, 12, 23, 24, 25, 48, 71, 72):
        hours = [EventCount(4, 4)] * (671 - later) + [EventCount(0, 4)] + [EventCount(4, 4)] * later
        assert judged(hours).now.state is NowState.QUIET


def between(proved, possible):
    return evaluate_between(SLO, data(proved), data(possible), burn_pairs())


def test_where_the_samples_leave_the_present_open_the_worse_state_counts_and_says_so():
    calm = [EventCount(1000, 1000)] * 672
    report = between(calm, [*calm[:-1], EventCount(1000, 1030)])
    assert report.now.state is NowState.PAGING
    assert report.now.reason.endswith("The samples leave this open: at best the state is quiet.")
    # The alerts beside it are those that make it so.
    assert [alert.firing for alert in report.alerts][:2] == [True, False]
    assert report.now.pairs[0].long_burn_rate == report.alerts[0].long_burn_rate


def test_bounds_that_agree_on_the_state_say_nothing():
    burning = [EventCount(1000, 1000)] * 671 + [EventCount(900, 1000)]
    report = between(burning, [*burning[:-1], EventCount(900, 1100)])
    assert report.now.state is NowState.PAGING
    assert "open" not in report.now.reason
