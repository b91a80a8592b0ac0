"""The order of writes: a reader always gets a whole report, and a killed publisher leaves a list of what it did."""

import pytest

from sresnap.documents import manifest
from sresnap.documents.files import sha256
from sresnap.documents.layout import MANIFEST, POINTER, SNAPSHOT
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.errors import PublishConflict, PublishFailed
from sresnap.progress import Quiet
from sresnap.publish.plan import make_plan
from sresnap.publish.site_folder import LocalFile, LocalSite
from sresnap.publish.state import read_state
from sresnap.publish.targets.folder import Folder
from sresnap.publish.writer import Writer
from tests.archives import AT

REPORT = "20261122T213000Z"
OLD = "20261122T212500Z"


class Recorded(Folder):
    """A folder that notes its writes."""

    def __init__(self, root, *, atomic=False):
        super().__init__(root)
        self.atomic = atomic
        self.writes = []

    def put(self, name, content, headers):
        self.writes.append(name)
        super().put(name, content, headers)

    def delete(self, name):
        self.writes.append(f"-{name}")
        super().delete(name)


class Lasting:
    def check(self):
        pass


class Lost:
    def check(self):
        raise PublishConflict("another publisher took over")


def site(root, **files):
    contents = {name: content.encode() for name, content in files.items()}
    for name, content in contents.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return LocalSite(root, REPORT, {name: LocalFile(sha256(one), len(one)) for name, one in contents.items()})


def new_site(tmp_path):
    return site(
        tmp_path / "site",
        **{SNAPSHOT.path(REPORT): "data", "index.html": "page", "assets/app.0123456789.css": "css", POINTER: "points"},
    )


def published(target):
    """A target that has the report before, and a page that the site no longer has."""
    files = {"index.html": b"old page", "services/gone/index.html": b"gone", POINTER: b"old pointer"}
    for name, content in files.items():
        target.root.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        target.root.joinpath(name).write_bytes(content)
    listed = {name: PublishedFile(sha256(content), len(content)) for name, content in files.items()}
    listed["services/gone/index.html"] = PublishedFile(sha256(b"gone"), 4, unwanted_since=AT)
    before = Manifest(OLD, AT, listed, {})
    (target.root / MANIFEST).write_bytes(manifest.encode(before))
    return before


def write(target, local, hold=None):
    state = read_state(target)
    plan = make_plan(local, state.manifest, AT + 86_400, grace_seconds=86_400)
    writer = Writer(target, hold or Lasting(), local, Quiet())
    writer.write(plan, state)
    return writer


def test_the_manifest_announces_the_files_then_data_pages_pointer_deletions_and_the_manifest_again(tmp_path):
    target = Recorded(tmp_path / "target")
    published(target)
    write(target, new_site(tmp_path))
    first, last = target.writes.index(MANIFEST), len(target.writes) - 1
    order = [name for name in target.writes if not name.startswith("assets/")]
    assert order == [
        MANIFEST,
        SNAPSHOT.path(REPORT),
        "index.html",
        POINTER,
        "-services/gone/index.html",
        MANIFEST,
    ]
    assert target.writes.index("assets/app.0123456789.css") < target.writes.index("index.html")
    assert (first, target.writes[last]) == (0, MANIFEST)
    after = read_state(target).manifest
    assert after.report == REPORT
    assert after.pending == {}
    assert set(after.files) == set(new_site(tmp_path).files)


def test_a_target_that_changes_as_a_whole_gets_the_pointer_last(tmp_path):
    target = Recorded(tmp_path / "target", atomic=True)
    published(target)
    write(target, new_site(tmp_path))
    assert target.writes[-2:] == [MANIFEST, POINTER]
    assert target.writes.count(MANIFEST) == 1


def test_a_file_that_another_process_changed_is_not_deleted(tmp_path):
    target = Recorded(tmp_path / "target")
    published(target)
    (target.root / "services/gone/index.html").write_text("by hand")
    writer = write(target, new_site(tmp_path))
    assert writer.skipped == ["services/gone/index.html"]
    assert (target.root / "services/gone/index.html").read_text() == "by hand"


class Undeletable(Recorded):
    """A target whose key lacks the right to delete."""

    def delete(self, name):
        raise PublishFailed(f"s3://b refuses {name}: HTTP 403", "the key needs DeleteObject")


def test_f12_a_failed_deletion_is_said_and_tried_again(tmp_path):
    target = Undeletable(tmp_path / "target")
    published(target)
    writer = write(target, new_site(tmp_path))
    (note,) = writer.notes()
    assert note.startswith("services/gone/index.html could not be deleted, and the next publication tries again: s3:")
    assert note.endswith("the key needs DeleteObject")
    after = read_state(target).manifest
    assert (after.report, after.pending) == (REPORT, {})
    assert after.files["services/gone/index.html"].unwanted_since == AT
    plan = make_plan(new_site(tmp_path), after, AT + 86_401, grace_seconds=86_400)
    assert plan.deletes == ("services/gone/index.html",)


def test_a_publisher_that_has_lost_its_hold_writes_nothing(tmp_path):
    target = Recorded(tmp_path / "target")
    published(target)
    with pytest.raises(PublishConflict, match="took over"):
        write(target, new_site(tmp_path), Lost())
    assert target.writes == []


def test_a_pointer_that_another_publisher_moved_meanwhile_stays(tmp_path):
    target = Recorded(tmp_path / "target")
    published(target)
    local = new_site(tmp_path)
    state = read_state(target)
    (target.root / POINTER).write_text("moved by another one")
    plan = make_plan(local, state.manifest, AT, grace_seconds=86_400)
    with pytest.raises(PublishConflict, match=r"latest\.json"):
        Writer(target, Lasting(), local, Quiet()).write(plan, state)
    assert (target.root / POINTER).read_text() == "moved by another one"
    assert read_state(target).manifest.pending, "the next run knows what this one wrote"
