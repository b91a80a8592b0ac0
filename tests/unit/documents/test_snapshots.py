"""Snapshots: what is written is read again, and an edited file is refused."""

import dataclasses
import json
from functools import cache

import pytest

from sresnap.documents import schemas, snapshots
from sresnap.documents.pointer import pointer_to
from sresnap.errors import UsageError
from sresnap.model.people import People
from tests import factories


@cache
def encoded():
    return snapshots.encode(factories.snapshot())


def test_a_snapshot_survives_being_written_and_read():
    snapshot = factories.snapshot()
    assert snapshots.decode(snapshots.encode(snapshot), "x") == snapshot


def test_the_schema_describes_every_snapshot():
    assert schemas.schema("snapshot")["title"] == "sresnap/snapshot/1"
    assert {"services", "composite", "queries", "problems", "source"} <= set(schemas.schema("snapshot")["properties"])


def test_nan_never_gets_into_json():
    snapshot = factories.snapshot()
    broken = dataclasses.replace(snapshot, composite=dataclasses.replace(snapshot.composite, mean_sli=float("nan")))
    with pytest.raises(ValueError, match="NaN is not a number in JSON"):
        snapshots.encode(broken)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "is not JSON"),
        (b"[1]", "is not a snapshot"),
        (b'{"schema": "sresnap/snapshot/2"}', "newer sresnap"),
        (b'{"schema": "sresnap/snapshot/1"}', "damaged"),
        pytest.param(b'{"schema": "sresnap/snapshot/' + b"9" * 5000 + b'"}', "is not a snapshot", id="a huge version"),
    ],
)
def test_a_file_that_is_not_a_snapshot_is_refused_in_one_message(content, words):
    with pytest.raises(UsageError, match=words):
        snapshots.decode(content, "public/snapshots/x.json")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "../../evil"),
        (("services", 0, "slug"), "../../evil"),
        (("at",), "yesterday"),
        (("services", 0, "slos", 0, "objective"), 1),
        (("services", 0, "slos", 0, "hours", "good"), []),
        (("services", 0, "slos", 0, "earlier", "total"), []),
        (("services", 0, "slos", 0, "earlier", "start"), "2026-01-01T00:00:00Z"),
        (
            ("services", 0, "slos", 0, "provisional"),
            {
                "since": "2026-11-22T20:00:00Z",
                "seen_seconds": 7200,
                "of_seconds": 0,
                "whole_at": "2026-12-20T20:00:00Z",
            },
        ),
        (("services", 0, "slos", 0, "window"), "9d"),
        (("site", "timezone"), "Europe"),
        (("site", "timezone"), "a/" * 300 + "x"),
        (("site", "timezone"), "x" * 9_999),
        (("site", "schedule_seconds"), 0),
        (("site", "title"), "x" * 2_000_000),
        (("services", 0, "slos", 0, "alerts", 0, "long"), "1970-01-01T00:00:00Z"),
        (("services", 0, "slos", 0, "alerts", 0, "short"), "9" * 400 + "s"),
        (("services", 0, "slos", 0, "forecast", "paces", 0, "pace"), "x"),
        (("services", 0, "slos", 0, "forecast", "paces", 0, "mean", "hours"), 0),
        (("services", 0, "slos", 0, "series", 0), ""),
        (("services", 0, "slos", 0, "budget", "remaining_ratio"), -1e308),
        (("services", 0, "signals", "saturation", "windows", "28d", "step_seconds"), 2**31 * 100),
        (("services", 0, "signals", "saturation", "windows", "28d", "step_seconds"), 0),
        (("services", 0, "signals", "saturation", "value"), 1e308),
        (("composite", "members"), -1),
        (("previous",), {"id": "../../x", "sha256": "0" * 64}),
    ],
)
def test_an_edited_snapshot_is_refused_before_a_path_or_a_formula_is_made_of_it(path, value):
    data = json.loads(encoded())
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(UsageError, match="damaged"):
        snapshots.decode(json.dumps(data).encode(), "x.json")


def test_nan_is_refused_on_reading_too():
    content = snapshots.encode(factories.snapshot()).replace(b'"mean_sli":0.', b'"mean_sli":NaN,"x":0.')
    assert b"NaN" in content
    with pytest.raises(UsageError, match=r"composite\.mean_sli is not a finite number"):
        snapshots.decode(content, "x.json")


def test_the_previous_report_is_the_newest_that_is_older(tmp_path):
    folder = tmp_path / "snapshots"
    folder.mkdir()
    for name in ("20261122T210000Z", "20261122T211000Z", "20261122T213000Z", "notes"):
        (folder / f"{name}.json").write_text(name)
    found = snapshots.previous(tmp_path, "20261122T213000Z")
    assert found.id == "20261122T211000Z"
    assert snapshots.previous(tmp_path, "20261122T210000Z") is None


def test_latest_points_to_the_snapshot_and_is_small():
    content = pointer_to(factories.snapshot(), {"index.html": "abc"})
    pointer = json.loads(content)
    assert pointer["snapshot"] == f"snapshots/{pointer['id']}.json"
    assert pointer["pages"] == {"index.html": "abc"}
    assert len(content) < 1024


def test_a_missing_file_is_reported_with_where_snapshots_are(tmp_path):
    with pytest.raises(UsageError, match="there is no such file") as refused:
        snapshots.read(tmp_path / "x.json")
    assert refused.value.hint == "give a file in public/snapshots/; `sresnap archive list` shows the ids"


def test_people_survive_being_written_and_read_and_nobody_leaves_no_key():
    report = factories.evaluated()
    content = snapshots.encode(report)
    read = snapshots.decode(content, "x")
    assert [service.people for service in read.services] == [service.people for service in report.services]
    keys = [set(service) for service in json.loads(content)["services"]]
    assert ["people" in each for each in keys] == [True, False, True, False]


def test_two_teams_in_one_folder_are_refused():
    report = factories.evaluated()
    spelled = dataclasses.replace(report.services[2], people=People(team="SHOP"))
    edited = dataclasses.replace(report, services=(report.services[0], spelled))
    with pytest.raises(UsageError, match="two teams have the same folder"):
        snapshots.decode(snapshots.encode(edited), "x")
