"""Statements: on the page for people, in files for programs, the same numbers in both."""

import csv
import io
import json
import math
from dataclasses import replace

import pytest

from sresnap.render.clock import Clock
from sresnap.render.downloads.statements import harmless, statement_files, statement_paths
from sresnap.render.panels.statement import statements
from sresnap.render.site import render
from tests import factories
from tests.unit.render.pages.test_pages import panel

UTC = Clock.of("UTC")
PAGE = "services/worker/index.html"
TABLE, DATA = "services/worker/statement-availability.csv", "services/worker/statement-availability.json"


@pytest.fixture(scope="module")
def site():
    return render(factories.overspent())


@pytest.fixture(scope="module")
def statement():
    return factories.overspent_service().slos[0].statement


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_page_lists_the_episodes_and_says_that_they_add_up(site):
    text = panel(site, PAGE, "statement").text
    assert "Sat 7 Nov 11:00 Sat 7 Nov 16:00 5 h 12 488 1 h 23 min 42 % 27 % 80.01× Sat 5 Dec 16:00 −10 %" in text
    assert "Sat 21 Nov 15:00 goes on" in text
    assert "background: all other hours 25 d 15 h 5 580" in text
    assert "in all 27 d 23 h 45 629 5 h 5 min 152 % 100 % 80.01×" in text
    assert "It adds up: 40 049 in 3 episodes and 5 580 in the background make 45 629 bad events" in text


def test_a_statement_that_does_not_add_up_says_so(statement):
    slo = factories.overspent_service().slos[0]
    wrong = replace(slo, statement=replace(statement, bad=statement.bad + 7))
    (view,) = statements(factories.service(slos=(wrong,)), UTC).slos
    assert view.sum.startswith("This does not add up")
    assert "7 are missing" in view.sum


def test_nothing_spent_is_said_and_not_divided():
    (view,) = statements(factories.no_traffic().services[0], UTC).slos
    assert view.sum == "Nothing was spent: 0 bad events of 0."
    assert (view.whole.bad, view.whole.budget_share, view.whole.spent_share) == ("0", "0\u00a0%", "—")


def test_without_data_there_is_a_reason_and_no_file():
    report = factories.no_data()
    (view,) = statements(report.services[0], UTC).slos
    assert view.empty == "There is no data over 28d to make a statement of."
    assert not statement_files(report, report.services[0])


def test_the_page_links_its_files_for_download(site):
    found = [attrs for tag, attrs in panel(site, PAGE, "statement").tags if tag == "a"]
    assert [attrs["href"] for attrs in found] == ["statement-availability.csv", "statement-availability.json"]
    assert all("download" in attrs for attrs in found)


def test_the_csv_is_unrounded_and_adds_up_to_the_event(site, statement):
    found = rows(site.files[TABLE])
    assert [row["part"] for row in found] == ["episode", "episode", "episode", "background"]
    assert math.fsum(float(row["bad"]) for row in found) == statement.bad
    assert float(found[0]["budget_share"]) == statement.episodes[0].budget_share
    assert float(found[0]["remaining_after"]) == statement.episodes[0].remaining_after < 0
    assert (found[0]["ongoing"], found[2]["ongoing"], found[3]["leaves_at"]) == ("false", "true", "")


def test_the_json_says_what_it_is_and_has_the_same_numbers(site, statement):
    found = json.loads(site.files[DATA])
    assert found["schema"] == "sresnap/statement/1"
    assert (found["service"], found["slo"], found["window"]["name"]) == ("worker", "availability", "28d")
    assert [episode["bad"] for episode in found["episodes"]] == [episode.bad for episode in statement.episodes]
    assert sum(e["spent_share"] for e in (*found["episodes"], found["background"])) == pytest.approx(1)


def test_a_calendar_window_is_reset_instead_of_left():
    month = factories.to_date(factories.slo())
    (view,) = statements(factories.service(slos=(month,)), UTC).slos
    assert view.leaves == "Reset on"
    assert view.sum.endswith("% of the budget.")
    assert "over this month" in view.sum


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        (" \t=1", "' \t=1"),
        ("api", "api"),
        ("a=b", "a=b"),
        (-0.5, -0.5),
        (None, ""),
        (True, "true"),
    ],
)
def test_no_cell_is_taken_for_a_formula(cell, kept):
    assert harmless(cell) == kept


def test_a_hostile_name_is_harmless_in_the_csv():
    slo = replace(factories.slo(), name='=HYPERLINK("https://evil.example"),\n"x"')
    report = factories.snapshot([factories.service("@api", "api", slos=(slo,))])
    content, _ = statement_files(report, report.services[0]).values()
    (row,) = rows(content)
    assert row["service"] == "'@api"
    assert row["slo"] == '\'=HYPERLINK("https://evil.example"),\n"x"'


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["availability", "latency"], ["availability", "latency"]),
        (["Latency (p99)", "latency p99"], ["latency-p99", "latency-p99-2"]),
        (["a", "a!", "a-2"], ["a", "a-2", "a-2-2"]),
        (["../../etc", "日本語", "Zürich"], ["etc", "slo", "zurich"]),
        (["x" * 200], ["x" * 60]),
    ],
)
def test_file_names_are_safe_and_unique(names, slugs):
    service = factories.service(slos=tuple(replace(factories.slo(), name=name) for name in names))
    assert statement_paths(service) == tuple((f"statement-{s}.csv", f"statement-{s}.json") for s in slugs)
