"""Snapshots and days of the history name the file that they follow."""

import dataclasses

import pytest

from sresnap.documents import history, snapshots
from sresnap.documents.predecessors import predecessor_of
from sresnap.model.history import HistoryDay
from sresnap.model.snapshot import PreviousReport
from tests import factories

SHA = "a" * 64
DAY = "history/2026/11/2026-11-01.json"


def test_a_snapshot_follows_the_report_before():
    snapshot = dataclasses.replace(factories.small(), previous=PreviousReport("20261101T000000Z", SHA))
    name = f"snapshots/{snapshot.id}.json"
    assert predecessor_of(name, snapshots.encode(snapshot)) == ("snapshots/20261101T000000Z.json", SHA)
    first = dataclasses.replace(snapshot, previous=None)
    assert predecessor_of(name, snapshots.encode(first)) is None


def test_a_day_of_the_history_follows_the_day_before():
    content = history.encode("2026-11-01", HistoryDay({}), SHA)
    assert predecessor_of(DAY, content) == ("history/2026/10/2026-10-31.json", SHA)
    assert predecessor_of(DAY, history.encode("2026-11-01", HistoryDay({}), None)) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"previous_sha256":"no hash"}', b'{"previous":3}', b"[" * 10**5]
)
@pytest.mark.parametrize("name", [DAY, "snapshots/20261122T213000Z.json"])
def test_a_link_that_cannot_be_read_names_no_file(name, content):
    assert predecessor_of(name, content) is None


def test_files_of_other_forms_follow_nothing():
    content = history.encode("2026-11-01", HistoryDay({}), SHA)
    assert predecessor_of("objectives.json", content) is None
    assert predecessor_of("history/2026/13/2026-13-99.json", content) is None
