"""A target that lost its manifest.json continues without loss, once a user asks for it with --first."""

import json
import subprocess

import pytest

from sresnap.documents import manifest
from sresnap.errors import PublishFailed
from sresnap.model.windows import DAY
from sresnap.publish.targets.branch import Branch
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.website import Website
from tests.integration import sites


@pytest.fixture
def www(tmp_path, out):
    """Two reports, foreign files, and no manifest."""
    target = Folder(tmp_path / "www")
    sites.publish(target, out)
    sites.build(out, 1)
    sites.publish(target, out)
    (target.root / "manifest.json").unlink()
    (target.root / "about.html").write_text("mine")
    (target.root / "archive/photo.jpg").write_text("mine")
    return target


def known(target):
    return set(manifest.decode(target.read("manifest.json").content, "manifest.json").files)


def test_a_fresh_machine_continues_from_the_published_files_with_first(www, tmp_path):
    second = sites.read_whole(www)
    fresh = tmp_path / "fresh"
    with pytest.raises(PublishFailed, match=rf"has lost its manifest\.json; its last report is {second}") as raised:
        sites.restore(www, fresh)
    assert "--first" in raised.value.hint
    done = sites.restore(www, fresh, first=True)
    assert (done.report, done.rebuilt_files) == (second, 12)
    third = sites.build(fresh, 2)
    assert "manifest.json; sresnap rebuilt it" in sites.publish(www, fresh).notes[0]
    assert sites.chain(www)[0] == third
    assert len(sites.chain(www)) == 3
    assert sites.verify(www, everything=True).wrong == ()
    assert {f"snapshots/{report}.json" for report in sites.chain(www)} <= known(www)


def test_a_folder_with_the_newest_report_rebuilds_the_manifest_even_if_nothing_else_changed(out, www):
    done = sites.publish(www, out)
    assert done.sent_files == ()
    assert "rebuilt it from the 13 files" in done.notes[0]
    assert sites.verify(www, everything=True).wrong == ()
    assert sites.publish(www, out).notes == ()


def test_a_folder_that_lacks_the_newest_report_is_refused_even_when_forced(www, tmp_path):
    other = tmp_path / "other"
    sites.build(other, 5, by="two")
    for force in (False, True):
        with pytest.raises(PublishFailed, match="does not include that report") as raised:
            sites.publish(www, other, force_foreign=force)
        assert "--first" in raised.value.hint
    assert www.read("manifest.json") is None


def test_files_of_unknown_origin_are_neither_counted_nor_deleted(out, www):
    sites.publish(www, out)
    assert known(www) & {"about.html", "archive/photo.jpg"} == set()
    sites.build(out, 2)
    sites.publish(www, out, sites.AT + 9 * DAY)
    assert (www.root / "about.html").read_text() == (www.root / "archive/photo.jpg").read_text() == "mine"


def test_a_dry_run_does_not_rebuild_the_manifest(out, www):
    assert sites.publish(www, out, dry_run=True).notes
    assert www.read("manifest.json") is None


def test_a_web_server_cannot_rebuild_a_lost_manifest_and_the_message_asks_for_the_target(www, tmp_path):
    from sresnap.preview import PreviewServer

    with PreviewServer(www.root) as server, pytest.raises(PublishFailed, match="lost its manifest") as raised:
        sites.restore(Website(server.url), tmp_path / "fresh", first=True)
    assert "gh-pages:" in raised.value.hint
    assert "does not list its files" in raised.value.hint


def test_a_snapshot_that_is_lost_too_is_reported(www, tmp_path):
    newest = json.loads((www.root / "latest.json").read_bytes())["snapshot"]
    (www.root / newest).unlink()
    with pytest.raises(PublishFailed, match="nor the snapshot"):
        sites.restore(www, tmp_path / "fresh", first=True)


def test_a_branch_that_lost_its_manifest_continues_too(out, tmp_path):
    bare, work = tmp_path / "site.git", tmp_path / "work"
    subprocess.run(["git", "init", "--bare", "--quiet", bare], check=True)
    sites.publish(Branch(str(bare), tmp_path), out)
    subprocess.run(["git", "clone", "--quiet", "--branch", "gh-pages", bare, work], check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "rm", "--quiet", "manifest.json"], cwd=work, check=True)
    subprocess.run(["git", *who, "commit", "--quiet", "-m", "by hand"], cwd=work, check=True)
    subprocess.run(["git", "push", "--quiet"], cwd=work, check=True)
    fresh, target = tmp_path / "fresh", Branch(str(bare), tmp_path)
    sites.restore(target, fresh, first=True)
    sites.build(fresh, 1)
    sites.publish(target, fresh)
    target = Branch(str(bare), tmp_path)
    assert len(sites.chain(target)) == 2
    assert sites.verify(target, everything=True).wrong == ()
