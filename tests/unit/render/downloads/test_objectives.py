"""Every window of every objective as a file."""

import csv
import io
import json
from dataclasses import replace

from sresnap.model.people import People
from sresnap.render.downloads.objectives import objective_files
from tests import factories


def test_the_numbers_of_all_objectives_stand_beside_the_page():
    report = factories.mixed()
    table, document = objective_files(report.services).values()
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    data = json.loads(document)
    whole = next(row for row in data if row["service"] == "worker" and row["budget_remaining"] is not None)
    assert whole["window"] == "28d"
    assert whole["budget_remaining"] < 0
    assert [row["service"] for row in rows] == [row["service"] for row in data]
    of_worker = objective_files(report.services, only=report.services[-1])
    assert json.loads(of_worker["services/worker/objectives.json"]) == [
        row for row in data if row["service"] == "worker"
    ]


def test_what_is_missing_in_a_file_is_empty_and_not_zero():
    table, _ = objective_files(factories.no_data().services).values()
    (first, *_) = csv.DictReader(io.StringIO(table.decode()))
    assert (first["good"], first["sli"], first["burn_rate"]) == ("", "", "")


def test_a_young_objective_names_the_day_on_which_its_window_is_whole():
    table, document = objective_files(factories.first_report().services).values()
    (first, *_) = csv.DictReader(io.StringIO(table.decode()))
    assert first["provisional_until"] == json.loads(document)[0]["provisional_until"] == "2026-12-19T22:00:00Z"
    (whole, *_) = csv.DictReader(io.StringIO(objective_files(factories.healthy().services)["objectives.csv"].decode()))
    assert whole["provisional_until"] == ""


def test_rows_name_the_team_the_owner_and_the_tags():
    hostile = replace(factories.small_service("web"), people=People(owner="=1+1", team="@x", tags=("-1", "b")))
    table, document = objective_files([*factories.evaluated().services[:1], hostile]).values()
    rows, data = list(csv.DictReader(io.StringIO(table.decode()))), json.loads(document)
    assert (rows[0]["team"], rows[0]["owner"], rows[0]["tags"]) == ("Shop", "Maya Ortiz", "web tier=1")
    assert (data[0]["team"], data[0]["owner"], data[0]["tags"]) == ("Shop", "Maya Ortiz", ["web", "tier=1"])
    assert {cell[0] for cell in (rows[-1]["team"], rows[-1]["owner"], rows[-1]["tags"])} == {"'"}
    table, document = objective_files(factories.mixed().services).values()
    (first, *_) = csv.DictReader(io.StringIO(table.decode()))
    assert (first["team"], first["owner"], first["tags"]) == ("", "", "")
    assert json.loads(document)[0]["team"] is None
