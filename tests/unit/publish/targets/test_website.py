"""What a web server sends is read within bounds, even if it says nothing of its size."""

import gzip
import http.server
import threading
import tracemalloc

import pytest

from sresnap.documents.layout import POINTER
from sresnap.errors import NoReport, PublishFailed
from sresnap.publish import parallel
from sresnap.publish.newest import read_newest
from sresnap.publish.parallel import read_each
from sresnap.publish.targets import base, website
from sresnap.publish.targets.base import TooLong

WHOLE, READERS = 4_000_000, 6
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


def test_a_file_that_inflates_beyond_its_bound_is_not_read_to_its_end(address, monkeypatch):
    monkeypatch.setattr(website, "_CHUNK_BYTES", 500)
    tracemalloc.start()
    with pytest.raises(TooLong, match=r"index\.html is larger than 1,000 bytes") as error:
        website.Website(address).read("index.html", 1000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (error.value.size, error.value.described) == (None, "more than 1,000 bytes")
    assert peak < WHOLE / 2


def test_a_file_that_does_not_arrive_in_time_is_given_up(address, monkeypatch):
    """Each part may be quick enough for the connection, and the whole never end."""
    monkeypatch.setattr(website, "_CHUNK_BYTES", 500)
    monkeypatch.setattr(website, "_FILE_SECONDS", 0.0)
    with pytest.raises(PublishFailed, match=r"index\.html did not arrive within 0 s"):
        website.Website(address).read("index.html", WHOLE)


def test_a_bomb_as_pointer_is_called_too_large_and_not_empty(monkeypatch, address):
    monkeypatch.setitem(base._OWN_BOUNDS, POINTER, 3_000_000)
    with pytest.raises(NoReport, match=r"latest\.json is larger than 3 MB") as error:
        read_newest(address)
    assert error.value.hint == "is the address right?"


def test_of_several_files_that_inflate_the_memory_holds_one(address, monkeypatch):
    """It is used before the next one is read."""
    monkeypatch.setattr(parallel, "_ROOM_BYTES", WHOLE)
    monkeypatch.setattr(parallel, "_FIRST_BYTES", 1000)
    monkeypatch.setattr(website, "_CHUNK_BYTES", 500)
    site = website.Website(address)
    names = [f"{number}.html" for number in range(READERS)]
    for sizes in (dict.fromkeys(names, WHOLE), {}):
        tracemalloc.start()
        found = read_each(names, sizes, site.read, lambda _, file: len(file.content))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert list(found.values()) == [WHOLE] * READERS
        assert peak < WHOLE * 3, "one, and its copy while its buffer grows"
