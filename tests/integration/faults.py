"""A loopback proxy in front of a real Prometheus that makes chosen requests fail, and records all of them."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from types import TracebackType

HANG_SECONDS = 30.0
"""The longest delay of a hanging request, in case a test does not close the proxy."""

LOGIN_PAGE = b"<!DOCTYPE html><html><title>Sign in</title><body>session=hunter2-page-secret</body></html>"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that reached the proxy."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def query(self) -> str:
        """The PromQL; empty for other requests."""
        return self.params.get("query", "")


@dataclass(slots=True)
class Fault:
    """What to do to which requests."""

    kind: str
    """`html`, `html_error`, `truncated`, `not_prometheus`, `redirect`, `reset`, `hang`, `warnings`, `infos`, `partial`,
    `slow`, or a status: `400`, `401`, `403`, `404`, `413`, `422`, `429`, `500`, `502`, `503`, `504`, `503_timeout`."""
    match: str | Callable[[Seen], bool] | None = None
    """Requests whose query contains the text, or that satisfy the predicate; None: all, including `/status/…`."""
    times: int | None = None
    """After so many requests the fault is over; None: never."""
    text: str = ""
    """Prometheus's error text, the warning, the redirect's location, or the series that a partial answer has."""
    retry_after: str | None = None
    seconds: float = HANG_SECONDS
    """How long `hang` holds and `slow` delays a request."""
    done: int = field(default=0)
    """How often it was injected."""

    def applies(self, seen: Seen) -> bool:
        """Whether this request is to fail."""
        if self.times is not None and self.done >= self.times:
            return False
        if self.match is None:
            return True
        return self.match in seen.query and bool(seen.query) if isinstance(self.match, str) else self.match(seen)


class FaultProxy:
    """A context manager; `url` is where clients go instead of to Prometheus.

    `faults` may be changed at any time; the first that applies to a request is injected.
    """

    def __init__(self, upstream: str, *faults: Fault) -> None:
        self.upstream = upstream
        self.faults = list(faults)
        self.requests: list[Seen] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def queries(self) -> list[Seen]:
        """The requests with a query, in the order of arrival."""
        return [seen for seen in self.requests if seen.query]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def take(self, seen: Seen) -> Fault | None:
        """Record a request, and return the fault to inject."""
        with self.lock:
            self.requests.append(seen)
            for fault in self.faults:
                if fault.applies(seen):
                    fault.done += 1
                    return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    proxy: FaultProxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: clients that disconnect are part of many tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = HANG_SECONDS
    server: _Server
    connection_up: http.client.HTTPConnection | None = None
    """To the upstream, for all requests of a client's connection: to connect takes as long as to ask."""

    def finish(self) -> None:
        if self.connection_up is not None:
            self.connection_up.close()
        super().finish()

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _handle(self, body: bytes) -> None:
        address = urlsplit(self.path)
        params = dict(parse_qsl(address.query) + parse_qsl(body.decode()))
        seen = Seen(self.command, address.path, params, {k.lower(): v for k, v in self.headers.items()})
        fault = self.server.proxy.take(seen)
        if fault is None:
            self._send(*self._upstream(body))
        elif fault.kind in _STATUSES:
            self._status(fault)
        else:
            getattr(self, f"_{fault.kind}")(fault, body)

    def _partial(self, fault: Fault, body: bytes) -> None:
        """The answer of a VictoriaMetrics cluster without one of its stores. The upstream must be a VictoriaMetrics."""
        status, content_type, answer = self._upstream(body + b"&" + urlencode({"extra_filters[]": fault.text}).encode())
        self._send(status, content_type, json.dumps(json.loads(answer) | {"isPartial": True}).encode())

    def _upstream(self, body: bytes) -> tuple[int, str, bytes]:
        if self.connection_up is None:
            host = urlsplit(self.server.proxy.upstream)
            self.connection_up = http.client.HTTPConnection(host.hostname or "", host.port, timeout=HANG_SECONDS)
        try:
            headers = {"Content-Type": self.headers["Content-Type"]} if body else {}
            self.connection_up.request(self.command, self.path, body or None, headers)
            response = self.connection_up.getresponse()
            return response.status, response.headers["Content-Type"], response.read()
        except (OSError, http.client.HTTPException):
            self.connection_up.close()  # the next request connects again
            return 502, "text/plain", b"Bad Gateway"

    def _send(self, status: int, content_type: str, body: bytes, extra: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _status(self, fault: Fault) -> None:
        status, error_type = _STATUSES[fault.kind]
        document = {"status": "error", "errorType": error_type, "error": fault.text or f"injected {fault.kind}"}
        extra = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
        self._send(status, "application/json", json.dumps(document).encode(), extra)

    def _html(self, fault: Fault, body: bytes) -> None:
        self._send(200, "text/html", LOGIN_PAGE)

    def _html_error(self, fault: Fault, body: bytes) -> None:
        self._send(500, "text/html", LOGIN_PAGE)

    def _truncated(self, fault: Fault, body: bytes) -> None:
        status, content_type, answer = self._upstream(body)
        self._send(status, content_type, answer[: len(answer) // 2])

    def _not_prometheus(self, fault: Fault, body: bytes) -> None:
        self._send(200, "application/json", b'{"hello": "world"}')

    def _redirect(self, fault: Fault, body: bytes) -> None:
        self._send(302, "text/html", LOGIN_PAGE, {"Location": fault.text})

    def _reset(self, fault: Fault, body: bytes) -> None:
        # Lingering for no time turns the close into an RST.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def _hang(self, fault: Fault, body: bytes) -> None:
        self.server.proxy.closing.wait(min(fault.seconds, HANG_SECONDS))
        self.close_connection = True

    def _slow(self, fault: Fault, body: bytes) -> None:
        self.server.proxy.closing.wait(min(fault.seconds, HANG_SECONDS))
        self._send(*self._upstream(body))

    def _warnings(self, fault: Fault, body: bytes) -> None:
        self._noted("warnings", fault, body)

    def _infos(self, fault: Fault, body: bytes) -> None:
        self._noted("infos", fault, body)

    def _noted(self, key: str, fault: Fault, body: bytes) -> None:
        status, content_type, answer = self._upstream(body)
        document = json.loads(answer) | {key: [fault.text or "injected"]}
        self._send(status, content_type, json.dumps(document).encode())


_STATUSES = {
    "400": (400, "bad_data"),
    "401": (401, "unauthorized"),
    "403": (403, "forbidden"),
    "404": (404, "not_found"),
    "413": (413, "too_large"),
    "422": (422, "execution"),
    "429": (429, "too_many_requests"),
    "500": (500, "internal"),
    "502": (502, "unavailable"),
    "503": (503, "unavailable"),
    "503_timeout": (503, "timeout"),
    "504": (504, "unavailable"),
}
