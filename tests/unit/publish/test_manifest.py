"""`manifest.json`, written and read."""

import json

import pytest

from sresnap.publish import manifest
from sresnap.publish.manifest import Entry, Manifest

REPORT = "20261122T213000Z"


def test_a_manifest_is_read_as_it_was_written():
    there = Manifest(
        REPORT, 60, {"index.html": Entry("0" * 64, 5, 120), "a é.html": Entry("1" * 64, 0)}, {"x": "2" * 64}
    )
    assert manifest.decode(manifest.encode(there)) == there


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
    manifest.decode(json.dumps(data).encode())
    with pytest.raises(ValueError):
        manifest.decode(json.dumps({**data, **change}).encode())
