"""To publish, a folder must include the target's whole state, not only its newest report."""

import dataclasses
import shutil
import threading
from dataclasses import replace

import pytest

from sresnap.app import archive, archived_reports
from sresnap.documents import archive_index, folder_state, manifest
from sresnap.documents.files import sha256
from sresnap.documents.layout import FROZEN_PAGE, INDEX, SNAPSHOT
from sresnap.errors import PublishConflict, PublishFailed, UsageError
from sresnap.model.archive import Keep, Pin, empty_index
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from sresnap.publish.targets.bucket import Bucket
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.lease import Timing
from tests.integration import sites
from tests.integration.object_stores import BUCKET, environment
from tests.integration.s3_faults import Fault, StoreProxy
from tests.integration.sites import AT

EACH_HOUR = Keep(every=2 * HOUR, hourly=0, daily=0, weekly=0, monthly=0)


@pytest.fixture
def www(tmp_path):
    return Folder(tmp_path / "www")


@pytest.fixture
def out(tmp_path, www):
    """A folder whose first report is published."""
    sites.build(tmp_path / "public", 0)
    sites.publish(www, tmp_path / "public")
    return tmp_path / "public"


def pinned(folder, report, note):
    """Add a pin to the index, as `archive pin` does. The pages stay as the small site has them."""
    index = archive_index.load(folder)
    pin = Pin(archived_reports.find_report(index, report).id, note, parse_time("2026-11-22T22:00:00Z"))
    (folder / INDEX).write_bytes(archive_index.encode(dataclasses.replace(index, pins=(*index.pins, pin))))


def test_another_publishers_report_of_the_past_is_not_lost_even_if_the_pointer_stays(out, www, tmp_path):
    first = sites.build(out, 0)
    sites.restore(www, tmp_path / "other")
    past = sites.build(tmp_path / "other", -60, by="two")
    sites.publish(www, tmp_path / "other")
    assert sites.read_whole(www) == first
    new = sites.build(out, 1)
    with pytest.raises(PublishConflict, match=r"nothing was changed") as raised:
        sites.publish(www, out)
    assert "sresnap restore" in raised.value.hint
    assert sites.archived(www) == [past, first]
    done = sites.restore(www, out)
    assert f"snapshots/{new}.json" in done.moved_files
    newer = sites.build(out, 2)
    sites.publish(www, out)
    assert sites.archived(www) == [past, first, newer]
    assert set(sites.reports_of(www)) == {past, first, newer}
    assert sites.verify(www, everything=True).wrong == ()


def test_a_folder_that_was_restored_and_not_built_in_deletes_no_page(out, www, tmp_path):
    pages = sorted(path.relative_to(www.root) for path in www.root.rglob("*.html"))
    for days in (0, 2):
        fresh = tmp_path / f"fresh{days}"
        sites.restore(www, fresh)
        pinned(fresh, "latest", f"seen on day {days}")
        assert sites.publish(www, fresh, AT + days * DAY, grace_seconds=0).deleted_files == ()
    assert sorted(path.relative_to(www.root) for path in www.root.rglob("*.html")) == pages
    assert [pin.note for pin in archive_index.load(www.root).pins] == ["seen on day 0", "seen on day 2"]
    assert sites.verify(www, everything=True).wrong == ()


def test_a_report_that_another_publisher_pinned_keeps_its_page(www, tmp_path):
    out, other = tmp_path / "stays", tmp_path / "other"
    reports = [sites.build(out, hour * 60, keep=EACH_HOUR) for hour in range(3)]
    sites.publish(www, out)
    frozen = (www.root / FROZEN_PAGE.path(reports[0])).read_bytes()
    sites.restore(www, other, everything=True)
    pinned(other, reports[0], "the outage")
    sites.publish(www, other)
    sites.build(out, 180)
    assert archive_index.load(out).entry(reports[0]) is None
    with pytest.raises(PublishConflict):
        sites.publish(www, out)
    sites.restore(www, out)
    sites.build(out, 181)
    sites.publish(www, out)
    assert archive_index.load(www.root).entry(reports[0]) is not None
    assert (www.root / FROZEN_PAGE.path(reports[0])).read_bytes() == frozen
    assert sites.verify(www, everything=True).wrong == ()


def test_on_machines_that_keep_nothing_only_thinned_snapshots_are_deleted(www, tmp_path):
    made = []
    for number in range(6):
        fresh = tmp_path / f"fresh{number}"
        sites.restore(www, fresh, first=number == 0)
        made.append(sites.build(fresh, number * 60, keep=EACH_HOUR))
        sites.publish(www, fresh, AT + number * HOUR)
        shutil.rmtree(fresh)
    kept = [entry.id for entry in archive_index.load(www.root).entries]
    assert kept == made[-3:]
    assert sorted(path.stem for path in (www.root / "snapshots").iterdir()) == kept
    assert sites.archived(www) == made
    assert sites.verify(www, everything=True).wrong == ()


def test_a_published_report_is_not_built_again(out, www, tmp_path):
    report = sites.build(out, 0)
    before = {name: (www.root / name).read_bytes() for name in (f"snapshots/{report}.json", FROZEN_PAGE.path(report))}
    fresh = tmp_path / "fresh"
    sites.restore(www, fresh)
    sites.build(fresh, 0, by="two")
    sites.publish(www, fresh)
    assert {name: (www.root / name).read_bytes() for name in before} == before


def test_an_unpublished_report_is_built_again(tmp_path, www):
    out = tmp_path / "public"
    report = sites.build(out, 0)
    sites.build(out, 0, by="two")
    sites.publish(www, out)
    assert b"by two" in (www.root / FROZEN_PAGE.path(report)).read_bytes()
    assert sites.verify(www, everything=True).wrong == ()


def test_a_folder_without_its_reports_does_not_replace_a_target_that_lost_its_pointer(out, www, tmp_path):
    (www.root / "latest.json").unlink()
    sites.build(tmp_path / "fresh", 9)
    with pytest.raises(PublishFailed, match=r"has lost its latest\.json") as raised:
        sites.publish(www, tmp_path / "fresh")
    assert "--first" in raised.value.hint
    assert not (www.root / "latest.json").exists()


def without_archive(folder, older):
    shutil.rmtree(folder / "archive")


def begun_again(folder, older):
    (folder / INDEX).write_bytes(archive_index.encode(replace(empty_index(), title="Acme")))


def rolled_back(folder, older):
    (folder / INDEX).write_bytes(older)


@pytest.mark.parametrize("lose", [without_archive, begun_again, rolled_back])
def test_an_archive_that_the_folder_lost_does_not_replace_the_published_one(out, www, lose):
    older = (out / INDEX).read_bytes()
    for number in (1, 2, 3):
        sites.build(out, number)
        sites.publish(www, out)
    before = sites.archived(www)
    lose(out, older)
    sites.build(out, 4)
    with pytest.raises(PublishFailed, match="does not continue the archive of") as raised:
        sites.publish(www, out)
    assert "sresnap restore" in raised.value.hint
    assert sites.archived(www) == before
    sites.restore(www, out)
    new = sites.build(out, 5)
    sites.publish(www, out)
    assert sites.archived(www) == [*before, new]
    assert sites.verify(www, everything=True).wrong == ()


@pytest.mark.parametrize("spoil", ["emptied", "gone"])
def test_a_published_archive_without_an_index_is_not_replaced_by_a_new_one(out, www, tmp_path, spoil):
    empty = archive_index.encode(replace(empty_index(), title="Acme"))
    published = manifest.decode((www.root / "manifest.json").read_bytes(), "manifest.json")
    files = {name: entry for name, entry in published.files.items() if name != INDEX}
    (www.root / INDEX).unlink()
    if spoil == "emptied":
        (www.root / INDEX).write_bytes(empty)
        files[INDEX] = manifest.PublishedFile(sha256(empty), len(empty))
    (www.root / "manifest.json").write_bytes(manifest.encode(dataclasses.replace(published, files=files)))
    with pytest.raises(PublishFailed, match=r"index\.json does not list the report") as raised:
        sites.restore(www, tmp_path / "fresh")
    assert "put the right" in raised.value.hint
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("name", ["snapshots/{}.json", "archive/{}/index.html"])
def test_an_edited_report_is_not_published(out, www, name):
    report = sites.build(out, 1)
    path = out / name.format(report)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(UsageError, match="was changed after it was archived"):
        sites.publish(www, out)
    assert sites.read_whole(www) != report


def test_an_edited_report_is_not_published_even_if_it_would_be_thinned(out, www):
    first = sites.reports(out)[0]
    page = out / FROZEN_PAGE.path(first)
    page.write_text("<html>all was well</html>")
    sites.build(out, 1, keep=Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0))
    with pytest.raises(UsageError, match=f"{first}/index.html was changed after it was archived"):
        sites.publish(www, out)


@pytest.mark.parametrize("name", ["snapshots/{}.json", "archive/{}/index.html"])
def test_nothing_is_published_while_a_file_of_a_withdrawn_report_exists(www, tmp_path, name):
    folder = tmp_path / "whole"
    gone, _ = (sites.build(folder, -minutes) for minutes in (60, 0))
    path = folder / name.format(gone)
    before = path.read_bytes()
    archive.withdraw(folder, gone, "it named a host", AT)
    path.write_bytes(before + b"\n")
    with pytest.raises(UsageError, match="though its report was withdrawn") as raised:
        sites.publish(Folder(tmp_path / "target"), folder)
    assert f"archive withdraw {gone}" in raised.value.hint
    assert not (tmp_path / "target").exists()
    archive.withdraw(folder, gone, "it named a host", AT)
    sites.publish(Folder(tmp_path / "target"), folder)
    assert sites.verify(Folder(tmp_path / "target"), everything=True).wrong == ()


def test_a_report_withdrawn_on_one_machine_leaves_the_folder_of_another(tmp_path):
    target, one, two = Folder(tmp_path / "target"), tmp_path / "one", tmp_path / "two"
    gone, *_ = [sites.build(one, -back // MINUTE) for back in (9 * DAY, 2 * DAY, 0)]
    sites.publish(target, one)
    sites.restore(target, two, everything=True)
    archive.withdraw(one, gone, "it named a host", AT)
    sites.publish(target, one)
    sites.restore(target, two)
    sites.build(two, 60)
    sites.publish(target, two)
    assert not (two / SNAPSHOT.path(gone)).exists()
    assert b"it named a host" in target.read(FROZEN_PAGE.path(gone)).content
    assert target.read(SNAPSHOT.path(gone)) is None


def test_a_foreign_file_with_the_name_of_a_new_page_is_not_replaced_unless_forced(out, www):
    (www.root / "services/s2").mkdir()
    (www.root / "services/s2/index.html").write_text("mine")
    sites.build(out, 1, pages=4)
    with pytest.raises(PublishFailed, match=r"services/s2/index\.html that sresnap did not put there"):
        sites.publish(www, out)
    assert (www.root / "services/s2/index.html").read_text() == "mine"
    sites.publish(www, out, force_foreign=True)
    assert sites.verify(www).wrong == ()


def test_a_page_that_another_process_replaced_is_not_deleted(out, www):
    sites.build(out, 1, pages=2)
    (out / "services/s1/index.html").unlink()
    (www.root / "services/s1/index.html").write_text("mine now")
    done = sites.publish(www, out, AT, grace_seconds=0)
    assert (www.root / "services/s1/index.html").read_text() == "mine now"
    assert any("services/s1/index.html was changed there by another process" in note for note in done.notes)
    assert sites.verify(www).wrong == ()


@pytest.mark.parametrize("what", ["index", "page", "snapshot", "line"])
def test_verifying_finds_an_archive_that_was_changed_after_filing(out, www, what):
    first = archive_index.load(out).entries[0]
    sites.build(out, 1)
    sites.publish(www, out)
    name = {"page": FROZEN_PAGE.path(first.id), "snapshot": f"snapshots/{first.id}.json"}.get(what, INDEX)
    content = (www.root / name).read_bytes()
    content = content.replace(b'"problems":0', b'"problems":7', 1) if what == "line" else content + b" "
    (www.root / name).write_bytes(content)
    if what != "index":  # the forger adapts the manifest, too
        published = manifest.decode((www.root / "manifest.json").read_bytes(), "manifest.json")
        files = {**published.files, name: manifest.PublishedFile(sha256(content), len(content))}
        (www.root / "manifest.json").write_bytes(manifest.encode(dataclasses.replace(published, files=files)))
    assert sites.verify(www).wrong


class Late(StoreProxy):
    """Delays one of the manifests until it is released."""

    def __init__(self, upstream, number):
        super().__init__(upstream)
        self.number, self.arrived, self.go = number, threading.Event(), threading.Event()

    def take(self, method, path, *, conditional):
        if method == "PUT" and path.endswith("/manifest.json"):
            self.number -= 1
            if self.number == 0:
                self.arrived.set()
                self.go.wait(30)
        return super().take(method, path, conditional=conditional)


@pytest.mark.parametrize("number", [1, 2])
def test_late_writes_of_a_publisher_that_lost_its_lease_replace_nothing(seaweedfs, tmp_path, number):
    timing = Timing(lasts=1, settles=0.1, patience=20)
    with environment(seaweedfs):
        out, address = tmp_path / "public", f"s3://{BUCKET}/late{number}"
        sites.build(out, 0)
        sites.publish(Bucket(address, timing), out)
        sites.build(out, 1)
        with Late(seaweedfs, number) as proxy:
            with environment(proxy.url):
                slow = Bucket(address, timing)
            failed = []

            def run():
                try:
                    sites.publish(slow, out)
                except PublishConflict as error:
                    failed.append(error)

            thread = threading.Thread(target=run)
            thread.start()
            assert proxy.arrived.wait(20)
            other = tmp_path / "other"
            sites.restore(Bucket(address, timing), other)
            new = sites.build(other, 5, by="two")
            sites.publish(Bucket(address, timing), other)
            proxy.go.set()
            thread.join(30)
        target = Bucket(address, timing)
        assert len(failed) == 1
        assert sites.read_whole(target) == new
        assert sites.verify(target, everything=True).wrong == ()
        assert sites.restore(target, tmp_path / "third").report == new


def test_a_store_that_refuses_conditional_writes_counts_as_ignoring_them(seaweedfs, tmp_path):
    refusing = Fault("501", conditional=True, text="NotImplemented")
    with StoreProxy(seaweedfs, refusing) as proxy, environment(proxy.url):
        target = Bucket(f"s3://{BUCKET}/refusing", Timing(settles=0.1))
        report = sites.build(tmp_path / "public", 0)
        done = sites.publish(target, tmp_path / "public")
        assert sites.read_whole(target) == report
        assert any("ignores conditional writes" in note for note in done.notes)
        sites.build(tmp_path / "public", 1)
        sites.publish(target, tmp_path / "public")
        assert sites.verify(target).wrong == ()


def test_a_mirror_that_is_published_to_rarely_is_not_refused_as_another_publishers(out, www, tmp_path, monkeypatch):
    monkeypatch.setattr(folder_state, "_MOST_REPORTS", 5)
    monkeypatch.setattr(folder_state, "_MOST_STATES", 5)
    mirror = Folder(tmp_path / "mirror")
    sites.publish(mirror, out)
    for minute in range(5, 12):
        sites.build(out, minute)
        sites.publish(www, out)
    sites.publish(mirror, out)
    assert sites.archived(mirror) == sites.archived(www)
    assert sites.verify(mirror, everything=True).wrong == ()


def test_files_that_lost_against_another_publisher_twice_are_all_kept(out, www, tmp_path):
    other = tmp_path / "other"
    sites.restore(www, other)
    sites.publish(www, other)
    sites.build(out, 1)
    sites.publish(www, out)
    unpublished = []
    for minute, past in ((2, -60), (3, -120)):  # each time, the pointer stays on the report of minute 1
        unpublished.append(sites.build(other, minute, by="two"))
        sites.restore(www, other)
        sites.build(out, past)
        sites.publish(www, out)
    kept = [
        entry.id
        for path in (other / ".sresnap-unpublished").rglob("archive/index.json")
        for entry in archive_index.decode(path.read_bytes(), "x").entries
    ]
    assert set(unpublished) <= set(kept)


@pytest.mark.parametrize("pattern", ["assets/*.css", "snapshots/*.json", "history/*/*/*.json", "index.html"])
def test_a_file_that_the_target_lost_is_sent_again(out, www, pattern):
    path = next(www.root.glob(pattern))
    content = path.read_bytes()
    path.unlink()
    name = path.relative_to(www.root).as_posix()
    assert name in sites.publish(www, out).sent_files
    assert path.read_bytes() == content
    assert sites.verify(www, everything=True).wrong == ()
    assert sites.publish(www, out).sent_files == ()


def test_a_site_with_missing_files_is_not_published(out, www, tmp_path):
    new = sites.build(out, 1)
    sites.publish(www, out)
    bare, built = tmp_path / "bare", tmp_path / "built"
    for folder in (bare, built):
        sites.restore(www, folder)
    sites.build(built, 2)
    for folder, missing in ((bare, "index.html"), (built, r"archive/\w+/index.html")):
        elsewhere = Folder(tmp_path / f"for-{folder.name}")
        with pytest.raises(PublishFailed, match=rf"neither {folder} nor .* holds {missing} and \d+ more") as raised:
            sites.publish(elsewhere, folder)
        assert "restore TARGET --all" in raised.value.hint
        assert not elsewhere.root.exists()
    sites.restore(www, built, everything=True)
    sites.publish(elsewhere, built)
    assert new in sites.archived(elsewhere)
    assert sites.verify(elsewhere, everything=True).wrong == ()


def test_withdrawals_and_pins_are_repeated_after_another_publisher_was_first(tmp_path):
    www, one, two = Folder(tmp_path / "www"), tmp_path / "one", tmp_path / "two"
    for minute in (-120, -60, 0):
        sites.build(one, minute)
    sites.publish(www, one)
    sites.restore(www, two, everything=True)
    gone, kept = (archive_index.load(two).entries[position].id for position in (0, 1))
    archive.withdraw(two, gone, "it named a host", AT)
    archive.pin(two, kept, "the outage", AT)
    sites.build(one, 60)
    sites.publish(www, one)
    with pytest.raises(PublishConflict):
        sites.publish(www, two)
    assert sites.restore(www, two).carried_over == (gone, kept)
    sites.build(two, 120)
    sites.publish(www, two)
    index = archive_index.load(www.root)
    assert ([pin.note for pin in index.pins], index.entry(gone)) == (["the outage"], None)
    assert [(one.id, one.reason) for one in index.withdrawn] == [(gone, "it named a host")]
    assert not (www.root / SNAPSHOT.path(gone)).exists()
    assert "it named a host" in (www.root / FROZEN_PAGE.path(gone)).read_text()
    assert sites.verify(www, everything=True).wrong == ()
    assert sites.restore(www, two).carried_over == ()
