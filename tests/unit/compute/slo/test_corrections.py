"""What corrections take out of an SLO, and that both numbers stay."""

from dataclasses import replace
from pathlib import Path

import pytest

from sresnap.compute.slo.corrections import Exclusions, is_corrected
from sresnap.compute.slo.evaluate import evaluate_slo
from sresnap.compute.slo.events import SloData, corrected, over
from sresnap.config import burn_pairs, loads
from sresnap.model.corrections import Correction, Cut, cuts, of_service
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.status import Status
from sresnap.model.windows import (
    DAY,
    HOUR,
    MINUTE,
    SHORT_WINDOWS,
    CalendarUnit,
    CalendarWindow,
    Window,
    parse_time,
)

AT = parse_time("2026-11-22T21:00:00Z")
SLO = Slo("availability", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"))
FIRST = AT - 28 * DAY


def data(hours, *, at=AT, running=None):
    short = {w.seconds: EventCount(100, 100) for w in SHORT_WINDOWS}
    return SloData(at, short, running, HourlyCounts.of(FIRST, hours), (True,) * 72)


def at(text):
    return parse_time(f"2026-11-{text}:00Z")


def test_a_stretch_is_cut_into_the_hours_of_the_history():
    found = cuts([Correction("move", at("20T22:30"), at("21T00:15"))], FIRST, AT)
    assert found == (
        Cut(at("20T22:00"), 1800, 3600),
        Cut(at("20T23:00"), 0, 3600),
        Cut(at("21T00:00"), 0, 900),
    )
    assert [cut.is_whole for cut in found] == [False, True, False]
    assert str(found[0].key(SeriesKey("bad", scope="web.checkout"))) == "bad#web.checkout~1800-3600"


def test_where_two_corrections_overlap_time_is_cut_once():
    one, two = (Correction("a", at("20T22:00"), at("20T23:00")), Correction("b", at("20T22:30"), at("20T23:00")))
    assert cuts([two, one], FIRST, AT) == (Cut(at("20T22:00"), 0, 3600),)


def test_only_what_lies_in_the_window_is_cut():
    assert cuts([Correction("long ago", FIRST - DAY, FIRST - HOUR)], FIRST, AT) == ()
    assert cuts([Correction("until now", AT - HOUR, AT + DAY)], FIRST, AT) == (Cut(AT - HOUR, 0, 3600),)


def test_a_correction_concerns_the_services_that_it_names_or_all():
    named, everyone = Correction("a", 0, 60, frozenset({"api"})), Correction("b", 0, 60)
    assert of_service([named, everyone], "api") == (named, everyone)
    assert of_service([named, everyone], "web") == (everyone,)


def test_a_whole_hour_is_neither_good_nor_bad_nor_expected():
    # 672 hours of 100 events, one with 100 bad ones. Without it: 671 × 100 good of 671 × 100, and nothing is missing.
    hours = [EventCount(100, 100)] * 671 + [EventCount(0, 100)]
    rest = over(corrected(data(hours), {Cut(AT - HOUR, 0, HOUR): None}), Window(28 * DAY))
    assert rest.events == EventCount(67_100, 67_100)
    assert rest.coverage == 1


def test_the_counts_of_a_part_of_an_hour_are_subtracted():
    # 40 of the hour's 50 bad events fell into the half hour of maintenance, which had 60 events.
    hours = [EventCount(100, 100)] * 671 + [EventCount(50, 100)]
    exclusions = {Cut(AT - HOUR, 0, 1800): EventCount(20, 60)}
    rest = over(corrected(data(hours), exclusions), Window(28 * DAY))
    assert rest.events == EventCount(67_100 + 50 - 20, 67_100 + 100 - 60)
    assert rest.coverage == 1


def test_an_unknown_part_is_not_subtracted():
    hours = [EventCount(100, 100)] * 671 + [EventCount(50, 100)]
    assert (
        corrected(data(hours), {Cut(AT - HOUR, 0, 1800): None}).hours.report() == HourlyCounts.of(FIRST, hours).report()
    )


def test_a_part_of_the_running_hour_is_subtracted_from_it():
    now = AT + 34 * MINUTE
    measured = data([EventCount(100, 100)] * 672, at=now, running=EventCount(20, 50))
    rest = corrected(measured, {Cut(AT, 0, 600): EventCount(0, 30)})
    assert rest.running == EventCount(20, 20)
    assert over(rest, Window(28 * DAY)).coverage == 1


def test_a_running_hour_that_is_left_out_so_far_is_not_expected():
    now = AT + 34 * MINUTE
    measured = data([EventCount(100, 100)] * 672, at=now, running=EventCount(20, 50))
    rest = over(corrected(measured, {Cut(AT, 0, 34 * MINUTE): EventCount(20, 50)}), Window(28 * DAY))
    # The first hour in the window is the second of the history, as the window is 28 d before 21:34.
    assert rest.events == EventCount(67_100, 67_100)
    assert rest.coverage == 1


def test_the_report_has_both_numbers_and_is_judged_by_the_corrected_one():
    # An outage of ten hours in planned maintenance: 1,000 bad of 67,200 events; 672 may be bad.
    hours = [EventCount(100, 100)] * 600 + [EventCount(0, 100)] * 10 + [EventCount(100, 100)] * 62
    window = Correction("database move", FIRST + 600 * HOUR, FIRST + 610 * HOUR)
    exclusions = Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT)))
    report = evaluate_slo(SLO, data(hours), burn_pairs(), exclusions)
    assert report.status is Status.HEALTHY
    assert report.budget.remaining_ratio == 1
    # Raw: 1,000 bad of 67,200 at 1 %: 1 - 1000 / 672.
    assert report.uncorrected.budget.remaining_ratio == pytest.approx(1 - 1000 / 672)
    assert report.uncorrected.window.total == 67_200
    assert report.uncorrected.excluded_seconds == 10 * HOUR
    assert [c.reason for c in report.uncorrected.applied] == ["database move"]


def test_every_long_window_that_holds_a_correction_keeps_its_measured_numbers():
    # Two days ago an hour of only errors, left out: it lies in the 3d and the 28d, and not in the last day.
    hours = [EventCount(100, 100)] * 624 + [EventCount(0, 100)] + [EventCount(100, 100)] * 47
    window = Correction("move", AT - 48 * HOUR, AT - 47 * HOUR)
    report = evaluate_slo(
        SLO, data(hours), burn_pairs(), Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT)))
    )
    assert list(report.uncorrected.windows) == ["3d", "28d"]
    # 100 bad of 7,200 at 1 % burn at 1.39; without them at 0.
    assert report.uncorrected.windows["3d"].burn_rate == pytest.approx(100 / 72)
    assert report.windows["3d"].burn_rate == 0
    assert report.uncorrected.windows["28d"] == report.uncorrected.window


def test_a_reason_with_a_corrected_number_gives_the_measured_one_too():
    hours = [EventCount(100, 100)] * 600 + [EventCount(0, 100)] * 10 + [EventCount(100, 100)] * 62
    window = Correction("move", FIRST + 600 * HOUR, FIRST + 610 * HOUR)
    report = evaluate_slo(
        SLO, data(hours), burn_pairs(), Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT)))
    )
    assert report.reason.endswith("Without corrections, −49 % of the budget is left.")


def test_a_window_that_is_left_out_as_a_whole_is_not_said_to_have_no_data():
    slo = replace(SLO, window=Window(DAY))
    window = Correction("move", AT - DAY, AT)
    measured = data([EventCount(100, 100)] * 671 + [EventCount(50, 100)])
    report = evaluate_slo(slo, measured, burn_pairs(), Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT))))
    assert report.status is Status.NO_DATA
    # Raw: 50 bad of 2,400 at 1 %: 1 − 50 / 24.
    assert report.reason == (
        "Corrections leave out all data of 1 day. Without corrections, −108 % of the budget is left."
    )
    nothing = evaluate_slo(slo, data([None] * 672), burn_pairs(), Exclusions((window,), {}))
    assert nothing.reason == "There is no data for 1 day."


def test_a_correction_before_the_slos_own_window_is_reported_for_the_three_days():
    # One day into December, and an hour of errors two days ago is left out: no number of the month is another.
    at = parse_time("2026-12-02T00:00:00Z")
    first = at - 28 * DAY
    month = replace(SLO, window=CalendarWindow(CalendarUnit.MONTH, "UTC"))
    window = Correction("move", at - 48 * HOUR, at - 47 * HOUR)
    hours = [EventCount(100, 100)] * 624 + [EventCount(0, 100)] + [EventCount(100, 100)] * 47
    short = {w.seconds: EventCount(100, 100) for w in SHORT_WINDOWS}
    exclusions = Exclusions((window,), dict.fromkeys(cuts([window], first, at)))
    report = evaluate_slo(
        month, SloData(at, short, None, HourlyCounts.of(first, hours), (True,) * 72), burn_pairs(), exclusions
    )
    raw = report.uncorrected
    assert list(raw.windows) == ["3d"]
    assert (raw.window, raw.budget) == (report.windows["month"], report.budget)
    assert (raw.excluded_seconds, [c.reason for c in raw.applied]) == (HOUR, ["move"])
    assert "Without corrections" not in report.reason
    assert not is_corrected(report)


def test_the_rest_of_a_whole_calendar_window_is_reported_without_corrections_too():
    # Half of November: 360 hours of 100 events, one of only errors, left out. Raw: 100 bad of 36,000 at 1 %
    # consume 100 / 360 of the budget to date, and half as much of the month's.
    at = parse_time("2026-11-16T00:00:00Z")
    first = parse_time("2026-11-01T00:00:00Z")
    window = Correction("move", first, first + HOUR)
    hours = [EventCount(0, 100)] + [EventCount(100, 100)] * 359
    short = {w.seconds: EventCount(100, 100) for w in SHORT_WINDOWS}
    month = replace(SLO, window=CalendarWindow(CalendarUnit.MONTH, "UTC"))
    exclusions = Exclusions((window,), dict.fromkeys(cuts([window], first, at)))
    report = evaluate_slo(
        month, SloData(at, short, None, HourlyCounts.of(first, hours), (True,) * 72), burn_pairs(), exclusions
    )
    assert report.calendar.of_period_ratio == 1
    assert report.uncorrected.of_period_ratio == pytest.approx(1 - 100 / 360 / 2)


def test_bad_events_that_are_too_few_with_corrections_are_reported_without_them():
    # 4 bad of 8 in the last two hours; the 22 before them, with 200 bad, are left out of the day.
    hours = [EventCount(100, 100)] * 648 + [EventCount(0, 100)] * 2 + [EventCount(100, 100)] * 20
    hours += [EventCount(2, 4), EventCount(2, 4)]
    window = Correction("move", AT - 24 * HOUR, AT - 2 * HOUR)
    measured = data(hours)
    measured = replace(measured, short={w.seconds: EventCount(0, 2) for w in SHORT_WINDOWS})
    exclusions = Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT)))
    ticket = evaluate_slo(SLO, measured, burn_pairs(), exclusions).alerts[2]
    assert (ticket.long, ticket.long_bad) == ("1d", 4)
    assert ticket.withheld == "only 4 bad events in 1d (204 without corrections); it takes 10 to fire"


def test_without_a_correction_in_the_window_there_is_one_number():
    assert evaluate_slo(SLO, data([EventCount(100, 100)] * 672), burn_pairs()).uncorrected is None


def test_a_pair_is_withheld_while_maintenance_lies_in_its_short_window():
    burning = {w.seconds: EventCount(0, 100) for w in SHORT_WINDOWS}
    measured = SloData(AT, burning, None, HourlyCounts.of(FIRST, [EventCount(100, 100)] * 672), (True,) * 72)
    window = Correction("deploy", AT - 10 * MINUTE, AT)
    report = evaluate_slo(SLO, measured, burn_pairs(), Exclusions((window,), {}))
    page = report.alerts[0]
    assert page.firing is False
    assert "deploy" in page.withheld
    assert page.long_burn_rate == pytest.approx(100)


@pytest.mark.parametrize(
    ("start", "end", "applies"),
    [
        (FIRST - DAY, FIRST - HOUR, False),
        (FIRST - DAY, FIRST, False),
        (FIRST - DAY, FIRST + HOUR, True),
        (AT - HOUR, AT + HOUR, True),
        (AT, AT + HOUR, False),
        (AT + HOUR, AT + DAY, False),
    ],
)
def test_a_correction_applies_where_it_overlaps_the_window_and_not_where_it_touches_it(start, end, applies):
    window = Correction("move", start, end)
    exclusions = Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT)))
    report = evaluate_slo(SLO, data([EventCount(100, 100)] * 672), burn_pairs(), exclusions)
    assert (report.uncorrected is not None) is applies
    if applies:
        assert report.uncorrected.excluded_seconds == HOUR


def test_hours_before_the_window_are_not_said_to_be_left_out_of_it():
    # The week's window begins three weeks into the hours that are known.
    slo = Slo("a", 0.99, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad"), window=Window(7 * DAY))
    window = Correction("move", AT - 8 * DAY, AT - 7 * DAY + HOUR)
    exclusions = Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT)))
    report = evaluate_slo(slo, data([EventCount(100, 100)] * 672), burn_pairs(), exclusions)
    assert report.uncorrected.excluded_seconds == HOUR


@pytest.mark.parametrize(("basis", "counts"), [(Basis.EVENTS, True), (Basis.SLICES, False), (Basis.TIME, False)])
def test_only_events_are_counted_in_budgets_and_alerts_corrected_or_not(basis, counts):
    slo = Slo("a", 0.99, basis, SeriesKey.parse("total"), SeriesKey.parse("good"), None)
    window = Correction("move", AT - HOUR, AT)
    exclusions = Exclusions((window,), dict.fromkeys(cuts([window], FIRST, AT)))
    burning = {w.seconds: EventCount(0, 5) for w in SHORT_WINDOWS}
    measured = SloData(AT, burning, None, HourlyCounts.of(FIRST, [EventCount(100, 100)] * 672), (True,) * 72)
    report = evaluate_slo(slo, measured, burn_pairs(), Exclusions())
    # Five bad events are too few for a page; slices and seconds have no such limit.
    assert report.alerts[0].firing is not counts
    assert (report.alerts[0].long_bad is not None) is counts
    corrected_report = evaluate_slo(slo, measured, burn_pairs(), exclusions)
    for budget in (report.budget, corrected_report.budget, corrected_report.uncorrected.budget):
        assert (budget.remaining_events is not None) is counts


def test_a_part_holds_no_more_than_its_hour():
    # The part is estimated to its edges: 60.5 events with 3.2 bad, in an hour of 100 with 3 bad.
    data = SloData(AT, {}, None, HourlyCounts.of(AT - HOUR, [EventCount(97, 100)]), None)
    cut = Cut(AT - HOUR, 0, 2160)
    rest = corrected(data, {cut: EventCount(57.3, 60.5)}).hours.count(0)
    assert (rest.total, rest.bad) == (39.5, 0)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-29T01:00", "2026-03-29T04:00", 2),  # the hour from 2 to 3 is not there
        ("2026-10-25T01:00", "2026-10-25T04:00", 4),  # it is there twice
        ("2026-06-01T01:00", "2026-06-01T04:00", 3),
    ],
)
def test_a_night_in_which_clocks_change_is_as_long_as_it_is(start, end, hours):
    text = (
        "timezone: Europe/Berlin\nservices: [{name: a, slo_target: 99}]\n"
        f"corrections: [{{reason: move, start: {start}, end: {end}}}]\n"
    )
    (rule,) = loads(text, "sresnap.yaml", {}, cwd=Path.cwd()).correction_rules
    assert rule.seconds == hours * HOUR
