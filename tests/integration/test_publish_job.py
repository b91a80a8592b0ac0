"""The scheduled job on a machine that keeps nothing: restore → build → publish, with a real build each time."""

import dataclasses
import json
import os
import shutil

import pytest

from sresnap.app import build
from sresnap.archive.chain import chain_faults
from sresnap.config import loads
from sresnap.demo import DemoServer, demo_config
from sresnap.documents import archive_index, snapshots, thinned_lists
from sresnap.documents.layout import FROZEN_PAGE
from sresnap.errors import ExitCode
from sresnap.model.archive import Keep
from sresnap.model.windows import HOUR, MINUTE, iso, parse_time
from sresnap.plan import history_hours
from sresnap.publish.targets.bucket import Bucket
from sresnap.publish.targets.folder import Folder
from tests.integration import sites
from tests.integration.object_stores import BUCKET, environment
from tests.integration.s3_faults import StoreProxy
from tests.integration.small_demo import small_demo
from tests.unit.cli.test_cli import run_here

AT = parse_time("2026-03-15T12:00:00Z")
RUNS = int(os.environ.get("RUNS", "2"))
"""`make soak` runs ten, with more services."""


@pytest.fixture
def source():
    """A Prometheus of made-up services, and a clock for it."""
    clock = [AT]
    templates = loads(demo_config(), "demo", {}, cwd=None).templates
    with DemoServer(templates, now=lambda: clock[0]) as server:
        yield server, clock


def configured(server, **publish):
    config = loads(small_demo(server.url), "demo", {}, cwd=None)
    return dataclasses.replace(config, **publish)


def test_runs_on_empty_machines_give_the_numbers_of_one_long_lived_run(source, seaweedfs, tmp_path):
    """On object storage, whose requests and bytes are counted; `make soak` prints them."""
    server, clock = source
    config = loads(demo_config(3 if RUNS >= 10 else 1, url=server.url), "demo", {}, cwd=None)
    counts = []
    for number in range(RUNS):
        at = clock[0] = AT + number * 20 * MINUTE
        fresh = tmp_path / f"fresh{number}"
        with StoreProxy(seaweedfs) as proxy, environment(proxy.url):
            bucket = Bucket(f"s3://{BUCKET}/job")
            restored = sites.restore(bucket, fresh, since=history_hours(config, at).start, first=number == 0)
            built = build.build(config, fresh, at, at).snapshot
            if number == 0:  # an empty folder on either machine
                shutil.copytree(fresh, tmp_path / "kept")
            long_lived = built if number == 0 else build.build(config, tmp_path / "kept", at, at).snapshot
            done = sites.publish(bucket, fresh, at)
        counts.append(
            Counted(
                len(restored.fetched_files),
                len(done.sent_files),
                len(proxy.requests),
                proxy.bytes_fetched,
                proxy.bytes_sent,
            )
        )
        print(number + 1, counts[-1])
        assert [service.slos for service in built.services] == [service.slos for service in long_lived.services]
        assert getattr(built.previous, "id", None) == getattr(long_lived.previous, "id", None)
        shutil.rmtree(fresh)
    with environment(seaweedfs):
        bucket = Bucket(f"s3://{BUCKET}/job")
        assert sites.verify(bucket, everything=True).wrong == ()
        assert len([name for name in bucket.names() if name.startswith("snapshots/")]) == RUNS
    first, last = counts[0], counts[-1]
    assert last.fetched_files <= 40  # 29 days, two reports, the archive
    assert last.sent_files < first.sent_files
    assert last.requests <= last.fetched_files + last.sent_files + 30  # pointer, manifest, lease, probe
    assert last.bytes_fetched < 2_000_000
    assert last.bytes_sent < 2_000_000


@dataclasses.dataclass(frozen=True)
class Counted:
    """The cost of a run."""

    fetched_files: int
    """Files."""
    sent_files: int
    requests: int
    bytes_fetched: int
    bytes_sent: int


def test_a_restored_history_is_not_written_again(source, tmp_path):
    server, clock = source
    config = configured(server)
    www = Folder(tmp_path / "www")
    out = tmp_path / "out"
    sites.restore(www, out, first=True)
    build.build(config, out, AT, AT)
    sites.publish(www, out, AT)
    fresh = tmp_path / "fresh"
    sites.restore(www, fresh, since=history_hours(config, AT).start)
    clock[0] = AT + MINUTE
    build.build(config, fresh, AT + MINUTE, AT + MINUTE)
    day_files = [name for name in sites.publish(www, fresh, AT + MINUTE).sent_files if name.startswith("history/")]
    assert set(day_files) <= {"history/2026/03/2026-03-15.json"}


def test_the_archive_is_thinned_by_jobs_that_hold_only_what_they_restored(source, tmp_path):
    server, clock = source
    config = configured(server, keep=Keep(every=2 * HOUR, hourly=0, daily=0, weekly=0, monthly=0))
    www = Folder(tmp_path / "www")
    made = []
    for number in range(4):
        at = clock[0] = AT + number * HOUR
        fresh = tmp_path / f"fresh{number}"
        sites.restore(www, fresh, since=history_hours(config, at).start, first=number == 0)
        made.append(build.build(config, fresh, at, at).snapshot.id)
        sites.publish(www, fresh, at, grace_seconds=0)
        assert sites.verify(www, everything=True).wrong == ()
    index = archive_index.load(www.root)
    kept = [entry.id for entry in index.entries]
    gone = thinned_lists.load(www.root, "2026-03-15")
    assert sorted([*kept, *(entry.id for entry in gone)]) == made
    assert chain_faults(index, gone) == []
    assert sorted(path.stem for path in (www.root / "snapshots").iterdir()) == kept
    assert all((www.root / FROZEN_PAGE.path(report)).exists() for report in made)
    assert len(kept) <= 3
    assert gone


def test_the_one_line_job_restores_builds_and_publishes(source, tmp_path):
    server, _ = source
    text = small_demo(server.url)
    text = text.replace("\nservices:", "\npublish: {target: 'file:www'}\nservices:", 1)
    (tmp_path / "sresnap.yaml").write_text(text)
    at = ["--at", iso(AT)]
    done = run_here("build", "--restore", "--publish", *at, cwd=tmp_path)
    assert (done.returncode, "--first" in done.stderr) == (ExitCode.PUBLISH_FAILED, True)
    assert not (tmp_path / "public").exists()
    done = run_here("build", "--restore", "--publish", "--first", "--json", *at, cwd=tmp_path)
    assert done.returncode in (0, 3), done.stderr
    result = json.loads(done.stdout)
    assert result["published"]["report"] == result["id"] == "20260315T120000Z"
    shutil.rmtree(tmp_path / "public")
    done = run_here("build", "--restore", "--publish", "--at", iso(AT + MINUTE), cwd=tmp_path)
    assert done.returncode in (0, 3), done.stderr
    assert "continues from the report 20260315T120000Z" in done.stdout
    newest = snapshots.read(tmp_path / "www/snapshots/20260315T120100Z.json")
    assert newest.previous.id == "20260315T120000Z"
    done = run_here("build", "--first", *at, cwd=tmp_path)
    assert (done.returncode, "--restore" in done.stderr) == (2, True)
