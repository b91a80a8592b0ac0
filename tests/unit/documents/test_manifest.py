"""`manifest.json`, written and read."""

import json

import pytest

from sresnap.documents import manifest
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.errors import DamagedFile

REPORT = "20261122T213000Z"


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
        {"pending": {"x": "no hash"}},
        {"published_at": 5},
    ],
)
def test_an_invalid_manifest_is_refused(change):
    data = {"schema": manifest.SCHEMA, "id": REPORT, "published_at": "2026-11-22T21:30:00Z", "files": {}, "pending": {}}
    manifest.decode(json.dumps(data).encode(), "manifest.json")
    with pytest.raises(DamagedFile):
        manifest.decode(json.dumps({**data, **change}).encode(), "manifest.json")


@pytest.mark.parametrize("key", ["id", "published_at", "files", "pending"])
def test_a_manifest_without_one_of_its_keys_is_damaged(key):
    data = json.loads(manifest.encode(Manifest(REPORT, 60, {}, {})))
    del data[key]
    with pytest.raises(DamagedFile, match=f"is damaged: {key} is missing"):
        manifest.decode(json.dumps(data).encode(), "manifest.json")
