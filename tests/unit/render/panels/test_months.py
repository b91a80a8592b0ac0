"""The archive's strips of months: a cell for each day."""

import re
from dataclasses import replace

import pytest

from sresnap.archive.chain import appended
from sresnap.model.archive import empty_index
from sresnap.model.status import Status
from sresnap.model.windows import DAY, parse_time
from sresnap.render.panels.months import months
from sresnap.resources import bundled
from tests.archives import head, index_of


def at(day):
    return parse_time(f"{day}T12:00:00Z")


def cells(row):
    """By class, the days of the month that have such a cell: cells are 10 units apart."""
    found = re.findall(r'<path class="fill-(\w+)"[^>]*? d="([^"]+)"', row.strip.svg)
    return {tone: [int(x) // 10 + 1 for x in re.findall(r"M(\d+) ", path)] for tone, path in found}


def test_a_day_with_only_summaries_differs_from_a_day_without_a_report():
    index = index_of(at("2026-07-01"), at("2026-07-05"))
    index = replace(index, thinned={"2026-07-01": 23, "2026-07-02": 24, "2026-07-04": 24})
    (row,) = months(index)
    assert cells(row) == {"ok": [1, 5], "thinned": [2, 4], "idle": [3]}
    assert row.text == "2 reports, 71 thinned out"
    assert row.strip.summary == (
        "5 days: 2 with a kept report (worst verdicts: 2 healthy), 2 with a summary, 1 without a report."
    )
    assert row.strip.summary in row.strip.svg


def test_a_day_has_the_worst_verdict_of_its_kept_reports():
    index = index_of(at("2026-07-01"))
    index = appended(index, head(at("2026-07-01") + 60, Status.EXHAUSTED), b"", b"")
    index = appended(index, head(at("2026-07-01") + 120, Status.AT_RISK), b"", b"")
    (row,) = months(index)
    assert cells(row) == {"bad": [1]}


@pytest.mark.parametrize(("month", "days"), [("2026-02", 28), ("2028-02", 29), ("2026-04", 30), ("2026-07", 31)])
def test_a_month_is_as_long_as_the_calendar_has_it(month, days):
    around = index_of(at(f"{month}-01") - DAY, at(f"{month}-01") + 40 * DAY)
    (row,) = [row for row in months(around) if row.text == "no report"]
    assert cells(row) == {"idle": list(range(1, days + 1))}
    numbers = [int(number) for number in re.findall(r">(\d+)</text>", row.strip.svg)]
    assert numbers == [day for day in (1, 10, 20, 30) if day <= days]


def test_days_before_the_first_report_and_after_the_newest_have_no_cell():
    (row,) = months(index_of(at("2026-11-10"), at("2026-11-12")))
    assert cells(row) == {"ok": [10, 12], "idle": [11]}


def test_a_month_without_a_report_is_drawn_and_said_to_have_none():
    index = index_of(at("2026-08-14"), at("2026-11-22"))
    rows = list(months(index))
    assert [(row.name, row.text, row.href) for row in rows] == [
        ("November 2026", "1 report", "2026-11/index.html"),
        ("October 2026", "no report", None),
        ("September 2026", "no report", None),
        ("August 2026", "1 report", "2026-08/index.html"),
    ]
    assert rows[1].strip.summary == "31 days: 0 with a kept report, 0 with a summary, 31 without a report."
    assert sorted(len(found) for found in cells(rows[3]).values()) == [1, 17]


def test_months_follow_each_other_over_the_turn_of_a_year_and_one_with_only_summaries_has_no_page():
    index = replace(index_of(at("2027-01-02")), thinned={"2026-11-30": 2})
    found = [(row.name, row.text, row.href) for row in months(index)]
    assert found == [
        ("January 2027", "1 report", "2027-01/index.html"),
        ("December 2026", "no report", None),
        ("November 2026", "none kept, 2 thinned out", None),
    ]
    assert list(months(empty_index())) == []


def test_the_style_sheet_has_a_colour_for_each_kind_of_cell():
    css = (bundled("site") / "css" / "charts.css").read_text()
    index = replace(index_of(at("2026-07-01"), at("2026-07-05")), thinned={"2026-07-02": 24})
    (row,) = months(index)
    for tone in {*cells(row), "bad", "risk", "nodata"}:
        assert f".chart .fill-{tone} {{ fill: " in css, tone
