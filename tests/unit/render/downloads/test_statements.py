"""Statements as files for programs: the same numbers as on the page, unrounded."""

import csv
import io
import json
import math
from dataclasses import replace

import pytest

from sresnap.model.slug import slo_slug
from sresnap.render.downloads.statements import harmless, statement_files, statement_paths
from tests import factories


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.fixture
def statement():
    return factories.overspent_service().slos[0].statement


@pytest.fixture
def overspent_files():
    report = factories.overspent()
    return statement_files(report, report.services[0])


def test_the_csv_is_unrounded_and_adds_up_to_the_event(statement, overspent_files):
    found = rows(overspent_files["services/worker/statement-availability.csv"])
    assert [row["part"] for row in found] == ["episode", "episode", "episode", "background"]
    assert math.fsum(float(row["bad"]) for row in found) == statement.bad
    assert float(found[0]["budget_share"]) == statement.episodes[0].budget_share
    assert float(found[0]["remaining_after"]) == statement.episodes[0].remaining_after < 0
    assert (found[0]["ongoing"], found[2]["ongoing"], found[3]["leaves_at"]) == ("false", "true", "")


def test_the_json_says_what_it_is_and_has_the_same_numbers(statement, overspent_files):
    found = json.loads(overspent_files["services/worker/statement-availability.json"])
    assert found["schema"] == "sresnap/statement/1"
    assert (found["service"], found["slo"], found["window"]["name"]) == ("worker", "availability", "28d")
    assert [episode["bad"] for episode in found["episodes"]] == [episode.bad for episode in statement.episodes]
    assert sum(e["spent_share"] for e in (*found["episodes"], found["background"])) == pytest.approx(1)


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
def test_no_cell_is_read_as_a_formula(cell, kept):
    assert harmless(cell) == kept


def test_a_hostile_name_is_harmless_in_the_csv():
    slo = replace(factories.slo(), name='=HYPERLINK("https://evil.example"),\n"x"')
    report = factories.snapshot([factories.service("@api", "api", slos=(slo,))])
    content, _ = statement_files(report, report.services[0]).values()
    (row,) = rows(content)
    assert row["service"] == "'@api"
    assert row["slo"] == '\'=HYPERLINK("https://evil.example"),\n"x"'


def test_files_are_named_after_the_slug_of_their_objective():
    service = factories.snapshot().services[0]
    assert statement_paths(service, factories.slo("availability")) == (
        f"services/{service.slug}/statement-availability.csv",
        f"services/{service.slug}/statement-availability.json",
    )
    name = f"statement-{slo_slug('../../etc')}.csv"
    assert statement_paths(service, factories.slo("../../etc"))[0] == f"services/{service.slug}/{name}"
