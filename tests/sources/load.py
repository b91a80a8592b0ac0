"""A small load, counted by who sends it, and the server behind proxies."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOW_SECONDS = 0.7
"""Of a slow request: well above the thresholds of the tests, 250 and 300 ms."""
KINDS = ("/ok", "/bad", "/slow", "/missing")
LOAD = ["/ok"] * 240 + ["/bad"] * 30 + ["/slow"] * 16 + ["/missing"] * 14
"""300 requests: 10 % errors, 5 % slow. 404 does not count as an error: the client made it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, and how it was answered, as the sender saw it."""

    total: int = 0
    bad: int = 0
    slow: int = 0
    late: int = 0
    """Requests that were meant to be fast, and that the sender waited for longer than the threshold."""

    def __add__(self, other: Sent) -> Sent:
        return Sent(self.total + other.total, self.bad + other.bad, self.slow + other.slow, self.late + other.late)

    @property
    def fast(self) -> tuple[int, int]:
        """The least and the most that may be under the threshold: no server is slower than its client saw."""
        return self.total - self.slow - self.late, self.total - self.slow


def send(address: str, paths: Sequence[str], threshold: float) -> Sent:
    """Send requests to `host:port`, twelve at a time, and count the answers.

    Raises:
        AssertionError: an answer was not the one that its path asks for.
    """
    with ThreadPoolExecutor(12) as pool:
        return sum(pool.map(lambda path: _one(address, path, threshold), paths), Sent())


def _one(address: str, path: str, threshold: float) -> Sent:
    connection = http.client.HTTPConnection(address, timeout=30)
    start = time.monotonic()
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    seconds = time.monotonic() - start
    expected = {"/ok": 200, "/slow": 200, "/missing": 404}.get(path)
    assert answer.status == expected or (expected is None and answer.status >= 500), f"{address}{path}: {answer.status}"
    is_slow = path == "/slow"
    return Sent(1, answer.status >= 500, is_slow, not is_slow and seconds >= threshold)


class _Backend(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(SLOW_SECONDS)
        status = {"/bad": 500, "/missing": 404}.get(self.path, 200)
        if self.path == "/switch" and not self.server.is_on:  # type: ignore[attr-defined]
            status = 503
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


class Backend(ThreadingHTTPServer):
    """What proxies have behind them. `/switch` answers 503 while it is off."""

    daemon_threads = True
    request_queue_size = 64
    is_on = True

    def handle_error(self, *_: object) -> None:
        """A proxy that ends closes its connections."""

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def backend() -> Iterator[Backend]:
    """A running backend."""
    with Backend(("127.0.0.1", 0), _Backend) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
