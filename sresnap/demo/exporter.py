"""The model at the present moment, for a real Prometheus to scrape.

python -m sresnap.demo.exporter --port 8000
"""

from __future__ import annotations

import argparse
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sresnap.demo import model
from sresnap.demo.backfill import header
from sresnap.demo.beginning import fleet_of
from sresnap.demo.exposition import families

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TEXT = "text/plain; charset=utf-8"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"


def exposition(now: int, fleet: tuple[model.DemoService, ...] | None = None) -> str:
    """The body of /metrics, in Prometheus's text format 0.0.4. Without a fleet it shows the demo's three services."""
    times = np.array([now])
    parts = []
    for family in families(fleet or model.services()):
        parts.append(header(family, f"{family.name}_total" if family.kind == "counter" else family.name))
        for rows in family.rows:
            values = rows.values(times)[:, 0].tolist()
            parts += [f"{name} {value}\n" for name, value in zip(rows.names, values, strict=True)]
    return "".join(parts)


class Exporter(ThreadingHTTPServer):
    """Serves /metrics and /-/healthy."""

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        fleet: tuple[model.DemoService, ...] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.fleet = fleet
        self.now = now
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Exporter
    protocol_version = "HTTP/1.1"
    timeout = 120

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._send(HTTPStatus.OK, exposition(int(self.server.now()), self.server.fleet), _METRICS)
        elif self.path == "/-/healthy":
            self._send(HTTPStatus.OK, "The exporter is healthy.\n", _TEXT)
        else:
            self._send(HTTPStatus.NOT_FOUND, "Only /metrics and /-/healthy are here.\n", _TEXT)

    def _send(self, status: HTTPStatus, body: str, kind: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Log nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m sresnap.demo.exporter", description="Made-up services for Prometheus.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="(8000)")
    parser.add_argument("--services", type=int, default=3, metavar="N", help="size of the fleet (3)")
    parser.add_argument("--began", type=Path, metavar="FILE", help="the moment of the story, from the backfill")
    given = parser.parse_args(arguments)
    try:
        fleet = fleet_of(given.services, given.began)
    except ValueError as error:
        parser.error(str(error))
    with Exporter((given.host, given.port), fleet) as server:
        print(f"http://{given.host}:{server.server_port}/metrics", flush=True)  # noqa: T201 - what the command has to say
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
