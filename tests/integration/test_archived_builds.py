"""Builds against a real Prometheus and their archive: missed reports are backfilled, archived ones never change."""

import contextlib
import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sresnap.app import backfill, redraw
from sresnap.app.build import build as build_report
from sresnap.archive.chain import chain_faults
from sresnap.cli import cli
from sresnap.documents import archive_index, manifest, snapshots
from sresnap.documents.layout import FROZEN_PAGE, INDEX, MANIFEST, SEEN_MANIFEST, SNAPSHOT
from sresnap.model.windows import HOUR, MINUTE, iso, snapshot_id
from tests.integration.month import AT, configured
from tests.integration.month import ONE as FOUR_WEEKS
from tests.integration.pageless import build_without_pages

ONE = f"{FOUR_WEEKS}window: 3d\n"
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


@pytest.fixture(scope="module")
def backfilled(built, month, tmp_path_factory):
    """A folder where the command has backfilled three reports, and what it printed."""
    folder = tmp_path_factory.mktemp("backfilled")
    shutil.copytree(built, folder / "public")
    return folder, command(folder, "build", "--prometheus-url", month.url, "--at", iso(START), "--backfill")


def command(folder, *arguments, config=ONE):
    """Run a command in a folder with a configuration: what it prints."""
    with contextlib.chdir(folder):
        Path("sresnap.yaml").write_text(config)
        return CliRunner().invoke(cli, arguments).output


def test_a_backfill_builds_each_missed_report_for_its_own_time(month, built, backfilled):
    config, site = configured(month.url, ONE), backfilled[0] / "public"
    assert backfill.missed_reports(config, built, START).times == tuple(START - k * SCHEDULE for k in (3, 2, 1))
    index = archive_index.load(site)
    assert [entry.reconstructed for entry in index.entries] == [False, True, True, True, False]
    assert chain_faults(index) == []
    made = snapshots.read(site / SNAPSHOT.path(snapshot_id(START - SCHEDULE)))
    assert (made.reconstructed, made.previous.id) == (True, snapshot_id(START - 2 * SCHEDULE))
    assert "Backfilled" in (site / FROZEN_PAGE.path(made.id)).read_text()
    assert snapshots.read(site / SNAPSHOT.path(snapshot_id(START))).previous.id == made.id
    assert backfill.missed_reports(config, site, START + MINUTE) == backfill.MissedReports()


def test_the_pages_wait_for_the_report_of_now(month, site):
    pointer = (site / "latest.json").read_bytes()
    build_report(configured(month.url, ONE), site, START - 3 * SCHEDULE, START, reconstructed=True)
    assert (site / "latest.json").read_bytes() == pointer


def test_a_report_names_its_slot_its_start_and_the_end_of_its_data(month, site):
    config = configured(month.url, ONE)
    assert config.schedule_seconds == SCHEDULE
    made = build_report(config, site, START + 2 * MINUTE, START + 2 * MINUTE + 7).snapshot
    assert made.scheduled_at == START
    assert (made.at, made.generated_at) == (START + 2 * MINUTE, START + 2 * MINUTE + 7)
    entry = archive_index.load(site).entry(made.id)
    assert (entry.scheduled_at, entry.generated_at) == (made.scheduled_at, made.generated_at)
    daily = dataclasses.replace(config, schedule_seconds=24 * HOUR)
    made = build_without_pages(daily, site, START + 4 * MINUTE)
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


@pytest.mark.parametrize("at", [START, START - 4 * SCHEDULE], ids=["filed", "already filed"])
def test_f9_a_build_hides_the_manifest_that_it_makes_untrue(month, site, at):
    published = manifest.encode(manifest.Manifest(snapshot_id(START - 4 * SCHEDULE), START, {}, {}))
    (site / MANIFEST).write_bytes(published)
    build_report(configured(month.url, ONE), site, at, START)
    assert not (site / MANIFEST).exists()
    assert (site / SEEN_MANIFEST).read_bytes() == published


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


def test_an_archived_snapshot_renders_to_its_frozen_page(backfilled, tmp_path):
    site = backfilled[0] / "public"
    for entry in (archive_index.load(site).entries[position] for position in (0, -2, -1)):
        redraw.redraw(snapshots.read(site / SNAPSHOT.path(entry.id)), tmp_path / entry.id)
        again = (tmp_path / entry.id / FROZEN_PAGE.path(entry.id)).read_bytes()
        assert hashlib.sha256(again).hexdigest() == entry.html_sha256


def test_the_command_backfills_missed_reports_and_says_so(backfilled):
    folder, printed = backfilled
    between = f"{iso(START - 3 * SCHEDULE)} to {iso(START - SCHEDULE)}"
    assert f"backfilled 3 missed reports, {between}" in printed
    rows = json.loads(command(folder, "archive", "list", "--json"))
    assert [row["reconstructed"] for row in rows] == [False, True, True, True, False]


OFF = "archive: {keep: {every: null, hourly: null, daily: null, weekly: null, monthly: null}}"


def test_a_quiet_build_reports_an_edited_report_that_it_would_thin(month, site, tmp_path):
    page = site / FROZEN_PAGE.path(snapshot_id(START - 4 * SCHEDULE))
    page.write_text("<html>all was well</html>")
    ask = ["build", "--quiet", "--prometheus-url", month.url, "--at", iso(START - SCHEDULE)]
    printed = command(tmp_path, *ask, config=f"{ONE}{OFF}\n")
    assert printed.startswith(f"left unchanged: {page.relative_to(tmp_path)} differs from what was archived\n")
    assert "archive withdraw" in printed


def test_a_build_says_if_the_report_of_its_moment_was_thinned_out_or_withdrawn(month, backfilled, tmp_path):
    shutil.copytree(backfilled[0], tmp_path, dirs_exist_ok=True)

    def build(at, *more):
        return command(tmp_path, "build", "--prometheus-url", month.url, "--at", iso(at), *more)

    withdrawn, thinned, kept = (START - back * SCHEDULE for back in (3, 2, 1))
    command(tmp_path, "archive", "withdraw", snapshot_id(withdrawn), "--reason", "it named a host")
    assert f"the archive already has a report of {iso(kept)} and keeps it; only the history" in build(kept)
    command(tmp_path, "archive", "prune", "--config", "sresnap.yaml", config=f"{ONE}{OFF}\n")
    for at, what in ((withdrawn, "withdrawn"), (thinned, "thinned out")):
        assert f"the report of {iso(at)} was {what} and is not built again; only the history was updated" in build(at)
        assert not json.loads(build(at, "--json", "--quiet"))["archived"]
    assert "; 3 thinned out, 1 withdrawn" in command(tmp_path, "archive", "list")
