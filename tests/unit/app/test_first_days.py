"""The first days in words."""

from sresnap.app.first_days import provisional_notes
from sresnap.model.slo import Provisional
from sresnap.model.windows import DAY, HOUR, parse_time

AT = parse_time("2026-11-27T09:00:00Z")


def young(seconds, window=28 * DAY):
    return Provisional(AT - seconds, seconds, window, AT - seconds + window)


def test_equally_young_objectives_share_a_sentence_with_the_date_and_a_window_that_is_whole():
    parts = [young(15 * DAY + HOUR), young(15 * DAY + HOUR), None, young(20 * DAY, 90 * DAY)]
    two, one = provisional_notes(parts)
    assert two.startswith("2 of 4 objectives: data for 15 of 28 days. The report is provisional until 2026-12-10; ")
    assert two.endswith("; a window of 15d would be whole today.")
    assert one.startswith("1 of 4 objectives: data for 20 of 90 days. The report is provisional until 2027-02-05; ")


def test_on_the_first_day_no_window_of_days_is_whole():
    (note,) = provisional_notes([young(5 * HOUR)])
    assert note == "1 of 1 objective: data for 5 h of 28 days. The report is provisional until 2026-12-25."


def test_whole_windows_need_no_sentence():
    assert provisional_notes([None, None]) == ()
