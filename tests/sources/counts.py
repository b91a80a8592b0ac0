"""`make sources`: what the presets count, next to what the load generator sent."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.config import loads
from sresnap.model.windows import iso
from tests.integration.pageless import build_without_pages
from tests.sources.fleet import INTERVAL, STARTS, loaded
from tests.sources.load import SLOW_SECONDS

BY_TIME = {"nginx", "redis", "postgres", "node", "blackbox"}


@pytest.fixture(scope="module")
def fleet():
    # Not a folder of pytest's: PostgreSQL's user could not enter it.
    folder = Path(tempfile.mkdtemp(prefix="sresnap-sources-"))
    folder.chmod(0o755)
    try:
        with loaded(folder) as everything:
            yield everything
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def reports(fleet, tmp_path_factory):
    config = loads(fleet.config, "sresnap.yaml", {}, cwd=Path.cwd())
    snapshot = build_without_pages(config, tmp_path_factory.mktemp("report"), fleet.at)
    return {service.name: service for service in snapshot.services}


def identity(provider, settings, name):
    """What a service is known by: the values of its labels."""
    return provider, frozenset((settings.get("labels") or {"service": name}).values())


def run(*arguments):
    """A command as a user types it; its output."""
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def counted(report):
    """Total and bad events, and the bounds of the bad ones, by objective."""
    hours = {slo.name: slo.windows["1h"] for slo in report.slos}
    return {name: (hour.total, hour.total - hour.good, hour.bad_bounds) for name, hour in hours.items()}


@pytest.mark.parametrize("source", [name for name in STARTS if name not in BY_TIME])
def test_every_count_is_what_the_load_generator_sent(source, fleet, reports):
    for service in fleet.sources[source].services:
        # A second scrape of the same process counts what the first one counts.
        sent = fleet.sent.get(service.name) or fleet.sent[source]
        counts = counted(reports[service.name])
        assert counts["availability"] == (sent.total, sent.bad, (sent.bad, sent.bad)), service.name
        if service.threshold:
            total, slow, bounds = counts["latency"]
            failed = 0 if service.failed_are_good else sent.bad
            most, least = (sent.total - fast + failed for fast in sent.fast)
            assert (total, bounds) == (sent.total, (slow, slow))
            assert least <= slow <= most, service.name


@pytest.mark.parametrize("source", [name for name in STARTS if name not in BY_TIME])
def test_golden_signals_are_in_the_units_that_a_report_has(source, fleet, reports):
    for service in fleet.sources[source].services:
        sent = fleet.sent.get(service.name) or fleet.sent[source]
        values = {key: signal.value for key, signal in reports[service.name].signals.items()}
        assert values["error_rate"] == pytest.approx(sent.bad / sent.total, rel=0.1)
        assert 0 < values["request_rate"] < sent.total
        if service.threshold and sent.slow:
            # Buckets beside it are within a factor of two.
            assert SLOW_SECONDS / 2 < values["latency_p99"] < 2 * SLOW_SECONDS


@pytest.mark.parametrize("source", [name for name in STARTS if name in BY_TIME])
def test_the_time_that_it_was_down_is_the_time_that_is_bad(source, fleet, reports):
    outage = fleet.sources[source].outage
    began, down, back, up = fleet.down
    span = fleet.at - fleet.first
    (slo,) = reports[source].slos
    bad = 1 - slo.windows["1h"].sli
    # Each end of a time lies within a scrape's interval.
    slack = 2 * INTERVAL
    assert (back - down - slack) / (span + slack) <= bad <= (up - began + slack) / (span - slack)
    values = {key: signal.value for key, signal in reports[source].signals.items()} | reports[source].capacity
    for signal, (least, most) in outage.signals.items():
        assert least <= values[signal] <= most, signal


def test_what_is_detected_passes_the_check_and_reports_what_was_sent(fleet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    at = ("--at", iso(fleet.at))
    run("init", "--detect", "--prometheus-url", fleet.url, *at)
    assert re.search(r"all \d+ queries found data", run("check", "--online", *at))
    run("build", *at)
    text = yaml.safe_load(Path("sresnap.yaml").read_text(encoding="utf-8"))
    rows = json.loads(Path("public/objectives.json").read_text(encoding="utf-8"))
    hours = {row["service"]: row for row in rows if (row["slo"], row["window"]) == ("availability", "1h")}
    sent = {
        identity(service.settings["provider"], service.settings, service.name): fleet.sent[service.name]
        for source in fleet.sources.values()
        for service in source.services
        if service.send
    }
    found = set()
    for service in text["services"]:
        known = identity(service.get("provider", text["provider"]), service, service["name"])
        if known in sent:
            hour = hours[service["name"]]
            assert (hour["total"], hour["total"] - hour["good"]) == (sent[known].total, sent[known].bad), known
            found.add(known)
    # A second scrape of the same process is a comment.
    assert found == set(sent), set(sent) - found
