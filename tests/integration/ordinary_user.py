"""Runs commands as an ordinary user, in one process: `python -m tests.integration.ordinary_user < runs.json`.

Root may read and write everything. So tests of permissions that run as root run without that right.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from unittest.mock import patch

_WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@dataclass(frozen=True, slots=True)
class Run:
    """A command."""

    arguments: Sequence[str]
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    closes_cwd: bool = False
    """Whether the current folder may not be entered any longer when the command begins."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended."""

    code: int
    printed: str


def run_all(runs: Sequence[Run]) -> list[Ended]:
    """Run commands one after the other."""
    given = json.dumps([asdict(run) for run in runs])
    command = [*(_WITHOUT_RIGHTS if os.geteuid() == 0 else ()), sys.executable, "-m", __name__]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [Ended(**ended) for ended in json.loads(done.stdout)]


def _run(run: Run) -> Ended:
    from sresnap.cli.commands import run as run_command

    os.chdir(run.cwd)
    mode = Path(run.cwd).stat().st_mode
    if run.closes_cwd:
        Path(run.cwd).chmod(0)
    out, before = io.StringIO(), os.umask(run.umask)
    try:
        with (
            patch.dict(os.environ, run.env),
            patch.object(sys, "argv", ["sresnap", *run.arguments]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            code = run_command()
    finally:
        os.umask(before)
        Path(run.cwd).chmod(mode)
    return Ended(code, out.getvalue())


if __name__ == "__main__":
    json.dump([asdict(_run(Run(**given))) for given in json.load(sys.stdin)], sys.stdout)
