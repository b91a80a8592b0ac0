"""Recurring corrections: the clock that they follow, and rules that are refused before they hang a build."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sresnap.config import loads
from sresnap.config.corrections import CorrectionRule, occurrences
from sresnap.config.expected import ExpectedError
from sresnap.config.recurrence import normalized_rule
from sresnap.model.windows import HOUR, iso, parse_time
from tests.unit.config.test_mistakes import ONE, only

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime.fromisoformat("2026-01-04T02:00")


def starts(rule, start, end, first=SUNDAY):
    found = occurrences([CorrectionRule("x", first, HOUR, rule)], parse_time(start), parse_time(end), "Europe/Berlin")
    return [iso(correction.start) for correction in found]


def with_correction(**keys):
    lines = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"{ONE}timezone: Europe/Berlin\ncorrections:\n  - reason: x\n{lines}"


def test_a_rule_keeps_its_wall_clock_time_when_the_clocks_change():
    rule = normalized_rule("FREQ=WEEKLY;BYDAY=SU", SUNDAY, BERLIN)
    assert starts(rule, "2026-03-20T00:00:00Z", "2026-04-06T00:00:00Z") == [
        "2026-03-22T01:00:00Z",
        "2026-03-29T01:00:00Z",  # 02:00 does not exist that night; it is 03:00
        "2026-04-05T00:00:00Z",
    ]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        # Berlin is an hour ahead of UTC: 01:00Z is 02:00, when the correction begins.
        ("20260118T010000Z", "2026-01-18T01:00:00Z"),
        ("20260118T005959Z", "2026-01-11T01:00:00Z"),
        ("20260118T020000", "2026-01-18T01:00:00Z"),
        ("20260118T015959", "2026-01-11T01:00:00Z"),
        ("20260118", "2026-01-18T01:00:00Z"),
    ],
)
def test_until_may_be_in_utc_by_the_zones_clock_or_a_whole_day(until, last):
    rule = normalized_rule(f"RRULE:freq=weekly;until={until}", SUNDAY, BERLIN)
    assert starts(rule, "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")[-1] == last


def test_a_start_in_utc_recurs_by_the_clock_of_the_environments_zone():
    text = f"{ONE}corrections: [{{reason: x, start: 2026-06-01T00:30:00Z, duration: 1h, rrule: FREQ=DAILY;BYHOUR=2}}]\n"
    config = loads(text, "sresnap.yaml", {"SRE_TIMEZONE": "Europe/Berlin"}, cwd=None)
    found = config.corrections(parse_time("2026-06-02T00:00:00Z"), parse_time("2026-06-02T12:00:00Z"))
    assert [iso(correction.start) for correction in found] == ["2026-06-02T00:30:00Z"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL a whole number from 1 to 999999, not 0"),
        ("FREQ=HOURLY;INTERVAL=-1", "INTERVAL a whole number from 1 to 999999, not -1"),
        (f"FREQ=DAILY;INTERVAL={'9' * 400}", "INTERVAL a whole number"),
        ("FREQ=DAILY;COUNT=0", "COUNT a whole number"),
        ("FREQ=HOURLY;COUNT=100000", "COUNT a whole number from 1 to 99999, not 100000"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20260201", "either COUNT or UNTIL"),
        ("FREQ=WEEKLY;UNTIL=99991231T235959", "UNTIL in the years 1970 to 2200"),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", "UNTIL in the years 1970 to 2200"),
        ("FREQ=WEEKLY;UNTIL=19690101", "UNTIL in the years 1970 to 2200"),
        ("FREQ=WEEKLY;UNTIL=20260231", "UNTIL as 20261231"),
        ("FREQ=WEEKLY;UNTIL=20261231Z", "UNTIL as 20261231"),
        ("FREQ=WEEKLY;UNTIL=10", "UNTIL as 20261231"),
        ("FREQ=WEEKLY;UNTIL=20250101", "happens at least once"),
        ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "happens at least once"),
        ("FREQ=YEARLY;BYMONTH=4,6;BYMONTHDAY=-31", "happens at least once"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYYEARDAY=200", "happens at least once"),
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=1", "happens at least once"),
        ("FREQ=HOURLY;INTERVAL=168;BYDAY=TU", "happens at least once"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "happens at least once"),
        ("FREQ=DAILY;BYSETPOS=2", "with FREQ=DAILY only INTERVAL"),
        ("FREQ=HOURLY;BYYEARDAY=366", "with FREQ=HOURLY only INTERVAL"),
        ("FREQ=DAILY;BYSECOND=0,30", "not BYSECOND"),
        ("FREQ=DAILY;BYMINUTE=0,30", "one minute in BYMINUTE"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR from 0 to 23, not 24"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY from -31 to 31 and not 0, not 0"),
        ("FREQ=MONTHLY;BYMONTHDAY=x", "BYMONTHDAY from -31 to 31"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY of MO, TU"),
        ("FREQ=WEEKLY;BYDAY=1MO", "such as 1MO only with FREQ=MONTHLY or YEARLY"),
        ("FREQ=WEEKLY;WKST=1", "a WKST of MO"),
        ("FREQ=WEEKLY;FREQ=DAILY", "each part once"),
        ("FREQ=WEEKLY;", "each part once"),
        ("every sunday", "a recurrence rule such as FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=MINUTELY", "with a FREQ of HOURLY, DAILY"),
    ],
)
def test_an_impossible_rule_is_refused_at_once(rule, expected):
    began = time.process_time()
    with pytest.raises(ExpectedError) as caught:
        normalized_rule(rule, SUNDAY, BERLIN)
    assert expected in caught.value.expected
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=2SU,-1MO",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU",
        "FREQ=YEARLY;BYYEARDAY=-1;BYHOUR=3;BYMINUTE=30",
        "FREQ=HOURLY;INTERVAL=6;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;COUNT=3",
    ],
)
def test_rules_that_the_rfc_allows_are_accepted(rule):
    assert normalized_rule(rule, SUNDAY, BERLIN) == rule


@pytest.mark.parametrize(
    ("keys", "line", "path", "expected"),
    [
        ({"start": "2026-01-04T02:00", "duration": "2h", "rrule": "FREQ=DAILY;INTERVAL=0"}, 7, "rrule", "INTERVAL"),
        ({"start": "9999-12-31T23:00", "duration": "2h"}, 5, "start", "in the years 1970 to 2200"),
        ({"start": "2026-01-04T02:00", "end": "9999-12-31T23:00"}, 6, "end", "in the years 1970 to 2200"),
        ({"start": "0001-01-01T00:00+14:00", "duration": "2h"}, 5, "start", "in the years 1970 to 2200"),
    ],
)
def test_a_mistake_names_its_line_and_key(keys, line, path, expected):
    mistake = only(with_correction(**keys))
    assert (mistake.line, mistake.path) == (line, f"corrections[0].{path}")
    assert expected in mistake.expected


def test_corrections_in_the_first_and_the_last_year_do_not_overflow():
    for start in ("1970-01-01T00:00", "2200-12-31T23:00"):
        text = with_correction(start=start, duration="3660d", rrule="FREQ=YEARLY")
        config = loads(text, "sresnap.yaml", {}, cwd=None)
        config.corrections(parse_time("2026-01-01T00:00:00Z"), parse_time("2026-02-01T00:00:00Z"))
