"""`sresnap demo` as a newcomer runs it."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections import Counter

from sresnap.compute.slo.trend import remaining
from sresnap.documents.snapshots import decode
from sresnap.model.windows import DAY, HOUR
from tests.unit.cli.test_cli import run, run_here


def test_the_demo_writes_a_whole_report_and_shows_its_path(tmp_path):
    done = run("demo", cwd=tmp_path)
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
    done = run_here("demo", "--at", "2026-11-30T15:22:00Z", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    content = (tmp_path / "public/snapshots/20261130T152200Z.json").read_bytes()
    for service in decode(content, "the snapshot").services:
        for slo in service.slos:
            line = [left for left in remaining(slo) if left is not None]
            assert len(line) == 28 * 24 - 1, "the window begins at a whole hour"
            assert slo.known_since <= slo.hours.start - 28 * DAY + HOUR, "nothing in it is provisional"
            assert max(line) - min(line) > 0.02, "it moves"
        if service.name == "worker":
            spent = next(index for index, left in enumerate(line) if left < 0)
            assert len(line) - spent > 14 * 24, "weeks ago"
            assert line[spent:] == [left for left in line[spent:] if left < 0]


def test_a_demo_asks_for_the_past_once(tmp_path):
    written = []
    for at in ("2026-11-30T15:22:00Z", "2026-11-30T15:23:00Z"):
        assert run_here("demo", "--at", at, "--services", "1", cwd=tmp_path).returncode == 0
        written.append({path: path.stat().st_mtime_ns for path in (tmp_path / "public/history/2026/10").iterdir()})
    assert written[0] == written[1]


def test_a_larger_demo_costs_no_more_queries(tmp_path):
    done = run_here("demo", "--services", "6", "--out", "big", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "big" / "snapshots").iterdir()
    snapshot = json.loads(path.read_bytes())
    assert len(snapshot["services"]) == 6
    purposes = Counter(query["purpose"] for query in snapshot["queries"])
    assert 0 < purposes["raw"] <= 20, "its services restart on a few days of the month"
    # Where samples are read, two queries find out which series are copies.
    assert purposes["look_up"] <= 1
    assert len(snapshot["queries"]) - purposes["raw"] - purposes["copies"] - purposes["look_up"] <= 48


def test_a_demo_of_a_past_moment_has_its_28_days_too(tmp_path):
    done = run_here("demo", "--at", "2026-03-15T12:00:00Z", "--services", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    snapshot = json.loads((tmp_path / "public/snapshots/20260315T120000Z.json").read_bytes())
    assert snapshot["services"][0]["slos"][0]["windows"]["28d"]["coverage"] == 1


HEEDING = """
import signal
from sresnap.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""Restores Ctrl-C: a shell that starts the tests in the background makes them, and this process, ignore it."""


def test_serve_shows_the_report_until_it_is_interrupted(tmp_path):
    command = [sys.executable, "-u", "-c", HEEDING, "demo", "--services", "1", "--serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        with urllib.request.urlopen(f"{found[0]}/latest.json", timeout=10) as answer:
            assert json.load(answer)["schema"] == "sresnap/latest/1"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()
