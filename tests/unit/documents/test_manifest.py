"""`manifest.json`, written and read."""

import json
from collections.abc import Mapping
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from sresnap.documents import manifest
from sresnap.documents.faults import fault
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.errors import DamagedFile
from sresnap.printable import printable

REPORT = "20261122T213000Z"


HOSTILE = (
    "a\0b", "a\nb", "\x7f", "", "a//b", "a/", "a/../b", "a/./b", "a\\b", "x" * 9_999, "é" * 128, "x/" * 1_000 + "x",
)  # fmt: skip


def test_a_manifest_is_read_as_it_was_written():
    there = Manifest(
        REPORT,
        60,
        {"index.html": PublishedFile("0" * 64, 5, 120), "a é.html": PublishedFile("1" * 64, 0)},
        {"x": "2" * 64},
    )
    assert manifest.decode(manifest.encode(there), "manifest.json") == there


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../x"},
        {"files": {"../x": {}}},
        {"files": {"/x": {}}},
        {"files": {".x": {}}},
        {"files": []},
        *({"files": {name: {"sha256": "0" * 64, "bytes": 1}}} for name in HOSTILE),
        *({"pending": {name: "0" * 64}} for name in HOSTILE),
        {"files": {"x": {"sha256": "0" * 64, "bytes": 1}}, "pending": {"x/y": "0" * 64}},
        {"pending": {"a/b/c": "0" * 64, "a": "0" * 64}},
        {"pending": {"latest.json/x": "0" * 64}},
        {"pending": {"manifest.json/x": "0" * 64}},
        {"files": {"x": {"sha256": "0" * 64, "bytes": 2**53}}},
        {"pending": {"x": "no hash"}},
        {"published_at": 5},
    ],
)
def test_an_invalid_manifest_is_refused(change):
    data = {"schema": manifest.SCHEMA, "id": REPORT, "published_at": "2026-11-22T21:30:00Z", "files": {}, "pending": {}}
    manifest.decode(json.dumps(data).encode(), "manifest.json")
    with pytest.raises(DamagedFile):
        manifest.decode(json.dumps({**data, **change}).encode(), "manifest.json")


def test_a_lone_surrogate_in_a_name_is_refused():
    content = manifest.encode(Manifest(REPORT, 60, {"x": PublishedFile("0" * 64, 1)}, {}))
    with pytest.raises(DamagedFile, match="is not JSON"):
        manifest.decode(content.replace(b'"x"', b'"\\ud800"'), "manifest.json")


def test_more_files_than_any_site_has_are_refused():
    # 500,001 files take seconds to read, so the limit is looked up where JSON Schema has it, from the reader's own type
    keys = manifest.CODEC.json_schema()["properties"]
    assert [keys[name]["maxProperties"] for name in ("files", "pending")] == [500_000, 500_000]


def test_a_mapping_that_is_too_long_is_refused_in_plain_words():
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Annotated[Mapping[str, str], Field(max_length=2)]).validate_json('{"a": "", "b": "", "c": ""}')
    assert fault(caught.value, 200) == "has too many values"


def test_a_page_may_take_the_place_of_a_file_that_is_due_for_deletion():
    there = Manifest(REPORT, 60, {"docs": PublishedFile("0" * 64, 5, 120)}, {"docs/index.html": "1" * 64})
    assert manifest.decode(manifest.encode(there), "manifest.json") == there


@pytest.mark.parametrize("key", ["id", "published_at", "files", "pending"])
def test_a_manifest_without_one_of_its_keys_is_damaged(key):
    data = json.loads(manifest.encode(Manifest(REPORT, 60, {}, {})))
    del data[key]
    with pytest.raises(DamagedFile, match=f"is damaged: {key} is missing"):
        manifest.decode(json.dumps(data).encode(), "manifest.json")


def test_f9_a_build_hides_the_manifest_that_it_makes_untrue_and_still_knows_it(tmp_path):
    there = Manifest(REPORT, 60, {"index.html": PublishedFile("0" * 64, 5)}, {})
    (tmp_path / "manifest.json").write_bytes(manifest.encode(there))
    for _ in range(2):
        manifest.set_aside(tmp_path)
        assert not (tmp_path / "manifest.json").exists()
        assert manifest.of_folder(tmp_path) == there
    newer = Manifest(REPORT, 61, {}, {})
    (tmp_path / "manifest.json").write_bytes(manifest.encode(newer))
    assert manifest.of_folder(tmp_path) == newer


def test_f9_the_manifest_of_another_program_stays(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "an app"}')
    manifest.set_aside(tmp_path)
    assert (tmp_path / "manifest.json").read_text() == '{"name": "an app"}'


@pytest.mark.parametrize("letter", ["\n", "\r", "\u2028", "\x1b[2K"])
def test_a_name_of_a_file_cannot_forge_a_line_of_a_message(letter):
    content = json.loads(manifest.encode(Manifest(REPORT, 60, {}, {})))
    content["files"] = {f"x{letter}sresnap: all is well": {}}
    with pytest.raises(DamagedFile) as raised:
        manifest.decode(json.dumps(content).encode(), "manifest.json")
    assert raised.value.message == printable(raised.value.message)
