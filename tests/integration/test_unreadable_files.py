"""Published files that match the manifest and that no build can read: each command names the file and what to do."""

import json
from dataclasses import replace

import pytest

from sresnap.documents import manifest
from sresnap.documents.files import sha256
from sresnap.documents.layout import INDEX
from sresnap.errors import PublishFailed
from sresnap.publish.served import served_file
from sresnap.publish.targets.base import StoredFile
from sresnap.publish.targets.folder import Folder
from tests.integration import sites

HUGE = "9" * 5000


@pytest.fixture
def www(tmp_path):
    """A published folder, and the name of its newest snapshot."""
    report = sites.build(tmp_path / "site", 0)
    sites.publish(Folder(tmp_path / "www"), tmp_path / "site")
    return tmp_path / "www", f"snapshots/{report}.json"


def put(www, name, content):
    """Replace a file, and its hash in the manifest."""
    (www / name).write_bytes(content)
    published = manifest.decode((www / "manifest.json").read_bytes(), "manifest.json")
    files = {**published.files, name: manifest.PublishedFile(sha256(content), len(content))}
    (www / "manifest.json").write_bytes(manifest.encode(replace(published, files=files)))


def damaged(content):
    """A file as other programs and people leave it."""
    data = json.loads(content)
    return [
        b"", b"<html>", b"[1]", b'"text"', content[: len(content) // 2], bytes(1000), b'{"a":' * 20_000,
        content.replace(b"{", b'{"x":' + HUGE.encode() + b",", 1), json.dumps({**data, "schema": 1}).encode(),
    ]  # fmt: skip


def test_verify_names_a_day_that_no_build_can_read(www):
    folder, _ = www
    day = (folder / sites.DAY_FILE).read_bytes()
    values = {"definition": "a", "sealed": 24, "values": [10**400] * 24}
    huge = json.dumps({**json.loads(day), "services": {"api": {"total": values}}}).encode()
    for content in (*damaged(day), huge):
        put(folder, sites.DAY_FILE, content)
        found = sites.verify(Folder(folder))
        assert len(found.wrong) == 1
        assert found.wrong[0].startswith(f"{sites.DAY_FILE} is ")
        assert len(found.wrong[0]) < 300
        assert "Delete a damaged file at the target" in found.hint
        assert found.exit_code == 7


@pytest.mark.parametrize("of_index", [False, True])
def test_restore_names_a_snapshot_or_an_index_that_cannot_be_read(www, tmp_path, of_index):
    folder, snapshot = www
    name = INDEX if of_index else snapshot
    for content in damaged((folder / name).read_bytes()):
        put(folder, name, content)
        with pytest.raises(PublishFailed, match=r"; nothing was written$") as raised:
            sites.restore(Folder(folder), tmp_path / "again")
        assert f"{name} is " in raised.value.message
        assert raised.value.hint == f"put the right {name} back, or publish again from a folder that has it"
        assert not (tmp_path / "again" / name).exists()


def test_a_day_of_a_newer_sresnap_is_not_a_fault():
    newer = StoredFile(b'{"schema":"sresnap/history/99"}', "1")
    assert served_file(sites.DAY_FILE, newer).damage is None
