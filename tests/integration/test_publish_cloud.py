"""Object storage as target, on real stores: SeaweedFS honours conditional writes, and rclone ignores them.

`make soak` adds moto, which honours them, too.
"""

import contextlib
import functools
import json
import re
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

import httpx
import pytest
from click.testing import CliRunner

from sresnap.app import archive
from sresnap.app.check_target import check_target
from sresnap.cli import cli
from sresnap.documents.headers import headers_of
from sresnap.errors import PublishConflict, PublishFailed, UsageError
from sresnap.progress import Quiet
from sresnap.publish.targets import registry
from sresnap.publish.targets.bucket import Bucket
from sresnap.publish.targets.lease import LEASE, Lease, Timing
from sresnap.publish.targets.website import Website
from tests.integration import sites
from tests.integration.killing import SOAK, Killed, Killing
from tests.integration.object_stores import BUCKET, CREDENTIALS, environment, store
from tests.integration.s3_faults import Fault, StoreProxy
from tests.integration.web_servers import nginx
from tests.unit.cli.test_cli import run, run_here

QUICK = Timing(lasts=0.4, settles=0.05, patience=20)
STORES = ("seaweedfs", "rclone", *(["moto"] if SOAK else []))


@pytest.fixture(scope="module")
def endpoints(request, tmp_path_factory):
    """Stores that start when a test first asks for them."""
    with contextlib.ExitStack() as stack:
        started = {}

        def endpoint(kind):
            if kind == "seaweedfs":
                return request.getfixturevalue("seaweedfs")
            if kind not in started:
                started[kind] = stack.enter_context(store(kind, tmp_path_factory.mktemp(kind) / "store"))
            return started[kind]

        yield endpoint


@pytest.fixture(params=STORES)
def kind(request):
    return request.param


@pytest.fixture
def endpoint(kind, endpoints):
    with environment(endpoints(kind)):
        yield endpoints(kind)


@pytest.fixture
def url(endpoint):
    """A separate prefix for each test."""
    return f"s3://{BUCKET}/{secrets.token_hex(4)}/status"


def objects(endpoint, url):
    """The headers of the objects that the store itself lists, by name. The stores answer unsigned requests, too."""
    prefix = url.removeprefix(f"s3://{BUCKET}/") + "/"
    with httpx.Client(base_url=f"{endpoint}/{BUCKET}", verify=False) as client:
        listed = client.get("", params={"list-type": 2, "prefix": prefix}).raise_for_status()
        keys = [element.text for element in ET.fromstring(listed.text).iterfind(".//{*}Contents/{*}Key")]
        return {key.removeprefix(prefix): client.head(f"/{key}").raise_for_status().headers for key in keys}


def test_a_site_is_published_restored_and_published_again(endpoint, url, out, tmp_path):
    target = Bucket(url, QUICK)
    first = sites.build(out, 0)
    done = sites.publish(target, out)
    assert sites.read_whole(target) == first
    assert sites.publish(target, out).sent_files == ()
    fresh = tmp_path / "fresh"
    sites.restore(Bucket(url, QUICK), fresh)
    second = sites.build(fresh, 1, pages=2)
    assert len(sites.publish(target, fresh, sites.AT + 10).sent_files) == 9
    third = sites.build(fresh, 2, pages=2)
    assert sites.publish(target, fresh, sites.AT + 86_410).deleted_files == ("services/s1/index.html",)
    assert sites.chain(target) == [third, second, first]
    assert sites.verify(target, everything=True).wrong == ()
    assert {name for name in objects(endpoint, url) if name.startswith(".")} == set()
    assert len(done.sent_files) == 10


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
def test_an_object_that_is_longer_than_listed_is_not_read_and_both_sizes_are_said(url, out):
    target, size = Bucket(url), (out / "index.html").stat().st_size
    sites.publish(target, out)
    target.put("index.html", bytes(size + 5), headers_of("index.html"))
    (fault,) = sites.verify(target).wrong
    assert fault.endswith(f"(it has {size + 5:,} bytes, and manifest.json lists {size:,})")


@pytest.mark.parametrize("kind", [kind for kind in STORES if kind != "rclone"], indirect=True)
def test_each_file_has_a_content_type_with_charset_and_a_cache_time(endpoint, url, out):
    sites.publish(Bucket(url, QUICK), out)
    found = {name: (head["Content-Type"], head.get("Cache-Control")) for name, head in objects(endpoint, url).items()}
    for_ever = "public, max-age=31536000, immutable"
    css = next(name for name in found if name.startswith("assets/"))
    snapshot = next(name for name in found if name.startswith("snapshots/"))
    assert found[css] == ("text/css; charset=utf-8", for_ever)
    assert found[snapshot] == ("application/json; charset=utf-8", "no-cache")
    assert found["index.html"] == ("text/html; charset=utf-8", "no-cache")
    assert found["latest.json"] == found["manifest.json"] == ("application/json; charset=utf-8", "no-cache")
    assert found[sites.DAY_FILE] == ("application/json; charset=utf-8", "no-cache")
    assert found["feed.xml"] == ("application/atom+xml; charset=utf-8", "no-cache")


def test_publishing_tries_out_and_reports_whether_a_store_honours_conditional_writes(kind, url, out):
    notes = sites.publish(Bucket(url, QUICK), out).notes
    if kind == "rclone":
        assert "ignores conditional writes" in notes[0]
        assert LEASE in notes[0]
    else:
        assert notes == ()


def test_the_loser_changes_nothing(endpoint, url, out, tmp_path):
    target = Bucket(url, QUICK)
    sites.publish(target, out)
    other = tmp_path / "other"
    sites.restore(target, other)
    sites.build(out, 1)
    sites.publish(target, out)
    before = {name: head["ETag"] for name, head in objects(endpoint, url).items()}
    sites.build(other, 2, by="two")
    with pytest.raises(PublishConflict):
        sites.publish(target, other)
    assert {name: head["ETag"] for name, head in objects(endpoint, url).items()} == before


def test_a_lease_keeps_others_out_until_it_has_run_out(url):
    one, two = Bucket(url, QUICK), Bucket(url, Timing(lasts=30, settles=0.05, patience=0.2))
    with one.hold(print) as hold:
        with pytest.raises(PublishConflict, match="another publisher is writing"), two.hold(print):
            pass
        two._timing = QUICK
        with two.hold(print), pytest.raises(PublishConflict, match="taken over"):
            hold.check()  # after a standstill longer than its lease


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
def test_f12_a_key_that_must_not_delete_is_said_and_the_next_publication_does_not_wait(endpoint, url, out):
    refused = [Fault("403", method, text="AccessDenied") for method in ("POST", "DELETE")]
    with StoreProxy(endpoint, *refused) as proxy, environment(proxy.url):
        for number in range(3):
            sites.build(out, number, pages=2 if number else 3)
            (out / "services/s1/index.html").unlink(missing_ok=True) if number else None
            waited = []
            target = Bucket(url)
            with target.hold(waited.append):
                pass
            assert waited == []
            done = sites.publish(target, out, sites.AT + number, grace_seconds=0)
            lease, *files = done.notes
            assert "DeleteObject was refused; check AWS_ACCESS_KEY_ID" in lease
            assert "The lease .sresnap-lease.json stays, and says that nobody holds it" in lease
            said = "\n".join(files)
            assert ("could not be deleted, and the next publication tries again" in said) is (number > 0)
            assert ("services/s1" in said) is (number > 0)
    hidden = {name for name in objects(endpoint, url) if name.startswith(".")}
    assert hidden == {".sresnap-lease.json", ".sresnap-probe"}
    with environment(endpoint):
        assert sorted(sites.publish(Bucket(url), out, sites.AT + 9, grace_seconds=0).deleted_files) == [
            "services/s1/index.html"
        ]


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
def test_f6_a_withdrawn_report_leaves_caches_or_is_named(endpoint, url, out, open_folder):
    gone = sites.build(out, 0)
    sites.build(out, 1)
    sites.publish(Bucket(url, QUICK), out)
    origin = f"proxy_pass {endpoint}/{url.removeprefix('s3://')}/"
    caching = f"proxy_cache_path {open_folder}/cache keys_zone=kept:1m;"
    headers = "proxy_cache kept; proxy_cache_key $request_uri; add_header X-Cache $upstream_cache_status"
    obeying = f"location /obeying/ {{ {origin}; {headers}; }}"
    stubborn = "proxy_ignore_headers Cache-Control Expires; proxy_cache_valid 200 1d"
    places = f"{obeying} location /stubborn/ {{ {origin}; {headers}; {stubborn}; }}"
    with nginx(open_folder, places, caching) as server, httpx.Client(base_url=server, verify=False) as reader:
        names = (f"snapshots/{gone}.json", f"archive/{gone}/index.html")
        for name in names * 2:
            answer = reader.get(f"/obeying/{name}")
            assert (answer.status_code, answer.headers["X-Cache"]) == (200, "MISS")
            cached = reader.get(f"/stubborn/{name}").headers["X-Cache"]
        assert cached == "HIT"
        archive.withdraw(out, gone, "it named a host", sites.AT)
        sites.publish(Bucket(url, QUICK), out)
        assert reader.get(f"/obeying/{names[0]}").status_code == 404
        assert sites.verify(Website(f"{server}/obeying")).wrong == ()
        wrong = sites.verify(Website(f"{server}/stubborn")).wrong
    named = [fault for fault in wrong if "is still served, though its report was withdrawn: purge" in fault]
    assert {fault.split(" ")[0] for fault in named} == set(names)


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
@pytest.mark.parametrize("more", [(), ("--json",), ("--quiet",)])
def test_waiting_for_another_publisher_is_announced_at_once_unless_quiet(url, tmp_path, monkeypatch, more):
    sites.build(tmp_path / "public", 0)
    monkeypatch.setattr("sresnap.publish.targets.bucket.Timing", lambda: QUICK)
    monkeypatch.setenv("GITHUB_RUN_ID", "4711")
    monkeypatch.chdir(tmp_path)
    Lease(Bucket(url, QUICK), "one", QUICK).acquire()
    done = CliRunner().invoke(cli, ["publish", url, *more])
    assert done.exit_code == 0
    waiting = (
        rf"note: waiting for another publisher of {url} \(GitHub Actions run 4711, since [\dT:-]+Z\), until .*Z at most"
    )
    assert (re.search(waiting, done.stderr) is None) is ("--quiet" in more)
    assert "waiting" not in done.stdout


def test_a_publisher_that_is_killed_at_any_write_leaves_a_whole_report_and_the_next_run_completes(
    kind, url, tmp_path, monkeypatch
):
    release = Lease.release

    def not_by_who_was_killed(lease):
        if sys.exc_info()[0] is not Killed:
            release(lease)

    monkeypatch.setattr(Lease, "release", not_by_who_was_killed)
    # The first and the last write and one between, and none; what a store does with conditions matters at the first and
    # the last only. `make soak` has all.
    some = {"seaweedfs": [1, 6, 12, 13], "rclone": [1, 8, 12]}
    writes = range(1, 14) if SOAK else some[kind]
    # Each has a separate prefix. They run at the same time, as each waits for the lease of a killed publisher.
    with ThreadPoolExecutor(4) as pool:
        killed = list(pool.map(functools.partial(survive_a_kill, url, tmp_path), writes))
    assert killed == [number <= 12 for number in writes]


def survive_a_kill(url, tmp_path, writes):
    """Whether the publisher was killed after so many writes, and had not finished before."""
    target = Bucket(f"{url}/{writes}", QUICK)
    out, fresh = tmp_path / f"{writes}", tmp_path / f"fresh{writes}"
    first = sites.build(out, 0)
    sites.publish(target, out)
    second = sites.build(out, 1)
    try:
        sites.publish(Killing(target, writes, after=True), out)
    except Killed:
        assert sites.read_whole(target) in (first, second)
        sites.restore(target, fresh)
        third = sites.build(fresh, 2)
        sites.publish(target, fresh)
        assert sites.read_whole(target) == third
        assert not sites.verify(target, everything=True).wrong
        return True
    return False


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
def test_a_bucket_with_foreign_objects_is_refused(url, out):
    target = Bucket(url, QUICK)
    target.write("photo.jpg", b"me")
    with pytest.raises(PublishFailed, match=r"photo\.jpg") as raised:
        sites.publish(target, out)
    assert "--force-foreign" in raised.value.hint
    sites.publish(target, out, force_foreign=True)
    assert target.read("photo.jpg").content == b"me"


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
def test_a_missing_bucket_is_reported(endpoint, out):
    with pytest.raises(PublishFailed, match=r"404.*NoSuchBucket") as raised:
        sites.publish(Bucket("s3://nobucket/x", QUICK), out)
    assert "bucket" in raised.value.hint


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
def test_a_wrong_secret_is_refused(url, out, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of another key")
    with pytest.raises(PublishFailed, match="SignatureDoesNotMatch") as raised:
        sites.publish(Bucket(url, QUICK), out)
    assert "AWS_SECRET_ACCESS_KEY" in raised.value.hint


@pytest.mark.parametrize("kind", ["seaweedfs"], indirect=True)
def test_the_commands_work_on_a_bucket(endpoint, url, tmp_path):
    report = sites.build(tmp_path / "public", 0)
    env = {**CREDENTIALS, "AWS_ENDPOINT_URL": endpoint}
    done = run("publish", url, "--json", cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["report"] == report
    done = run_here("restore", url, "--out", "fresh", cwd=tmp_path, env=env)
    assert (done.returncode, report in done.stdout) == (0, True)
    assert run_here("verify", url, "--all", cwd=tmp_path, env=env).returncode == 0


def test_checking_a_target_shows_whether_it_honours_conditional_writes(kind, endpoint, url):
    target = check_target(url, Quiet())
    assert any("ignores conditional writes" in note for note in target.notes) is (kind == "rclone")
    assert target.was_written
    assert objects(endpoint, url) == {}


def test_an_endpoint_without_a_scheme_is_reported_in_two_lines(tmp_path):
    sites.build(tmp_path / "public", 0)
    env = {**CREDENTIALS, "AWS_ENDPOINT_URL": "127.0.0.1:9000"}
    done = run_here("publish", "s3://bucket/x", cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        'sresnap: the variable AWS_ENDPOINT_URL is not an http(s) address: "127.0.0.1:9000"',
        "  → write AWS_ENDPOINT_URL=http://HOST:PORT, or unset it",
    ]


def test_a_panic_of_obstore_is_an_ordinary_failure(tmp_path):
    sites.build(tmp_path / "public", 0)
    env = {**CREDENTIALS, "AWS_ACCESS_KEY_ID": "one\nline too many", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    done = run_here("publish", "s3://bucket/x", cwd=tmp_path, env=env)
    assert (done.returncode, "Traceback" in done.stderr) == (5, False)
    assert "sresnap: s3://bucket/x: obstore failed: " in done.stderr
    assert "a line break for example" in done.stderr


def test_the_message_of_a_store_is_shown_without_a_login(monkeypatch):
    monkeypatch.setattr("sresnap.publish.targets.store_calls._ATTEMPTS", 1)
    with environment("http://me:hunter2@127.0.0.1:1"), pytest.raises(PublishFailed, match="127") as raised:
        Bucket("s3://bucket/x").read("latest.json")
    assert "hunter2" not in raised.value.message


def test_without_obstore_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(UsageError) as missing:
        registry.open_target("s3://bucket/x")
    assert missing.value.hint == "pip install 'sresnap[cloud]'"
