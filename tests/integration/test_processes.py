"""What only a process of its own shows: what it imports, what it prints, and what it keeps others from."""

import hashlib
import os
import subprocess
import sys

from sresnap.documents.files import hold
from sresnap.render.site import render
from tests import factories
from tests.unit.cli.test_cli import run

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
