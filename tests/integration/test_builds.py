"""Consecutive builds: what they query, what changes, and what stays."""

import contextlib
import dataclasses
import hashlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from sresnap.app import build, redraw
from sresnap.documents import history as files
from sresnap.documents import snapshots
from sresnap.documents.layout import FEED, HISTORY_DAY, POINTER, REVIEWS_PAGE, STATE_FILE
from sresnap.errors import ExitCode
from sresnap.model.snapshot import SourceKind
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE
from sresnap.plan import history_hours
from tests.integration.faults import Fault, FaultProxy
from tests.integration.month import AT, SMALL, configured
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import prometheus, prometheus_of

SPAN = history_hours(configured("http://localhost", SMALL), AT)


@pytest.fixture(scope="module")
def built(month, tmp_path_factory):
    """A site that a first build has made."""
    out = tmp_path_factory.mktemp("built") / "public"
    build.build(configured(month.url, SMALL), out, AT, AT)
    return out


@pytest.fixture(scope="module")
def fresh(month, tmp_path_factory):
    """What a first build says a minute later."""
    out = tmp_path_factory.mktemp("fresh")
    return build_without_pages(configured(month.url, SMALL), out, AT + MINUTE)


@pytest.fixture
def site(built, tmp_path):
    """A copy of it to spoil."""
    return shutil.copytree(built, tmp_path / "public")


def span_of(seen):
    return float(seen.params["end"]) - float(seen.params["start"]) if "start" in seen.params else 0


def sealed_hours(out):
    """Every sealed hour of every column."""
    loaded = files.load_history(out, SPAN).history
    return {
        (day, key, i): column.values[i]
        for day, content in loaded.days.items()
        for key, column in content.columns.items()
        for i in range(column.sealed)
    }


def numbers(value):
    """All numbers of a file, rounded to twelve digits: in an hour with a restart Prometheus adds fractions in no fixed
    order."""
    match value:
        case float():
            return float(f"{value:.12g}")
        case dict():
            return {key: numbers(item) for key, item in value.items()}
        case list() | tuple():
            return [numbers(item) for item in value]
        case _ if dataclasses.is_dataclass(value):
            return numbers(dataclasses.asdict(value))
    return value


def slos(snapshot):
    """The numbers of a report's windows: only the history has the hours before them."""
    return {service.name: numbers([windows_of(slo) for slo in service.slos]) for service in snapshot.services}


def windows_of(slo):
    return dataclasses.replace(slo, earlier=None, known_since=None)


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_second_build_a_minute_later_sends_no_28_day_query_and_changes_no_sealed_hour(month, site):
    before = sealed_hours(site)
    assert len(before) > 28 * 24 * 3 * 4
    with FaultProxy(month.url) as proxy:
        build_without_pages(configured(proxy.url, SMALL), site, AT + MINUTE)
    assert max(span_of(seen) for seen in proxy.queries) == 6 * HOUR
    hourly = [seen for seen in proxy.queries if seen.params.get("step") == "3600"]
    assert all(span_of(seen) <= 3 * HOUR for seen in hourly)
    after = sealed_hours(site)
    assert before.items() <= after.items()


def test_deleting_the_site_changes_no_number_that_prometheus_still_has(month, site, fresh):
    kept = build_without_pages(configured(month.url, SMALL), site, AT + MINUTE)
    assert slos(kept) == slos(fresh)
    assert numbers([s.signals for s in kept.services]) == numbers([s.signals for s in fresh.services])


def test_with_fifteen_days_of_retention_the_history_keeps_the_28_day_sli_right(month, site, tmp_path):
    (path,) = (site / "snapshots").iterdir()
    whole = snapshots.read(path)
    tsdb = shutil.copytree(month.tsdb, tmp_path / "tsdb", ignore=shutil.ignore_patterns("lock", "wal", "chunks_head"))
    with prometheus(tsdb, retention="15d") as url:
        kept = build_without_pages(configured(url, SMALL), site, AT)
        short = build_without_pages(configured(url, SMALL), tmp_path / "without_history", AT)
    assert kept.source.retention_seconds == 15 * DAY
    assert slos(kept) == slos(whole)
    # Row 16: without that history 15 of 28 days are seen. They are judged, against the budget of 28 days.
    assert short.problems == (), "so the exit code is 0"
    for service in short.services:
        for slo in service.slos:
            window, part = slo.windows["28d"], slo.provisional
            assert window.coverage == pytest.approx(15 / 28, abs=0.003)
            assert slo.status is not Status.INSUFFICIENT
            assert "Provisional: 15 of 28 days seen." in slo.reason
            assert part.seen_seconds / part.of_seconds == pytest.approx(15 / 28, abs=0.003)
            assert part.whole_at == part.since + 28 * DAY
            spent = window.bad / window.total / (1 - slo.objective) * part.seen_seconds / part.of_seconds
            assert slo.budget.remaining_ratio == pytest.approx(1 - spent)


def test_rendering_a_stored_snapshot_gives_the_same_bytes(site, tmp_path):
    (path,) = (site / "snapshots").iterdir()
    redraw.redraw(snapshots.read(path), tmp_path / "again")
    again = tree(tmp_path / "again")
    original = tree(site)
    assert "index.html" in again
    # The archive makes the ids of its feed once. A site without it has others, and so another hash of the feed.
    # The periods that were closed are in the folder, too, not in the snapshot: the list of their reviews is empty.
    for name in (FEED.path(), STATE_FILE.path(), REVIEWS_PAGE.path()):
        assert again.pop(name) != original[name]
    pointers = [json.loads(files.pop(POINTER)) for files in (again, original)]
    for pointer in pointers:
        del pointer["pages"][REVIEWS_PAGE.path()]
    assert pointers[0] == pointers[1]
    assert again.items() <= original.items()


def test_a_corrupt_day_is_renamed_reported_and_queried_again(month, site):
    before = sealed_hours(site)
    path = site / HISTORY_DAY.path("2026-03-02")
    path.write_bytes(path.read_bytes()[:1000])
    snapshot = build_without_pages(configured(month.url, SMALL), site, AT + MINUTE)
    (problem,) = snapshot.problems
    assert problem.kind == "history_unreadable"
    assert "2026-03-02" in problem.message
    assert "history/2026/03/2026-03-02.json.unreadable-" in problem.message
    (corrupt_file,) = path.parent.glob("*.unreadable-*")
    assert len(corrupt_file.read_bytes()) == 1000
    assert sealed_hours(site) == before | sealed_hours(site)


ARGUMENTS = ["--at", "2026-03-15T12:35:00Z", "--quiet"]
STARTER = """
import json, os, sys, time
from sresnap.app import job  # what a build imports, once for all builds
from sresnap.cli import main
from sresnap.documents import files, history
for line in sys.stdin:
    build = os.fork()
    if not build:
        break
    print(build, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(build, 0)[1]), flush=True)
else:
    sys.exit()
write = files.write_atomic
def stopping(path, content):
    write(path, content)
    if str(path).endswith(last):
        time.sleep(30)  # it is killed here
sys.argv, last = json.loads(line)
if last:
    files.write_atomic = history.write_atomic = stopping
main()
"""


class Starter:
    """Starts builds in processes of their own, one at a time: forks of one that has imported the program."""

    def __init__(self, process):
        self._process = process

    def start(self, url, out, config, *, last=None):
        """Start one, which stops after the last file to write, if any; returns its process id."""
        arguments = ["sresnap", "build", "--config", config, "--out", out, "--prometheus-url", url, *ARGUMENTS]
        self._process.stdin.write(json.dumps([list(map(str, arguments)), last]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def exit_code(self):
        """Of the build that was started last, when it ends."""
        return int(self._process.stdout.readline())


@pytest.fixture(scope="module")
def starter():
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Starter(process)
        process.stdin.close()


def wait_for(condition):
    give_up = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.005)


DAY_FILE, PAGE = HISTORY_DAY.path("2026-03-03"), "services/api/index.html"


@pytest.mark.parametrize(
    ("moment", "last"), [("while asking", None), ("between two days", DAY_FILE), ("between two pages", PAGE)]
)
def test_a_build_killed_at_any_moment_leaves_a_whole_site_and_a_history_that_the_next_one_reads(
    month, site, fresh, starter, tmp_path, moment, last
):
    config = tmp_path / "sresnap.yaml"
    config.write_text(SMALL)
    before = (site / "latest.json").read_bytes()
    index = (site / "index.html").read_bytes()
    shutil.rmtree(site / "history" / "2026" / "03")
    with FaultProxy(month.url, Fault("slow", times=None, seconds=0.05)) as proxy:
        process = starter.start(proxy.url, site, config, last=last)
        conditions = {
            "while asking": lambda: len(proxy.queries) >= 5,
            "between two days": (site / DAY_FILE).exists,
            "between two pages": lambda: (site / PAGE).read_bytes() != page,
        }
        page = (site / PAGE).read_bytes()
        wait_for(conditions[moment])
        os.kill(process, signal.SIGKILL)
        assert starter.exit_code() == -signal.SIGKILL
    assert (site / "latest.json").read_bytes() == before
    assert (site / "index.html").read_bytes() == index
    assert_whole(site)
    again = configured(month.url, SMALL)
    if moment == "between two pages":
        snapshot = build.build(again, site, AT + MINUTE, AT + MINUTE).snapshot
    else:
        snapshot = build_without_pages(again, site, AT + MINUTE)
    assert snapshot.problems == ()
    assert not list(site.rglob("*.sresnap-tmp"))
    assert slos(snapshot) == slos(fresh)
    assert_chained(site)


def assert_chained(site):
    """Each day names the hash of the day before it."""
    days = sorted((site / "history").rglob("*.json"))
    for before, after in itertools.pairwise(days):
        assert json.loads(after.read_bytes())["previous_sha256"] == hashlib.sha256(before.read_bytes()).hexdigest()


def assert_whole(site):
    """What latest.json names is there, and each page finds its assets."""
    pointer = json.loads((site / "latest.json").read_bytes())
    assert (site / pointer["snapshot"]).exists()
    for page in pointer["pages"]:
        assert (site / page).read_text().rstrip().endswith("</html>")
    assert not files.load_history(site, SPAN).unreadable


def test_a_demo_never_mixes_with_a_real_history(month, site):
    from sresnap.errors import UsageError

    demo = dataclasses.replace(configured(month.url, SMALL), kind=SourceKind.DEMO)
    with pytest.raises(UsageError, match="holds a real report"):
        build.build(demo, site, AT, AT)
    (site / "latest.json").unlink()
    with FaultProxy(month.url) as proxy:
        build.build(dataclasses.replace(configured(proxy.url, SMALL), kind=SourceKind.DEMO), site, AT, AT)
    assert max(span_of(seen) for seen in proxy.queries) > 27 * DAY, "not one hour of the real history was used"


def test_one_answer_of_an_empty_server_does_not_empty_the_history(month, tmp_path):
    from sresnap.errors import PrometheusUnreachable

    out = tmp_path / "public"
    with prometheus(tmp_path / "empty") as url, contextlib.suppress(PrometheusUnreachable):
        assert build_without_pages(configured(url, SMALL), out, AT).status is Status.NO_DATA
    snapshot = build_without_pages(configured(month.url, SMALL), out, AT)
    assert all(slo.windows["28d"].coverage == 1 for service in snapshot.services for slo in service.slos)


def test_a_report_of_the_past_fills_the_history_and_leaves_the_newest_report_in_place(month, site):
    before = {name: (site / name).read_bytes() for name in ("index.html", "latest.json")}
    past = build.build(configured(month.url, SMALL), site, AT - DAY, AT + MINUTE)
    assert past.newer == "20260315T123400Z"
    assert {name: (site / name).read_bytes() for name in before} == before
    assert (site / "snapshots/20260314T123400Z.json").exists()


def test_a_restart_that_adds_a_series_does_not_break_an_ungrouped_query(tmp_path):
    config = """
provider: custom
services: [{name: api, slo_target: 99, labels: {job: api}}]
queries: {availability: 'avg_over_time(up{{job="{job}"}}[{window}]) * 100'}
"""
    lines = ["# TYPE up gauge"]
    for pod, first, after in (("a", -10 * DAY, -5 * DAY), ("b", -5 * DAY, 60)):
        times = range(AT + first, AT + after, 60)
        lines += [f'up{{job="api",pod="{pod}"}} 1 {t + 17}' for t in times if t + 17 <= AT]
    with prometheus_of("\n".join([*lines, "# EOF\n"]), tmp_path / "tsdb") as url:
        snapshot = build_without_pages(configured(url, config), tmp_path / "public", AT)
        with FaultProxy(url) as proxy:
            build_without_pages(configured(proxy.url, config), tmp_path / "public", AT + MINUTE)
    hours = snapshot.services[0].slos[0].hours.total
    assert sum(hour is not None for hour in hours) == pytest.approx(10 * 24, abs=2), "all but the hour of the restart"
    assert any(problem.kind == "ambiguous" and "pod" in problem.message for problem in snapshot.problems)
    assert max(span_of(seen) for seen in proxy.queries) <= 6 * HOUR, "the ambiguous hour is not asked for again"


def test_a_changed_configuration_queries_only_what_it_changes(month, site):
    changed = SMALL.replace("name: frontend", "name: web")
    with FaultProxy(month.url) as proxy:
        snapshot = build_without_pages(configured(proxy.url, changed), site, AT + MINUTE)
    assert snapshot.services[0].slos[0].windows["28d"].coverage == 1
    long = [seen.query for seen in proxy.queries if span_of(seen) > 27 * DAY]
    assert long
    assert not any("api" in query for query in long)


def test_two_builds_at_once_do_not_disturb_each_other(month, site, starter, tmp_path, command):
    config = tmp_path / "sresnap.yaml"
    config.write_text(SMALL)
    with FaultProxy(month.url, Fault("slow", times=None, seconds=0.3)) as proxy:
        starter.start(proxy.url, site, config)
        wait_for(lambda: proxy.queries)
        second = command(
            "build", "--config", str(config), "--out", str(site), "--prometheus-url", proxy.url, *ARGUMENTS
        )
        proxy.faults.clear()
        first = starter.exit_code()
    assert second.returncode == ExitCode.CONFLICT
    assert "another build" in second.stderr
    assert first == ExitCode.DONE
