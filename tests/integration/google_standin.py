"""The part of Google Cloud Storage's XML API that obstore uses, in memory.

No emulator has all of it: fake-gcs-server refuses the plain PUT, gcp-storage-emulator lacks ETags and lists. So this
does not prove how Google behaves. It proves that generations are sent and read as documented:
https://cloud.google.com/storage/docs/xml-api/reference-headers
"""

from __future__ import annotations

import contextlib
import email.utils
import hashlib
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "box"


@dataclass(frozen=True)
class _Object:
    content: bytes
    generation: int
    headers: dict[str, str]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, _Object] = {}
        self.generation = 1_700_000_000_000_000
        self.lock = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one packet: two would wait for each other
    server: _Server

    def log_message(self, *_): ...

    def _key(self) -> str | None:
        """The object's name; None in another bucket."""
        bucket, _, key = urlsplit(self.path).path.lstrip("/").partition("/")
        return unquote(key) if bucket == BUCKET else None

    def do_PUT(self):
        key, content = self._key(), self.rfile.read(int(self.headers["Content-Length"]))
        if key is None:
            return self._send(404, b"<Error><Code>NoSuchBucket</Code></Error>")
        with self.server.lock:
            there = self.server.objects.get(key)
            expected = self.headers.get("x-goog-if-generation-match")
            if expected is not None and int(expected) != (0 if there is None else there.generation):
                return self._send(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            self.server.generation += 1
            kept = {name: self.headers[name] for name in ("Content-Type", "Cache-Control") if name in self.headers}
            self.server.objects[key] = _Object(content, self.server.generation, kept)
            return self._send(200, b"", _about(self.server.objects[key]))

    def do_GET(self):
        key = self._key()
        if key == "":
            return self._list(parse_qs(urlsplit(self.path).query).get("prefix", [""])[0])
        found = None if key is None else self.server.objects.get(key)
        if found is None:
            return self._send(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self._send(200, found.content, {**_about(found), **found.headers})

    def do_DELETE(self):
        with self.server.lock:
            gone = self.server.objects.pop(self._key() or "", None)
        return self._send(404 if gone is None else 204, b"")

    def _list(self, prefix: str):
        with self.server.lock:
            rows = [
                f"<Contents><Key>{escape(key)}</Key><Size>{len(found.content)}</Size>"
                f"<LastModified>2026-11-22T21:30:00.000Z</LastModified><ETag>{_about(found)['ETag']}</ETag></Contents>"
                for key, found in sorted(self.server.objects.items())
                if key.startswith(prefix)
            ]
        return self._send(200, f"<ListBucketResult>{''.join(rows)}</ListBucketResult>".encode())

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None):
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _about(found: _Object) -> dict[str, str]:
    return {
        "ETag": f'"{hashlib.md5(found.content).hexdigest()}"',
        "Last-Modified": email.utils.formatdate(usegmt=True),
        "x-goog-generation": str(found.generation),
    }


@contextlib.contextmanager
def google(folder: Path):
    """The variables that lead to an empty bucket. They name no account, so that no token is requested."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        account = {"gcs_base_url": f"http://127.0.0.1:{server.server_port}", "disable_oauth": True}
        empty = dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
        (folder / "account.json").write_text(json.dumps({**account, **empty}))
        yield {"GOOGLE_SERVICE_ACCOUNT": str(folder / "account.json")}
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
