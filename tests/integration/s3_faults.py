"""A loopback proxy in front of an object store that makes chosen requests fail, and records all of them."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

CHUNK = 1000


@dataclass(slots=True)
class Fault:
    """What to do to which requests."""

    kind: str
    """A status, `reset` (half-way through the request's body) or `lost` (done, but the answer is lost)."""
    method: str = "PUT"
    match: str = ""
    """Part of the path."""
    times: int = 10**9
    text: str = "Injected"
    """The code in the answer."""
    message: str = "injected"
    conditional: bool = False
    """Only conditional writes."""
    done: int = 0

    def applies(self, method: str, path: str, *, conditional: bool) -> bool:
        is_meant = conditional or not self.conditional
        return self.done < self.times and method == self.method and self.match in path and is_meant


class StoreProxy:
    """A context manager; `url` is where clients go instead of to the store."""

    def __init__(self, upstream: str, *faults: Fault) -> None:
        self.upstream = urlsplit(upstream)
        self.faults = list(faults)
        self.requests: list[tuple[str, str]] = []
        self.bytes_sent = self.bytes_fetched = 0
        """Bodies of requests and of answers."""
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def take(self, method: str, path: str, *, conditional: bool) -> Fault | None:
        with self.lock:
            self.requests.append((method, path))
            for fault in self.faults:
                if fault.applies(method, path, conditional=conditional):
                    fault.done += 1
                    return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    proxy: StoreProxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: clients that disconnect are part of many tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    def _handle(self) -> None:
        conditional = any(name in self.headers for name in ("If-Match", "If-None-Match"))
        fault = self.server.proxy.take(self.command, urlsplit(self.path).path, conditional=conditional)
        length = int(self.headers.get("Content-Length", "0"))
        if fault is not None and fault.kind == "reset":
            self.rfile.read(min(CHUNK, length // 2))
            return self._reset()
        body = self.rfile.read(length)
        with self.server.proxy.lock:
            self.server.proxy.bytes_sent += len(body)
        if fault is not None and fault.kind != "lost":
            text = f"<Error><Code>{fault.text}</Code><Message>{fault.message}</Message></Error>".encode()
            return self._send(int(fault.kind), {"Content-Type": "application/xml"}, text)
        answer = self._upstream(body)
        return self._reset() if fault is not None else self._send(*answer)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _handle  # noqa: N815

    def _upstream(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        host = self.server.proxy.upstream
        with contextlib.closing(http.client.HTTPConnection(host.hostname, host.port, timeout=30)) as connection:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            return response.status, dict(response.headers), response.read()

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header(
            "Content-Length",
            headers.get("Content-Length", str(len(body))) if self.command == "HEAD" else str(len(body)),
        )
        self.end_headers()
        if self.command != "HEAD":
            with self.server.proxy.lock:
                self.server.proxy.bytes_fetched += len(body)
            self.wfile.write(body)

    def _reset(self) -> None:
        # Lingering for no time turns the close into an RST.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
