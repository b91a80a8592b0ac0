"""A server that answers every request with the bytes that a test chooses."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10
    server: RawServer

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # a client that hangs up in the middle is part of many tests
            length = 0
            head = b""
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                head += line
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            self.server.requests.append(head.decode("latin-1") + self.rfile.read(length).decode("latin-1"))
            self.wfile.write(self.server.answer)


class RawServer(socketserver.ThreadingTCPServer):
    """`answer` may be changed at any time; `requests` has the heads and bodies that came."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = b""
        self.requests: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"


@contextlib.contextmanager
def raw_server() -> Iterator[RawServer]:
    with RawServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP answer that ends with the connection."""
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""])
    return head.encode("utf-8", "surrogateescape") + body
