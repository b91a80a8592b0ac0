"""Builds against a real Prometheus and their archive: missed reports are backfilled, archived ones never change."""

import dataclasses
import hashlib
import json
import shutil

import pytest
from click.testing import CliRunner

from sresnap.app import backfill, redraw
from sresnap.app.build import build as build_report
from sresnap.archive.chain import chain_faults
from sresnap.cli import cli
from sresnap.documents import archive_index, snapshots
from sresnap.documents.layout import FROZEN_PAGE, INDEX, SNAPSHOT
from sresnap.model.windows import HOUR, MINUTE, iso, snapshot_id
from tests.integration.month import AT, ONE, configured

SCHEDULE = 5 * MINUTE
START = AT - AT % SCHEDULE


@pytest.fixture(scope="module")
def built(month, tmp_path_factory):
    out = tmp_path_factory.mktemp("archived") / "public"
    build_report(configured(month.url, ONE), out, START - 4 * SCHEDULE, START - 4 * SCHEDULE)
    return out


@pytest.fixture
def site(built, tmp_path):
    return shutil.copytree(built, tmp_path / "public")


@pytest.fixture
def history(built, tmp_path):
    """A folder whose history saves the build from querying 28 days. It has no report."""
    return shutil.copytree(built / "history", tmp_path / "public/history")


def test_a_backfill_builds_each_missed_report_for_its_own_time(month, site):
    config = configured(month.url, ONE)
    pointer = (site / "latest.json").read_bytes()
    missed = backfill.missed_reports(config, site, START)
    assert missed.times == tuple(START - k * SCHEDULE for k in (3, 2, 1))
    for at in missed.times:
        build_report(config, site, at, START, reconstructed=True)
        assert (site / "latest.json").read_bytes() == pointer, "the pages wait for the report of now"
    snapshot = build_report(config, site, START, START + 7).snapshot
    index = archive_index.load(site)
    assert [entry.reconstructed for entry in index.entries] == [False, True, True, True, False]
    assert chain_faults(index) == []
    made = snapshots.read(site / SNAPSHOT.path(snapshot_id(START - SCHEDULE)))
    assert (made.reconstructed, made.previous.id) == (True, snapshot_id(START - 2 * SCHEDULE))
    assert "Backfilled" in (site / FROZEN_PAGE.path(made.id)).read_text()
    assert snapshot.previous.id == made.id
    assert backfill.missed_reports(config, site, START + MINUTE) == backfill.MissedReports()


def test_a_report_names_its_slot_its_start_and_the_end_of_its_data(month, site):
    config = configured(month.url, ONE)
    assert config.schedule_seconds == SCHEDULE
    made = build_report(config, site, START + 2 * MINUTE, START + 2 * MINUTE + 7).snapshot
    assert made.scheduled_at == START
    assert (made.at, made.generated_at) == (START + 2 * MINUTE, START + 2 * MINUTE + 7)
    entry = archive_index.load(site).entry(made.id)
    assert (entry.scheduled_at, entry.generated_at) == (made.scheduled_at, made.generated_at)
    daily = dataclasses.replace(config, schedule_seconds=24 * HOUR)
    made = build_report(daily, site, START + 4 * MINUTE, START + 4 * MINUTE).snapshot
    assert made.scheduled_at == made.at, "the phase of a daily job is not known"


def test_a_report_in_the_archive_is_not_altered_by_another_of_the_same_moment(month, site):
    config = configured(month.url, ONE)
    build_report(config, site, START, START)
    old = snapshot_id(START - 4 * SCHEDULE)
    files = [site / FROZEN_PAGE.path(old), site / SNAPSHOT.path(old), site / INDEX]
    before = [path.read_bytes() for path in files]
    built = build_report(dataclasses.replace(config, title="Other"), site, START - 4 * SCHEDULE, START + 60)
    assert not built.is_archived
    assert [path.read_bytes() for path in files] == before
    entry = archive_index.load(site).entries[0]
    assert [hashlib.sha256(content).hexdigest() for content in before[:2]] == [entry.html_sha256, entry.snapshot_sha256]


def test_late_data_restates_an_hour_and_leaves_the_old_report_as_it_was(month, site):
    day = next(path for path in sorted((site / "history").rglob("*.json"), reverse=True))
    data = json.loads(day.read_bytes())
    column = data["services"]["api"]["total"]
    hour = (START - 4 * SCHEDULE) // HOUR % 24 - 1
    column["values"][hour] -= 100  # as if some of it had come late
    assert column["sealed"] <= hour
    day.write_text(json.dumps(data))
    old = site / SNAPSHOT.path(snapshot_id(START - 4 * SCHEDULE))
    before = old.read_bytes()
    snapshot = build_report(configured(month.url, ONE), site, START, START).snapshot
    (found,) = [one for one in snapshot.restated if one.what == "total"]
    assert (found.service, found.cause) == ("api", "late_data")
    assert found.after - found.before == pytest.approx(100)
    assert old.read_bytes() == before


def test_an_archived_snapshot_renders_to_its_frozen_page(month, site, tmp_path):
    build_report(configured(month.url, ONE), site, START, START)
    for entry in archive_index.load(site).entries:
        redraw.redraw(snapshots.read(site / SNAPSHOT.path(entry.id)), tmp_path / entry.id)
        again = (tmp_path / entry.id / FROZEN_PAGE.path(entry.id)).read_bytes()
        assert hashlib.sha256(again).hexdigest() == entry.html_sha256


def test_the_command_backfills_missed_reports_and_says_so(month, history, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sresnap.yaml").write_text(ONE)
    ask = ["build", "--prometheus-url", month.url]
    first, last = (iso(START - k * SCHEDULE) for k in (3, 0))
    assert CliRunner().invoke(cli, [*ask, "--at", first]).exit_code == 0
    done = CliRunner().invoke(cli, [*ask, "--at", last, "--backfill"])
    between = f"{iso(START - 2 * SCHEDULE)} to {iso(START - SCHEDULE)}"
    assert f"backfilled 2 missed reports, {between}" in done.output
    again = CliRunner().invoke(cli, [*ask, "--at", first])
    assert "the archive already has a report" in again.output
    rows = json.loads(CliRunner().invoke(cli, ["archive", "list", "--json"]).output)
    assert [row["reconstructed"] for row in rows] == [False, True, True, False]


def test_a_quiet_build_reports_an_edited_report_that_it_would_thin(month, history, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    off = "every: null, hourly: null, daily: null, weekly: null, monthly: null"
    (tmp_path / "sresnap.yaml").write_text(f"{ONE}\narchive: {{keep: {{{off}}}}}\n")
    ask = ["build", "--quiet", "--prometheus-url", month.url, "--at"]
    CliRunner().invoke(cli, [*ask, iso(START - 2 * SCHEDULE)])
    page = tmp_path / "public" / FROZEN_PAGE.path(snapshot_id(START - 2 * SCHEDULE))
    page.write_text("<html>all was well</html>")
    done = CliRunner().invoke(cli, [*ask, iso(START - SCHEDULE)])
    assert done.output.startswith(f"left unchanged: {page.relative_to(tmp_path)} differs from what was archived\n")
    assert "archive withdraw" in done.output


def test_a_build_says_if_the_report_of_its_moment_was_thinned_out_or_withdrawn(month, history, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    off = "every: null, hourly: null, daily: null, weekly: null, monthly: null"
    (tmp_path / "sresnap.yaml").write_text(ONE)
    (tmp_path / "stricter.yaml").write_text(f"{ONE}\narchive: {{keep: {{{off}}}}}\n")

    def run(*arguments):
        return CliRunner().invoke(cli, arguments).stdout

    def build(at, *more):
        return run("build", "--prometheus-url", month.url, "--at", iso(at), *more)

    withdrawn, thinned, kept = (START - back * SCHEDULE for back in (3, 2, 1))
    for at in (withdrawn, thinned, kept):
        assert json.loads(build(at, "--json"))["archived"]
    build(START)
    run("archive", "withdraw", snapshot_id(withdrawn), "--reason", "it named a host")
    assert f"the archive already has a report of {iso(kept)} and keeps it; only the history" in build(kept)
    run("archive", "prune", "--config", "stricter.yaml")
    for at, what in ((withdrawn, "withdrawn"), (thinned, "thinned out")):
        assert f"the report of {iso(at)} was {what} and is not built again; only the history was updated" in build(at)
        assert not json.loads(build(at, "--json"))["archived"]
    assert "; 2 thinned out, 1 withdrawn" in run("archive", "list")
