"""Real web servers on this machine: Debian's nginx, whose workers run as www-data, and Caddy."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.object_stores import free_port

CADDY = Path(sys.executable).parent / "caddy"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
WWW_DATA = os.geteuid() == 0
"""Whether nginx can change to the user www-data. Otherwise it reads as the user who runs the tests."""
_NGINX = """\
user www-data;
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
  access_log off;
  types {{ text/html html; application/json json; text/css css; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {http}
  server {{ listen 127.0.0.1:{port}; {server} }}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path, server: str, http: str = "") -> Iterator[str]:
    """The address of an nginx with these directives.

    Args:
        folder: an empty folder that other users may enter, for its own files.
        server: directives of its server.
        http: directives outside of it.
    """
    if NGINX is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx is not installed: tests/tools.sh installs it")
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port, server=server, http=http))
    with _running([NGINX, "-e", str(folder / "errors"), "-c", str(config)], port, folder):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def caddy(folder: Path, site: str) -> Iterator[str]:
    """The address of a Caddy with these directives."""
    port = free_port()
    config = folder / "Caddyfile"
    config.write_text(
        f"{{\n admin off\n auto_https off\n persist_config off\n}}\nhttp://127.0.0.1:{port} {{\n{site}\n}}\n"
    )
    command = [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(config)]
    with _running(command, port, folder):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    log = folder / "log"
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        _wait(process, port, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen, port: int, log: Path) -> None:
    until = time.monotonic() + 15
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
