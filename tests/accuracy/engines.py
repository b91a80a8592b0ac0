"""The engines that hold the counters, on loopback, stopped by their pid."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.accuracy.counters import exposition
from tests.integration.prometheus_server import free_port, make_blocks, need_tool, prometheus


@contextmanager
def prometheus_engine(folder: Path) -> Iterator[str]:
    """A Prometheus with all counters; its URL."""
    with prometheus(make_blocks("".join(exposition(milliseconds=False)), folder / "prometheus")) as url:
        yield url


@contextmanager
def victoria_engine(folder: Path) -> Iterator[str]:
    """A VictoriaMetrics with all counters; its URL."""
    with victoria("".join(exposition(milliseconds=True)), folder / "victoria") as url:
        yield url


@contextmanager
def victoria(text: str, folder: Path, *flags: str) -> Iterator[str]:
    """A VictoriaMetrics that holds the samples of a text in Prometheus's format, times in milliseconds; its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [
        need_tool("victoria-metrics"), f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}",
        "-retentionPeriod=10y", "-search.latencyOffset=0s", "-loggerLevel=ERROR", *flags,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(url)
        urllib.request.urlopen(f"{url}/api/v1/import/prometheus", text.encode(), timeout=120).close()
        urllib.request.urlopen(f"{url}/internal/force_flush", timeout=60).close()
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} did not start")


def ask(url: str, path: str, **form: object) -> list[dict[str, object]]:
    """The series of an answer."""
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{url}/api/v1/{path}", data, timeout=120) as response:
        result: list[dict[str, object]] = json.load(response)["data"]["result"]
    return result
