"""Commands that are killed at random moments: they, or their next run, leave nothing behind.

Each is killed once, two by each signal. `make soak` kills each a hundred times (ROUNDS).
"""

import os
import subprocess
import sys

from tests.unit.cli.test_cli import ROOT, environment

ROUNDS = int(os.environ.get("ROUNDS", "0")) * 2 or 1


def test_commands_that_are_killed_at_random_moments_leave_nothing_behind_after_the_next_run(seaweedfs):
    """In a process of its own, because forks of this one would share its threads."""
    command = [sys.executable, "-m", "tests.integration.kills", str(ROUNDS)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment({"AWS_ENDPOINT_URL": seaweedfs}), capture_output=True, text=True, check=False
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
