"""Wrong clocks: this machine's clock is ahead of Prometheus's, or jumps back an hour between two builds."""

import json
import shutil
from email.utils import formatdate

import httpx
import pytest
from click.testing import CliRunner

from sresnap import clock
from sresnap.app.build import build as build_report
from sresnap.archive.chain import chain_faults
from sresnap.cli import cli
from sresnap.config import loads
from sresnap.demo import DemoServer, demo_config
from sresnap.documents import archive_index
from sresnap.documents.layout import FROZEN_PAGE
from sresnap.errors import ClockAhead, ExitCode
from sresnap.model.windows import DAY, HOUR, MINUTE, iso, parse_time, snapshot_id
from tests.integration.pageless import build_without_pages
from tests.integration.small_demo import small_demo
from tests.integration.test_builds import tree

NOW = parse_time("2026-03-15T12:35:00Z")
TEMPLATES = loads(demo_config(), "the demo's configuration", {}, cwd=None).templates


@pytest.fixture
def clocks(monkeypatch):
    """The time of this machine and of Prometheus."""
    found = {"here": NOW, "source": NOW}
    monkeypatch.setattr(clock, "now", lambda: found["here"])
    return found


@pytest.fixture
def config(clocks, tmp_path):
    with DemoServer(TEMPLATES, now=lambda: clocks["source"]) as server:
        path = tmp_path / "sresnap.yaml"
        path.write_text(small_demo(server.url))
        yield path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the report of NOW."""
    out = tmp_path_factory.mktemp("built") / "public"
    with DemoServer(TEMPLATES, now=lambda: NOW) as server:
        build_report(loads(small_demo(server.url), "x", {}, cwd=None), out, NOW, NOW)
    return out


@pytest.fixture
def site(config, built):
    return shutil.copytree(built, config.parent / "public")


def build(config, *more):
    out = config.parent / "public"
    done = CliRunner().invoke(cli, ["build", "--config", str(config), "--out", str(out), *more], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done


@pytest.mark.parametrize("ahead", [3 * MINUTE, 365 * DAY])
def test_a_clock_ahead_of_prometheus_is_refused_before_anything_is_written(clocks, config, ahead):
    out = config.parent / "public"
    clocks["here"] = NOW + ahead
    with pytest.raises(ClockAhead) as refused:
        build(config)
    assert not out.exists() or tree(out) == {}
    assert refused.value.exit_code == ExitCode.USAGE == 2
    assert f"time is {iso(NOW + ahead)}, but Prometheus at http://127.0.0.1" in refused.value.message
    assert f"it is {iso(NOW)}" in refused.value.message
    assert "clock" in refused.value.hint


def test_a_clock_ahead_of_prometheus_changes_nothing_of_a_site(clocks, config, site):
    before = tree(site)
    clocks["here"] = NOW + HOUR
    for options_ in ([], ["--backfill"]):
        with pytest.raises(ClockAhead):
            build(config, *options_)
        assert tree(site) == before


def without_pages(config, at):
    loaded = loads(config.read_text(), "x", {}, cwd=None)
    return build_without_pages(loaded, config.parent / "public", at)


def test_a_clock_that_is_two_minutes_ahead_is_tolerated(config):
    assert without_pages(config, NOW + 2 * MINUTE).at == NOW + 2 * MINUTE


def test_a_report_of_the_past_is_built_with_a_wrong_clock_of_this_machine(clocks, config):
    clocks["here"] = NOW + HOUR
    assert build(config, "--at", iso(NOW - HOUR)).return_value == ExitCode.DONE


def test_a_server_that_sends_no_date_is_trusted(config, monkeypatch):
    monkeypatch.setattr("sresnap.prometheus.client.http_date", lambda _: None)
    assert without_pages(config, NOW + HOUR).at == NOW + HOUR


def test_the_demo_sends_its_own_time(clocks, config):
    url = loads(config.read_text(), "x", {}, cwd=None).prometheus.url
    assert httpx.get(f"{url}/-/ready").headers["date"] == formatdate(NOW, usegmt=True)


def test_a_clock_that_jumps_back_an_hour_loses_nothing(clocks, config, site):
    out, before = site, tree(site)
    clocks["source"] += 5 * MINUTE
    clocks["here"] = NOW - HOUR + 5 * MINUTE
    done = build(config)
    assert done.return_value == ExitCode.DONE
    assert f"the newest report is {snapshot_id(NOW)}, but this machine's clock shows {iso(NOW - 55 * MINUTE)}" in (
        done.output
    )
    assert f"the pages still show the newer report {snapshot_id(NOW)}" in done.output
    after = tree(out)
    changed = {name for name in before if after.get(name) != before[name]}
    assert {name for name in changed if not name.startswith(("archive/", "history/"))} == set()
    assert FROZEN_PAGE.path(snapshot_id(NOW)) not in changed
    for name in before:
        if name.startswith("history/"):
            assert known(before[name]) <= known(after[name])

    clocks["here"] = clocks["source"] = NOW + 10 * MINUTE
    assert build(config).return_value == ExitCode.DONE
    clocks["here"] = NOW - HOUR + 5 * MINUTE  # the archive has a report of that moment
    assert "the archive already has a report" in build(config).output
    index = archive_index.load(out)
    moments = (NOW, NOW - 55 * MINUTE, NOW + 10 * MINUTE)
    assert [entry.id for entry in index.entries] == [snapshot_id(at) for at in moments]
    assert chain_faults(index) == []
    assert json.loads((out / "latest.json").read_bytes())["id"] == snapshot_id(NOW + 10 * MINUTE)


def known(content):
    """The hours of a day's file that have data, by service and series."""
    services = json.loads(content)["services"]
    return {
        (service, series, hour)
        for service, columns in services.items()
        for series, column in columns.items()
        for hour, value in enumerate(column["values"])
        if value is not None
    }


def test_a_clock_that_is_ahead_does_not_backfill(clocks, config):
    clocks["here"] = NOW + DAY
    loaded = loads(config.read_text(), "x", {}, cwd=None)
    with pytest.raises(ClockAhead):
        build_report(loaded, config.parent / "public", NOW - HOUR, NOW + DAY, reconstructed=True)
