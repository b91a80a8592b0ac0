"""What only a process of its own shows: what it imports, what it prints, and what it keeps others from."""

import hashlib
import os
import subprocess
import sys

import pytest

from sresnap.config import loads
from sresnap.demo import DemoServer, demo_config
from sresnap.documents import files, snapshots
from sresnap.documents.files import hold
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.documents.pointer import pointer_to
from sresnap.errors import ExitCode
from sresnap.model.windows import iso, parse_time
from sresnap.render.site import render
from tests import factories
from tests.integration import sites
from tests.unit.cli.test_cli import environment, run

AT = parse_time("2026-03-15T12:00:00Z")

RETRY = """
from sresnap.retries import retry_context
for attempt in retry_context(on=OSError, attempts=2, wait_initial=0.001):
    with attempt:
        if attempt.num == 1:
            raise OSError("busy")
"""


def test_the_program_runs_and_reports_a_missing_configuration(tmp_path):
    done = run("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "sresnap init" in done.stderr
    assert "Traceback" not in done.stderr


def test_importing_render_does_not_import_matplotlib():
    code = "import sys, sresnap.render; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_bytes_do_not_depend_on_the_process():
    code = (
        "import hashlib; from tests import factories; from sresnap.render.site import render;"
        "print(hashlib.sha256(b''.join(render(factories.snapshot()).files.values())).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    here = hashlib.sha256(b"".join(render(factories.snapshot()).files.values())).hexdigest()
    assert other.stdout.strip() == here


def test_the_exporter_needs_only_numpy():
    """The demo's exporter runs from a checkout with only numpy."""
    others = "{'pydantic', 'yaml', 'httpx', 'jinja2', 'matplotlib', 'click', 'promql_parser'}"
    code = f"import sys, sresnap.demo.exporter, sresnap.demo.backfill; print(*({others} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == "\n"


def test_a_second_build_in_another_process_is_kept_out(tmp_path):
    with hold(tmp_path):
        folder = f"pathlib.Path({str(tmp_path)!r})"
        code = f"import pathlib; from sresnap.documents.files import hold\nwith hold({folder}): pass"
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "BuildInProgress" in ended.stderr
    with hold(tmp_path):
        pass


def test_a_retry_prints_nothing_where_logging_is_not_configured():
    done = subprocess.run([sys.executable, "-c", RETRY], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def run_with(output, *arguments, cwd):
    """Run the program with stdout and stderr, or only one of them, broken in a given way: exit code and stderr."""
    end, start = os.pipe()
    os.close(end)  # nobody reads
    with open("/dev/full", "w") as full:  # noqa: PTH123
        stdout, stderr, redirection = {
            "pipe": (start, subprocess.PIPE, ""),
            "both pipes": (start, start, ""),
            "closed": (subprocess.DEVNULL, subprocess.PIPE, ">&-"),
            "full disk": (full, subprocess.PIPE, ""),
            "nothing open": (subprocess.DEVNULL, subprocess.DEVNULL, "<&- >&- 2>&-"),
        }[output]
        command = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", "sresnap", *arguments]
        done = subprocess.run(
            command, cwd=cwd, env=environment(None), stdout=stdout, stderr=stderr, text=True, check=False, timeout=60
        )
    os.close(start)
    return done.returncode, done.stderr or ""


FULL = "sresnap: cannot use the output: the disk is full\n  → make room there, and run it again\n"


@pytest.mark.parametrize(
    ("output", "errors"),
    [("pipe", ""), ("both pipes", ""), ("closed", ""), ("full disk", FULL)],
    ids=lambda value: value[:9] or "quiet",
)
def test_a_broken_output_does_not_let_a_release_pass(tmp_path, output, errors):
    report = factories.healthy()
    content = {SNAPSHOT.path(report.id): snapshots.encode(report), POINTER: pointer_to(report, {})}
    files.write_changed(tmp_path / "public", content)
    gate = ["gate", "--min-remaining", "1", "--max-age", "36500d"]
    assert run_with(output, *gate, cwd=tmp_path) == (ExitCode.BREACHED, errors)


@pytest.mark.parametrize(("output", "code", "errors"), [("pipe", 0, ""), ("full disk", 1, FULL)])
def test_an_output_that_takes_no_more_ends_the_command_in_one_message_at_most(tmp_path, output, code, errors):
    """A closed pipe is `| head`."""
    assert run_with(output, "schema", "snapshot", cwd=tmp_path) == (code, errors)


@pytest.fixture(scope="module")
def demo_server():
    with DemoServer(loads(demo_config(), "demo", {}, cwd=None).templates, now=lambda: AT) as server:
        yield server


@pytest.mark.parametrize(
    ("output", "errors"), [("pipe", ""), ("full disk", FULL), ("nothing open", "")], ids=lambda value: value[:12]
)
def test_a_build_that_was_to_publish_publishes_even_if_its_output_breaks(tmp_path, demo_server, output, errors):
    text = demo_config(1, url=demo_server.url).replace("\nservices:", "\npublish: {target: 'file:www'}\nservices:", 1)
    (tmp_path / "sresnap.yaml").write_text(text)
    code, printed = run_with(output, "build", "--publish", "--at", iso(AT), cwd=tmp_path)
    lines = printed.splitlines()
    assert (code, [line for line in lines if not line.startswith("note:")]) == (ExitCode.DONE, errors.splitlines())
    assert (tmp_path / "www" / POINTER).exists()


@pytest.mark.parametrize(("output", "code"), [("pipe", ExitCode.DONE), ("full disk", ExitCode.UNEXPECTED)])
def test_a_list_without_a_reader_ends_well_and_one_that_is_cut_off_does_not(tmp_path, output, code):
    """`archive list | head -c 0`, and `archive list > FILE` on a full disk."""
    sites.build(tmp_path / "public", 0)
    assert run_with(output, "archive", "list", cwd=tmp_path)[0] == code


def test_a_home_that_cannot_be_written_and_an_unknown_mplbackend_leave_a_quiet_render_quiet(tmp_path):
    """Otherwise cron mails each run. A HOME below a file cannot be made by root either."""
    (tmp_path / "report.json").write_bytes(snapshots.encode(factories.healthy()))
    (tmp_path / "file").write_text("")
    surroundings = {
        "HOME": f"{tmp_path}/file/home", "MPLCONFIGDIR": f"{tmp_path}/file/matplotlib", "MPLBACKEND": "nosuch",
        "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": "", "TMPDIR": str(tmp_path),
    }  # fmt: skip
    command = ["render", "report.json", "--png", "pictures", "--quiet"]
    done = run(*command, cwd=tmp_path, env=surroundings)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "pictures", "report.json"]


@pytest.mark.parametrize("settings", [b"\xff\xfe: not UTF-8", b"axes.grid: perhaps\nno.such: key\nbackend: nosuch"])
def test_a_matplotlibrc_that_cannot_be_used_has_no_effect(tmp_path, settings):
    """matplotlib reads the file of the working directory before the one of MATPLOTLIBRC, while it is imported."""
    (tmp_path / "report.json").write_bytes(snapshots.encode(factories.healthy()))
    (tmp_path / "matplotlibrc").write_bytes(settings)
    surroundings = {"MPLCONFIGDIR": "cache", "MATPLOTLIBRC": "matplotlibrc"}
    done = run("render", "report.json", "--png", "pictures", "--quiet", cwd=tmp_path, env=surroundings)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {path.name for path in tmp_path.iterdir()} <= {"cache", "matplotlibrc", "pictures", "report.json"}
