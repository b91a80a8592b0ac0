"""The published schemas name every key of the files, and files of a newer sresnap are refused."""

import json
from dataclasses import replace

import pytest

from sresnap.documents import archive_index, schemas, snapshots
from sresnap.documents.pointer import pointer_to
from sresnap.errors import NewerFile
from sresnap.model.archive import Withdrawn, empty_index
from sresnap.model.windows import snapshot_id
from tests import factories
from tests.archives import AT, index_of


def test_the_schema_of_the_archive_names_every_key_of_an_index():
    index = replace(index_of(AT, AT + 300), withdrawn=(Withdrawn(snapshot_id(AT - 300), "why", AT),))
    data, schema = json.loads(archive_index.encode(index)), schemas.schema("archive")
    assert schema["properties"].keys() == data.keys()
    assert schema["$defs"]["Entry"]["properties"].keys() == data["entries"][0].keys()


def test_the_schemas_of_a_snapshot_and_its_pointer_name_every_key():
    snapshot = factories.snapshot()
    assert schemas.schema("snapshot")["properties"].keys() == json.loads(snapshots.encode(snapshot)).keys()
    pointer = json.loads(pointer_to(snapshot, {"index.html": "abc"}))
    assert schemas.schema("latest")["properties"].keys() == pointer.keys()


@pytest.mark.parametrize("kind", schemas.STORED_KINDS)
def test_a_schema_says_which_file_it_is_of(kind):
    schema = schemas.schema(kind)
    version = 2 if kind == "thinned" else 1
    assert schema["$id"] == f"urn:sresnap:{kind}:{version}"
    assert schema["title"] == f"sresnap/{kind}/{version}"
    assert schema.get("properties", {}).get("schema", {}).get("const", schema["title"]) == schema["title"]


def test_an_index_of_a_newer_sresnap_is_refused_in_one_message():
    newer = archive_index.encode(empty_index()).replace(b"sresnap/archive/1", b"sresnap/archive/7")
    with pytest.raises(NewerFile, match=r"newer sresnap \(sresnap/archive/7\)"):
        archive_index.decode(newer, "index.json")
