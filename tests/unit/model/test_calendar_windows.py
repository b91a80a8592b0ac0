"""Calendar windows in zones whose days have 23, 24 or 25 hours, and rolling ones beside them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sresnap.model.windows import DAY, HOUR, MINUTE, CalendarUnit, CalendarWindow, Window, iso, parse_time

WEEK, MONTH, QUARTER = CalendarUnit.WEEK, CalendarUnit.MONTH, CalendarUnit.QUARTER

# unit, zone, moment, first hour, reset, hours in all
PERIODS = [
    (MONTH, "UTC", "2026-11-22T21:30:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 30 * 24),
    (MONTH, "UTC", "2028-02-10T00:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", 29 * 24),
    # March in Berlin loses an hour on the 29th, October wins one on the 25th.
    (MONTH, "Europe/Berlin", "2026-03-30T12:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 31 * 24 - 1),
    (MONTH, "Europe/Berlin", "2026-10-02T12:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", 31 * 24 + 1),
    # An ISO week begins on Monday; this one holds the day of 25 hours.
    (WEEK, "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", 7 * 24 + 1),
    (WEEK, "America/New_York", "2026-03-08T12:00:00Z", "2026-03-02T05:00:00Z", "2026-03-09T04:00:00Z", 7 * 24 - 1),
    (QUARTER, "UTC", "2026-12-31T23:59:00Z", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z", 92 * 24),
    (QUARTER, "UTC", "2026-02-28T00:00:00Z", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", 90 * 24),
    # Midnight in Kolkata is 18:30 UTC: the first whole hour after it. Until then the previous month continues.
    (MONTH, "Asia/Kolkata", "2026-10-31T18:40:00Z", "2026-09-30T19:00:00Z", "2026-10-31T19:00:00Z", 31 * 24),
    (MONTH, "Asia/Kolkata", "2026-10-31T19:00:00Z", "2026-09-30T19:00:00Z", "2026-10-31T19:00:00Z", 31 * 24),
    (MONTH, "Asia/Kolkata", "2026-10-31T19:01:00Z", "2026-10-31T19:00:00Z", "2026-11-30T19:00:00Z", 30 * 24),
    (MONTH, "Asia/Kolkata", "2026-11-22T21:30:00Z", "2026-10-31T19:00:00Z", "2026-11-30T19:00:00Z", 30 * 24),
]


@pytest.mark.parametrize(("unit", "zone", "at", "start", "reset", "hours"), PERIODS)
def test_a_calendar_window_runs_from_local_midnight_to_local_midnight(unit, zone, at, start, reset, hours):
    period = CalendarWindow(unit, zone).period(parse_time(at))
    assert (iso(period.start), iso(period.resets_at), period.length_seconds) == (start, reset, hours * HOUR)
    assert (period.name, period.end) == (unit.value, parse_time(at))


def test_a_report_on_the_very_reset_shows_the_window_that_is_complete():
    reset = parse_time("2026-12-01T00:00:00Z")
    month = CalendarWindow(MONTH, "UTC")
    assert iso(month.period(reset).start) == "2026-11-01T00:00:00Z"
    assert month.period(reset).resets_at == reset
    assert iso(month.period(reset + 60).start) == "2026-12-01T00:00:00Z"


@pytest.mark.parametrize("unit", CalendarUnit)
@pytest.mark.parametrize(
    "zone",
    # Offsets of 5:30, 5:45, 12:45 and 10:30; a half hour of summer time; midnights that are not there or twice.
    ["Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut"],
)
def test_windows_follow_one_another_without_a_gap_in_every_zone(unit, zone):
    window = CalendarWindow(unit, zone)
    reset = window.period(parse_time("2026-10-31T12:00:00Z")).resets_at
    for _ in range(6):
        periods = {at: window.period(at) for at in range(reset - 3 * HOUR, reset + 3 * HOUR, 10 * MINUTE)}
        for at, period in periods.items():
            assert period.start < at <= period.resets_at
            assert period.start % HOUR == period.resets_at % HOUR == 0
            assert period.length_seconds == period.resets_at - period.start
            assert (period.resets_at if at <= reset else period.start) == reset
        midnight = datetime.fromtimestamp(reset, ZoneInfo(zone))
        assert midnight.hour * HOUR + midnight.minute * MINUTE <= HOUR
        reset = periods[reset + HOUR].resets_at


def test_a_rolling_window_begins_at_the_first_whole_hour_in_it_and_is_never_reset():
    period = Window(28 * DAY).period(parse_time("2026-11-22T21:30:00Z"))
    assert iso(period.start) == "2026-10-25T22:00:00Z"
    assert (period.name, period.length_seconds, period.resets_at) == ("28d", 28 * DAY, None)
