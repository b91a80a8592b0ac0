"""A small SOCKS5 proxy (RFC 1928), with and without a login (RFC 1929)."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

_NO_LOGIN, _LOGIN, _NEITHER = 0, 2, 0xFF


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10
    server: SocksServer

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            if self.server.words is not None:
                self.wfile.write(self.server.words)
                self.server.ended.wait(10)
                return
            methods = self.rfile.read(self.rfile.read(2)[1])
            wanted = _NO_LOGIN if self.server.login is None else _LOGIN
            self.wfile.write(bytes([5, wanted if wanted in methods else _NEITHER]))
            if wanted not in methods or (wanted == _LOGIN and not self._logs_in()):
                return
            host, port = self._address()
            self.server.asked.append((host, port))
            self.wfile.write(bytes([5, self.server.reply, 0, 1, 0, 0, 0, 0, 0, 0]))
            if self.server.reply == 0:
                with socket.create_connection(self.server.leads_to) as there:
                    self._carry(there)

    def _logs_in(self) -> bool:
        self.rfile.read(1)
        user, password = (self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
        is_right = (user, password) == self.server.login
        self.wfile.write(bytes([1, not is_right]))
        return is_right

    def _address(self) -> tuple[str, int]:
        kind = self.rfile.read(4)[3]
        if kind == 3:
            host = self.rfile.read(self.rfile.read(1)[0]).decode()
        else:
            family, size = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
            host = socket.inet_ntop(family, self.rfile.read(size))
        return host, struct.unpack(">H", self.rfile.read(2))[0]

    def _carry(self, there: socket.socket) -> None:
        ends = {self.connection: there, there: self.connection}
        while True:
            for ready in select.select(list(ends), [], [], 10)[0]:
                data = ready.recv(65_536)
                if not data:
                    return
                ends[ready].sendall(data)


class SocksServer(socketserver.ThreadingTCPServer):
    """For any host, connections lead to `leads_to`. `asked` has the hosts and ports; `words` replace all answers."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, leads_to: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.leads_to = leads_to
        self.login: tuple[str, str] | None = None
        self.reply = 0
        self.words: bytes | None = None
        self.ended = threading.Event()
        self.asked: list[tuple[str, int]] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def socks_server(leads_to: tuple[str, int]) -> Iterator[SocksServer]:
    with SocksServer(leads_to) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join(5)
