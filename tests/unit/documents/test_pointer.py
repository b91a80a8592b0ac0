"""The pointer: what it names, and what of a damaged one still protects the report that a folder shows."""

import json

import pytest

from sresnap.documents import snapshots
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.documents.pointer import (
    ShownReport,
    decode_pointer,
    pointer_of_folder,
    pointer_to,
    read_shown,
    shown_report,
)
from sresnap.errors import DamagedFile, NewerFile
from tests import factories

REPORT = factories.small()


def damaged(**changes):
    return json.dumps({**json.loads(pointer_to(REPORT, {})), **changes}).encode()


def test_a_pointer_names_the_report_its_pages_and_when_the_next_one_is_due():
    pointer = decode_pointer(pointer_to(REPORT, {"index.html": "abc"}), "latest.json")
    assert (pointer.id, pointer.at, pointer.status) == (REPORT.id, REPORT.at, REPORT.status)
    assert pointer.snapshot == SNAPSHOT.path(REPORT.id)
    assert pointer.pages == {"index.html": "abc"}
    assert pointer.next_expected_at - pointer.generated_at == REPORT.site.schedule_seconds


def test_a_folder_without_a_pointer_shows_no_report(tmp_path):
    assert pointer_of_folder(tmp_path) is None
    assert read_shown(tmp_path) is None
    assert shown_report(tmp_path / "none") is None


@pytest.mark.parametrize(
    "content",
    [
        damaged(id="20261399T000000Z"),
        damaged(snapshot="snapshots/20200101T000000Z.json"),
        damaged(schedule_seconds="often"),
        b"{",
        b"",
    ],
)
def test_a_damaged_pointer_is_refused_with_what_to_do(content):
    with pytest.raises(DamagedFile, match=r"^latest\.json ") as error:
        decode_pointer(content, "latest.json")
    assert error.value.hint == "run `sresnap build` again"


def test_a_pointer_of_a_newer_version_is_not_treated_as_a_damaged_one(tmp_path):
    (tmp_path / POINTER).write_bytes(damaged(schema="sresnap/latest/2"))
    with pytest.raises(NewerFile):
        read_shown(tmp_path)


def test_a_damaged_pointer_still_says_which_report_the_folder_shows(tmp_path):
    (tmp_path / POINTER).write_bytes(damaged(pages="lost", kind="demo"))
    assert read_shown(tmp_path) == ShownReport(REPORT.id, "demo")


def test_the_snapshot_says_the_kind_that_a_damaged_pointer_has_lost(tmp_path):
    (tmp_path / POINTER).write_bytes(json.dumps({"schema": "sresnap/latest/1", "id": REPORT.id}).encode())
    assert read_shown(tmp_path) == ShownReport(REPORT.id, None), "neither says so"
    path = tmp_path / SNAPSHOT.path(REPORT.id)
    path.parent.mkdir()
    path.write_bytes(snapshots.encode(REPORT))
    assert read_shown(tmp_path) == ShownReport(REPORT.id, REPORT.source.kind)


def test_an_id_that_is_not_a_moment_protects_nothing(tmp_path):
    (tmp_path / POINTER).write_bytes(damaged(id="20261399T000000Z"))
    assert read_shown(tmp_path) is None


def test_a_pointer_has_a_bounded_number_of_pages():
    pages = {f"services/{number}/index.html": "0" for number in range(50_001)}
    with pytest.raises(DamagedFile, match="pages"):
        decode_pointer(damaged(pages=pages), "latest.json")
    pages.popitem()
    assert len(decode_pointer(damaged(pages=pages), "latest.json").pages) == 50_000
