"""A local web server that shows a built site as a static host does, for users and for tests."""

from __future__ import annotations

import errno
import gzip
import hashlib
import re
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from sresnap import file_errors
from sresnap.documents.headers import headers_of
from sresnap.documents.layout import FOLDER_PAGE, NOT_FOUND_PAGE
from sresnap.errors import UsageError
from sresnap.named_files import read_stored

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class _Server(ThreadingHTTPServer):
    """A server of one folder."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], folder: Path) -> None:
        self.folder = folder
        self.names = _LOOPBACK | {address[0].lower()}
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing where a browser dropped the connection, as it does when a page is left."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class PreviewServer:
    """Serve a folder's files from a thread while the context is open.

    Raises:
        UsageError: the port is in use or not permitted.
    """

    def __init__(self, folder: Path, port: int = 0, host: str = "127.0.0.1") -> None:
        try:
            self._server = _Server((host, port), folder.resolve())
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is in use" if taken else f"cannot be used: {file_errors.why(error)}"
            raise UsageError(
                f"port {port} on {host} {why}", hint="choose another with --port; --port 0 takes a free one"
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._host = host

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address of the site's root, with a slash at the end."""
        return f"http://{self._host}:{self.port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait(self) -> None:
        """Wait until the server ends or the caller is interrupted."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD. It speaks HTTP/1.1, because only there do browsers revalidate with If-None-Match."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "sresnap"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Print nothing: the terminal belongs to the command."""

    def _answer(self) -> None:
        if not self._is_meant():
            # Any site may have a name that leads here, and its script could then read these pages (DNS rebinding).
            body = b"This preview answers to localhost only.\n"
            self._send(HTTPStatus.MISDIRECTED_REQUEST, body, {"Content-Type": "text/plain; charset=utf-8"})
            return
        found = locate(self.server.folder, self.path)
        if found is None:
            missing = self.server.folder / NOT_FOUND_PAGE.path()
            body = read_stored(missing) if missing.is_file() else b"Not found\n"
            kind = "text/html; charset=utf-8" if missing.is_file() else "text/plain; charset=utf-8"
            self._send(HTTPStatus.NOT_FOUND, body, {"Content-Type": kind})
        elif found.is_dir():
            address = urlsplit(self.path)
            query = f"?{address.query}" if address.query else ""
            # Exactly one slash at the start: `//host/` would lead to another host.
            target = "/" + quote(unquote(address.path)).strip("/") + "/" + query
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": target})
        else:
            self._send_file(found)

    def _is_meant(self) -> bool:
        """Whether the request is for a name of this machine. Only browsers run scripts, and they send a name."""
        host = re.sub(r":[0-9]+$", "", self.headers.get("Host", "").strip().lower())
        return host in self.server.names or not host

    def _send_file(self, path: Path) -> None:
        try:
            body = read_stored(path)
        except OSError:
            self._send(HTTPStatus.NOT_FOUND, b"Not found\n", {"Content-Type": "text/plain; charset=utf-8"})
            return
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        kind = headers_of(path.relative_to(self.server.folder).as_posix()).content_type
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Content-Type": kind}
        if "charset" in kind:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                # Compressed bytes differ from the file's, so the tag is a weak one (RFC 9110, 8.8.1).
                headers |= {"ETag": f"W/{tag}", "Content-Encoding": "gzip"}
        asked = self.headers.get("If-None-Match", "")
        if tag in {part.strip().removeprefix("W/") for part in asked.split(",")} or asked.strip() == "*":
            self._send(HTTPStatus.NOT_MODIFIED, None, headers)
        else:
            packed = gzip.compress(body, mtime=0) if "Content-Encoding" in headers else body
            self._send(HTTPStatus.OK, packed, headers)

    def _send(self, status: HTTPStatus, body: bytes | None, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("X-Content-Type-Options", "nosniff")
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body and self.command != "HEAD":
            self.wfile.write(body)


def locate(folder: Path, target: str) -> Path | None:
    """The file that a request names; a folder if the request lacks its trailing slash; None if there is no file.

    The result is never outside `folder` and never hidden, whether the request uses `..`, an encoded `..`, or a symbolic
    link.
    """
    try:
        name = unquote(urlsplit(target).path, errors="strict")
        if "\0" in name or "\\" in name:
            return None
        path = (folder / name.lstrip("/")).resolve()
        if not path.is_relative_to(folder) or _is_hidden(name) or _is_hidden(path.relative_to(folder).as_posix()):
            return None
        if path.is_dir():
            return _index(folder, path, name)
        return path if path.is_file() and not name.endswith("/") else None
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a loop of links
        return None


def _is_hidden(name: str) -> bool:
    """Whether a part of a path is hidden, such as the state that sresnap keeps beside a site.

    /.well-known/ is meant for readers.
    """
    parts = name.strip("/").split("/")
    return any(part.startswith(".") and part not in (".", "..") for part in parts) and parts[0] != ".well-known"


def _index(folder: Path, path: Path, name: str) -> Path | None:
    """A folder's index page, or the folder itself if the name lacks its slash. Folders are never listed."""
    index = (path / FOLDER_PAGE).resolve()
    if not (index.is_file() and index.is_relative_to(folder)):
        return None
    return index if name.endswith("/") or path == folder else path
