"""The first days of a history: judged by what was seen, against the budget of the whole window."""

import numpy as np
import pytest

from sresnap.compute.fleet.composite import composite
from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.compute.slo.events import SloData
from sresnap.compute.slo.first_days import known_since, provisional_of, remaining_over_time, seen_ahead
from sresnap.config import burn_pairs
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Method, Slo
from sresnap.model.slo import Provisional
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, SHORT_WINDOWS, CalendarUnit, CalendarWindow, Window, parse_time
from tests import factories

AT = parse_time("2026-11-22T21:00:00Z")
WINDOW = Window(28 * DAY)
MONTH = CalendarWindow(CalendarUnit.MONTH, "UTC")
CALM = EventCount(10_000 - 16.5, 10_000)
"""At an objective of 99.5 % a burn rate of 0.33: 50 bad ones are the budget of 10,000."""


def judged(hours, window=WINDOW, running=None, at=AT, objective=0.995):
    """The report of the last whole hours, with as many unknown ones before them as two windows have."""
    counts = HourlyCounts.of(at - at % HOUR - len(hours) * HOUR, hours)
    slo = Slo("a", objective, Basis.EVENTS, SeriesKey("total"), SeriesKey("good"), None, window=window)
    late = counts.tail(6).sum()
    short = {w.seconds: late for w in SHORT_WINDOWS}
    return evaluate_slo(slo, SloData(at, short, running, counts, [True] * 72), burn_pairs())


def young(days, count=CALM, **more):
    return judged([None] * (56 - days) * 24 + [count] * days * 24, **more)


def test_row_16_a_healthy_first_day_spends_a_little_of_the_whole_budget():
    # 0.33 × 1/28 = 1.18 % of the budget is spent, and 98.8 % of 3 h 21 min 36 s is left.
    report = young(1)
    assert (report.status, report.flags) == (Status.HEALTHY, ())
    assert report.budget.remaining_ratio == pytest.approx(1 - 0.33 / 28)
    assert report.budget.remaining_seconds == pytest.approx((1 - 0.33 / 28) * 0.005 * 28 * DAY)
    assert int(report.budget.remaining_seconds // 60) == 3 * 60 + 19
    # At this traffic 28 days have 28 × 240,000 events, and 33,600 may be bad.
    assert report.budget.remaining_events == pytest.approx(28 * 24 * 50 - 24 * 16.5)
    assert report.provisional == Provisional(AT - DAY, DAY, 28 * DAY, AT + 27 * DAY)
    assert report.reason.endswith("Provisional: 1 of 28 days seen.")
    assert report.windows["28d"].burn_rate == pytest.approx(0.33)


def test_a_first_day_of_an_outage_is_worth_what_it_costs():
    # Two hours of only errors cost 120 of 201.6 minutes; four cost more than all.
    two, four = (judged([None] * 1320 + [CALM] * (24 - n) + [EventCount(0, 10_000)] * n) for n in (2, 4))
    assert two.budget.remaining_ratio == pytest.approx(1 - (22 * 16.5 + 20_000) / 33_600)
    assert (four.status, four.budget.remaining_ratio < 0) == (Status.EXHAUSTED, True)


def test_a_whole_window_is_not_provisional():
    assert young(28).provisional is None
    assert judged([CALM] * 672, at=AT + 30 * 60, running=EventCount(5000, 5000)).provisional is None


def test_gaps_since_the_beginning_are_too_little_data():
    report = judged([None] * 1320 + [CALM] * 4 + [None] * 6 + [CALM] * 14)
    assert report.status is Status.INSUFFICIENT
    assert "Only 2.6 % of 28 days has data" in report.reason


@pytest.mark.parametrize(
    ("hours", "bad", "total", "objective"),
    [
        # Every request fails: of 9 requests 99 % allow 0.09 bad ones, however many a month may bring.
        (3, 3, 3, 0.99),
        (1, 9, 9, 0.99),
        (6, 1.5, 1.5, 0.99),
        (1, 1, 2, 0.999),
        (1, 0, 2, 0.999),
    ],
)
def test_few_events_of_the_first_hours_are_judged_by_what_was_seen(hours, bad, total, objective):
    report = judged([None] * (1344 - hours) + [EventCount(total - bad, total)] * hours, objective=objective)
    assert (report.status, report.flags) == (Status.INSUFFICIENT, ("low_traffic",))
    assert "too few to judge" in report.reason


def test_without_a_forecast_nothing_says_that_the_budget_lasts():
    # The first hour has 1,100 requests. At 99.9 % 9 bad ones are a rate of 8.2, and too few for an alert.
    fast, slow = (judged([None] * 1343 + [EventCount(1100 - bad, 1100)], objective=0.999) for bad in (9, 1))
    assert (fast.forecast.outcome, slow.forecast.outcome) == ("unknown", "unknown")
    assert fast.status is Status.INSUFFICIENT
    assert fast.reason == "What was seen burns at 8.18×, and there is too little data for a forecast."
    assert slow.status is Status.HEALTHY
    assert slow.reason.startswith("What was seen burns at 0.91×. There is too little data for a forecast.")


def test_what_was_known_before_a_window_makes_its_beginning_a_gap():
    # Half of the window has no data, and an hour of the window before has: the history is not young.
    report = judged([None] * 600 + [CALM] + [None] * 407 + [CALM] * 336)
    assert (report.status, report.provisional) == (Status.INSUFFICIENT, None)


def test_a_month_that_has_just_begun_is_whole_and_one_that_began_without_data_is_not():
    begun = judged([CALM] * 100, MONTH, at=parse_time("2026-12-02T00:00:00Z"))
    assert begun.provisional is None
    # Data since 15 November: 7.875 of the 21.875 days so far, and whole with December.
    part = judged([CALM] * 189, MONTH).provisional
    assert part == Provisional(AT - 189 * HOUR, 189 * HOUR, 525 * HOUR, parse_time("2026-12-01T00:00:00Z"))
    assert judged([CALM] * 189, MONTH).budget.remaining_ratio == pytest.approx(1 - 0.33 * 189 / 525)


def test_the_statement_and_the_forecast_follow():
    # A day with one hour of only errors: 10,000 of the whole budget of 33,600.
    report = judged([None] * 1320 + [CALM] * 12 + [EventCount(0, 10_000)] + [CALM] * 11)
    (episode,) = report.statement.episodes
    assert episode.budget_share == pytest.approx(10_000 / 33_600)
    assert episode.outage_minutes == pytest.approx(60)
    assert report.statement.budget_share == pytest.approx(1 - report.budget.remaining_ratio)
    # At 0.33× a day costs 1.18 %: after 27 more days the window is whole, and the outage still in it.
    calm = young(1).forecast.paces[0]
    assert calm.daily_remaining_ratios[:2] == pytest.approx([1 - 0.33 * 2 / 28, 1 - 0.33 * 3 / 28])
    assert calm.end_remaining_ratio == pytest.approx(1 - 0.33)


def test_the_share_ahead_grows_until_the_window_is_whole():
    part = provisional_of(AT - 27 * DAY, WINDOW.period(AT))
    assert seen_ahead(part, WINDOW.period(AT), 48)[[0, 23, 47]].tolist() == pytest.approx([649 / 672, 1, 1])
    assert seen_ahead(None, WINDOW.period(AT), 2).tolist() == [1, 1]
    month = MONTH.period(AT)
    ahead = seen_ahead(provisional_of(AT - 100 * HOUR, month), month, 2)
    assert ahead.tolist() == pytest.approx([101 / 526, 102 / 527])


def test_the_line_of_a_young_history_counts_what_had_been_seen():
    # The docstring's example.
    hours = HourlyCounts.of(0, [EventCount(90, 100), EventCount(100, 100), EventCount(80, 100)])
    assert remaining_over_time(hours, 0, 0, 2, 0.9).tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert np.isnan(remaining_over_time(HourlyCounts.of(0, [None]), 0, 0, 2, 0.9)).all()


def test_nothing_known_has_no_beginning():
    assert known_since(HourlyCounts.of(AT, [None, None])) is None
    assert provisional_of(None, WINDOW.period(AT)) is None


def test_a_pooled_composite_allows_what_the_whole_window_does():
    part = factories.service(slos=(young(1),))
    found = composite([part], {}, Method.POOLED)
    assert found.remaining_ratio == pytest.approx(part.slos[0].budget.remaining_ratio)
    assert (found.with_data, found.members) == (1, 1)
