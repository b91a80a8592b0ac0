"""Programs that run until the end of a test: started with a log, awaited at their port, stopped by their pid."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.integration.prometheus_server import free_port
from tests.sources.load import Backend

START_SECONDS = 40.0
VENV = Path(sys.executable).parent.parent / "sources"
"""What tests/sources.sh installs from PyPI."""
APPS = Path(__file__).parent / "apps"


def program(name: str, *folders: str) -> str:
    """The path of a program of Debian's, or of the environment of the sources."""
    path = os.pathsep.join([str(VENV / "bin"), os.environ["PATH"], "/usr/sbin", *folders])
    found = shutil.which(name, path=path)
    assert found, f"{name} is not installed: tests/sources.sh installs it"
    return found


@dataclass(frozen=True, slots=True)
class Room:
    """Where sources run: a folder for their files, the server behind them, and what stops them all."""

    folder: Path
    backend: Backend
    """The server that proxies have behind them."""
    stops: contextlib.ExitStack

    def app(self, name: str, *arguments: str, port: int, environment: Mapping[str, str] | None = None) -> None:
        """Run one of `apps/`, whose first argument is its port."""
        command = [str(VENV / "bin/python"), str(APPS / f"{name}.py"), str(port), *arguments]
        self.run(f"{name}-{port}", command, port, environment=environment)

    def run(
        self,
        name: str,
        command: Sequence[str],
        port: int,
        *,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> Running:
        """Run a program, and wait until it answers HTTP, or at least accepts connections, at its port."""
        running = Running(name, command, port, self.folder / f"{name}.log", environment or {}, user, stop_signal)
        self.stops.callback(running.stop)
        running.start()
        return running

    def wait_for(self, port: int, series: str) -> None:
        """Wait until `/metrics` at a port has a series."""
        give_up = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                if series in answer.read().decode():
                    return
            assert time.monotonic() < give_up, f"no {series}"
            time.sleep(0.1)

    def write(self, name: str, text: str) -> str:
        """A file of a program's own; gives its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@dataclass(slots=True)
class Running:
    """A program that may be stopped and started again."""

    name: str
    command: Sequence[str]
    port: int
    log: Path
    environment: Mapping[str, str]
    user: str | None
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait for its port."""
        environment = {**os.environ, "PYTHONPATH": "", **self.environment}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, env=environment, user=self.user, cwd=self.log.parent
            )
        give_up = time.monotonic() + START_SECONDS
        while not self._accepts():
            assert self.process.poll() is None, f"{self.name} ended:\n{self.log.read_text()[-2000:]}"
            assert time.monotonic() < give_up, f"{self.name} does not listen:\n{self.log.read_text()[-2000:]}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it; nothing if it does not run."""
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process = None

    def _accepts(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.connect()
        except OSError:
            return False
        finally:
            connection.close()
        return True


__all__ = ["APPS", "VENV", "Room", "Running", "free_port", "program"]
