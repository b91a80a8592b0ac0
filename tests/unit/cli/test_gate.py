"""`sresnap gate`: what it prints, and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sresnap import clock
from sresnap.cli import cli
from sresnap.documents import files, snapshots
from sresnap.documents.layout import SNAPSHOT
from sresnap.documents.pointer import pointer_to
from sresnap.errors import ExitCode
from sresnap.model.windows import HOUR, MINUTE
from tests import factories

REPORT = factories.healthy()
GATE = Path(__file__).parents[3] / "docs" / "gate.md"


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """Run the command on a site that shows the sample report, a few minutes after it."""
    content = {SNAPSHOT.path(REPORT.id): snapshots.encode(REPORT), "latest.json": pointer_to(REPORT, {})}
    files.write_changed(tmp_path, content)

    def run(*arguments, age=5 * MINUTE):
        monkeypatch.setattr(clock, "now", lambda: REPORT.at + age)
        return CliRunner().invoke(cli, ["gate", "--site", str(tmp_path), *arguments], standalone_mode=False)

    return run


def test_each_slo_is_a_line_and_the_last_line_is_the_age_of_the_report(gate):
    done = gate()
    first = f"{REPORT.services[0].name}/{REPORT.services[0].slos[0].name}"
    assert done.return_value == ExitCode.DONE
    assert sum(line.startswith(f"  {first} ") for line in done.output.splitlines()) == 1
    assert len(done.output.splitlines()) == 1 + sum(len(service.slos) for service in REPORT.services)
    assert "✓ passed" in done.output.splitlines()[0]
    assert done.output.splitlines()[0].endswith("is left; some is required; now quiet")
    assert done.output.splitlines()[-1] == f"report {REPORT.id}: 5\u00a0min old"


def test_a_stale_report_says_why(gate):
    done = gate(age=HOUR)
    assert done.return_value == ExitCode.STALE
    assert done.output.splitlines()[-1].startswith(f"report {REPORT.id}: stale: it is 1\u00a0h old, and at most")


def test_json_has_the_verdicts_and_the_exit_code(gate):
    found = json.loads(gate("--json", "--min-remaining", "1").output)
    assert (found["id"], found["exit_code"], found["age_seconds"]) == (REPORT.id, ExitCode.BREACHED, 300)
    assert {slo["verdict"] for slo in found["slos"]} == {"breached"}
    assert list(found["slos"][0]) == ["slo", "verdict", "remaining_ratio", "status", "reason", "now"]


def test_a_gate_by_what_burns_now_shows_the_state_and_requires_no_budget(gate):
    done = gate("--fail-on", "paging, ticket")
    assert done.return_value == ExitCode.DONE
    assert done.output.splitlines()[0].endswith("is left; now quiet")


def test_a_failing_line_says_each_number_once(gate):
    line = gate("--min-remaining", "1").output.splitlines()[0]
    assert "✕ breached" in line
    assert line.count("is left") == 1
    assert line.split("now quiet: ")[1].endswith(" is left; more than 100 % is required.")


def test_the_example_with_jq_lists_only_what_stops_a_release(gate):
    stops = {"breached", "no data"}
    help_text = CliRunner().invoke(cli, ["gate", "--help"]).output
    assert {word for word in ("passed", "provisional", *stops) if f'.verdict == "{word}"' in help_text} == stops
    assert "provisional" in GATE.read_text(encoding="utf-8")


def test_an_unknown_reason_to_fail_is_refused_with_those_that_exist():
    result = CliRunner().invoke(cli, ["gate", "--fail-on", "budget,page"])
    assert result.exit_code == ExitCode.USAGE
    assert "'page' is not one of budget, paging, ticket" in " ".join(result.output.split())


@pytest.mark.parametrize("share", ["nan", "-inf", "1.5", "much"])
def test_an_invalid_share_of_a_budget_is_refused_with_an_example(share):
    result = CliRunner().invoke(cli, ["gate", "--min-remaining", share])
    assert result.exit_code == ExitCode.USAGE
    assert f"{share!r} is not a share of a budget up to 1; write a tenth as 0.1" in " ".join(result.output.split())


@pytest.mark.parametrize("command", ["gate", "explain api"])
@pytest.mark.parametrize(
    ("site", "code"),
    [("a-file", ExitCode.USAGE), ("http://", ExitCode.USAGE), ("nothing-here", ExitCode.NO_REPORT)],
)
def test_an_address_that_cannot_hold_a_site_is_wrong_usage_and_a_site_without_a_report_is_not(
    tmp_path, monkeypatch, command, site, code
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").touch()
    done = CliRunner().invoke(cli, [*command.split(), "--site", site], standalone_mode=False)
    assert done.exception.exit_code == code


def test_help_and_documentation_say_how_a_command_that_reads_a_site_ends():
    def help_of(*command):
        return " ".join(CliRunner().invoke(cli, [*command, "--help"]).output.split())

    assert "2 there is no such SLO, or --site is neither a valid address nor a folder 8" in help_of("gate")
    assert "Ends with 10 if there is no report" in help_of("explain")
    assert "10 no data (`gate`), or no report (`gate`, `explain --site`)" in help_of()
    assert "| 2 | There is no such SLO; the message names the nearest one. Or `--site` is a file" in GATE.read_text()
