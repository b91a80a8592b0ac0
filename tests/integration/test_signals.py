"""Processes that are asked to end: one line, the exit code that shells expect, and nothing left behind."""

import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from sresnap.cli.signals import INTERRUPTED
from sresnap.preview import PreviewServer
from sresnap.publish.targets.folder import Folder
from tests.integration import sites
from tests.unit.cli.test_cli import ROOT, environment

CODES = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
ASKS = "services: [{name: api, slo_target: 99}]\nprovider: http\nprometheus: {timeout: 60s}\n"


HEEDING = """
import signal, sys
for name in ("SIGHUP", "SIGINT", "SIGTERM"):
    signal.signal(signal.Signals[name], signal.SIG_DFL)
from sresnap.cli import main
main()
"""
"""Undoes what a shell does to the commands that it starts in the background, which ignore signals."""


def start(*arguments, cwd, path=""):
    return subprocess.Popen(
        [sys.executable, "-c", HEEDING, *map(str, arguments)], cwd=cwd,
        env=environment({"PYTHONPATH": f"{path}:{ROOT}"}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("number", CODES, ids=lambda number: number.name)
def test_an_interrupt_during_start_up_prints_no_traceback(tmp_path, number):
    """The imports of the command line take most of the first second."""
    (tmp_path / "click.py").write_text(f"import os, time; os.kill(os.getpid(), {int(number)}); time.sleep(5)")
    process = start(cwd=tmp_path, path=tmp_path)
    printed, errors = process.communicate(timeout=30)
    assert (process.returncode, printed, errors) == (CODES[number], "", f"{INTERRUPTED}\n")


@pytest.fixture
def silent():
    """A server that accepts connections and never answers; the event that one came."""
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            kept = []
            while True:
                try:
                    kept.append(server.accept())
                except OSError:
                    return
                asked.set()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_build_that_waits_for_prometheus_ends_at_a_signal(tmp_path, silent, number):
    url, asked = silent
    (tmp_path / "sresnap.yaml").write_text(ASKS)
    process = start("build", "--prometheus-url", url, cwd=tmp_path)
    assert asked.wait(30)
    time.sleep(0.1)
    began = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors.splitlines()[-1]) == (CODES[number], INTERRUPTED)
    assert "Traceback" not in errors
    assert time.monotonic() - began < 5
    assert [path.name for path in tmp_path.iterdir()] == ["sresnap.yaml"]


def test_sigterm_in_restore_leaves_no_temporary_file(tmp_path):
    """Its writes are stretched, so that the signal comes between the first and the last."""
    sites.build(tmp_path / "site", 0, pages=9)
    sites.publish(Folder(tmp_path / "www"), tmp_path / "site")
    slowly = "import os, time; real = os.fsync; os.fsync = lambda handle: (time.sleep(0.05), real(handle))"
    (tmp_path / "sitecustomize.py").write_text(slowly)
    with PreviewServer(tmp_path / "www") as server:
        process = start("restore", server.url, "--all", "--out", "got", cwd=tmp_path, path=tmp_path)
        give_up = time.monotonic() + 30
        while not list((tmp_path / "got").rglob("*.sresnap-tmp")) and time.monotonic() < give_up:
            time.sleep(0.002)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors.splitlines()[-1]) == (143, INTERRUPTED)
    assert not list((tmp_path / "got").rglob("*.sresnap-tmp"))
