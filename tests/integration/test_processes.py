"""What only a process of its own shows: what it imports, what it prints, and what it keeps others from."""

import contextlib
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
from sresnap.publish.targets.folder import Folder
from sresnap.render.site import render
from tests import factories
from tests.integration.sites import verify
from tests.unit.cli.test_cli import environment, run_here

AT = parse_time("2026-03-15T12:00:00Z")

RETRY = """
from sresnap.retries import retry_context
for attempt in retry_context(on=OSError, attempts=2, wait_initial=0.001):
    with attempt:
        if attempt.num == 1:
            raise OSError("busy")
"""

RENDER = """
import sys
from sresnap.render.site import render
assert "matplotlib" not in sys.modules, "only charts need it"
from sresnap.cli import main
main()
"""


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
    with broken("pipe") as pipe, broken("full disk") as full:
        stdout, stderr, redirection = {
            "pipe": (pipe, subprocess.PIPE, ""),
            "both pipes": (pipe, pipe, ""),
            "closed": (subprocess.DEVNULL, subprocess.PIPE, ">&-"),
            "full disk": (full, subprocess.PIPE, ""),
            "nothing open": (subprocess.DEVNULL, subprocess.DEVNULL, "<&- >&- 2>&-"),
        }[output]
        command = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", "sresnap", *arguments]
        done = subprocess.run(
            command, cwd=cwd, env=environment(None), stdout=stdout, stderr=stderr, text=True, check=False, timeout=60
        )
    return done.returncode, done.stderr or ""


@contextlib.contextmanager
def broken(output):
    """A stream that takes nothing: of a closed pipe, as of `| head`, or on a full disk."""
    if output == "full disk":
        number = os.open("/dev/full", os.O_WRONLY)
    else:
        end, number = os.pipe()
        os.close(end)  # nobody reads
    with open(number, "w") as stream:  # noqa: PTH123
        yield stream


def run_here_with(output, *arguments, cwd):
    """The same in this process: the end of a process is as after `gate`."""
    with broken(output) as stdout:
        done = run_here(*arguments, cwd=cwd, stdout=stdout)
    return done.returncode, done.stderr


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
def test_an_output_that_takes_no_more_ends_the_command_in_one_message_at_most(out, output, code, errors):
    """With more text than a buffer holds, and with less: `archive list | head -c 0`."""
    for command in (["schema", "snapshot"], ["archive", "list"]):
        assert run_here_with(output, *command, cwd=out.parent) == (code, errors)


@pytest.fixture(scope="module")
def demo_server():
    with DemoServer(loads(demo_config(), "demo", {}, cwd=None).templates, now=lambda: AT) as server:
        yield server


@pytest.mark.parametrize(("output", "errors"), [("pipe", ""), ("full disk", FULL)], ids=lambda value: value[:12])
def test_a_build_that_was_to_publish_publishes_even_if_its_output_breaks(tmp_path, demo_server, output, errors):
    """A service that has no data has no charts, and is drawn sooner."""
    text = demo_config(1, url=demo_server.url).replace("labels: {service: frontend}", "labels: {service: nobody}")
    text = text.replace("\nservices:", "\npublish: {target: 'file:www'}\nservices:", 1)
    (tmp_path / "sresnap.yaml").write_text(text)
    code, printed = run_here_with(output, "build", "--publish", "--at", iso(AT), cwd=tmp_path)
    messages = [line for line in printed.splitlines() if line.startswith(("sresnap:", "  →"))]
    assert (code, messages) == (ExitCode.INCOMPLETE, errors.splitlines()), printed
    assert (tmp_path / "www" / POINTER).exists()


def test_a_publisher_without_any_open_descriptor_writes_its_messages_into_no_file(out):
    """Its files get the free numbers, including the numbers of stdout and stderr."""
    assert run_with("nothing open", "publish", "file:www", cwd=out.parent) == (ExitCode.DONE, "")
    assert verify(Folder(out.parent / "www")).wrong == ()


def test_bytes_depend_on_no_process_no_home_and_no_settings_of_matplotlib_which_an_import_does_not_load(tmp_path):
    """Nothing is printed: otherwise cron mails each run. A HOME below a file cannot be made by root either.

    matplotlib reads the file of the working directory before the file that MATPLOTLIBRC names.
    """
    report = factories.snapshot()
    (tmp_path / "report.json").write_bytes(snapshots.encode(report))
    (tmp_path / "matplotlibrc").write_bytes(b"\xff\xfe: not UTF-8")
    (tmp_path / "wrong").write_text("axes.grid: perhaps\nno.such: key\nbackend: nosuch")
    surroundings = {
        "HOME": f"{tmp_path}/wrong/home", "MPLCONFIGDIR": f"{tmp_path}/wrong/matplotlib", "TMPDIR": str(tmp_path),
        "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": "", "MPLBACKEND": "nosuch", "MATPLOTLIBRC": f"{tmp_path}/wrong",
        "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C",
    }  # fmt: skip
    command = [sys.executable, "-c", RENDER, "render", "report.json", "--out", "site", "--quiet"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(surroundings), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["matplotlibrc", "report.json", "site", "wrong"]
    here = {name: content for name, content in render(report).files.items() if not name.startswith("archive/")}
    assert {name: (tmp_path / "site" / name).read_bytes() for name in here} == here
