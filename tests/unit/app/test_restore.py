"""A folder is restored while builds write to it and a publisher replaces the site."""

import time

import pytest

from sresnap.app import restore as app_restore
from sresnap.documents import files, manifest, snapshots
from sresnap.documents.files import sha256, write_changed
from sresnap.documents.layout import MANIFEST, POINTER, SNAPSHOT
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.pointer import pointer_to
from sresnap.errors import PublishFailed
from sresnap.progress import Quiet
from sresnap.publish.restore_set import Scope
from sresnap.publish.targets.folder import Folder
from tests import factories

REPORT = factories.small()
CONTENTS = {SNAPSHOT.path(REPORT.id): snapshots.encode(REPORT), POINTER: pointer_to(REPORT, {})}


def publish(root, page):
    """Publish a site whose page has this content."""
    contents = {**CONTENTS, "index.html": page}
    listed = {name: PublishedFile(sha256(content), len(content)) for name, content in contents.items()}
    write_changed(root, {**contents, MANIFEST: manifest.encode(Manifest(REPORT.id, REPORT.at, listed, {}))})


@pytest.fixture
def before_writing(monkeypatch):
    """Functions that run just before the folder is locked to write what was read. To wait there is a failure."""
    hold, changes, calls = files.hold, [], []

    def hold_after(folder):
        calls.append(folder)
        if len(calls) > 1:  # the first lock is for the check of the folder's state
            for change in changes:
                change()
        return hold(folder)

    monkeypatch.setattr(app_restore.files, "hold", hold_after)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("waits under the lock"))
    return changes


def restore(source, out):
    request = app_restore.RestoreRequest(Scope(everything=True))
    return app_restore.restore(source, out, request, Quiet())


def test_a_site_that_changed_before_the_lock_is_read_again_and_nothing_waits_under_the_lock(tmp_path, before_writing):
    site, page = tmp_path / "site", tmp_path / "out" / "index.html"
    publish(site, b"old")
    write_changed(page.parent, {page.name: b"old"})  # the folder has the page, so it is not fetched at first

    def change():
        if page.exists():
            page.unlink()
            publish(site, b"new")

    before_writing.append(change)
    assert page.name in restore(Folder(site), page.parent).fetched_files
    assert page.read_bytes() == b"new"


class Rebuilt(Folder):
    """A site. Each time that its state is read, a build writes the page that it has now to another folder."""

    def __init__(self, root, page):
        super().__init__(root)
        self.page = page

    def read(self, name, most=None):
        if name == MANIFEST:
            write_changed(self.page.parent, {self.page.name: (self.root / self.page.name).read_bytes()})
        return super().read(name, most)


def test_a_site_that_changes_each_time_ends_after_three_times_and_nothing_is_written(tmp_path, before_writing):
    site, page, pages = tmp_path / "site", tmp_path / "out" / "index.html", []
    publish(site, b"0")

    def change():
        page.unlink()
        pages.append(b"%d" % (len(pages) + 1))
        publish(site, pages[-1])

    before_writing.append(change)
    with pytest.raises(PublishFailed, match=r"index\.html does not match manifest\.json .*; nothing was written"):
        restore(Rebuilt(site, page), page.parent)
    assert pages == [b"1", b"2", b"3"]
    assert [path.name for path in page.parent.iterdir()] == []
