"""Azure and Google: a site is published and restored, by conditional writes.

Azure is Azurite, Microsoft's emulator, where `make soak` has installed it: 365 MB are too much for every run, and
without it Azure is not tested. Google is a stand-in for the few requests.
"""

import os
import secrets

import pytest

from sresnap.errors import PublishConflict, PublishFailed
from sresnap.publish.targets.bucket import Bucket
from sresnap.publish.targets.lease import Timing
from tests.integration import azurite, google_standin, sites
from tests.integration.test_publish_races import TIMING, race

QUICK = Timing(lasts=0.4, settles=0.05, patience=20)
ROUNDS = int(os.environ.get("ROUNDS", "5"))


@pytest.fixture(scope="module", params=["gs", "az"] if azurite.PROGRAM.exists() else ["gs"])
def account(request, tmp_path_factory):
    """The scheme, a bucket, and the variables that lead to the store."""
    if request.param == "gs":
        with google_standin.google(tmp_path_factory.mktemp("google")) as variables:
            yield "gs", google_standin.BUCKET, variables
        return
    with azurite.azurite(tmp_path_factory.mktemp("azurite")) as variables:
        yield "az", azurite.CONTAINER, variables


@pytest.fixture
def url(account, monkeypatch):
    scheme, bucket, variables = account
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if scheme == "gs":  # Google's address is https in all variables
        monkeypatch.setattr("sresnap.publish.targets.bucket.is_plain", lambda _: True)
    return f"{scheme}://{bucket}/{secrets.token_hex(4)}/status"


def test_a_site_is_published_restored_and_published_again(url, out, tmp_path):
    target = Bucket(url, QUICK)
    first = sites.build(out, 0)
    done = sites.publish(target, out)
    assert (len(done.sent_files), done.notes, target.conditional) == (10, (), True)
    assert sites.publish(target, out).sent_files == ()
    fresh = tmp_path / "fresh"
    assert set(sites.restore(Bucket(url, QUICK), fresh).fetched_files) == {
        sites.DAY_FILE,
        f"snapshots/{first}.json",
        "archive/index.json",
    }
    second = sites.build(fresh, 1, pages=2)
    assert len(sites.publish(target, fresh, sites.AT + 10).sent_files) == 9
    third = sites.build(fresh, 2, pages=2)
    assert sites.publish(target, fresh, sites.AT + 86_410).deleted_files == ("services/s1/index.html",)
    assert sites.chain(target) == [third, second, first]
    assert sites.read_whole(target) == third
    assert sites.verify(target, everything=True).wrong == ()


def test_the_pointer_is_swapped_only_if_it_is_the_one_that_was_read(url, out):
    target = Bucket(url, QUICK)
    sites.publish(target, out)
    before = target.read("latest.json")
    assert not target.write_if("latest.json", b"{}", None)
    assert target.write_if("latest.json", b"{}", before.version)
    assert not target.write_if("latest.json", b"[]", before.version)
    assert target.read("latest.json").content == b"{}"


def test_the_loser_changes_nothing_and_a_lease_keeps_others_out(url, out, tmp_path):
    target = Bucket(url, QUICK)
    sites.publish(target, out)
    other = tmp_path / "other"
    sites.restore(target, other)
    new = sites.build(out, 1)
    sites.publish(target, out)
    sites.build(other, 2, by="two")
    with pytest.raises(PublishConflict):
        sites.publish(target, other)
    assert sites.read_whole(target) == new
    late = Bucket(url, Timing(lasts=30, settles=0.05, patience=0.2))
    with target.hold(print), pytest.raises(PublishConflict, match="another publisher is writing"), late.hold(print):
        pass


def test_each_file_has_a_content_type_with_charset_and_a_cache_time(url, out):
    import obstore

    target = Bucket(url, QUICK)
    sites.publish(target, out)
    page = obstore.get(target._store, "index.html").attributes
    assert (page["Content-Type"], page["Cache-Control"]) == ("text/html; charset=utf-8", "no-cache")
    css = next(name for name in target.names() if name.startswith("assets/"))
    assert obstore.get(target._store, css).attributes["Cache-Control"] == "public, max-age=31536000, immutable"


def test_no_report_is_lost_when_two_publish_at_once(url, tmp_path):
    _, conflicts = race(lambda: Bucket(url, TIMING), tmp_path, ROUNDS)
    assert conflicts > 0


def test_a_missing_bucket_is_reported(account, url, out):
    with pytest.raises(PublishFailed, match="404") as raised:
        sites.publish(Bucket(f"{account[0]}://nobox/x", QUICK), out)
    assert "bucket" in raised.value.hint


def test_the_commands_work_there(account, url, tmp_path, command, monkeypatch):
    report = sites.build(tmp_path / "public", 0)
    done = command("publish", url)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"report {report}, 10 files" in done.stdout
    assert command("verify", url, "--all").returncode == 0
    if account[0] == "az":  # the stand-in of Google looks at no key
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "d3Jvbmc=")
        done = command("publish", url)
        assert (done.returncode, "AZURE_STORAGE_ACCOUNT_NAME" in done.stderr) == (5, True)
