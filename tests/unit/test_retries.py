"""Retries leave no trace in a command's output."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
from sresnap.retries import retry_context
for attempt in retry_context(on=OSError, attempts=2, wait_initial=0.001):
    with attempt:
        if attempt.num == 1:
            raise OSError("busy")
"""


def test_a_retry_prints_nothing_where_logging_is_not_configured():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
