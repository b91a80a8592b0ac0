"""A target that lost its manifest, or files."""

import pytest

from sresnap.documents.files import sha256
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.pointer import decode_pointer, pointer_to
from sresnap.errors import PublishFailed
from sresnap.progress import Quiet
from sresnap.publish.recovery import missing_files, pointer_without_manifest, rebuild_manifest
from sresnap.publish.site_folder import LocalFile, LocalSite
from sresnap.publish.state import State
from sresnap.publish.targets.base import StoredFile
from sresnap.publish.targets.folder import Folder
from tests import factories

REPORT = factories.small()
LATEST = pointer_to(REPORT, {"index.html": "abc"})
POINTS = decode_pointer(LATEST, POINTER)
DATA = SNAPSHOT.path(REPORT.id)


def put(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return Folder(root)


def test_a_rebuilt_manifest_lists_what_is_sresnaps_and_nothing_else(tmp_path):
    target = put(tmp_path, DATA, "index.html", POINTER, "assets/app.0123456789.css", "about.html", "CNAME", "mine.html")
    found = rebuild_manifest(target, POINTS, ["mine.html"], Quiet())
    assert set(found.files) == {DATA, "index.html", POINTER, "assets/app.0123456789.css", "mine.html"}
    assert found.files["index.html"] == PublishedFile(sha256(b"index.html"), len("index.html"))
    assert (found.report, found.published_at, found.pending) == (REPORT.id, REPORT.at, {})


def test_without_the_newest_snapshot_nothing_is_rebuilt(tmp_path):
    with pytest.raises(PublishFailed, match=f"has neither manifest.json nor the snapshot of its report {REPORT.id}"):
        rebuild_manifest(put(tmp_path, "index.html", POINTER), POINTS, [], Quiet())


@pytest.mark.parametrize(
    ("pointer", "manifest", "found"),
    [
        (LATEST, None, REPORT.id),
        (b"<html>", None, None),
        (None, None, None),
        (LATEST, Manifest(REPORT.id, REPORT.at, {}, {}), None),
    ],
)
def test_a_manifest_counts_as_lost_only_beside_a_valid_pointer(pointer, manifest, found):
    state = State(None if pointer is None else StoredFile(pointer, "1"), manifest, None)
    pointer = pointer_without_manifest(state)
    assert (pointer and pointer.id) == found


def test_files_that_the_target_lost_and_the_folder_has_can_be_sent_again(tmp_path):
    target = put(tmp_path, "a")
    files = {name: PublishedFile(sha256(b""), 0, since) for name, since in [("a", None), ("b", None), ("old", 1)]}
    published = Manifest(REPORT.id, REPORT.at, files | {"only-there": files["a"], POINTER: files["a"]}, {})
    site = LocalSite(tmp_path, REPORT.id, {name: LocalFile(sha256(b""), 0) for name in ("a", "b", "old", POINTER)})
    assert missing_files(target, published, site) == {"b"}
    assert missing_files(target, None, site) == frozenset()


def test_a_target_that_cannot_be_listed_has_lost_nothing_as_far_as_is_known(tmp_path):
    class Unlisted(Folder):
        def names(self):
            raise PublishFailed("access denied")

    published = Manifest(REPORT.id, REPORT.at, {"a": PublishedFile(sha256(b""), 0)}, {})
    site = LocalSite(tmp_path, REPORT.id, {"a": LocalFile(sha256(b""), 0)})
    assert missing_files(Unlisted(tmp_path), published, site) == frozenset()
