"""What publishing decides, without any place: kinds, headers, addresses, plans, manifests, leases."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sresnap.documents.layout import Stage, headers_of, stage_of
from sresnap.errors import PublishConflict, UsageError
from sresnap.model.windows import DAY
from sresnap.publish import manifest
from sresnap.publish.manifest import Entry, Manifest, sha256
from sresnap.publish.plan import plan
from sresnap.publish.site_folder import LocalFile, LocalSite
from sresnap.publish.state import settled
from sresnap.publish.targets import registry
from sresnap.publish.targets.address import without_secrets, without_user
from sresnap.publish.targets.base import Stored
from sresnap.publish.targets.bucket import Bucket
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.lease import LEASE, Lease, Timing
from sresnap.publish.targets.website import Website

REPORT = "20261122T213000Z"
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("name", "kind", "content_type", "cache"),
    [
        ("assets/app.a3ee9abf70.css", Stage.ASSET, "text/css; charset=utf-8", FOR_EVER),
        ("assets/app.js", Stage.ASSET, "text/javascript; charset=utf-8", "no-cache"),
        (f"snapshots/{REPORT}.json", Stage.DATA, "application/json; charset=utf-8", FOR_EVER),
        ("history/2026/11/2026-11-22.json", Stage.DATA, "application/json; charset=utf-8", "no-cache"),
        (f"archive/{REPORT}/index.html", Stage.DATA, "text/html; charset=utf-8", "no-cache"),
        (f"archive/{REPORT}/chart.svg", Stage.DATA, "image/svg+xml; charset=utf-8", FOR_EVER),
        ("archive/index.json", Stage.INDEX, "application/json; charset=utf-8", "no-cache"),
        ("archive/thinned/2026/11/2026-11-22.json", Stage.DATA, "application/json; charset=utf-8", "no-cache"),
        ("archive/2026-11/index.html", Stage.PAGE, "text/html; charset=utf-8", "no-cache"),
        ("index.html", Stage.PAGE, "text/html; charset=utf-8", "no-cache"),
        ("services/api/errors.csv", Stage.PAGE, "text/csv; charset=utf-8", "no-cache"),
        ("feed.xml", Stage.FEED, "application/atom+xml; charset=utf-8", "no-cache"),
        ("badges/api.svg", Stage.FEED, "image/svg+xml; charset=utf-8", "no-cache"),
        ("assets/favicon.a3ee9abf70.png", Stage.ASSET, "image/png", FOR_EVER),
        ("latest.json", Stage.POINTER, "application/json; charset=utf-8", "no-cache"),
    ],
)
def test_each_file_has_its_turn_its_type_and_its_time(name, kind, content_type, cache):
    assert stage_of(name) is kind
    assert (headers_of(name).content_type, headers_of(name).cache_control) == (content_type, cache)


@pytest.mark.parametrize("url", ["www", "file:www", "file:///srv/www", "/srv/www"])
def test_a_folder_is_named_by_a_path_or_a_file_address(url):
    assert isinstance(registry.open_target(url), Folder)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:/srv/a#b", "/srv/a#b"),
        ("file:///srv/a?b=1", "/srv/a?b=1"),
        ("FILE://localhost/srv/a%20b#c", "/srv/a b#c"),
        ("file:/srv/%23", "/srv/#"),
        ("/srv/a#b?c%20", "/srv/a#b?c%20"),
    ],
)
def test_a_folder_has_the_name_that_was_written(url, path):
    assert str(registry.open_target(url).root) == path


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://status.example", "https://status.example/"),
        ("HTTPS://status.example/team/", "HTTPS://status.example/team/"),
        ("https://status.example/#slos", "https://status.example/"),
        ("https://status.example/team#slos", "https://status.example/team/"),
        ("https://status.example/team/index.html#slos", "https://status.example/team/"),
        ("https://status.example/my-index.html/", "https://status.example/my-index.html/"),
        ("https://me:hunter2@status.example:8080/@team/#x", "https://team/"),
        ("https://status.example:8080/@team/x", "https://status.example:8080/@team/x/"),
    ],
)
def test_a_site_is_named_by_its_address_as_a_browser_has_it(url, base):
    place = registry.open_source(url)
    assert isinstance(place, Website)
    assert place.shown == base


@pytest.mark.parametrize(
    "url",
    [
        "https://status.example/?x=1",
        "https://status.example/index.html?token=hunter2#slos",
        "https://me:hunter2/x@status.example/",
        "https://me:hunter2#x@status.example/",
        "https://me:hunter2?x@status.example/",
        "https://me:x/hunter2@status.example/",
        "https://me:x hunter2@status.example/",
        "https:/me:hunter2@status.example/",
        "https:me:hunter2@status.example",
        "https://status.example:http/",
        "https://[::1/",
    ],
)
def test_an_address_of_no_site_is_refused_without_its_secrets(url):
    with pytest.raises(UsageError) as refused:
        registry.open_source(url)
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"
    assert ("has no query" in refused.value.message) is ("?" in url)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://u:p@host/x.git", "https://host/x.git"),
        ("https://u:p/ss@host/x.git", "https://host/x.git"),
        ("https://u:p@ss@host/x.git", "https://host/x.git"),
        ("https://u:p/@host/x", "https://host/x"),
        ("https://token@host/x", "https://host/x"),
        ("https://u:12/34@host/x", "https://host/x"),
        ("s3://KEY:SEC/RET@bkt/x", "s3://bkt/x"),
        ("ssh://git@host/x.git", "ssh://host/x.git"),
        ("https:/u:p@host/x", "https:/host/x"),
        ("https://host/@team/x", "https://host/@team/x"),
        ("https://host:8080/a/@team/@b/x", "https://host:8080/a/@team/@b/x"),
        ("http://[::1]:80/@team", "http://[::1]:80/@team"),
        ("git@github.com:acme/site", "git@github.com:acme/site"),
        (
            "fatal: cannot reach 'https://u:p/ss@host/x/': ask me@host",
            "fatal: cannot reach 'https://host/x/': ask me@host",
        ),
    ],
)
def test_no_login_is_told(text, told):
    assert without_user(text) == told


def test_an_address_is_told_without_what_may_hold_a_token():
    assert without_secrets("https://u:p@host/x?token=abc#access_token=abc") == "https://host/x"


@pytest.mark.parametrize("scheme", ["s3", "gs", "az", "S3"])
@pytest.mark.parametrize(
    "rest",
    [
        "//KEY:HUNTER2@bkt/x",
        "//KEY:HUN/TER2@bkt/x",
        "//KEY:HUN TER2@bkt/x",
        "/KEY:HUNTER2@bkt",
        "//bkt/q?HUNTER2=1",
        "//bkt/q#2",
    ],
)
def test_an_address_of_a_bucket_says_bucket_and_prefix_and_no_more(scheme, rest):
    with pytest.raises(UsageError) as refused:
        registry.open_target(f"{scheme}:{rest}")
    told = f"{refused.value.message} {refused.value.hint}"
    assert "TER2" not in told
    assert f"{scheme.lower()}://" in told


def test_a_login_in_the_address_of_a_bucket_is_refused_with_the_variables_that_sign_in():
    with pytest.raises(UsageError, match="s3://bkt/x was given with a login") as refused:
        Bucket("s3://KEY:SECRET@bkt/x")
    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in refused.value.hint


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("s3://bkt/p", "AWS_ENDPOINT_URL"),
        ("s3://bkt/p", "AWS_ENDPOINT_URL_S3"),
        ("s3://bkt/p", "AWS_ENDPOINT"),
        ("gs://bkt/p", "GOOGLE_BASE_URL"),
        ("az://bkt/p", "AZURE_ENDPOINT"),
        ("az://bkt/p", "AZURE_STORAGE_ENDPOINT"),
    ],
)
@pytest.mark.parametrize(
    "value",
    ["127.0.0.1:9000", "minio", "", "http://", "http://:9000", " http://minio", "http://minio ", "http://minio:99999",
     "ftp://minio", "me:hunter2@minio:9000", "http://me:hunter2@minio:x"],
)  # fmt: skip
def test_an_endpoint_that_is_no_address_is_refused_by_the_name_of_its_variable(monkeypatch, url, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=rf"variable {name} is not an http\(s\) address") as refused:
        Bucket(url)
    assert f"{name}=http://HOST:PORT" in refused.value.hint
    assert "hunter2" not in refused.value.message
    assert ("@" in value) or (f'"{value}"' in refused.value.message)


@pytest.mark.parametrize("value", ["https://minio", "HTTP://127.0.0.1:9000/x", "http://[::1]:9000"])
def test_an_endpoint_that_is_an_address_is_taken(monkeypatch, value):
    monkeypatch.setenv("AWS_ENDPOINT_URL", value)
    monkeypatch.setenv("GOOGLE_BASE_URL", "of another kind of place")
    assert Bucket("s3://bkt/p/").shown == "s3://bkt/p"


@pytest.mark.parametrize("url", ["", "ftp://host/x", "https://host", "file://host/x", "file:", "S4://bucket"])
def test_other_addresses_are_refused_with_what_there_is(url):
    with pytest.raises(UsageError) as refused:
        registry.open_target(url)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("url", "public"),
    [("www", False), ("file:www", False), ("FILE:///srv", False), ("gh-pages:origin", True), ("s3://b", True)],
)
def test_an_address_tells_whether_the_place_is_public(url, public):
    assert registry.is_public(url) is public


names = st.sampled_from(
    ["index.html", "services/a/index.html", "assets/a.0123456789.css", "history/2026/11/2026-11-22.json", "feed.xml"]
)
sites = st.dictionaries(names, st.sampled_from(["old", "new"]))


def site_of(root, files):
    return LocalSite(root, REPORT, {name: LocalFile(sha256(text.encode()), len(text)) for name, text in files.items()})


class Holding:
    """A place with these files."""

    def __init__(self, files):
        self._files = files

    def prepare(self, names): ...

    def read(self, name):
        text = self._files.get(name)
        return None if text is None else Stored(text.encode(), "")


@given(before=sites, after=sites, unfinished=sites, days=st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_a_plan_that_is_carried_out_leaves_what_the_manifest_says_and_nothing_that_must_go(
    tmp_path_factory, before, after, unfinished, days
):
    root = tmp_path_factory.getbasetemp()
    # A publication of `before`, and one of `unfinished` that was killed after its first half.
    first = plan(site_of(root, {**before, "latest.json": "1"}), None, 0, grace_seconds=DAY)
    place = {**before, "latest.json": "1"}
    broken = plan(site_of(root, {**unfinished, "latest.json": "2"}), first.after, 0, grace_seconds=DAY)
    written = broken.names()[: len(broken.names()) // 2]
    place |= {name: unfinished[name] for name in written}
    there = settled(Holding(place), broken.pending)
    assert there.pending == {}
    assert {name: entry.sha256 for name, entry in there.files.items()} == {
        name: sha256(text.encode()) for name, text in place.items()
    }

    done = plan(site_of(root, {**after, "latest.json": "3"}), there, days * DAY, grace_seconds=DAY)
    place |= {name: {**after, "latest.json": "3"}[name] for name in done.names()}
    for name in done.deletes:
        place.pop(name, None)
    assert done.names()[-1] == "latest.json"
    assert {n: place[n] for n in after} == after
    known = {n: e.sha256 for n, e in done.after.files.items()}
    assert all(known[n] == sha256(text.encode()) for n, text in {**after, "latest.json": "3"}.items())
    assert done.after.pending == {}
    assert not any(name.startswith(("history", "assets")) for name in done.deletes)
    assert not set(done.deletes) & set(after)


def test_a_manifest_survives_being_written_and_read():
    there = Manifest(
        REPORT, 60, {"index.html": Entry("0" * 64, 5, 120), "a é.html": Entry("1" * 64, 0)}, {"x": "2" * 64}
    )
    assert manifest.decode(manifest.encode(there)) == there


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../x"},
        {"files": {"../x": {}}},
        {"files": {"/x": {}}},
        {"files": {".x": {}}},
        {"files": []},
        {"pending": {"x": "no hash"}},
        {"published_at": 5},
    ],
)
def test_a_manifest_that_is_none_is_refused(change):
    data = {"schema": manifest.SCHEMA, "id": REPORT, "published_at": "2026-11-22T21:30:00Z", "files": {}, "pending": {}}
    manifest.decode(json.dumps(data).encode())
    with pytest.raises(ValueError):
        manifest.decode(json.dumps({**data, **change}).encode())


class Memory:
    """A store that honours conditional writes, or does not."""

    shown = "memory"

    def __init__(self, conditional):
        self.conditional = conditional
        self.content = None

    def read(self, name):
        assert name == LEASE
        return None if self.content is None else Stored(self.content, sha256(self.content))

    def write_if(self, name, content, expected):
        found = self.read(name)
        if (found.version if found else None) != expected:
            return False
        self.content = content
        return True

    def write(self, name, content):
        self.content = content

    def delete(self, name):
        self.content = None


@pytest.mark.parametrize("conditional", [True, False])
def test_a_lease_is_given_back_and_taken_again(conditional):
    store = Memory(conditional)
    for holder in ("one", "two"):
        lease = Lease(store, holder, Timing(settles=0))
        lease.acquire()
        lease.check()
        lease.confirm()
        lease.release()
        assert store.content is None


@pytest.mark.parametrize("conditional", [True, False])
def test_a_lease_of_another_is_waited_for_and_then_given_up(conditional):
    store = Memory(conditional)
    Lease(store, "one", Timing(settles=0)).acquire()
    naps = []
    with pytest.raises(PublishConflict, match="another publisher"):
        Lease(store, "two", Timing(patience=0, settles=0), naps.append).acquire()
    assert len(naps) == 0


@pytest.mark.parametrize(
    ("content", "who"),
    [
        (
            b'{"holder":"x","by":"process 7","since":"2026-11-22T21:30:05Z"}',
            r" \(process 7, since 2026-11-22T21:30:05Z\)",
        ),
        (b'{"by":"\\u001b[2J","since":"2026-11-22T21:30:05Z"}', ""),
        (b'{"by":"process 7","since":"yesterday"}', ""),
        (b'{"holder":"x"}', ""),
        (b"garbage", ""),
    ],
)
def test_who_waits_is_told_once_for_whom_as_far_as_the_lease_can_be_believed(content, who):
    store = Memory(conditional=True)
    store.content = content
    notes = []
    Lease(store, "two", Timing(lasts=0.02, patience=300), notify=notes.append).acquire()
    (text,) = notes
    assert re.fullmatch(rf"waiting for another publisher of memory{who}, until [\dT:-]+Z at most; if it .* 0 s", text)


def test_without_conditional_writes_the_last_of_two_that_write_at_once_holds_the_lease():
    store = Memory(conditional=False)

    def other_writes_meanwhile(_):
        store.content = b'{"holder": "two"}'

    lease = Lease(store, "one", Timing(patience=0), other_writes_meanwhile)
    with pytest.raises(PublishConflict):
        lease.acquire()
    with pytest.raises(PublishConflict, match="taken over"):
        lease.confirm()
    lease.release()
    assert store.content == b'{"holder": "two"}'
