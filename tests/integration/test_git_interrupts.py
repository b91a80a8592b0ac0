"""No publisher leaves a temporary folder or a running git behind. FAULTS F13."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from sresnap.errors import PublishFailed
from sresnap.publish.targets import git_folder
from sresnap.publish.targets.branch import Branch
from sresnap.publish.targets.git_folder import GitFolder
from sresnap.publish.targets.git_process import run_git
from tests.integration import sites
from tests.integration.git_servers import git, own_home


@pytest.fixture
def temporary(monkeypatch, tmp_path):
    """The folder for temporary files."""
    own_home(monkeypatch, tmp_path / "home")
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def wait_for(condition, seconds=20.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def is_alive(pid):
    """Whether a process runs; one that has ended and was not collected yet does not."""
    try:
        return " Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_f13_a_signal_ends_git_and_removes_the_temporary_folder(temporary, tmp_path, number, code):
    out, bare = tmp_path / "public", tmp_path / "site.git"
    sites.build(out, 0)
    git("init", "--bare", "--quiet", str(bare), cwd=tmp_path)
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid.new\nmv {tmp_path}/pid.new {tmp_path}/pid\nexec sleep 60\n")
    hook.chmod(0o755)
    # A job in the background of a shell ignores SIGINT from the start, and so would what it starts.
    command = ["env", "--default-signal=INT", sys.executable, "-m", "sresnap", "publish", f"gh-pages:{bare}", "--out"]
    command.append(str(out))
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        wait_for((tmp_path / "pid").is_file)
        assert len(list(temporary.iterdir())) == 1
        process.send_signal(number)
        errors = process.communicate(timeout=20)[1]
    assert (process.returncode, "Traceback" in errors) == (code, False)
    assert list(temporary.iterdir()) == []
    wait_for(lambda: not is_alive((tmp_path / "pid").read_text().strip()))
    hook.unlink()
    sites.publish(Branch(str(bare), tmp_path), out)


def test_a_git_that_takes_too_long_is_ended_with_its_children(temporary, tmp_path):
    variables = {**os.environ, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "alias.x"}
    script = f"!sh -c 'trap \"\" TERM; echo $$ > {tmp_path}/pid; sleep 60'"
    with pytest.raises(PublishFailed, match=r"git x took more than 0\.5 s"):
        run_git(("x",), environment={**variables, "GIT_CONFIG_VALUE_0": script}, cwd=tmp_path, seconds=0.5)
    wait_for(lambda: not is_alive((tmp_path / "pid").read_text().strip()))


def test_a_connection_that_ssh_keeps_open_for_later_is_not_waited_for(temporary, tmp_path):
    """ControlPersist: a process that lives on holds git's standard error."""
    started = time.monotonic()
    script = f"!echo done; sleep 60 >/dev/null & echo $! > {tmp_path}/pid"
    done = run_git(("-c", f"alias.x={script}", "x"), environment=dict(os.environ), cwd=tmp_path, seconds=50)
    assert time.monotonic() - started < 20
    assert done.output == b"done\n"
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def test_what_a_server_says_without_end_takes_no_memory(temporary, tmp_path, monkeypatch):
    monkeypatch.setattr("sresnap.publish.targets.git_process._MOST_BYTES", 1_000_000)
    said = run_git(
        ("-c", "alias.x=!head -c 5000000 /dev/zero >&2", "x"), environment=dict(os.environ), cwd=tmp_path, seconds=50
    )
    assert len(said.errors) == 100_000
    with pytest.raises(PublishFailed, match="more than any file of a site"):
        run_git(("-c", "alias.x=!yes", "x"), environment=dict(os.environ), cwd=tmp_path, seconds=50)


def test_a_git_that_cannot_be_started_is_reported(temporary, tmp_path):
    with pytest.raises(PublishFailed, match=r"cannot run git in .*there is no such file"):
        run_git(("version",), environment=dict(os.environ), cwd=tmp_path / "gone", seconds=50)


def test_f13_what_a_killed_publisher_left_is_removed_by_the_next_one_and_nothing_else(temporary):
    alive = GitFolder()
    for name in ("sresnap-git-dead", "sresnap-git-unlocked", "sresnap-other"):
        (temporary / name).mkdir()
    (temporary / "sresnap-git-dead/lock").touch()
    (temporary / "sresnap-git-dead/objects").mkdir()
    (temporary / "sresnap-git-link").symlink_to(temporary / "sresnap-other")
    another = GitFolder()
    assert another.notes == ()
    assert alive.path.exists()
    left = {path.name for path in temporary.iterdir()} - {alive.path.name, another.path.name}
    assert left == {"sresnap-other", "sresnap-git-link"}
    path = alive.path
    del alive
    assert not path.exists()


def test_a_publisher_whose_new_folder_another_one_removes_before_it_is_locked_takes_another(temporary, monkeypatch):
    made = []

    def interfering(prefix):
        made.append(mkdtemp(prefix=prefix))
        if len(made) == 1:
            git_folder._clear_unlocked(Path(made[0]))
        return made[-1]

    mkdtemp = tempfile.mkdtemp
    monkeypatch.setattr(git_folder.tempfile, "mkdtemp", interfering)
    folder = GitFolder()
    assert [str(path) for path in temporary.iterdir()] == [str(folder.path)] == made[1:]


def test_a_folder_that_cannot_be_removed_is_named(temporary):
    (temporary / "sresnap-git-odd/lock").mkdir(parents=True)
    assert [note for note in GitFolder().notes if "cannot remove" in note and "sresnap-git-odd" in note]


def test_git_does_not_inherit_the_lock_of_its_folder(temporary, tmp_path):
    folder = GitFolder()
    inherited = run_git(
        ("-c", "alias.x=!ls -l /proc/self/fd", "x"), environment=dict(os.environ), cwd=tmp_path, seconds=20
    )
    assert str(folder.path) not in inherited.output.decode()
    descriptor = os.open(folder.path / "lock", os.O_RDWR)
    with pytest.raises(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)
