"""Git as it meets the program: a home of its own, checkouts, and a server that wants logins or small bodies."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


def git(*arguments: str, cwd: Path, check: bool = True) -> str:
    """The output of git with the variables of this process."""
    done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, done.stderr
    return done.stdout


def reaches(remote: str, checkout: Path) -> bool:
    """Whether git itself reaches a remote."""
    done = subprocess.run(["git", "ls-remote", remote], cwd=checkout, capture_output=True, check=False)
    return done.returncode == 0


def own_home(monkeypatch, home: Path) -> Path:
    """Give git a home without settings of this machine. Returns the global file."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    return home / ".gitconfig"


def checkout_of(folder: Path, **remotes: str) -> Path:
    """An empty checkout with remotes."""
    git("init", "--quiet", str(folder), cwd=folder.parent)
    for name, url in remotes.items():
        git("remote", "add", name, url, cwd=folder)
    return folder


def commit_by_hand(checkout: Path, branch: str, number: int = 1) -> str:
    """Push commits of a person to a branch of origin, on top of what is checked out; the last one's hash.

    One process of git makes them all. The files of the checkout stay as they are.
    """
    ref = f"refs/heads/{branch}"
    before = git("rev-parse", "--verify", "--quiet", "HEAD", cwd=checkout, check=False).strip()
    texts = [f"document {i}" for i in range(number)]
    stream = "".join(
        f"commit {ref}\ncommitter p <p@example.test> {1_700_000_000 + i} +0000\ndata {len(text)}\n{text}\n"
        + (f"from {before}\n" if before and not i else "")
        + f"M 100644 inline doc{i}.html\ndata {len(text)}\n{text}\n"
        for i, text in enumerate(texts)
    )
    subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=checkout, input=stream.encode(), check=True)
    git("symbolic-ref", "HEAD", ref, cwd=checkout)
    git("push", "--quiet", "origin", f"{ref}:{ref}", cwd=checkout)
    return git("rev-parse", ref, cwd=checkout).strip()


@dataclass
class GitServer:
    """`git http-backend` behind a small web server."""

    root: Path
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that a request must have; others get 403."""
    login: str | None = None
    """USER:PASSWORD that a request must have; others get 401."""
    most_bytes: int | None = None
    """The largest body, as nginx's client_max_body_size; larger ones get 413."""
    url: str = ""

    @contextmanager
    def running(self) -> Iterator[GitServer]:
        """Serve until the end of the block."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"about": self}))
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def new(self, name: str, *options: str) -> str:
        """The URL of a new empty repository."""
        git("init", "--bare", "--quiet", *options, str(self.root / name), cwd=self.root)
        git("config", "http.receivepack", "true", cwd=self.root / name)
        return f"{self.url}/{name}"


class _Handler(BaseHTTPRequestHandler):
    about: GitServer

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            self._answer(b"".join(self._chunks()))
        else:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, body: bytes) -> None:
        refusal = self._refusal(len(body))
        if refusal is not None:
            self.send_response(refusal)
            if refusal == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        done = subprocess.run(
            ["git", "http-backend"], input=body, capture_output=True, check=False, env=self._environment(body)
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [line.partition(": ")[::2] for line in head.decode().splitlines()]
        self.send_response(next((int(value.split()[0]) for name, value in fields if name == "Status"), 200))
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _refusal(self, size: int) -> int | None:
        if self.about.most_bytes is not None and size > self.about.most_bytes:
            return 413
        if any(self.headers.get(name) != value for name, value in self.about.headers.items()):
            return 403
        if self.about.login is not None:
            wanted = f"Basic {base64.b64encode(self.about.login.encode()).decode()}"
            if self.headers.get("Authorization") != wanted:
                return 401
        return None

    def _environment(self, body: bytes) -> dict[str, str]:
        address = urlsplit(self.path)  # as a proxy it gets the whole address
        return {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_PROJECT_ROOT": str(self.about.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type") or "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding") or "",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol") or "",
            "REMOTE_ADDR": "127.0.0.1",
        }

    def log_message(self, *_: object) -> None:
        pass
