"""Real Prometheus servers on free loopback ports, stopped by their pid."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

READY_SECONDS = 20.0


def need_tool(name: str) -> str:
    """The path of a program; without it the test is skipped, but fails in CI."""
    path = shutil.which(name)
    if path is None:
        reason = f"{name} is not installed (Debian: apt-get install prometheus)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def free_port() -> int:
    """A port that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_blocks(openmetrics: str, folder: Path) -> Path:
    """The TSDB blocks of an OpenMetrics text, whose samples carry times; `folder` is created.

    The undocumented flag stands before the sub-command: promtool reads the text once for each span of a length that is
    two hours, or three times the one before, up to the one given.
    """
    promtool = need_tool("promtool")
    folder.mkdir(parents=True, exist_ok=True)
    text = folder.parent / f"{folder.name}.om"
    text.write_text(openmetrics if openmetrics.endswith("# EOF\n") else openmetrics + "# EOF\n", encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="sresnap-blocks-", dir=_on_disk()) as made:
        command = [promtool, "tsdb", "create-blocks-from", "--max-block-duration=4374h", "openmetrics", text, made]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode != 0:
            raise AssertionError(f"promtool failed:\n{done.stdout}\n{done.stderr}")
        for block in Path(made).iterdir():
            shutil.move(block, folder)
    text.unlink()  # hundreds of megabytes, which may be in memory
    return folder


def _on_disk() -> str | None:
    """A folder on a disk: promtool reserves 512 MB for each block, which takes half a second of CPU in memory."""
    return "/var/tmp" if os.access("/var/tmp", os.W_OK) else None


@contextmanager
def prometheus(
    tsdb: Path,
    *,
    config: str = "",
    flags: Sequence[str] = (),
    port: int | None = None,
    retention: str = "400d",
    ca_file: Path | None = None,
) -> Iterator[str]:
    """A running Prometheus over a TSDB folder; gives its URL.

    Args:
        tsdb: folder of blocks, which may be empty.
        config: text of prometheus.yml; scrapes nothing when empty.
        flags: further flags, such as `--query.max-samples=100`.
        port: where to listen; a free port when None.
        retention: kept long, because old blocks are deleted at the start.
        ca_file: certificate to trust, when the flags make it speak https.
    """
    program = need_tool("prometheus")
    port = port or free_port()
    tsdb.mkdir(parents=True, exist_ok=True)
    config_file = tsdb.parent / f"{tsdb.name}-{port}.yml"
    config_file.write_text(config or "global: {scrape_interval: 1m}\n", encoding="utf-8")
    log_file = tsdb.parent / f"{tsdb.name}-{port}.log"
    command = [
        program,
        f"--config.file={config_file}",
        f"--storage.tsdb.path={tsdb}",
        f"--storage.tsdb.retention.time={retention}",
        f"--web.listen-address=127.0.0.1:{port}",
        *flags,
    ]
    url = f"{'https' if ca_file else 'http'}://127.0.0.1:{port}"
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, url, ca_file, log_file)
            yield url
        finally:
            _stop(process)


@contextmanager
def prometheus_of(openmetrics: str, folder: Path, *, flags: Sequence[str] = ()) -> Iterator[str]:
    """A running Prometheus that holds the samples of an OpenMetrics text; gives its URL."""
    with prometheus(make_blocks(openmetrics, folder / "tsdb"), flags=flags) as url:
        yield url


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, ca_file: Path | None, log_file: Path) -> None:
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if ca_file is not None:  # to load the system's certificates takes as long as to start a server
        handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca_file)))
    opener = urllib.request.build_opener(*handlers)
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            with opener.open(f"{url}/-/ready", timeout=1):
                return
        except OSError:  # refused, or a 503 while the TSDB is opened (HTTPError is an OSError)
            time.sleep(0.05)
    log = log_file.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise AssertionError(f"Prometheus did not become ready:\n{log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
