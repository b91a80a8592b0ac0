"""`sresnap archive`: what a user does with the reports that are kept."""

import base64
import hashlib
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from sresnap.app import archive
from sresnap.archive.chain import chain_faults
from sresnap.cli import cli
from sresnap.documents import archive_index, thinned_lists
from sresnap.documents.layout import FROZEN_PAGE, INDEX, SNAPSHOT, THINNED_LIST
from sresnap.errors import UsageError
from sresnap.model.archive import Keep, Pin
from sresnap.model.windows import DAY, day_of_id, parse_time, snapshot_id
from tests import factories
from tests.archives import AT, put, report

LATEST, BEFORE = snapshot_id(AT), snapshot_id(AT - DAY)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def two_reports(tmp_path_factory):
    """The folder that each test's site is a copy of."""
    root = tmp_path_factory.mktemp("two_reports")
    put(root, report(AT - DAY))
    put(root, report(AT, lambda: factories.snapshot([factories.overspent_service("api")])))
    return root


@pytest.fixture
def site(two_reports, tmp_path):
    """Two reports: a service that was healthy has spent its budget a day later."""
    return Path(shutil.copytree(two_reports, tmp_path / "public"))


def run(*arguments):
    found = CliRunner().invoke(cli, ["archive", *map(str, arguments)], standalone_mode=False)
    if found.exception is not None:
        raise found.exception
    return found.output


def test_list_shows_what_is_kept_and_why(site):
    archive.pin(site, "previous", "the last good day", AT)
    lines = run("list", "--out", site).splitlines()
    assert lines[0].split()[:3] == [BEFORE, "HEALTHY", "quiet"]
    assert lines[0].endswith("pinned: the last good day")
    assert lines[-1].startswith("2 reports kept")
    rows = json.loads(run("list", "--out", site, "--json"))
    assert [row["id"] for row in rows] == [BEFORE, LATEST]
    assert [snapshot_id(parse_time(row["at"])) for row in rows] == [BEFORE, LATEST]


def test_list_counts_withdrawn_and_thinned_reports_apart(site):
    assert run("list", "--out", site).endswith("; 0 thinned out\n")
    put(site, report(AT + DAY, factories.no_service))
    archive.withdraw(site, BEFORE, "it named a host", AT)
    assert run("list", "--out", site).endswith("; 1 withdrawn\n")
    put(site, report(AT + DAY + 60), Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0))
    assert run("list", "--out", site).endswith("; 2 thinned out, 1 withdrawn\n")


def test_notes_of_other_users_do_not_control_the_terminal(site):
    index = archive_index.load(site)
    note = "the\x1b[2J\x9b outage\r\nof\u202e today"
    (site / INDEX).write_bytes(archive_index.encode(replace(index, pins=(Pin(LATEST, note, AT),))))
    assert "pinned: the\\u001b[2J\\u009b outage of\\u202e today" in run("list", "--out", site)
    archive.pin(site, LATEST, "", AT)
    run("pin", LATEST, "--note", note, "--out", site)
    assert archive_index.load(site).pins[0].note == "the\\u001b[2J\\u009b outage of\\u202e today"


def test_a_withdrawn_report_leaves_its_headline_and_the_reason(site):
    archive.pin(site, "previous", "the last good day", AT)
    put(site, report(AT + DAY, factories.no_service))
    entry = archive_index.load(site).entry(BEFORE)
    assert run("withdraw", BEFORE, "--reason", "it named <a host>", "--out", site, "--dry-run").endswith(
        f"{BEFORE} would be withdrawn\n"
    )
    assert (site / SNAPSHOT.path(BEFORE)).exists()
    done = run("withdraw", BEFORE, "--reason", "it named <a host>", "--out", site)
    assert done.startswith(f"{BEFORE} withdrawn\npublish, then purge snapshots/{BEFORE}.json, archive/{BEFORE}/ and ")
    index = archive_index.load(site)
    assert (index.entry(BEFORE), index.pins, index.withdrawn[0].reason) == (None, (), "it named <a host>")
    assert not (site / SNAPSHOT.path(BEFORE)).exists()
    page = (site / FROZEN_PAGE.path(BEFORE)).read_text()
    assert "was withdrawn: <bdi>it named &lt;a host&gt;</bdi>" in page
    assert "Withdrawn, summary kept" in page
    assert "at that time: <a" in page
    assert "1 report of this month was withdrawn." in (site / "archive/2026-11/index.html").read_text()
    assert "1 withdrawn</" in (site / "archive/index.html").read_text()
    gone = thinned_lists.load(site, day_of_id(BEFORE))
    assert gone == (entry,)
    assert chain_faults(index, gone) == []
    assert BEFORE not in (site / "archive/index.html").read_text()
    put(site, report(AT + 2 * DAY))
    assert "it named" in (site / FROZEN_PAGE.path(BEFORE)).read_text()
    assert archive_index.load(site).withdrawn == index.withdrawn


@pytest.mark.parametrize("spoil", ["edited page", "edited snapshot", "linked page", "linked snapshot", "linked folder"])
def test_withdrawing_removes_a_report_with_edited_files_and_follows_no_link(site, tmp_path, spoil):
    put(site, report(AT + DAY, factories.no_service))
    page, snapshot = site / FROZEN_PAGE.path(BEFORE), site / SNAPSHOT.path(BEFORE)
    path = {"page": page, "snapshot": snapshot, "folder": page.parent}[spoil.split()[1]]
    elsewhere = tmp_path / "elsewhere"
    if spoil.startswith("edited"):
        path.write_text("w0rker")
    else:
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
    assert f"{BEFORE} withdrawn\n" in run("withdraw", BEFORE, "--reason", "it named a host", "--out", site)
    assert not os.path.lexists(snapshot)
    assert "was withdrawn: <bdi>it named a host" in page.read_text()
    assert page.parent.resolve() / "index.html" == page.resolve() == page
    if not spoil.startswith("edited"):
        inside = elsewhere / "index.html" if spoil == "linked folder" else elsewhere
        assert "summary kept" not in inside.read_text()


@pytest.mark.parametrize("spoil", ["page", "snapshot", "archive", "file", "access"])
def test_files_that_cannot_be_removed_are_reported_before_anything_is_written(site, tmp_path, monkeypatch, spoil):
    put(site, report(AT + DAY, factories.no_service))
    page, snapshot = site / FROZEN_PAGE.path(BEFORE), site / SNAPSHOT.path(BEFORE)
    if spoil in {"page", "snapshot"}:
        path = {"page": page, "snapshot": snapshot}[spoil]
        path.unlink()
        path.mkdir()
    elif spoil == "archive":
        (site / "archive").rename(tmp_path / "elsewhere")
        (site / "archive").symlink_to(tmp_path / "elsewhere")
    elif spoil == "file":
        page.unlink()
        page.parent.rmdir()
        page.parent.write_text("")
    else:
        monkeypatch.setattr("os.access", lambda path, _mode: path != snapshot.parent)
    before = (site / INDEX).read_bytes()
    for more in ([], ["--dry-run"]):
        with pytest.raises(UsageError) as refused:
            run("withdraw", BEFORE, "--reason", "it named a host", "--out", site, *more)
        assert refused.value.hint
    assert (site / INDEX).read_bytes() == before


def test_files_of_a_withdrawn_report_that_came_back_go_when_it_is_withdrawn_again(site):
    put(site, report(AT + DAY, factories.no_service))
    page, snapshot = site / FROZEN_PAGE.path(BEFORE), site / SNAPSHOT.path(BEFORE)
    run("withdraw", BEFORE, "--reason", "it named a host", "--out", site)
    first = archive_index.load(site).withdrawn
    page.write_text("w0rker")
    snapshot.write_text("w0rker")
    assert f"{BEFORE} withdrawn\n" in run("withdraw", BEFORE[:9], "--reason", "it named a host", "--out", site)
    assert not snapshot.exists()
    assert "was withdrawn" in page.read_text()
    assert archive_index.load(site).withdrawn == first
    assert archive_index.load(site).thinned == {day_of_id(BEFORE): 1}


def test_the_reason_of_a_withdrawn_report_is_replaced_in_the_index_and_on_its_page(site):
    put(site, report(AT + DAY, factories.no_service))
    archive.withdraw(site, BEFORE, "it named prometheus.internal", AT + DAY)
    archive.withdraw(site, BEFORE, "it named a host", AT + 2 * DAY)
    (gone,) = archive_index.load(site).withdrawn
    assert (gone.reason, gone.at) == ("it named a host", AT + DAY)
    for path in site.rglob("*.*"):
        assert path.is_dir() or b"prometheus.internal" not in path.read_bytes(), path
    page = (site / FROZEN_PAGE.path(BEFORE)).read_text()
    assert "was withdrawn: <bdi>it named a host" in page
    assert archive_index.load(site).thinned == {day_of_id(BEFORE): 1}
    (site / THINNED_LIST.path(day_of_id(BEFORE))).unlink()
    with pytest.raises(UsageError, match="is missing") as refused:
        archive.withdraw(site, BEFORE, "another", AT)
    assert "restore --all" in refused.value.hint


TOKEN = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789AB"
"""In two parts, as scanners of sources look for such."""
WORDS = {"withdraw": "--reason", "pin": "--note"}


@pytest.mark.parametrize("command", WORDS)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it named prometheus.internal", "a private host name: prometheus.internal"),
        ("it held " + TOKEN, "a token of GitHub: ghp_abcd…"),
        ("see https://user:hunter2@host.example/", "credentials in an address: https://…"),
    ],
)
def test_a_reason_or_note_that_must_not_be_public_is_refused_and_not_repeated(site, command, text, words):
    put(site, report(AT + DAY, factories.no_service))
    before = (site / INDEX).read_bytes()
    with pytest.raises(UsageError) as refused:
        run(command, BEFORE, WORDS[command], text, "--out", site)
    shown = f"{refused.value.message} {refused.value.hint}"
    assert f"{WORDS[command]} holds {words}, which must not be public; nothing was changed" in shown
    assert TOKEN not in shown
    assert "hunter2" not in shown
    assert ("--config" in shown) == ("internal" in text), "tokens pass nowhere"
    assert (site / INDEX).read_bytes() == before


@pytest.mark.parametrize(
    "publish",
    ["allow: [prometheus.internal]", "private: true, target: gh-pages:origin", "target: 'file:www'"],
)
def test_a_note_may_say_what_the_configuration_allows_to_publish(site, tmp_path, publish):
    config = tmp_path / "sresnap.yaml"
    config.write_text(f"services: [{{name: api, slo_target: 99}}]\npublish: {{{publish}}}\n")
    run("pin", BEFORE, "--note", "prometheus.internal was down", "--config", config, "--out", site)
    assert archive_index.load(site).pins[0].note == "prometheus.internal was down"
    with pytest.raises(UsageError, match="a token of GitHub"):
        run("pin", BEFORE, "--note", TOKEN, "--config", config, "--out", site)


def test_with_a_public_target_a_note_must_not_name_a_private_host(site, tmp_path):
    config = tmp_path / "sresnap.yaml"
    config.write_text("services: [{name: api, slo_target: 99}]\npublish: {target: 'gh-pages:origin'}\n")
    with pytest.raises(UsageError, match="a private host name"):
        run("pin", BEFORE, "--note", "prometheus.internal was down", "--config", config, "--out", site)


def test_a_withdrawn_report_is_compared_with_nothing(site):
    assert BEFORE in (site / "archive/compare/index.html").read_text()
    put(site, report(AT - 60))
    put(site, report(AT + DAY, factories.no_service))
    found = (site / "archive/compare/index.html").read_text()
    assert f"{LATEST}/index.html" in found
    archive.withdraw(site, LATEST, "a host", AT)
    assert f"{LATEST}/index.html" not in (site / "archive/compare/index.html").read_text()


def test_the_newest_report_and_the_last_one_built_are_not_withdrawn(site):
    put(site, report(AT - 60))
    for stays in (LATEST, snapshot_id(AT - 60)):
        with pytest.raises(UsageError, match="which the next build needs") as refused:
            archive.withdraw(site, stays, "a host", AT)
        assert "build another report" in refused.value.hint


def test_a_report_is_not_withdrawn_while_the_list_of_its_day_is_missing(site):
    put(site, report(AT - DAY - 60))
    put(site, report(AT + DAY, factories.no_service))
    assert archive_index.load(site).thinned == {day_of_id(BEFORE): 1}
    (site / THINNED_LIST.path(day_of_id(BEFORE))).unlink()
    with pytest.raises(UsageError, match="is missing") as refused:
        archive.withdraw(site, BEFORE, "a host", AT)
    assert "restore --all" in refused.value.hint
    assert archive_index.load(site).entry(BEFORE)


def test_diff_shows_the_budget_spent_the_statuses_and_the_configuration(site):
    text = run("diff", "previous", "latest", "--out", site)
    assert "HEALTHY → EXHAUSTED" in text
    assert "of the budget spent" in text
    assert "configuration:" in text
    data = json.loads(run("diff", "latest", "previous", "--out", site, "--json"))
    assert (data["before"], data["after"]) == (BEFORE, LATEST)
    (slo,) = [slo for slo in data["slos"] if slo["slo"] == "availability"]
    assert slo["spent_ratio"] == pytest.approx(slo["remaining_before"] - slo["remaining"])


def test_a_pinned_report_is_kept_against_every_rule_and_ages_again_when_unpinned(site):
    assert run("pin", BEFORE, "--note", "outage", "--out", site) == f"{BEFORE} pinned\n"
    assert "outage" in (site / "archive/index.html").read_text()
    never = Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0)
    put(site, report(AT + 300), never)
    assert archive_index.load(site).entry(BEFORE) is not None
    assert archive_index.load(site).entry(LATEST) is None
    assert run("pin", BEFORE, "--unpin", "--out", site) == f"{BEFORE} unpinned, and thinned out by the rules\n"
    assert "summary kept" in (site / FROZEN_PAGE.path(BEFORE)).read_text()


def test_prune_thins_by_the_rules_of_a_file_and_a_dry_run_changes_nothing(site, tmp_path):
    put(site, report(AT + 300))
    config = tmp_path / "sresnap.yaml"
    off = "hourly: null, daily: null, weekly: null, monthly: null"
    config.write_text(f"services: [{{name: api, slo_target: 99}}]\narchive: {{keep: {{every: 1h, {off}}}}}\n")
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert run("prune", "--config", config, "--out", site, "--dry-run").splitlines()[0] == BEFORE
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
    assert json.loads(run("prune", "--config", config, "--out", site, "--json"))["thinned"] == [BEFORE]
    assert not (site / SNAPSHOT.path(BEFORE)).exists()
    assert run("prune", "--out", site).startswith("0 reports thinned out; 2 kept")
    pointer = json.loads((site / "latest.json").read_bytes())
    assert f'data-rev="{pointer["pages"]["archive/index.html"]}"' in (site / "archive/index.html").read_text()


def test_a_bundle_is_one_file_whose_policy_names_its_scripts(site, tmp_path):
    file = tmp_path / "report.html"
    assert "report.html" in run("bundle", "latest", "-o", file, "--out", site)
    html = file.read_text()
    assert not re.search(r'(src|href)="(?!data:|#)', html)
    policy = re.search(r'Security-Policy" content="([^"]*)"', html)[1]
    inline = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", html, re.DOTALL)
    assert len(inline) == 3
    for text in inline:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    with pytest.raises(UsageError, match="exists"):
        run("bundle", "latest", "-o", file, "--out", site)


def test_a_dry_run_shows_what_would_happen_and_writes_nothing(site, tmp_path):
    def files():
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    before = files()
    assert run("pin", "previous", "--note", "x", "--out", site, "--dry-run") == f"{BEFORE} would be pinned\n"
    file = tmp_path / "report.html"
    shown = run("bundle", "latest", "-o", file, "--out", site, "--dry-run", "--quiet")
    assert (LATEST in shown, shown.endswith(" kB would be written)\n")) == (True, True)
    assert files() == before
    archive.pin(site, "previous", "", AT)
    before = files()
    assert run("pin", "previous", "--unpin", "--out", site, "--dry-run") == f"{BEFORE} would be unpinned\n"
    assert files() == before


@pytest.mark.parametrize("more", [["--dry-run"], []])
@pytest.mark.parametrize("damaged", ["latest.json", SNAPSHOT.path(LATEST)])
@pytest.mark.parametrize(
    "command",
    [["prune"], ["pin", LATEST], ["pin", BEFORE, "--unpin"], ["withdraw", BEFORE, "--reason", "it named a host"]],
    ids=["prune", "pin", "unpin", "withdraw"],
)
def test_a_dry_run_meets_the_refusals_of_a_real_one(site, command, damaged, more):
    archive.pin(site, BEFORE, "", AT)
    (site / damaged).write_text("{")
    with pytest.raises(UsageError, match=damaged):
        run(*command, "--out", site, *more)


def test_a_bundle_leaves_out_an_icon_of_another_host(site, tmp_path):
    settings = factories.snapshot().site
    put(site, report(AT + 300, site=replace(settings, favicon="https://cdn.example/logo.svg?v=1&w=2")))
    assert "cdn.example" in (site / FROZEN_PAGE.path(snapshot_id(AT + 300))).read_text()
    run("bundle", "latest", "-o", tmp_path / "report.html", "--out", site)
    html = (tmp_path / "report.html").read_text()
    assert "cdn.example" not in html
    assert "img-src data:;" in html
    assert 'class="brand"' in html


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bundle", "20200101T000000Z", "-o", "x.html"], "keeps no report 20200101T000000Z"),
        (["diff", "2026", "latest"], "2 reports begin with 2026"),
        (["pin", BEFORE, "--unpin"], "is not pinned"),
        (["pin", "latest", "--unpin", "--note", "x"], "cannot be combined"),
        (["list", "--out", "/nonexistent"], "there is no archive"),
    ],
)
def test_a_mistake_is_one_message(site, arguments, words):
    with pytest.raises(UsageError, match=words):
        run(*arguments, *([] if "--out" in arguments else ["--out", site]))


def test_an_edited_page_is_not_bundled(site, tmp_path):
    page = site / FROZEN_PAGE.path(LATEST)
    page.write_text(page.read_text() + "!")
    with pytest.raises(UsageError, match="differs from what was archived"):
        run("bundle", "latest", "-o", tmp_path / "x.html", "--out", site)


def test_the_page_of_comparisons_has_the_previous_report_and_the_report_of_a_week_ago(tmp_path):
    for at in (AT - 7 * DAY, AT - 300, AT):
        put(tmp_path, report(at))
    text = (tmp_path / "archive/compare/index.html").read_text()
    assert "Since the previous report" in text
    assert "Since a week ago" in text
    assert f"../{snapshot_id(AT - 7 * DAY)}/index.html" in text


def test_the_feed_has_changes_of_verdicts_and_nothing_else(site):
    root = ET.parse(site / "feed.xml").getroot()
    assert [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")] == [
        "✕ All services: Ticket, budget spent",
        "✕ api: Ticket, budget spent",
    ]
    before = (site / "feed.xml").read_bytes()
    put(site, report(AT + 300, lambda: factories.snapshot([factories.overspent_service("api")])))
    assert (site / "feed.xml").read_bytes() == before


def test_a_feed_without_entries_was_updated_on_the_first_day_of_the_archive_even_if_it_is_thinned(tmp_path):
    never = Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0)
    put(tmp_path, report(AT - 9 * DAY), never)
    first = (tmp_path / "feed.xml").read_bytes()
    assert ET.fromstring(first).findtext(f"{ATOM}updated") == "2026-11-13T00:00:00Z"
    for at in (AT - 9 * DAY + 300, AT):
        put(tmp_path, report(at), never)
        assert (tmp_path / "feed.xml").read_bytes() == first
    assert [entry.at for entry in archive_index.load(tmp_path).entries] == [AT]
