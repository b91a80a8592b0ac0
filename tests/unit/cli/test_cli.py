"""The command line as a newcomer meets it."""

import contextlib
import errno
import io
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
import yaml
from click.testing import CliRunner

from sresnap import clock, plan
from sresnap.cli import cli, main
from sresnap.demo import demo_config
from sresnap.errors import UsageError

ROOT = Path(__file__).parents[3]
COMMANDS = [
    "init", "check", "build", "render", "serve", "demo", "publish", "restore", "verify", "explain", "gate", "rules",
    "import", "export", "schema",
]  # fmt: skip
COMMANDS += [f"archive {name}" for name in ("list", "prune", "pin", "bundle", "diff")]


def environment(more):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SRE_", "PROMETHEUS_"))}
    return {**clean, "PYTHONPATH": str(ROOT), **(more or {})}


def run(*arguments, cwd, env=None):
    """Run the program as a process: exit code, stdout, stderr."""
    return subprocess.run(
        [sys.executable, "-m", "sresnap", *arguments],
        cwd=cwd, env=environment(env), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def run_here(*arguments, cwd, env=None, stdout=None):
    """Run the program in this process: a start of Python costs more CPU time than the command.

    It prints to `stdout`, if one is given.
    """
    command, out, err = ["sresnap", *map(str, arguments)], io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        patch.dict(os.environ, environment(env), clear=True),
        patch.object(sys, "argv", command),
        contextlib.redirect_stdout(stdout or out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return subprocess.CompletedProcess(command, ended.value.code, out.getvalue(), err.getvalue())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command):
    result = CliRunner().invoke(cli, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert f"sresnap {command}" in result.output
    assert "--debug" in result.output


def test_a_misspelled_command_is_answered_with_the_nearest_one():
    result = CliRunner().invoke(cli, ["biuld"])
    assert result.exit_code == 2
    assert "No such command 'biuld'. Did you mean 'build'?" in result.output


def test_the_reference_matches_the_help_of_the_commands():
    reference = runpy.run_path(str(ROOT / "docs" / "make_cli.py"))["reference"]()
    assert (ROOT / "docs" / "cli.md").read_text() == reference, "make docs rewrites it"
    prose = re.sub(r"```.*?```", "", reference, flags=re.DOTALL)
    assert "judged by what was seen, against the budget of the whole window." in prose, "only examples are code"


def test_init_writes_a_configuration_without_mistakes_and_never_overwrites_one(tmp_path):
    assert run_here("init", cwd=tmp_path).returncode == 0
    assert run_here("check", cwd=tmp_path).returncode == 0
    (tmp_path / "sresnap.yaml").write_text("mine")
    again = run_here("init", cwd=tmp_path)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert (tmp_path / "sresnap.yaml").read_text() == "mine"


def test_init_does_not_hide_an_sre_yaml(tmp_path):
    (tmp_path / "sre.yaml").write_text("services: []")
    done = run_here("init", cwd=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "sresnap.yaml").exists()


def test_a_missing_configuration_is_reported_with_what_to_do(tmp_path):
    done = run_here("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "sresnap init" in done.stderr
    assert "Traceback" not in done.stderr


def test_mistakes_are_listed_with_file_line_and_key_and_exit_code_2(tmp_path):
    (tmp_path / "sre.yaml").write_text("provider: htpp\nservices:\n  - {name: api, slo_target: 120}\n")
    done = run_here("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "sre.yaml:1: provider" in done.stderr
    assert "http" in done.stderr
    assert "sre.yaml:3: services[0].slo_target" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("at", ["yesterday", "2026-11-22", "2026-11-22T21:00:00", "2999-01-01T00:00:00Z"])
def test_an_invalid_time_is_refused(tmp_path, at):
    (tmp_path / "sre.yaml").write_text(demo_config())
    done = run_here("build", "--at", at, cwd=tmp_path)
    assert done.returncode == 2
    assert "--at" in done.stderr


def test_a_dry_run_lists_the_queries_and_writes_nothing(tmp_path):
    (tmp_path / "sre.yaml").write_text(demo_config())
    done = run_here("build", "--dry-run", "--json", "--at", "2026-03-15T12:34:00Z", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {row["purpose"] for row in rows} == {
        "signal", "sli", "running_hour", "seen", "hourly", "peak", "capacity"
    }  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == ["sre.yaml"]


def test_a_dry_run_shows_what_it_would_restore_and_publish_without_a_request(tmp_path):
    secret = "gh-pages:https://x-token:hunter2@git.invalid/acme/status"
    (tmp_path / "sre.yaml").write_text(f"{demo_config()}\npublish: {{target: '{secret}'}}\n")
    ask = ["build", "--dry-run", "--restore", "--publish", "--at", "2026-03-15T12:34:00Z"]
    done = run_here(*ask, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    before, after = done.stdout.splitlines()[-2:]
    assert before.startswith("before the build, would restore from gh-pages:https://git.invalid/acme/status; ")
    assert after == "after the build, would publish to gh-pages:https://git.invalid/acme/status"
    assert "hunter2" not in done.stdout + done.stderr
    for_programs = run_here(*ask, "--json", cwd=tmp_path)
    assert json.loads(for_programs.stdout)
    assert after in for_programs.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["sre.yaml"]


def test_a_dry_run_needs_a_target_as_the_build_does(tmp_path):
    (tmp_path / "sre.yaml").write_text(demo_config())
    for flags in (["--restore"], ["--publish"], ["--first"]):
        done = run_here("build", "--dry-run", *flags, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")


def test_an_unknown_service_or_signal_is_reported_with_the_nearest_name(tmp_path):
    (tmp_path / "sre.yaml").write_text(demo_config())
    done = run_here("explain", "apj", cwd=tmp_path)
    assert (done.returncode, "api" in done.stderr) == (2, True)
    done = run_here("explain", "api", "latency", cwd=tmp_path)
    assert (done.returncode, "latency_p99" in done.stderr) == (2, True)


def test_an_unreachable_prometheus_is_exit_code_4_in_one_message(tmp_path):
    (tmp_path / "sre.yaml").write_text(demo_config(url="http://127.0.0.1:1"))
    for command in (["build"], ["check", "--online"], ["explain", "api", "total"]):
        done = run_here(*command, cwd=tmp_path)
        assert done.returncode == 4, done.stderr
        assert "127.0.0.1:1" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize("kind", ["config", "snapshot"])
def test_schemas_are_json(tmp_path, kind):
    done = run_here("schema", kind, cwd=tmp_path)
    assert json.loads(done.stdout)["type"] == "object"


def test_serve_reports_an_empty_folder(tmp_path):
    done = run_here("serve", cwd=tmp_path)
    assert done.returncode == 2
    assert "sresnap build" in done.stderr


def test_render_reports_a_file_that_is_not_a_snapshot(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    done = run_here("render", "x.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a snapshot of sresnap" in done.stderr


def test_an_unexpected_error_is_one_line_and_debug_shows_the_traceback(tmp_path, monkeypatch):
    (tmp_path / "sre.yaml").write_text(demo_config())
    (tmp_path / "public" / "history" / "2026" / "03").mkdir(parents=True)

    def broken(*_):
        raise RuntimeError("boom")

    monkeypatch.setattr(plan, "history_hours", broken)
    done = run_here("build", cwd=tmp_path)
    assert done.returncode == 1
    assert "unexpected RuntimeError: boom" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in run_here("build", "--debug", cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError("timed out"), "TimeoutError: timed out"),
        (OSError(errno.EIO, "Input/output error"), "OSError: [Errno 5] Input/output error"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "ConnectionError: [Errno 32] Broken pipe"),
    ],
)
def test_an_error_of_a_connection_or_device_does_not_count_as_one_of_the_output(tmp_path, monkeypatch, error, words):
    def broken():
        raise error

    monkeypatch.setattr(clock, "now", broken)
    done = run_here("gate", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"sresnap: unexpected {words}\n  → run it again with --debug, and report what it prints\n"


def test_a_file_that_cannot_be_used_is_named_without_a_traceback(tmp_path):
    done = run_here("serve", "--out", "x" * 300, cwd=tmp_path)
    assert (done.returncode, f"cannot use {'x' * 300}/index.html: its name is too long" in done.stderr) == (1, True)
    assert "→ is the path right?" in done.stderr
    assert "unexpected" not in done.stderr


def test_the_example_configuration_uses_the_preset_http():
    text = (ROOT / "templates" / "sresnap.yaml").read_text()
    assert yaml.safe_load(text)["provider"] == "http"


def test_an_impossible_clock_is_reported_in_one_message(monkeypatch):
    monkeypatch.setattr(clock.time, "time", lambda: 301_800_000_000.0)  # the year 11533
    with pytest.raises(UsageError, match="this machine's clock is wrong"):
        clock.now()


def test_check_says_that_dora_has_no_effect_yet(tmp_path):
    service = "services: [{name: api, slo_target: 99}]\n"
    for text, is_said in ((f"{service}dora: {{repo: acme/shop}}\n", True), (service, False)):
        (tmp_path / "sresnap.yaml").write_text(text)
        found = run_here("check", cwd=tmp_path)
        assert found.returncode == 0
        assert ("note: `dora` has no effect yet" in found.stdout) is is_said


@pytest.mark.parametrize(("own", "notes"), [("", 1), (", {name: web, slo_target: 99}", 0)])
def test_check_notes_a_prometheus_that_no_service_uses(tmp_path, own, notes):
    text = "prometheus: {url: 'http://p'}\nsources: {eu: {url: 'http://e'}}\n"
    (tmp_path / "sresnap.yaml").write_text(f"{text}services: [{{name: a, slo_target: 99, source: eu}}{own}]\n")
    done = run_here("check", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("note: all services name a source: the section `prometheus:` is not asked") == notes
