"""A published site as it is reached over HTTP: restored and verified by its address alone."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sresnap.app.verify import verify
from sresnap.errors import PublishFailed, UsageError
from sresnap.preview import PreviewServer
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.website import Website
from tests.integration import sites
from tests.unit.cli.test_cli import run_here


@pytest.fixture
def www(tmp_path, out):
    place = Folder(tmp_path / "www")
    sites.publish(place, out)
    return place


def test_a_site_is_restored_by_its_address_and_published_on_to_its_place(www, tmp_path):
    first = sites.read_whole(www)
    fresh = tmp_path / "fresh"
    with PreviewServer(www.root) as server:
        done = sites.restore(Website(server.url), fresh)
        assert (done.report, len(done.fetched)) == (first, 3)
        assert sites.restore(Website(f"{server.url}/index.html"), fresh).fetched == ()
    second = sites.build(fresh, 1)
    sites.publish(www, fresh)
    assert sites.chain(www) == [second, first]


def test_what_is_served_is_held_against_what_was_published(www, tmp_path):
    report = sites.read_whole(www)
    with PreviewServer(www.root) as server:
        assert verify(Website(server.url), report=report, everything=True).wrong == ()
        (www.root / "index.html").write_text("defaced")
        assert len(verify(Website(server.url)).wrong) == 1
        done = run_here("verify", server.url, cwd=tmp_path)
    assert (done.returncode, "index.html" in done.stderr, "Traceback" in done.stderr) == (7, True, False)


def test_a_site_that_is_not_reached_is_said(tmp_path):
    with pytest.raises(PublishFailed, match=r"127\.0\.0\.1:1/latest\.json cannot be read"):
        sites.restore(Website("http://user:hunter2@127.0.0.1:1"), tmp_path / "fresh")
    assert "cannot be read" in verify(Website("http://127.0.0.1:1")).wrong[0]
    with pytest.raises(UsageError, match="no address"):
        Website("https://")


def test_an_address_is_taken_as_it_is_copied_from_a_browser(www, tmp_path):
    with PreviewServer(www.root) as server:
        for n, rest in enumerate(["/#slos", "/index.html#slos"]):
            done = run_here("restore", server.url.rstrip("/") + rest, "--out", f"fresh{n}", cwd=tmp_path)
            assert (done.returncode, done.stderr) == (0, "")
        done = run_here("restore", server.url.rstrip("/") + "/?x=1", "--out", "no", cwd=tmp_path)
    assert (done.returncode, "the site's address has no query" in done.stderr) == (2, True)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([503, 503, 200], "manifest.json cannot be used"),
        ([503] * 9, "HTTP 503"),
        ([403], "HTTP 403"),
        ([404], "holds no report"),
    ],
)
def test_answers_that_are_no_site(tmp_path, answers, words):
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_): ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with pytest.raises(PublishFailed) as failed:
            sites.restore(Website(f"http://127.0.0.1:{server.server_port}/status"), tmp_path / "fresh")
    finally:
        server.shutdown()
        server.server_close()
    assert words in failed.value.message
    assert failed.value.hint
    assert not (tmp_path / "fresh").exists()
