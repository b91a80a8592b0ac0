"""A loopback server with Prometheus's HTTP API that knows only the demo's queries.

It answers like a real Prometheus that scraped the same model; tests/integration compares the two.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

import numpy as np

from sresnap import __version__
from sresnap.demo import model, wire
from sresnap.demo.answers import answer, raw_samples
from sresnap.demo.recognise import Recogniser
from sresnap.demo.scraped import Samples
from sresnap.model.windows import DAY, iso

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sresnap.model.query import QueryTemplate


class DemoServer:
    """Answers the queries of some templates from the model. A context manager; `url` is valid from the start."""

    def __init__(
        self,
        templates: Mapping[str, QueryTemplate],
        services: int | Sequence[model.DemoService] = 3,
        now: Callable[[], int] = lambda: int(time.time()),
        scrapes: model.Scrapes | None = None,
        *,
        history_days: int = 40,
        port: int = 0,
    ) -> None:
        """Bind a port on loopback.

        Args:
            templates: the known queries, by key.
            services: the fleet, or its size.
            now: the clock. Later samples do not exist.
            scrapes: when the model is sampled.
            history_days: age of the first sample at the server's start.
            port: TCP port; 0 for a free one.
        """
        self.requests = 0
        """Number of queries so far, with the refused ones."""
        self._recogniser = Recogniser(templates)
        fleet = model.services(services) if isinstance(services, int) else services
        self._fleet = {service.name: service for service in fleet}
        for service in fleet:
            _ = service.patterns  # computed now, or each of the first concurrent queries would compute it
        self.now = now
        self._scrapes = scrapes or model.Scrapes()
        self._start = now() - history_days * DAY
        self._history_days = history_days
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()

    def answer(self, path: str, form: Mapping[str, str]) -> str | None:
        """The body of an answer, as JSON; None for a path that is not served.

        Raises:
            ValueError: the query is unknown, or a parameter is wrong.
        """
        if path == "/api/v1/status/buildinfo":
            return wire.success(
                {"application": "sresnap-demo", "version": __version__, "revision": "", "goVersion": ""}
            )
        if path == "/api/v1/status/runtimeinfo":
            return wire.success({"startTime": iso(self._start), "storageRetention": f"{self._history_days}d"})
        if path not in {"/api/v1/query", "/api/v1/query_range"}:
            return None
        with self._lock:
            self.requests += 1
        asked = self._recogniser.recognise(form.get("query", ""))
        if asked is None:
            raise ValueError("the demo knows only the queries of its own configuration")
        ranged = path.endswith("_range")
        times = wire.range_ms(form) if ranged else np.array([wire.time_ms(form.get("time") or str(self.now()))])
        samples = Samples.of(self._scrapes, self._start, self.now())
        if asked.raw == "samples":
            return wire.samples(raw_samples(asked, self._fleet, samples, int(times[0])))
        return wire.result(answer(asked, self._fleet, samples, times), times, ranged=ranged)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    """Closing waits for the last answer."""
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], demo: DemoServer) -> None:
        self.demo = demo
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that hangs up."""

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._respond(urlsplit(self.path).query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._respond(f"{body}&{urlsplit(self.path).query}")

    def _respond(self, form: str) -> None:
        path = urlsplit(self.path).path
        if path in {"/-/ready", "/-/healthy"}:
            return self._send(HTTPStatus.OK, "The demo is ready.\n", "text/plain; charset=utf-8")
        try:
            body = self.server.demo.answer(path, {name: values[0] for name, values in parse_qs(form).items()})
        except ValueError as error:
            message = json.dumps({"status": "error", "errorType": "bad_data", "error": str(error)})
            return self._send(HTTPStatus.BAD_REQUEST, message)
        return self._send(HTTPStatus.OK if body else HTTPStatus.NOT_FOUND, body or "404 page not found\n")

    def _send(self, status: HTTPStatus, body: str, kind: str = "application/json") -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The `Date` of an answer: the demo's own time, as a Prometheus sends its own."""
        return super().date_time_string(self.server.demo.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Log nothing."""
