"""A published site is read so that all files belong to one publication."""

from dataclasses import replace

import pytest

from sresnap.documents import archive_index, folder_state, manifest, snapshots
from sresnap.documents.files import sha256
from sresnap.documents.layout import FROZEN_PAGE, INDEX, MANIFEST, POINTER, SNAPSHOT
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.pointer import pointer_to
from sresnap.errors import PublishFailed
from sresnap.model.archive import empty_index
from sresnap.model.windows import snapshot_id
from sresnap.progress import Quiet
from sresnap.publish import download
from sresnap.publish.download import Downloader
from sresnap.publish.restore_set import Scope
from sresnap.publish.state import read_state
from sresnap.publish.targets.folder import Folder
from tests import factories
from tests.archives import AT

REPORT = replace(factories.small(), id=snapshot_id(AT), at=AT)
DATA = SNAPSHOT.path(REPORT.id)
ENCODED = snapshots.encode(REPORT)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(download.time, "sleep", lambda seconds: None)


def publish(root, **more):
    files = {DATA: snapshots.encode(REPORT), "index.html": b"page", POINTER: pointer_to(REPORT, {}), **more}
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    listed = {name: PublishedFile(sha256(content), len(content)) for name, content in files.items()}
    (root / MANIFEST).write_bytes(manifest.encode(Manifest(REPORT.id, AT, listed, {})))
    return Folder(root)


def restore(source, out, scope=None):
    out.mkdir(exist_ok=True)
    return Downloader(source, out, empty_index(), scope or Scope(), Quiet()).run(read_state(source))


def test_an_empty_folder_gets_what_the_next_build_needs(tmp_path):
    found = restore(publish(tmp_path / "site"), tmp_path / "out")
    assert (found.report, set(found.contents)) == (REPORT.id, {DATA})
    assert found.is_behind
    assert not found.keeps_own


def test_files_that_the_folder_has_are_not_read_again(tmp_path):
    source, out = publish(tmp_path / "site"), tmp_path / "out"
    (out / DATA).parent.mkdir(parents=True)
    (out / DATA).write_bytes(snapshots.encode(REPORT))
    assert set(restore(source, out, Scope(everything=True)).contents) == {"index.html"}


def test_a_folder_that_includes_the_published_state_keeps_its_own_files(tmp_path):
    source, out = publish(tmp_path / "site"), tmp_path / "out"
    (out / DATA).parent.mkdir(parents=True)
    (out / DATA).write_bytes(b"the folder may be ahead")
    folder_state.add_states(out, read_state(source).token)
    found = restore(source, out)
    assert found.keeps_own
    assert not found.is_behind
    assert DATA not in found.contents


def test_a_publication_that_ends_meanwhile_is_waited_for(tmp_path):
    class Busy(Folder):
        """Its snapshot is torn until it was read once."""

        def read(self, name, most=None):
            stored = super().read(name, most)
            if name == DATA and not self.was_read:
                self.was_read = True
                return replace(stored, content=stored.content[:100])
            return stored

        was_read = False

    publish(tmp_path / "site")
    assert restore(Busy(tmp_path / "site"), tmp_path / "out").contents[DATA] == snapshots.encode(REPORT)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.write_bytes(b"cut"), "does not match manifest.json"),
        (lambda path: path.unlink(), "is missing, though manifest.json lists it"),
        (
            lambda path: path.write_bytes(path.read_bytes() + b" "),
            rf"does not match manifest\.json: it has {len(ENCODED) + 1:,} bytes, and {len(ENCODED):,} are listed",
        ),
    ],
)
def test_a_damaged_file_ends_the_restore_before_anything_is_written(tmp_path, spoil, message):
    source = publish(tmp_path / "site")
    spoil(tmp_path / "site" / DATA)
    with pytest.raises(PublishFailed, match=f"{message}.*; nothing was written"):
        restore(source, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_index_that_lost_the_newest_report_does_not_start_a_new_archive(tmp_path):
    empty = archive_index.encode(empty_index())
    source = publish(tmp_path / "site", **{FROZEN_PAGE.path(REPORT.id): b"frozen", INDEX: empty})
    with pytest.raises(PublishFailed, match="does not list the report") as error:
        restore(source, tmp_path / "out")
    assert "publish again from a folder that has it" in error.value.hint


def test_every_file_is_bounded_by_its_size_in_the_manifest_and_the_others_by_their_kind(tmp_path):
    class Noting(Folder):
        def read(self, name, most=None):
            bounds[name] = most
            return super().read(name, most)

    bounds = {}
    restore(publish(tmp_path / "site", **{"index.html": b"page"}), tmp_path / "out", Scope(everything=True))
    restore(Noting(tmp_path / "site"), tmp_path / "fresh", Scope(everything=True))
    assert bounds == {POINTER: None, MANIFEST: None, DATA: len(ENCODED), "index.html": len(b"page")}
