"""What a web server sends is read within bounds, even if it says nothing of its size."""

import gzip
import http.server
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from sresnap.publish.targets import website

LARGE, WHOLE, READERS = 500_000, 8_000_000, 8
BOMB = gzip.compress(bytes(WHOLE))


class _Bombs(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(BOMB)))
        self.end_headers()
        self.wfile.write(BOMB)

    def log_message(self, *_):
        """Print nothing."""


@pytest.fixture
def address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Bombs)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_of_several_files_that_inflate_the_memory_holds_one(address, monkeypatch):
    monkeypatch.setattr(website, "_LARGE_BYTES", LARGE)
    monkeypatch.setattr(website, "_CHUNK_BYTES", 500)
    site = website.Website(address)
    tracemalloc.start()
    with ThreadPoolExecutor(READERS) as readers:
        sizes = list(readers.map(lambda number: len(site.read(f"{number}.html").content), range(READERS)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sizes == [WHOLE] * READERS
    assert peak < WHOLE * READERS / 2, "two at once: one that is read, and one that is handed on"
