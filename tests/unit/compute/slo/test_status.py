"""The rules of status in their order: the first match wins."""

from dataclasses import replace

import pytest

from sresnap.compute.slo.evaluate import evaluate_slo, worst
from sresnap.compute.slo.events import SloData
from sresnap.config import burn_pairs
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, SHORT_WINDOWS, CalendarUnit, CalendarWindow, Window, parse_time

AT = parse_time("2026-11-22T21:00:00Z")
SLO = Slo("availability", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"))
OK = EventCount(1000, 1000)


def judged(hours, *, short=OK, seen=True, slo=SLO):
    short = short if isinstance(short, dict) else dict.fromkeys((w.seconds for w in SHORT_WINDOWS), short)
    data = SloData(AT, short, None, HourlyCounts.of(AT - len(hours) * HOUR, hours), [seen] * 72)
    return evaluate_slo(slo, data, burn_pairs())


def test_without_any_hour_there_is_no_data():
    assert judged([None] * 672, short=None, seen=False).status is Status.NO_DATA


def test_under_nine_tenths_of_the_window_is_not_judged_even_when_it_looks_bad():
    hours = [OK] + [None] * 68 + [EventCount(0, 1000)] * 603  # 604 / 672 = 89.9 %
    report = judged(hours)
    assert report.status is Status.INSUFFICIENT
    assert "89.8 %" in report.reason


def test_nine_tenths_are_judged():
    hours = [None] * 67 + [OK] * 605
    assert judged(hours).status is Status.HEALTHY


def test_a_spent_budget_is_exhausted_and_shown_as_negative():
    report = judged([EventCount(980, 1000)] * 672)
    assert report.status is Status.EXHAUSTED
    assert report.budget.remaining_ratio == pytest.approx(-1)


def test_a_page_pair_is_critical():
    # 20 % errors in the last 5 minutes and hour: burn 20 > 13.44
    short = {w.seconds: EventCount(800, 1000) if w.seconds <= HOUR else OK for w in SHORT_WINDOWS}
    report = judged([OK] * 672, short=short)
    assert report.status is Status.CRITICAL
    assert "13.44" in report.reason


def test_a_ticket_pair_is_at_risk():
    # 2 % errors over 6h and 3d: burn 2 > 0.933, and no pair of pages
    report = judged([OK] * 600 + [EventCount(980, 1000)] * 72, short=EventCount(980, 1000))
    assert report.status is Status.AT_RISK
    assert "over 3d" in report.reason


def test_less_than_a_quarter_of_the_budget_is_at_risk():
    # 8 bad an hour in the first 640 hours: 8 × 640 / 6,720 = 76 % spent, and nothing burns now
    report = judged([EventCount(992, 1000)] * 640 + [OK] * 32)
    assert report.status is Status.AT_RISK
    assert "25 %" in report.reason


@pytest.mark.parametrize(("outage", "status"), [(960, Status.AT_RISK), (950, Status.HEALTHY)])
def test_a_budget_that_is_spent_within_seven_days_is_at_risk(outage, status):
    # 6,720 bad are allowed. Two hours had 960 each, the last 72 have 20 each: 6,720 − 1,920 − 1,440 = 3,360 are left,
    # which 20 an hour spend in 168 hours, just seven days. With 950 they are 3,380, and 169 hours.
    hours = [OK] * 500 + [EventCount(1000 - outage, 1000)] * 2 + [OK] * 98 + [EventCount(980, 1000)] * 72
    report = judged(hours)
    assert report.status is status
    when = "runs out within 7 days." if status is Status.AT_RISK else "runs out, but not within 7 days."
    assert report.reason == f"At the pace of the last 6h, the budget {when}"


def test_a_nightly_batch_does_not_put_a_budget_at_risk_each_morning():
    # 144 bad of 24,000 a day are 0.6 of the budget; of the last 6,000 they are 2.4. Of 40 % left, 2.4 − 0.6 = 1.8 of 28
    # days a day would spend all within 6.3 days, and 0.6 spends nothing more.
    night = [OK] * 18 + [EventCount(856, 1000)] + [OK] * 5
    short = {w.seconds: EventCount(5856, 6000) if w.seconds == 6 * HOUR else OK for w in SHORT_WINDOWS}
    report = judged(night * 28, short=short)
    assert report.budget.remaining_ratio == pytest.approx(0.4)
    by_pace = {pace.pace: (pace.burn_rate, pace.exhausted_at) for pace in report.forecast.paces}
    assert by_pace["6h"][0] == pytest.approx(2.4)
    assert 6 * DAY < by_pace["6h"][1] - AT <= 7 * DAY
    assert by_pace["3d"] == (pytest.approx(0.6), None)
    assert (report.status, report.now.state) == (Status.HEALTHY, "quiet")
    assert report.reason == "The budget lasts at the pace of the last 3d, but runs out at the pace of the last 6h."
    # When every hour is like that, both paces say so.
    every = judged([OK] * 360 + [EventCount(986, 1000)] * 312)
    assert (every.status, every.reason) == (
        Status.AT_RISK,
        "At the pace of the last 6h, the budget runs out within 7 days.",
    )


def test_one_bad_request_at_night_does_not_put_a_budget_at_risk():
    # 10,000 requests an hour until six hours ago, then one an hour, and one of the six is bad: a burn rate of 17.
    report = judged([EventCount(9990, 10_000)] * 666 + [EventCount(1, 1)] * 5 + [EventCount(0, 1)])
    assert (report.status, report.reason) == (Status.HEALTHY, "The budget lasts at this pace.")
    assert [pace.pace for pace in report.forecast.paces] == ["1d", "3d"]


def test_a_budget_just_under_a_quarter_is_not_shown_as_a_quarter():
    # 5,042 bad of 6,720: 1 − 5,042 / 6,720 = 24.97 %
    report = judged([EventCount(992, 1000)] * 630 + [EventCount(998, 1000)] + [OK] * 41)
    assert report.budget.remaining_ratio == pytest.approx(1 - 5042 / 6720)
    assert report.reason == "Only 24.97 % of the error budget is left (at risk below 25 %)."


def test_all_known_and_calm_is_healthy():
    assert judged([OK] * 672).status is Status.HEALTHY


def test_a_burn_rate_that_is_unknown_right_now_is_never_green():
    report = judged([OK] * 672, short=None, seen=False)
    assert report.status is Status.INSUFFICIENT
    assert "current state is unknown" in report.reason


def test_a_service_that_died_minutes_ago_is_not_green_though_its_hour_looks_fine():
    # Its last sample is 20 minutes old: the 5m window is empty, all others have an answer.
    short = {w.seconds: None if w.seconds == 300 else OK for w in SHORT_WINDOWS}
    report = judged([OK] * 672, short=short)
    assert report.status is Status.INSUFFICIENT
    assert "no data for the last 5m" in report.reason


@pytest.mark.parametrize("unknown", [300, 1800, HOUR, 2 * HOUR, 6 * HOUR])
@pytest.mark.parametrize("days", [1, 3, 7, 28])
def test_an_unknown_short_window_is_never_green_with_any_pairs_that_the_slo_window_leaves(days, unknown):
    # Of one day no pair is left (0.02 × 24 h / 1 h = 0.48), of seven the two of pages.
    short = {w.seconds: None if w.seconds == unknown else OK for w in SHORT_WINDOWS}
    report = judged([OK] * 24 * max(days, 3), short=short, slo=replace(SLO, window=Window(days * DAY)))
    assert report.status is Status.INSUFFICIENT
    assert "current state is unknown" in report.reason


@pytest.mark.parametrize(
    ("hour", "reason"),
    [
        (EventCount(1010, 1000), "More good than total events (678 720 of 672 000)"),
        (EventCount(-20, 1000), "More bad than total events (685 440 of 672 000)"),
    ],
)
def test_impossible_counts_are_never_green(hour, reason):
    report = judged([hour] * 672)
    assert report.status is Status.INSUFFICIENT
    assert report.reason.startswith(reason)


def test_impossible_counts_differ_in_their_reason():
    # 672 × 10,020 good of 672 × 10,000 would both be 6.7 M.
    report = judged([EventCount(10_020, 10_000)] * 672)
    assert report.reason.startswith("More good than total events (6.73 M of 6.7 M)")


def test_an_estimate_that_is_off_by_a_hair_is_judged_as_it_is():
    report = judged([EventCount(1000.02, 1000)] * 672)
    assert report.status is Status.HEALTHY
    assert report.windows["28d"].sli > 1, "nothing is clamped"


def test_a_service_without_one_error_says_that_its_query_may_be_blind():
    assert "check --online" in judged([OK] * 672).reason


def test_an_unknown_coverage_of_a_short_window_is_null_and_not_zero():
    short = dict.fromkeys((w.seconds for w in SHORT_WINDOWS), OK)
    data = SloData(AT, short, None, HourlyCounts.of(AT - 672 * HOUR, [OK] * 672), None)
    assert evaluate_slo(SLO, data, burn_pairs()).windows["1h"].coverage is None


def test_no_traffic_spends_nothing_and_is_flagged():
    report = judged([EventCount(0, 0)] * 672, short=EventCount(0, 0))
    assert report.flags == ("no_traffic",)
    assert report.budget.remaining_ratio == 1
    assert report.windows["28d"].sli is None


@pytest.mark.parametrize(
    ("objective", "good", "total", "status"),
    [
        # 99.9 % of 12 events allow 0.012 bad ones: neither one bad event nor none says anything.
        (0.999, 12, 12, Status.INSUFFICIENT),
        (0.999, 11, 12, Status.INSUFFICIENT),
        (0.999, 998, 999, Status.INSUFFICIENT),
        # 1,000 allow one; it spends the budget.
        (0.999, 1000, 1000, Status.HEALTHY),
        (0.999, 999, 1000, Status.EXHAUSTED),
        # 90 % of 12 allow 1.2.
        (0.9, 12, 12, Status.HEALTHY),
    ],
)
def test_so_few_events_that_one_bad_would_spend_the_budget_are_not_judged(objective, good, total, status):
    hours = [EventCount(0, 0)] * 671 + [EventCount(good, total)]
    report = judged(hours, short=EventCount(0, 0), slo=replace(SLO, objective=objective))
    assert report.status is status
    assert (report.flags == ("low_traffic",)) is (status is Status.INSUFFICIENT)
    if status is Status.INSUFFICIENT:
        assert (
            report.reason
            == f"{total} events in 28 days: too few to judge. The objective allows less than one bad event."
        )


def test_unknown_ranks_between_breached_and_healthy():
    assert worst([Status.HEALTHY, Status.INSUFFICIENT]) is Status.INSUFFICIENT
    assert worst([Status.NO_DATA, Status.AT_RISK]) is Status.AT_RISK
    assert worst([]) is Status.NO_DATA


def test_a_calendar_window_is_reported_to_date_with_its_reset_and_its_share_of_the_whole():
    # 22 November 21:00, 525 of 720 hours gone. 5 bad of 1,000 each hour at 0.99: half of the budget to date is
    # consumed, and if traffic continues as so far, 0.5 × 525 / 720 = 36.5 % of the month's.
    at = parse_time("2026-11-22T21:00:00Z")
    first = parse_time("2026-11-01T00:00:00Z")
    slo = Slo(
        "availability", 0.99, Basis.EVENTS, "total", None, "bad", window=CalendarWindow(CalendarUnit.MONTH, "UTC")
    )
    hours = [EventCount(995, 1000)] * ((at - first) // HOUR)
    short = {w.seconds: EventCount(995, 1000) for w in SHORT_WINDOWS}
    report = evaluate_slo(slo, SloData(at, short, None, HourlyCounts.of(first, hours), (True,) * 72), burn_pairs())
    assert list(report.windows) == ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "month"]
    assert report.flags == ()
    assert report.budget.remaining_ratio == pytest.approx(0.5)
    # 50 % of 1 % of the 525 hours that have passed: the budget is to date.
    assert report.budget.remaining_seconds == pytest.approx(0.5 * 0.01 * 525 * HOUR)
    assert report.calendar.elapsed_ratio == pytest.approx(525 / 720)
    assert report.calendar.of_period_ratio == pytest.approx(1 - 0.5 * 525 / 720)
    assert report.calendar.resets_at == parse_time("2026-12-01T00:00:00Z")
    assert report.alerts[0].threshold == pytest.approx(0.02 * 720)


BEGUN = parse_time("2026-12-01T00:00:00Z")
MONTH = CalendarWindow(CalendarUnit.MONTH, "UTC")


def judged_after(minutes, running, *, slice_seconds=None, hours=(), short=OK):
    basis = Basis.EVENTS if slice_seconds is None else Basis.SLICES
    slo = Slo(
        "a",
        0.99,
        basis,
        SeriesKey.parse("total"),
        SeriesKey.parse("good"),
        None,
        window=MONTH,
        slice_seconds=slice_seconds,
    )
    short = {w.seconds: short for w in SHORT_WINDOWS}
    hours = [OK] * 72 + list(hours)
    data = SloData(BEGUN + minutes * 60, short, running, HourlyCounts.of(BEGUN - 72 * HOUR, hours), (True,) * 72)
    return evaluate_slo(slo, data, burn_pairs())


@pytest.mark.parametrize(
    ("minutes", "running", "slice_seconds", "is_early"),
    [
        (1, None, None, True),
        (4, EventCount(0, 0), None, True),
        (4, EventCount(90, 100), None, True),
        (5, EventCount(100, 100), None, False),
        (5, EventCount(0, 0), None, False),
        # The first slice of five minutes is over after five, and has been scraped to its end after six.
        (5, None, 300, True),
        (5, EventCount(0, 0), 300, True),
        (5, EventCount(1, 1), 300, False),
        (6, None, 300, False),
        (5, None, 60, False),
    ],
)
def test_a_calendar_window_that_has_just_begun_is_not_judged_yet(minutes, running, slice_seconds, is_early):
    report = judged_after(minutes, running, slice_seconds=slice_seconds)
    assert report.flags == ("just_begun",) or not is_early
    assert (report.reason == f"This month began {minutes} min ago. It is too early to judge.") is is_early
    assert (report.status is Status.INSUFFICIENT) is is_early


def test_a_quiet_window_that_is_old_enough_says_so_and_one_without_data_lacks_it():
    assert judged_after(5, EventCount(0, 0)).flags == ("no_traffic",)
    assert judged_after(5, None).status is Status.NO_DATA


def test_a_rolling_window_never_begins_and_a_complete_month_is_judged_at_its_reset():
    assert judged([OK] * 672).status is Status.HEALTHY
    hours = [OK] * (30 * 24)
    short = {w.seconds: OK for w in SHORT_WINDOWS}
    data = SloData(BEGUN, short, None, HourlyCounts.of(BEGUN - 30 * DAY, hours), (True,) * 72)
    assert evaluate_slo(replace(SLO, window=MONTH), data, burn_pairs()).status is Status.HEALTHY


def test_a_calendar_window_that_saw_nothing_has_no_share_of_the_whole():
    at = parse_time("2026-11-22T21:00:00Z")
    slo = Slo(
        "a",
        0.99,
        Basis.TIME,
        None,
        SeriesKey.parse("availability"),
        None,
        window=CalendarWindow(CalendarUnit.WEEK, "UTC"),
    )
    data = SloData(
        at, {w.seconds: None for w in SHORT_WINDOWS}, None, HourlyCounts.of(at - 7 * DAY, [None] * 168), None
    )
    report = evaluate_slo(slo, data, burn_pairs())
    assert report.status is Status.NO_DATA
    assert report.calendar.of_period_ratio is None


def test_a_rolling_window_of_three_days_is_one_of_the_burn_windows():
    slo = Slo("a", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"), window=Window(3 * DAY))
    at = parse_time("2026-11-22T21:00:00Z")
    short = {w.seconds: EventCount(1000, 1000) for w in SHORT_WINDOWS}
    report = evaluate_slo(
        slo, SloData(at, short, None, HourlyCounts.of(at - 3 * DAY, [EventCount(10, 10)] * 72), None), burn_pairs()
    )
    assert list(report.windows) == ["5m", "30m", "1h", "2h", "6h", "1d", "3d"]
