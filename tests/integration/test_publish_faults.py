"""The table "When something goes wrong" of docs/publishing.md, row by row, through the command line.

Each row spoils one thing, runs a command, and compares its message and exit code with the documented ones. The
published site stays whole, and the same command completes once the cause is gone.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from sresnap.cli import main
from sresnap.config import loads
from sresnap.demo import DemoServer, demo_config
from sresnap.model.windows import DAY, HOUR, MINUTE, iso, parse_time
from sresnap.publish.targets.branch import Branch
from sresnap.publish.targets.bucket import Bucket
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.lease import LEASE
from tests.integration import sites
from tests.integration.disks import full, read_only
from tests.integration.object_stores import BUCKET, SECRET, environment
from tests.integration.s3_faults import Fault, StoreProxy
from tests.integration.small_demo import small_demo
from tests.integration.spoils import (
    added_to_target,
    deleted,
    linked,
    newer,
    no_room_for_temporary_files,
    refusing,
    replaced,
)

AT = parse_time("2026-03-15T12:00:00Z")
DOCUMENT = Path(__file__).parents[2] / "docs" / "publishing.md"


@dataclass(frozen=True)
class Documented:
    """A row of the document."""

    says: re.Pattern[str]
    code: int


def documented() -> dict[str, Documented]:
    """By fault; … in a message matches anything."""
    section = DOCUMENT.read_text().split("## When something goes wrong")[1].split("\n## ")[0]
    rows = [row.strip("| ").split(" | ") for row in section.splitlines() if row.startswith("| ")][2:]
    found = {}
    for code, fault, says, _ in rows:
        parts = [re.escape(part) for part in says.strip("`").split("…")]
        found[fault] = Documented(re.compile(".*".join(parts)), int(code))
    return found


ROWS = documented()


@dataclass(frozen=True)
class Scene:
    """A site that is published in `www`, and a newer report in `public` that is not."""

    root: Path
    run: Callable[..., SimpleNamespace]
    first: str
    second: str

    @property
    def out(self) -> Path:
        return self.root / "public"

    @property
    def www(self) -> Path:
        return self.root / "www"


def tree(folder: Path) -> dict[str, bytes]:
    """Its files but for hidden ones, which are notes of sresnap or of a test."""
    names = {path: path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for path, name in names.items() if not name.rpartition("/")[2].startswith(".")}


@pytest.fixture
def scene(tmp_path, command):
    first = sites.build(tmp_path / "public", 0)
    sites.publish(Folder(tmp_path / "www"), tmp_path / "public")
    return Scene(tmp_path, command, first, sites.build(tmp_path / "public", 1))


NEWER = "a newer sresnap's file"
GARBAGE = b"<html>Please sign in</html>"
PUBLISH = ("publish", "www")
RESTORE = ("restore", "www", "--out", "fresh")
BUILD = ("build",)


@dataclass(frozen=True)
class Row:
    """One way to go wrong."""

    fault: str
    """As in the document."""
    spoil: Callable[[Scene], AbstractContextManager]
    command: tuple[str, ...] = PUBLISH
    changes: str = ""
    """The folder in which something may have been written; any other has the same files as before."""


FOLDERS = [
    Row("the target's disk is full", lambda s: full(s.www, left_bytes=8192), changes="www"),
    Row("the local disk is full, when publishing", lambda s: full(s.out)),
    Row("the local disk is full, when restoring", lambda s: full(s.root / "fresh", left_bytes=12288), RESTORE, "fresh"),
    Row("the target is read-only", lambda s: read_only(s.www)),
    Row("the local folder is read-only, when publishing", lambda s: read_only(s.out)),
    Row("the local folder is read-only, when restoring", lambda s: read_only(s.root / "fresh"), RESTORE),
    Row("the published `latest.json` is damaged", lambda s: replaced(s.www / "latest.json", GARBAGE)),
    Row("the published `latest.json` is damaged", lambda s: replaced(s.www / "latest.json", b"\xff[]"), RESTORE),
    Row("the published `latest.json` is damaged", lambda s: replaced(s.www / "latest.json", b"[" * 100_000), RESTORE),
    Row("the local `latest.json` is damaged", lambda s: replaced(s.out / "latest.json", GARBAGE)),
    Row("the local `latest.json` is damaged", lambda s: replaced(s.out / "latest.json", b"[" * 100_000)),
    Row("a local day of the history is damaged", lambda s: replaced(s.out / sites.DAY_FILE, b"{}")),
    Row(
        "a local list of thinned reports is damaged",
        lambda s: replaced(s.out / "archive/thinned/2026/11/2026-11-22.json", b"{"),
    ),
    Row("the published `latest.json` is lost", lambda s: deleted(s.www / "latest.json"), RESTORE),
    Row("the published `manifest.json` is damaged", lambda s: replaced(s.www / "manifest.json", b"{")),
    Row("the published `manifest.json` is damaged", lambda s: replaced(s.www / "manifest.json", GARBAGE), RESTORE),
    Row("the published `manifest.json` is lost", lambda s: deleted(s.www / "manifest.json"), RESTORE),
    Row("a published file is damaged", lambda s: replaced(s.www / sites.DAY_FILE, b"{}"), RESTORE),
    Row(
        "a file that sresnap did not write",
        lambda s: replaced(s.root / "shop/index.html", b"mine"),
        ("publish", "shop"),
    ),
    Row(
        "a file where the target's folder should be", lambda s: replaced(s.root / "shop", b"mine"), ("publish", "shop")
    ),
    Row("a local symbolic link, when publishing", lambda s: linked(s.out / "more", s.root / "secret")),
    Row("a symbolic link in the target", lambda s: linked(s.www / "services", s.root / "secret"), changes="www"),
    Row(
        "a local symbolic link, when restoring", lambda s: linked(s.root / "fresh/history", s.root / "secret"), RESTORE
    ),
    Row("a newer sresnap's manifest", lambda s: newer(s.www / "manifest.json")),
    Row("a newer sresnap's manifest", lambda s: newer(s.www / "manifest.json"), RESTORE),
    Row(NEWER, lambda s: added_to_target(s.www, "archive/index.json", '{"schema":"sresnap/archive/2"}'), RESTORE),
    Row(
        NEWER, lambda s: added_to_target(s.www, f"snapshots/{s.first}.json", '{"schema":"sresnap/snapshot/2"}'), RESTORE
    ),
]


def check(row: str, done: SimpleNamespace) -> None:
    """Check that the command prints the documented message and what to do next, in one line each."""
    code, output = done.returncode, done.stdout + done.stderr
    assert (code, output) == (ROWS[row].code, output)
    assert ROWS[row].says.search(output), output
    assert "Traceback" not in output
    if code not in (0, 3):
        assert re.fullmatch(r"sresnap: [^\n]+\n  → [^\n]+\n", output), output


@pytest.mark.parametrize("row", FOLDERS, ids=[f"{row.fault}-{row.command[0]}" for row in FOLDERS])
def test_a_folder(scene, row):
    with row.spoil(scene):
        before = {path: tree(path) for path in (scene.www, scene.out) if path.name != row.changes}
        check(row.fault, scene.run(*row.command))
        assert {path: tree(path) for path in before} == before
        if row.changes == "www":
            assert json.loads((scene.www / "latest.json").read_bytes())["id"] == scene.first
        if row.command is RESTORE:
            assert not (scene.root / "fresh/latest.json").exists()
    done = scene.run(*row.command)
    assert done.returncode == 0, done.stderr
    if row.command is PUBLISH:
        assert sites.read_whole(Folder(scene.www)) == scene.second
        assert not sites.verify(Folder(scene.www), everything=True).wrong
    elif row.command is RESTORE:
        assert (scene.root / f"fresh/snapshots/{scene.first}.json").exists()


@dataclass(frozen=True)
class StoreRow:
    """Requests to a store that go wrong."""

    fault: str
    """As in the document; nothing when publishing continues."""
    kind: str
    method: str = "PUT"
    match: str = ""
    times: int = 10**9
    text: str = "Injected"


STORE = [
    StoreRow("403", "403", match="services/", text="AccessDenied"),
    StoreRow("403", "403", method="GET", text="AccessDenied"),
    StoreRow("S3: the clock is an hour off", "403", text="RequestTimeTooSkewed"),
    StoreRow("S3: another region", "400", text="AuthorizationHeaderMalformed"),
    StoreRow("S3: an expired session", "400", text="ExpiredToken"),
    StoreRow("412", "412", match="latest.json"),
    StoreRow("503 or 429 that does not end", "503", match="index.html"),
    StoreRow("uploads that break off again and again", "reset", match="assets/"),
    StoreRow("", "503", match="index.html", times=2),
    StoreRow("", "429", match="latest.json", times=1),
    StoreRow("", "reset", match="index.html", times=1),
    StoreRow("", "lost", match="latest.json", times=1),
    StoreRow("", "lost", match=LEASE, times=1),
    StoreRow("", "500", method="GET", times=1),
    StoreRow("", "503", method="POST", times=3),  # obstore deletes by POST
]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("row", STORE, ids=[f"{r.kind}-{r.method}-{r.match}-{r.times}" for r in STORE])
def test_object_storage(seaweedfs, tmp_path, command, row):
    url, out = f"s3://{BUCKET}/{secrets.token_hex(4)}/status", tmp_path / "public"
    first = sites.build(out, 0)
    with environment(seaweedfs):
        sites.publish(Bucket(url), out)
    second = sites.build(out, 1)
    before = tree(out)
    fault = Fault(row.kind, row.method, row.match, row.times, row.text)
    with StoreProxy(seaweedfs, fault) as proxy, environment(proxy.url):
        done = command("publish", url)
    assert fault.done > 0
    with environment(seaweedfs):
        if row.fault:
            check(row.fault, done)
            assert SECRET not in done.stderr
            assert sites.read_whole(Bucket(url)) == first
            assert tree(out) == before
            done = command("publish", url)
        assert done.returncode == 0, done.stderr
        assert sites.read_whole(Bucket(url)) == second
        assert not sites.verify(Bucket(url), everything=True).wrong


BRANCH = [
    ("gh-pages: the remote refuses", lambda bare, _: refusing(bare)),
    ("gh-pages: the temporary folder is full", lambda b, p: no_room_for_temporary_files(b.parent / "t", p, 0)),
    ("gh-pages: the temporary folder is full", lambda b, p: no_room_for_temporary_files(b.parent / "t", p, 1_000_000)),
]


@pytest.fixture(scope="module")
def branched(tmp_path_factory):
    """A site that is published on a branch, and a newer report in `public` that is not."""
    root = tmp_path_factory.mktemp("branched")
    bare, out = root / "site.git", root / "public"
    subprocess.run(["git", "init", "--bare", "--quiet", bare], check=True)
    first = sites.build(out, 0)
    sites.publish(Branch(str(bare), root), out)
    second = sites.build(out, 1)
    (out / "video.png").write_bytes(bytes(2_000_000))
    return root, first, second


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("fault", "spoil"), BRANCH, ids=[f"{i}-{fault}" for i, (fault, _) in enumerate(BRANCH)])
def test_a_branch(branched, tmp_path, command, monkeypatch, fault, spoil):
    root, first, second = branched
    shutil.copytree(root, tmp_path, dirs_exist_ok=True)
    bare = tmp_path / "site.git"
    with spoil(bare, monkeypatch):
        check(fault, command("publish", f"gh-pages:{bare}"))
    assert sites.read_whole(Branch(str(bare), tmp_path)) == first
    assert command("publish", f"gh-pages:{bare}").returncode == 0
    assert sites.read_whole(Branch(str(bare), tmp_path)) == second


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the configuration of a made-up service, its Prometheus, and a report of it."""
    folder = tmp_path_factory.mktemp("built")
    templates = loads(demo_config(1), "demo", {}, cwd=None).templates
    with DemoServer(templates, now=lambda: AT + HOUR) as server, pytest.MonkeyPatch.context() as patch:
        (folder / "sresnap.yaml").write_text(small_demo(server.url))
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["sresnap", "build", "--quiet", "--at", iso(AT)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, 3)
        yield folder


BUILDS = [
    ("the local disk is full, when building", lambda s: full(s.out)),
    ("the local folder is read-only, when building", lambda s: read_only(s.out)),
    ("the clock jumps back an hour, when building", lambda s: contextlib.nullcontext()),
    ("a local symbolic link, when building", lambda s: linked(s.out / "services", s.root / "secret")),
    ("a newer sresnap's archive, when building", lambda s: newer(s.out / "archive/index.json")),
    ("a newer sresnap's archive, when building", lambda s: newer(s.out / "history/2026/03/2026-03-14.json")),
]


@pytest.mark.parametrize(("fault", "spoil"), BUILDS, ids=[fault for fault, _ in BUILDS])
def test_a_build(built, tmp_path, command, fault, spoil):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    scene = Scene(tmp_path, command, "20260315T120000Z", "20260315T120100Z")
    back = "clock" in fault
    with spoil(scene):
        before = tree(scene.out)
        check(fault, command("build", "--at", iso(AT - HOUR if back else AT + MINUTE)))
        pages = {name: content for name, content in before.items() if name.endswith((".html", "latest.json"))}
        shown = {name: content for name, content in tree(scene.out).items() if name in pages}
        changed = {name for name, content in pages.items() if shown[name] != content}
        assert not back or all(name.startswith("archive/") for name in changed)  # they list the report of the past
        assert back or not changed
    if "full" in fault:
        done = command("build", "--quiet", "--at", iso(AT + MINUTE))
        assert done.returncode in (0, 3), done.stderr
        assert json.loads((scene.out / "latest.json").read_bytes())["id"] == scene.second


def test_a_clock_that_jumps_back_deletes_nothing_early(scene):
    www, out = Folder(scene.www), scene.out
    page = scene.www / "services/s1/index.html"
    (out / "services/s1/index.html").unlink()
    for number, now, is_kept in [(2, 0, True), (3, -HOUR, True), (4, DAY - 1, True), (5, DAY, False)]:
        sites.build(out, number, pages=2)
        sites.publish(www, out, sites.AT + now)
        assert page.exists() is is_kept
        assert sites.verify(www, everything=True).wrong == ()


def test_every_row_of_the_document_is_tested():
    known = [*(row.fault for row in (*FOLDERS, *STORE)), *(fault for fault, _ in (*BRANCH, *BUILDS))]
    assert set(ROWS) == {*known, "the clock jumps back an hour"} - {""}
