"""Weeks, months, quarters and years of a time zone."""

import pytest

from sresnap.model.periods import PeriodUnit, after, before, period_named, period_of, year_before
from sresnap.model.windows import HOUR, CalendarUnit, CalendarWindow, iso

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "start", "end", "hours"),
    [
        ("2026-10", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", 745),  # the hour of the end of summer time twice
        ("2026-03", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 743),
        ("2026-W44", "2026-10-25T23:00:00Z", "2026-11-01T23:00:00Z", 168),
        ("2026-W43", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", 169),
        ("2026-Q4", "2026-09-30T22:00:00Z", "2026-12-31T23:00:00Z", 2209),
        ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z", 8760),
        ("2020-W53", "2020-12-27T23:00:00Z", "2021-01-03T23:00:00Z", 168),
    ],
)
def test_a_period_has_the_hours_of_its_local_days(name, start, end, hours):
    period = period_named(name, BERLIN)
    assert (iso(period.start), iso(period.end), period.hours) == (start, end, hours)
    assert period_of(period.unit, BERLIN, period.start) == period_of(period.unit, BERLIN, period.end - 1) == period


@pytest.mark.parametrize("name", ["2026-13", "2026-W54", "2025-W53", "2026-Q5", "26", "2026-1", "0000", "x"])
def test_a_name_that_no_period_has_is_refused(name):
    with pytest.raises(ValueError, match="period"):
        period_named(name, BERLIN)


@pytest.mark.parametrize("name", ["0001", "0001-W01", "1969-12", "9999", "9999-12", "9999-Q4", "9999-W52"])
def test_a_name_of_a_year_without_times_is_refused_as_any_other(name):
    with pytest.raises(ValueError, match=f"^no period is named '{name}'$"):
        period_named(name, BERLIN)


@pytest.mark.parametrize("zone", [BERLIN, "Asia/Kolkata", "UTC", "America/St_Johns", "Pacific/Apia"])
@pytest.mark.parametrize("unit", ["week", "month", "quarter"])
def test_periods_are_calendar_windows_and_leave_out_no_hour(zone, unit):
    period = period_of(PeriodUnit(unit), zone, 1_767_222_000)
    for _ in range(30):
        window = CalendarWindow(CalendarUnit(unit), zone).period(period.end)
        assert (window.start, window.resets_at) == (period.start, period.end)
        following = after(period, zone)
        assert following.start == period.end
        assert before(following, zone) == period
        period = following


def test_the_same_period_a_year_before():
    names = {name: year_before(period_named(name, BERLIN), BERLIN) for name in ("2026-10", "2026", "2021-W01")}
    assert {name: found and found.name for name, found in names.items()} == {
        "2026-10": "2025-10", "2026": "2025", "2021-W01": "2020-W01",
    }  # fmt: skip
    assert year_before(period_named("2026-W53", BERLIN), BERLIN) is None


def test_an_hour_belongs_to_the_local_day_that_it_begins_in():
    midnight = period_named("2026-11", "Asia/Kolkata").start  # 18:30 UTC of the day before is not a whole hour
    assert iso(midnight) == "2026-10-31T19:00:00Z"
    assert period_of(PeriodUnit.MONTH, "Asia/Kolkata", midnight - HOUR).name == "2026-10"
