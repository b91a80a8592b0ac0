"""Too few files that may be open are said before anything begins, by every command."""

import resource
import subprocess
import sys

import pytest

from sresnap.cli import open_files

COMMANDS = ("restore www", "verify www", "gate --site www", "explain --site www api", "build", "publish www", "check")


def test_every_command_ends_with_one_message_under_a_limit_of_8_files(tmp_path):
    calls = "; ".join(f"{sys.executable} -m sresnap {command}; echo $?" for command in COMMANDS)
    done = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -n 8; {calls}"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    message = (
        "sresnap: it may have only 8 files open at a time, and needs 64; nothing was done\n"
        "  → raise the limit (`ulimit -n`, or the limit of the machine), and run it again\n"
    )
    assert done.stdout.split() == ["1"] * len(COMMANDS)
    assert done.stderr == message * len(COMMANDS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("limits", "raised"),
    [
        ((1024, 4096), None),
        ((64, 64), None),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), None),
        ((8, 4096), (64, 4096)),
        ((8, resource.RLIM_INFINITY), (64, resource.RLIM_INFINITY)),
    ],
)
def test_a_limit_that_this_user_may_raise_is_raised_as_far_as_needed(monkeypatch, limits, raised):
    found = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, given: found.append(given))
    assert open_files.refusal() is None
    assert found == ([] if raised is None else [raised])
