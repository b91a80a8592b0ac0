"""A few thousand mutated inputs, in one process with 1 GB of memory. `make fuzz` tries them for an hour."""

import os
import subprocess
import sys

from sresnap.cli import options
from tests.unit.cli.test_cli import ROOT, environment


def test_no_input_of_3000_ends_in_a_traceback_or_changes_what_was_there():
    command = [sys.executable, "-m", "tests.fuzz", "--inputs", os.environ.get("INPUTS", "3000")]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(None), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    print(done.stdout[-500:])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]


def test_the_search_finds_a_fault(tmp_path, monkeypatch, capsys):
    """Otherwise it would find none."""
    from tests.fuzz.__main__ import search  # only one worker needs all that is tried
    from tests.fuzz.configurations import Configuration

    monkeypatch.setattr(options, "load_config", lambda *_: 1 // 0)
    assert search([Configuration(tmp_path / "configuration")], seed=13, inputs=40) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out
