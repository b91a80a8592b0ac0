"""A web server that gives chosen answers, for tests of what a reader makes of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends."""

    status: int
    content: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


class AnsweringServer(ThreadingHTTPServer):
    """It sends the scripted answers one after another, then the files of a folder or the last answer for ever."""

    daemon_threads = True

    def __init__(self, answers: list[Answer], root: Path | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._answers = answers
        self._root = root
        self.cached: dict[str, bytes] = {}
        """By path, old copies for requests that do not ask for a fresh one, as a cache on the way has them."""
        self.requests = 0
        self.authorizations: set[str | None] = set()

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`."""
        return f"127.0.0.1:{self.server_port}"

    def answer(self, path: str) -> Answer:
        """The next one."""
        if self._answers and (len(self._answers) > 1 or self._root is not None):
            return self._answers.pop(0)
        if self._root is None:
            return self._answers[0]
        file = self._root / path.lstrip("/")
        return Answer(200, file.read_bytes()) if file.is_file() else Answer(404)


class _Handler(BaseHTTPRequestHandler):
    server: AnsweringServer

    def do_GET(self) -> None:
        self.server.requests += 1
        self.server.authorizations.add(self.headers["Authorization"])
        old = None if "Cache-Control" in self.headers else self.server.cached.get(self.path)
        answer = self.server.answer(self.path) if old is None else Answer(200, old)
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.content)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@contextmanager
def answering(*answers: Answer, root: Path | None = None) -> Iterator[AnsweringServer]:
    """A running server."""
    server = AnsweringServer(list(answers), root)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
