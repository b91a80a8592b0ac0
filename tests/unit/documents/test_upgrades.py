"""What an older sresnap wrote is read by this one: the files here are committed and are never made anew."""

import json
from pathlib import Path

import pytest

from sresnap.documents import archive_index, schemas, snapshots, thinned_lists
from sresnap.documents.layout import THINNED_LIST
from sresnap.documents.pointer import pointer_to
from sresnap.errors import UsageError
from sresnap.model.archive import headline
from sresnap.render.site import render
from tests.golden.files import SNAPSHOT

DATA = Path(__file__).parents[2] / "data"


def test_a_snapshot_from_before_the_archive_is_read_drawn_and_written_with_all_keys():
    old = json.loads(SNAPSHOT.read_bytes())
    assert {"restated", "reconstructed", "scheduled_at"}.isdisjoint(old)
    snapshot = snapshots.read(SNAPSHOT)
    assert (snapshot.restated, snapshot.reconstructed, snapshot.scheduled_at) == ((), False, None)
    assert headline(snapshot).scheduled_at == snapshot.at
    assert render(snapshot).files["index.html"]
    new = json.loads(snapshots.encode(snapshot))
    assert new.keys() == schemas.schema("snapshot")["properties"].keys()
    assert holds(new, old)


def test_an_index_of_the_first_version_is_read_and_its_chain_still_holds():
    content = (DATA / "archive-1.json").read_bytes()
    index = archive_index.decode(content, "archive-1.json")
    assert archive_index.chain_faults(index) == []
    assert [entry.number for entry in index.entries] == [1, 2, 3]
    again = archive_index.encode(index)
    assert again.splitlines()[1:] == content.splitlines()[1:], (
        "a key that is added must not stand in old entries: that breaks the chain"
    )
    assert holds(json.loads(again), json.loads(content)), "the head may have keys that are new, and loses none"
    assert (index.first, index.reconstructed) == (None, {})


def test_a_list_of_thinned_reports_of_the_first_version_is_read_and_the_chain_goes_through_it(tmp_path):
    index = archive_index.decode((DATA / "archive-1.json").read_bytes(), "archive-1.json")
    content = (DATA / "thinned-1.json").read_bytes()
    path = tmp_path / THINNED_LIST.path("2026-11-22")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert thinned_lists.load(tmp_path, "2026-11-22") == index.entries[:2]
    assert thinned_lists.ids(content) == {entry.id for entry in index.entries[:2]}


def test_what_a_newer_sresnap_wrote_is_refused_in_clear_words():
    newer = (DATA / "archive-1.json").read_bytes().replace(b"sresnap/archive/1", b"sresnap/archive/7")
    with pytest.raises(UsageError, match=r"newer sresnap \(sresnap/archive/7\)"):
        archive_index.decode(newer, "index.json")


def test_the_schemas_name_every_key_of_the_files():
    index = json.loads(
        archive_index.encode(archive_index.decode((DATA / "archive-1.json").read_bytes(), "archive-1.json"))
    )
    schema = schemas.schema("archive")
    assert schema["properties"].keys() == index.keys() | {"withdrawn"}
    assert "withdrawn" not in schema["required"]
    assert schema["$defs"]["Entry"]["properties"].keys() == index["entries"][0].keys()
    snapshot = snapshots.read(SNAPSHOT)
    latest = json.loads(pointer_to(snapshot, {"index.html": "abc"}))
    assert schemas.schema("latest")["properties"].keys() == latest.keys()


def holds(new, old):
    """Whether all that an older file says is still said."""
    if isinstance(old, dict):
        return all(key in new and holds(new[key], value) for key, value in old.items())
    if isinstance(old, list):
        return len(new) == len(old) and all(map(holds, new, old))
    return new == old
