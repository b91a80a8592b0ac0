"""A folder as target: publish, restore, verify, through the functions and through the command line."""

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sresnap.documents import archive_index, folder_state, manifest
from sresnap.documents.files import sha256
from sresnap.errors import ExitCode, PublishConflict, PublishFailed, SresnapError, UsageError
from sresnap.model.archive import Keep
from sresnap.model.windows import DAY, HOUR, MINUTE
from sresnap.publish.targets.folder import Folder
from tests.integration import sites
from tests.integration.killing import SOAK, Killed, Killing
from tests.integration.sites import AT

KILLED = 77


@pytest.fixture
def www(tmp_path):
    return Folder(tmp_path / "www")


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def shown(folder):
    return {name: content for name, content in tree(folder).items() if not name.startswith(".")}


def test_the_target_holds_the_folders_files_and_a_manifest(out, www):
    report = sites.build(out, 0)
    done = sites.publish(www, out)
    assert shown(www.root) == shown(out)
    published = manifest.decode((www.root / "manifest.json").read_bytes(), "manifest.json")
    assert {*published.files, "manifest.json"} == set(shown(out))
    assert done.sent_files[-1] == "latest.json"
    assert [name.replace(report, "ID") for name in done.sent_files] == [
        "assets/app.0000000000.css",
        "archive/ID/index.html",
        "history/2026/11/2026-11-22.json",
        "snapshots/ID.json",
        "archive/index.json",
        "index.html",
        "services/s0/index.html",
        "services/s1/index.html",
        "feed.xml",
        "latest.json",
    ]


def test_unchanged_files_are_not_sent(out, www):
    sites.publish(www, out)
    assert sites.publish(www, out).sent_files == ()
    os.utime(out / "index.html")
    (out / "feed.xml").write_bytes(b"<feed>other</feed>")
    assert sites.publish(www, out).sent_files == ("feed.xml",)


def test_a_dry_run_lists_and_changes_nothing(out, www):
    done = sites.publish(www, out, dry_run=True)
    assert len(done.sent_files) == 10
    assert not www.root.exists()
    assert not (out / ".sresnap-state.json").exists()


def test_a_page_that_the_site_no_longer_has_is_deleted_after_the_grace_period(out, www):
    sites.publish(www, out, AT)
    (out / "services/s1/index.html").unlink()
    assert sites.publish(www, out, AT + HOUR).deleted_files == ()
    sites.build(out, 1, pages=2)
    assert sites.publish(www, out, AT + HOUR).deleted_files == ()
    assert (www.root / "services/s1/index.html").exists()
    sites.build(out, 2, pages=2)
    assert sites.publish(www, out, AT + HOUR + DAY).deleted_files == ("services/s1/index.html",)
    assert not (www.root / "services/s1").exists()
    assert not sites.verify(www).wrong


def test_a_file_that_comes_back_within_the_grace_period_stays(out, www):
    page = (out / "services/s1/index.html").read_bytes()
    sites.publish(www, out, AT)
    (out / "services/s1/index.html").unlink()
    sites.build(out, 1, pages=2)
    sites.publish(www, out, AT)
    sites.build(out, 2)
    sites.publish(www, out, AT + 2 * DAY)
    assert (www.root / "services/s1/index.html").read_bytes() != page


def test_reports_history_and_assets_are_never_deleted_for_not_being_in_the_folder(out, www, tmp_path):
    sites.publish(www, out, AT)
    before = {name for name in shown(www.root) if name.startswith(("snapshots", "history", "assets"))}
    fresh = tmp_path / "fresh"
    for number in (1, 2, 3):
        sites.restore(www, fresh)
        sites.build(fresh, number)
        sites.publish(www, fresh, AT + number * 2 * DAY)
        for path in (fresh / "snapshots").iterdir():
            path.unlink()
    assert before <= set(shown(www.root))


def test_snapshots_that_the_archive_thinned_go_at_once(out, www):
    """With a report every five minutes, a day of them would be half a gigabyte, and no page refers to them."""
    keep = Keep(every=MINUTE, hourly=0, daily=0, weekly=0, monthly=0)
    old = sites.build(out, 0, keep=keep)
    sites.publish(www, out, AT)
    sites.build(out, 1, keep=keep)
    assert sites.publish(www, out, AT).deleted_files == ()
    sites.build(out, 2, keep=keep)
    assert sites.publish(www, out, AT).deleted_files == (f"snapshots/{old}.json",)
    assert not (www.root / f"snapshots/{old}.json").exists()
    assert (www.root / f"archive/{old}/index.html").read_bytes() == sites.SUMMARY


def test_restoring_fetches_what_the_next_build_needs_and_nothing_twice(out, www, tmp_path):
    first = sites.build(out, 0)
    sites.publish(www, out)
    fresh = tmp_path / "fresh"
    done = sites.restore(www, fresh)
    assert done.report == first
    assert set(done.fetched_files) == {sites.DAY_FILE, f"snapshots/{first}.json", "archive/index.json"}
    assert sites.restore(www, fresh).fetched_files == ()
    second = sites.build(fresh, 1)
    sites.publish(www, fresh)
    assert sites.chain(www) == [second, first]
    assert sites.reports(www.root) == [first, second]


def test_all_restores_the_pages_too(out, www, tmp_path):
    sites.publish(www, out)
    sites.restore(www, tmp_path / "copy", everything=True)
    assert shown(tmp_path / "copy") == shown(www.root)


def test_an_empty_target_stops_restoring_and_nothing_is_written(tmp_path):
    fresh = tmp_path / "fresh"
    with pytest.raises(PublishFailed) as raised:
        sites.restore(Folder(tmp_path / "elsewhere"), fresh)
    assert raised.value.exit_code is ExitCode.PUBLISH_FAILED
    assert raised.value.hint
    assert not fresh.exists()


def test_an_empty_target_is_accepted_with_first(www, tmp_path):
    assert sites.restore(www, tmp_path / "fresh", first=True).report is None


def test_a_target_that_lost_its_pointer_continues_by_its_manifest_with_first(out, www, tmp_path):
    first = sites.build(out, 0)
    sites.publish(www, out)
    (www.root / "latest.json").unlink()
    fresh = tmp_path / "fresh"
    with pytest.raises(PublishFailed, match="has lost its") as raised:
        sites.restore(www, fresh)
    assert "--first" in raised.value.hint
    assert sites.restore(www, fresh, first=True).report == first
    second = sites.build(fresh, 1)
    sites.publish(www, fresh)
    assert sites.chain(www) == [second, first]
    assert sites.verify(www).wrong == ()


def test_after_a_lost_pointer_only_a_folder_that_includes_the_last_report_is_published(out, www, tmp_path):
    sites.publish(www, out)
    (www.root / "latest.json").unlink()
    other = tmp_path / "other"
    sites.build(other, 1, by="two")
    before = tree(www.root)
    with pytest.raises(PublishFailed, match=r"has lost its latest\.json") as raised:
        sites.publish(www, other)
    assert raised.value.hint.startswith(f"`sresnap restore {www.shown} --out {other} --first`")
    assert tree(www.root) == before
    sites.publish(www, out)
    assert sites.verify(www, everything=True).wrong == ()


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_damaged_state_of_the_folder_ends_with_2_as_any_damaged_input_does(out, www, dry_run):
    (out / ".sresnap-state.json").write_text('{"schema": "sresnap/folder/1", "files": 3}')
    with pytest.raises(UsageError, match=r"files is not an object.*nothing was sent"):
        sites.publish(www, out, dry_run=dry_run)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_a_folder_with_a_damaged_state_is_not_restored_into(out, www, tmp_path, dry_run, first):
    sites.build(out, 0)
    sites.publish(www, out)
    if first:  # a publisher was killed before it wrote the first pointer
        (www.root / "latest.json").unlink()
        content = json.loads((www.root / "manifest.json").read_bytes())
        (www.root / "manifest.json").write_text(json.dumps({**content, "report": None}))
    state = tmp_path / "new" / ".sresnap-state.json"
    state.parent.mkdir()
    state.write_text('{"schema": "sresnap/folder/1", "files": 3}')
    with pytest.raises(UsageError, match="files is not an object"):
        sites.restore(www, state.parent, first=first, dry_run=dry_run)
    assert list(state.parent.iterdir()) == [state]


def test_a_publication_counts_though_the_folder_cannot_note_it(out, www, monkeypatch):
    def full(*_):
        raise SresnapError("cannot write public/manifest.json: No space left on device")

    monkeypatch.setattr("sresnap.app.publish.files.write_changed", full)
    done = sites.publish(www, out)
    others, note = done.notes
    assert "only its owner may enter" in others  # pytest's folder
    assert note == "the site is published, but cannot write public/manifest.json: No space left on device"
    assert sites.verify(www).wrong == ()


def test_the_newest_snapshot_is_not_read_again_if_the_folder_has_it(out, www, tmp_path):
    report = sites.build(out, 0)
    sites.publish(www, out)

    names_read = []

    class Counting(Folder):
        def read(self, name, most=None):
            names_read.append(name)
            return super().read(name, most)

    assert sites.restore(Counting(www.root), out).report == report
    assert names_read == ["latest.json", "manifest.json"]


def test_a_folder_that_does_not_include_the_published_report_does_not_overwrite_it(out, www, tmp_path):
    sites.publish(www, out)
    other = tmp_path / "other"
    sites.build(other, 1, by="two")
    before = tree(www.root)
    with pytest.raises(PublishConflict) as raised:
        sites.publish(www, other)
    assert raised.value.exit_code == 6
    assert "sresnap restore" in raised.value.hint
    assert tree(www.root) == before


def test_the_next_run_of_the_loser_includes_the_winners_report(out, www, tmp_path):
    first = sites.build(out, 0)
    sites.publish(www, out)
    other = tmp_path / "other"
    sites.restore(www, other)
    second = sites.build(out, 1)
    sites.publish(www, out)
    unpublished = sites.build(other, 2, by="two")
    with pytest.raises(PublishConflict):
        sites.publish(www, other)
    done = sites.restore(www, other)
    assert f"snapshots/{unpublished}.json" in done.moved_files
    assert len(list((other / ".sresnap-unpublished").rglob(f"{unpublished}.json"))) == 1
    third = sites.build(other, 3, by="two")
    sites.publish(www, other)
    assert sites.chain(www) == [third, second, first]
    assert sites.reports(www.root) == [first, second, third]


def test_restoring_into_a_folder_that_is_ahead_takes_nothing_from_it(out, www):
    sites.publish(www, out)
    ahead = sites.build(out, 1)
    before = shown(out)
    sites.restore(www, out)
    assert {**shown(out), "manifest.json": b""} == {**before, "manifest.json": b""}
    assert sites.publish(www, out).report == ahead


def test_foreign_files_are_not_replaced_unless_forced(out, www):
    www.root.mkdir()
    (www.root / "index.html").write_text("my shop")
    (www.root / "shop.html").write_text("mine")
    with pytest.raises(PublishFailed, match=r"index\.html") as raised:
        sites.publish(www, out)
    assert "--force-foreign" in raised.value.hint
    assert [p.name for p in sorted(www.root.iterdir())] == ["index.html", "shop.html"]
    sites.publish(www, out, force_foreign=True)
    assert (www.root / "shop.html").read_text() == "mine"
    sites.build(out, 1)
    sites.publish(www, out, AT + 9 * DAY)
    assert (www.root / "shop.html").read_text() == "mine"


def test_a_site_is_not_published_into_itself(out):
    for target in (out, out / "www", out.parent):
        with pytest.raises(UsageError, match="overlap"):
            sites.publish(Folder(target), out)


def test_a_manifest_cannot_lead_out_of_the_site(out, www, tmp_path):
    sites.publish(www, out)
    path = www.root / "manifest.json"
    path.write_text(path.read_text().replace('"feed.xml"', '"../../outside"'))
    with pytest.raises(PublishFailed, match=r"manifest\.json is damaged: files\.\.\./\.\./outside"):
        sites.restore(www, tmp_path / "fresh")


@pytest.mark.parametrize("what", ["pipe", "device", "huge"])
def test_a_published_file_without_an_end_is_refused_before_it_is_read(out, www, tmp_path, what):
    sites.publish(www, out)
    path = www.root / "latest.json"
    path.unlink()
    if what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        with path.open("wb") as file:
            file.truncate(10**12)  # sparse
    with pytest.raises(PublishFailed, match=r"latest\.json(: it is a device or a pipe| is larger than 10 MB)"):
        sites.restore(www, tmp_path / "fresh")


def test_verifying_names_every_file_that_is_not_served_as_published(out, www):
    report = sites.build(out, 0)
    sites.publish(www, out)
    found = sites.verify(www, report=report)
    assert (found.wrong, found.report, found.files) == ((), report, 11)
    (www.root / "index.html").write_text("defaced")
    (www.root / "services/s0/index.html").unlink()
    wrong = sites.verify(www).wrong
    assert len(wrong) == 2
    assert any(text.startswith("index.html is not served as it was published") for text in wrong)
    assert "services/s0/index.html is not served" in wrong


def test_verifying_finds_a_report_that_does_not_follow_the_previous_one(out, www):
    first = sites.build(out, 0)
    sites.publish(www, out)
    sites.build(out, 1)
    sites.publish(www, out)
    published = manifest.decode((www.root / "manifest.json").read_bytes(), "manifest.json")
    name = f"snapshots/{first}.json"
    (www.root / name).write_bytes(b"{}")
    files = {**published.files, name: manifest.PublishedFile(sha256(b"{}"), 2)}
    (www.root / "manifest.json").write_bytes(manifest.encode(manifest.Manifest(published.report, AT, files, {})))
    assert any("follows another" in text for text in sites.verify(www).wrong)


def test_verifying_waits_for_a_report_to_be_served(out, www):
    sites.publish(www, out)
    new = sites.build(out, 1)
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        sites.publish(www, out)

    assert sites.verify(www, report=new, wait_seconds=60, sleep=pause).wrong == ()
    assert len(pauses) == 1


WRITES = 16
"""Of a report at midnight that thins another one: the manifest, an asset, 5 of data, the index, 3 pages and the feed,
the pointer, two deletes, the manifest."""
SOME = {False: (1, 2, 4, 8, 10, 13, 14, 16), True: (1, 3, 7, 9, 12, 13, 15, 16)}
"""Each kind of write, before and after it. `make soak` has all."""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A target and a folder with three reports, and a fourth one that is only built: at midnight, to begin a day."""
    root = tmp_path_factory.mktemp("published")
    keep = Keep(every=DAY, hourly=0, daily=0, weekly=0, monthly=0)
    www, out = Folder(root / "www"), root / "public"
    reports = [sites.build(out, number, keep=keep) for number in (-1300, 0, sites.MIDNIGHT - 1)]
    sites.publish(www, out)
    reports.append(sites.build(out, sites.MIDNIGHT))
    (out / "feed.xml").unlink()  # so that there is something to delete
    assert archive_index.load(out).thinned == {"2026-11-21": 1}
    return root, reports


def killed(target, out, writes, *, after):
    """Whether the publisher got as far as the write at which it dies."""
    try:
        sites.publish(Killing(target, writes, after=after), out, grace_seconds=0)
    except Killed:
        return True
    return False


def assert_completes(target, folder, number):
    """Assert that a job on an empty machine continues and that all is well."""
    sites.restore(target, folder)
    known = sites.reports(folder)
    newest = sites.build(folder, number)
    sites.publish(target, folder, grace_seconds=0)
    assert sites.read_whole(target) == newest
    assert sites.reports_of(target) == [*known, newest]
    assert {*sites.archived(target)} <= {*sites.reports_of(target)}  # the history may have one that was never archived
    assert {sites.page_of(target, name) for name in ("index.html", "services/s0/index.html")} == {newest}
    assert sites.verify(target, everything=True).wrong == ()


@pytest.mark.parametrize("after", [False, True])
def test_a_publisher_that_is_killed_at_any_write_leaves_a_whole_report_and_the_next_run_completes(
    published, tmp_path, after
):
    root, reports = published
    for writes in range(1, WRITES + 1) if SOAK else SOME[after]:
        copy = tmp_path / f"{writes}"
        shutil.copytree(root, copy)
        target = Folder(copy / "www")
        assert killed(target, copy / "public", writes, after=after)
        assert sites.read_whole(target) in reports[-2:]
        assert set(reports[:3]) <= set(sites.archived(target))
        assert_completes(target, copy / "fresh", sites.MIDNIGHT + 1)
    shutil.copytree(root, tmp_path / "whole")
    assert not killed(Folder(tmp_path / "whole/www"), tmp_path / "whole/public", WRITES + 1, after=after)


def test_publishers_killed_one_after_the_other_leave_a_target_that_the_next_one_completes(published, tmp_path):
    root, reports = published
    every = range(1, WRITES)
    # Each kind of write once as the first one and once as the second.
    mixed = [(1, 13), (2, 8), (5, 14), (8, 1), (10, 2), (13, 10), (14, 5)]
    for first, second in itertools.product(every, every) if SOAK else mixed:
        copy = tmp_path / f"{first}-{second}"
        shutil.copytree(root, copy)
        target = Folder(copy / "www")
        assert killed(target, copy / "public", first, after=True)
        sites.restore(target, copy / "two")
        sites.build(copy / "two", sites.MIDNIGHT + 1)
        killed(target, copy / "two", second, after=True)
        assert sites.read_whole(target, killed=2) is not None
        assert set(reports[:3]) <= set(sites.archived(target))
        assert_completes(target, copy / "three", sites.MIDNIGHT + 2)


SCRIPT = f"""
import os, sys
from pathlib import Path
from sresnap.app.publish import PublishRequest, publish
from sresnap.progress import Quiet
from sresnap.publish.targets.folder import Folder
from tests.integration.killing import Killing

for line in sys.stdin:
    target, out, writes = line.split()
    if (process := os.fork()) == 0:
        target = Killing(Folder(Path(target)), int(writes), after=True, die=lambda: os._exit({KILLED}))
        publish(target, Path(out), {AT}, PublishRequest(), Quiet())
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def process():
    """Runs publishers that die, each in its own process: a copy of one that has imported everything."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as parent:  # fmt: skip

        def code(target, out, writes):
            print(target, out, writes, file=parent.stdin, flush=True)
            return int(parent.stdout.readline())

        yield code


@pytest.mark.parametrize("writes", [1, 4, 7, 9] if SOAK else [1, 9])
def test_a_process_that_is_gone_at_once_leaves_no_lock_and_the_same_folder_completes(process, tmp_path, writes):
    www, out = Folder(tmp_path / "www"), tmp_path / "public"
    first = sites.build(out, 0)
    sites.publish(www, out)
    second = sites.build(out, 1)
    assert process(www.root, out, writes) == KILLED
    assert sites.read_whole(www) in (first, second)
    sites.publish(www, out)
    assert sites.read_whole(www) == second
    assert not sites.verify(www).wrong


def test_the_commands_report_what_they_did(tmp_path, command):
    out = tmp_path / "public"
    report = sites.build(out, 0)
    assert "no folder" in command("publish", "www", "--out", "elsewhere").stderr
    done = command("publish", "file:www")
    assert (done.returncode, done.stderr.count("\n"), "only its owner may enter" in done.stderr) == (0, 1, True)
    assert f"report {report}, 10 files" in done.stdout
    assert "nothing to send" in command("publish", "file:www").stdout
    result = json.loads(command("publish", "www", "--json").stdout)
    assert (result["report"], result["sent_files"]) == (report, [])
    assert command("verify", "www", "--id", report).returncode == 0
    done = command("verify", "www", "--id", "20200101T000000Z")
    assert (done.returncode, report in done.stderr) == (7, True)
    assert json.loads(command("verify", "www", "--json").stdout)["wrong"] == []
    done = command("restore", "www", "--out", "fresh")
    assert (done.returncode, report in done.stdout) == (0, True)
    done = command("restore", "nowhere")
    assert (done.returncode, "--first" in done.stderr, "Traceback" in done.stderr) == (5, True, False)
    done = command("publish", "ftp://host/x")
    assert (done.returncode, "s3://" in done.stderr) == (2, True)
    done = command("publish", "https://user:hunter2@host/x")
    assert (done.returncode, "hunter2" in done.stderr) == (2, False)


def test_a_later_build_knows_which_pages_restore_brought(out, www, tmp_path):
    (out / "CNAME").write_text("status.example")
    sites.build(out, 0)
    sites.publish(www, out)
    sites.restore(www, tmp_path / "again", everything=True)
    known = folder_state.load(tmp_path / "again").files
    assert set(known) == {"index.html", "services/s0/index.html", "services/s1/index.html", "feed.xml"}
    assert known["index.html"] == (sha256((out / "index.html").read_bytes()),)
