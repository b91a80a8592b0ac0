"""`sresnap demo` as a newcomer runs it."""

import io
import json
import os
import re
import shutil
import signal
import threading
import time
import urllib.request
from collections import Counter

from sresnap import clock
from sresnap.app.demo import demo_prometheus
from sresnap.compute.slo.trend import remaining
from sresnap.documents import snapshots
from sresnap.model.windows import DAY, HOUR, MINUTE, floor, parse_time
from tests.demo_sites import AT
from tests.integration.pageless import build_without_pages, demo_without_pages
from tests.unit.cli.test_cli import run_here


def test_the_demo_writes_a_whole_report_and_shows_its_path(tmp_path):
    done = run_here("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "public/index.html" in done.stdout
    assert done.stderr == ""
    pointer = json.loads((tmp_path / "public" / "latest.json").read_bytes())
    snapshot = json.loads((tmp_path / "public" / pointer["snapshot"]).read_bytes())
    assert {s["name"]: s["status"] for s in snapshot["services"]} | {"api": ""} == {
        "frontend": "HEALTHY", "api": "", "worker": "EXHAUSTED"
    }  # fmt: skip
    assert {s["name"]: s["now"]["state"] for s in snapshot["services"]} | {"api": ""} == {
        "frontend": "quiet", "api": "", "worker": "paging"
    }  # fmt: skip
    assert snapshot["source"]["kind"] == "demo"
    assert snapshot["problems"] == []


def test_the_budget_line_of_the_first_report_is_whole_and_has_a_past(tmp_path):
    for service in demo_without_pages(3, tmp_path, parse_time("2026-11-30T15:22:00Z")).services:
        for slo in service.slos:
            line = [left for left in remaining(slo) if left is not None]
            assert len(line) == 28 * 24 - 1, "the window begins at a whole hour"
            assert slo.known_since <= slo.hours.start - 28 * DAY + HOUR, "nothing in it is provisional"
            assert max(line) - min(line) > 0.02, "it moves"
        if service.name == "worker":
            spent = next(index for index, left in enumerate(line) if left < 0)
            assert len(line) - spent > 14 * 24, "weeks ago"
            assert line[spent:] == [left for left in line[spent:] if left < 0]


def test_a_demo_of_a_past_moment_has_its_28_days_too_and_asks_for_the_past_once(demo_site, tmp_path):
    shutil.copytree(demo_site, tmp_path / "public")
    (path,) = (tmp_path / "public/snapshots").iterdir()
    assert [service.slos[0].windows["28d"].coverage for service in snapshots.read(path).services] == [1, 1, 1]
    past = [file for month in ("01", "02") for file in (tmp_path / "public/history/2026" / month).iterdir()]
    written = {file: file.stat().st_mtime_ns for file in past}
    demo_without_pages(3, tmp_path / "public", AT + MINUTE)
    assert {file: file.stat().st_mtime_ns for file in past} == written


def test_a_larger_demo_costs_no_more_queries(tmp_path):
    at = floor(clock.now(), MINUTE)
    with demo_prometheus(6, lambda: at, once=True) as config:
        snapshot = build_without_pages(config, tmp_path, at)
    assert len(snapshot.services) == 6
    purposes = Counter(query.purpose for query in snapshot.queries)
    assert 0 < purposes["raw"] <= 20, "its services restart on a few days of the month"
    # Where samples are read, two queries find out which series are copies.
    assert purposes["look_up"] <= 1
    assert len(snapshot.queries) - purposes["raw"] - purposes["copies"] - purposes["look_up"] <= 48


def test_serve_shows_the_report_until_it_is_interrupted(tmp_path):
    printed, served = io.StringIO(), []

    def read_and_interrupt():
        give_up = time.monotonic() + 60
        while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/ .*Ctrl-C", printed.getvalue())):
            if time.monotonic() > give_up:
                return
            time.sleep(0.05)
        with urllib.request.urlopen(f"{found[1]}/latest.json", timeout=10) as answer:
            served.append(json.load(answer)["schema"])
        os.kill(os.getpid(), signal.SIGINT)

    # A shell that starts the tests in the background makes them ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    reader = threading.Thread(target=read_and_interrupt, daemon=True)
    reader.start()
    try:
        done = run_here("demo", "--services", "1", "--serve", "--port", "0", cwd=tmp_path, stdout=printed)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (done.returncode, served) == (0, ["sresnap/latest/1"])
