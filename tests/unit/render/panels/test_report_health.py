"""How many of the due reports were made, and how late they were."""

from dataclasses import replace

import pytest

from sresnap.archive import thinning
from sresnap.archive.chain import appended
from sresnap.model.archive import Keep, empty_index
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from sresnap.render.panels.report_health import report_health
from tests.archives import head

NOON = parse_time("2026-11-22T12:00:00Z")
MIDNIGHT = parse_time("2026-11-22T00:00:00Z")
STEP = 5 * MINUTE


def archived(*starts, schedule=STEP, index=None, size=100):
    """Reports that were started at these times, each for its minute."""
    index = index or replace(empty_index(), title="Acme", schedule_seconds=schedule)
    for started in starts:
        at = started - started % MINUTE
        slot = at - at % schedule if HOUR % schedule == 0 else at
        entry = replace(head(at), generated_at=started, scheduled_at=slot)
        index = appended(index, entry, b"h" * (size // 2), b"s" * (size // 2))
    return index


def afterwards(index, *slots, started, by_hand=False):
    """Reports of the past: from --backfill, or by hand with --at."""
    for at in slots:
        entry = replace(head(at), generated_at=started, reconstructed=not by_hand)
        index = appended(index, entry, b"h", b"s")
    return index


def facts(index):
    return {name: value.replace("\u00a0", " ").replace("\u202f", "") for name, value in report_health(index).facts}


def made(index):
    ((name, value),) = [(name, value) for name, value in facts(index).items() if name.startswith("Reports made")]
    return name, value


def test_thinned_reports_were_made(tmp_path):
    # Eight days by half an hour, room for 60 reports. Of seven UTC days, the newest to noon: 6 x 48 + 24 + 1 = 313.
    half = 30 * MINUTE
    starts = [NOON - 8 * DAY + k * half + 4 for k in range(8 * 48 + 1)]
    index = archived(
        *starts, schedule=half, index=replace(empty_index(), schedule_seconds=half, keep=Keep(max_bytes=6_000))
    )
    result = thinning.thin(tmp_path, index)
    assert len(result.index.entries) <= 60
    assert made(result.index) == ("Reports made, last 7 days", "313 of 313 due")
    assert facts(result.index)["Delay, worst"] == "4 s"


def test_reports_that_were_not_made_are_missing_from_the_due_ones():
    # 12 of a day's 288 + 1 were not made.
    starts = [NOON - DAY + k * STEP for k in range(289) if not 100 <= k < 112]
    index = archived(*starts)
    assert made(index) == ("Reports made, since 21 Nov 2026, 12:00 UTC", "277 of 289 due")
    assert facts(index)["Longest gap"] == "1 h 5 min"


def test_backfilled_reports_are_counted_apart_also_once_they_are_thinned(tmp_path):
    starts = [NOON - 3 * DAY + k * STEP for k in range(10)]
    late = NOON - 3 * DAY + 13 * STEP
    index = afterwards(archived(*starts), *(NOON - 3 * DAY + k * STEP for k in (10, 11, 12)), started=late)
    index = archived(late, index=index)
    assert made(index)[1] == "14 of 14 due"
    assert facts(index)["Backfilled"] == "3"
    index = archived(NOON - STEP, NOON, index=replace(index, keep=Keep(hourly=0, daily=0, weekly=0, monthly=0)))
    smaller = thinning.thin(tmp_path, index).index
    assert len(smaller.entries) == 2
    assert smaller.reconstructed == {"2026-11-19": 3}
    # From 12:00 three days ago to now 3 x 288 + 1 were due, and 14 + 2 made.
    assert made(smaller)[1] == "16 of 865 due"
    assert facts(smaller)["Backfilled"] == "3"


def test_reports_beside_the_schedule_are_not_hidden():
    assert made(archived(NOON, NOON + STEP, NOON + STEP + 2 * MINUTE))[1] == "3 of 2 due"


def test_a_job_that_is_two_hours_late_shows_two_hours():
    # 10:00:04, 10:05:04, then 12:05:04. Due were 10:05 (4 s late) and 10:10 (1 h 55 min 4 s late).
    ten = NOON - 2 * HOUR
    found = facts(archived(ten + 4, ten + STEP + 4, ten + 2 * HOUR + STEP + 4))
    assert found["Delay, worst"] == "1 h 55 min"
    assert found["Delay, median"] == "57 min 34 s"  # (4 s + 6904 s) / 2 = 3454 s
    assert found["Longest gap"] == "2 h"
    assert found["Reports made, since 22 Nov 2026, 10:00 UTC"] == "3 of 26 due"


def test_the_delay_of_a_job_shows_though_its_missed_reports_were_backfilled():
    ten = NOON - 2 * HOUR
    late = ten + 20 * MINUTE + 4
    index = afterwards(archived(ten + 4), ten + STEP, ten + 2 * STEP, ten + 3 * STEP, started=late)
    index = archived(late, index=index)
    # Due at 10:05, started at 10:20:04.
    assert facts(index)["Delay, worst"] == "15 min 4 s"
    assert facts(index)["Longest gap"] == "20 min"


def test_a_report_made_by_hand_for_the_past_has_no_delay():
    index = archived(NOON + 4)
    index = afterwards(index, NOON - 3 * HOUR, started=NOON + 90, by_hand=True)
    index = archived(NOON + STEP + 4, index=index)
    assert facts(index)["Delay, worst"] == "4 s"


def test_no_delay_is_made_up_where_the_report_before_was_thinned_out():
    index = archived(NOON - HOUR, NOON - 30 * MINUTE, NOON)
    index = replace(index, entries=(index.entries[0], index.entries[2]), thinned={"2026-11-22": 1})
    assert facts(index)["Delay, worst"] == facts(index)["Longest gap"] == "—"


def test_a_clock_that_jumped_back_makes_no_delay():
    # 12:00, then 11:05 by a clock that is an hour behind, then 12:10: due after 12:00 was 12:05.
    found = facts(archived(NOON, NOON - 55 * MINUTE, NOON + 2 * STEP))
    assert found["Delay, worst"] == "5 min"


@pytest.mark.parametrize(
    ("hours", "due", "worst"),
    [
        ([6] * 9, "7 of 7 due", "0 s"),  # the seven last of nine days
        ([6, 6, 6], "3 of 3 due", "0 s"),
        ([6, 8, 6], "3 of 3 due", "2 h"),  # two hours late, and two hours earlier than after that one
        ([6, 6, 8], "3 of 3 due", "2 h"),
        ([8, 6, 6], "3 of 3 due", "0 s"),  # after 8 o'clock, 6 o'clock is early
        ([8, 6], "2 of 2 due", "2 h early"),
        ([6, None, 6], "2 of 3 due", "1 d"),
    ],
)
def test_a_daily_job_is_due_a_day_after_the_report_before(hours, due, worst):
    first = MIDNIGHT - (len(hours) - 1) * DAY
    starts = [first + day * DAY + hour * HOUR for day, hour in enumerate(hours) if hour is not None]
    found = archived(*starts, schedule=DAY)
    assert (made(found)[1], facts(found)["Delay, worst"]) == (due, worst)


def test_without_the_first_reports_time_the_count_starts_at_the_first_whole_day():
    # The first report was thinned out, and its moment is not written down: counted from midnight, 12 x 12 + 1.
    index = archived(*[NOON - DAY + k * STEP for k in range(289)])
    old = replace(index, first=None, entries=index.entries[1:], thinned={"2026-11-21": 1})
    assert made(old) == ("Reports made, since 22 Nov 2026, 00:00 UTC", "145 of 145 due")
    assert report_health(empty_index()).facts == ()


def test_nothing_is_counted_before_a_second_report_is_due():
    # Every day: 10 minutes after the first report none is due, and the second one, made by hand, is not early.
    found = report_health(archived(NOON, NOON + 10 * MINUTE, schedule=DAY))
    assert (found.facts, found.legend) == ((), "Counting begins when the second report is due.")
    assert made(archived(NOON, NOON + DAY, schedule=DAY))[1] == "2 of 2 due"
