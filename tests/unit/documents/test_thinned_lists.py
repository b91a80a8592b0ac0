"""Lists of thinned reports: nothing of a report's line in the index is lost, and the chain of hashes stays whole."""

import json

import pytest

from sresnap.documents import thinned_lists
from sresnap.documents.layout import THINNED_LIST
from sresnap.errors import DamagedFile, UsageError
from tests.archives import AT, index_of

DAY = "2026-11-22"
ENTRIES = index_of(AT - 600, AT - 300, AT).entries
CONTENT = thinned_lists.encode(DAY, ENTRIES)


def edited(**changes):
    return json.dumps({**json.loads(CONTENT), **changes}).encode()


def test_a_list_gives_back_every_entry_whole():
    assert thinned_lists.decode(CONTENT, "list") == ENTRIES
    assert thinned_lists.encode(DAY, tuple(reversed(ENTRIES))) == CONTENT, "in the order in which they were made"


def test_a_row_that_follows_the_one_above_leaves_the_hash_out():
    rows = json.loads(CONTENT)["rows"]
    assert [len(row) - len(rows[0]) for row in rows] == [0, -1, -1]


def test_a_gap_in_the_chain_keeps_its_hash():
    with_gap = (ENTRIES[0], ENTRIES[2])
    assert thinned_lists.decode(thinned_lists.encode(DAY, with_gap), "list") == with_gap


def test_ids_are_read_without_the_rest_and_a_damaged_list_has_none():
    assert thinned_lists.ids(CONTENT) == {entry.id for entry in ENTRIES}
    assert thinned_lists.ids(b"{") == frozenset()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (edited(keys=["id"]), "keys: not id, at"),
        (edited(rows=json.loads(CONTENT)["rows"][1:]), "rows.0: it follows no row"),
        (edited(rows=[["x"]]), "rows"),
        (b"[]", "list"),
    ],
)
def test_an_edited_list_is_refused(content, reason):
    with pytest.raises(DamagedFile) as error:
        thinned_lists.decode(content, "list")
    assert reason in error.value.message


def test_a_folder_without_a_list_has_no_thinned_reports_but_one_that_cannot_be_read_is_an_error(tmp_path):
    assert thinned_lists.load(tmp_path, DAY) == ()
    path = tmp_path / THINNED_LIST.path(DAY)
    path.mkdir(parents=True)
    with pytest.raises(UsageError, match="it is a folder"):
        thinned_lists.load(tmp_path, DAY)
