"""A published site over HTTP: read only by its address."""

import contextlib
import json
import re
import socket
import threading
import time

import pytest

from sresnap.app import archive
from sresnap.documents import files, snapshots
from sresnap.documents.files import write_changed
from sresnap.documents.layout import POINTER, SNAPSHOT
from sresnap.documents.pointer import pointer_to
from sresnap.errors import NoReport, PublishFailed, UsageError
from sresnap.preview import PreviewServer
from sresnap.publish.newest import read_newest
from sresnap.publish.targets import base
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.website import Website
from tests import factories
from tests.integration import sites
from tests.integration.web_answers import Answer, answering
from tests.unit.cli.test_cli import run_here

pytestmark = pytest.mark.usefixtures("hurried")


@pytest.fixture
def www(tmp_path, out):
    target = Folder(tmp_path / "www")
    sites.publish(target, out)
    return target


def test_a_site_is_restored_by_its_address_and_published_to_its_target(www, tmp_path):
    first = sites.read_whole(www)
    fresh = tmp_path / "fresh"
    with PreviewServer(www.root) as server:
        done = sites.restore(Website(server.url), fresh)
        assert (done.report, len(done.fetched_files)) == (first, 3)
        assert sites.restore(Website(f"{server.url}/index.html"), fresh).fetched_files == ()
    second = sites.build(fresh, 1)
    sites.publish(www, fresh)
    assert sites.chain(www) == [second, first]


def test_the_served_files_are_compared_with_the_published_ones(www, tmp_path):
    report = sites.read_whole(www)
    with PreviewServer(www.root) as server:
        assert sites.verify(Website(server.url), report=report, everything=True).wrong == ()
        (www.root / "index.html").write_text("defaced")
        assert len(sites.verify(Website(server.url)).wrong) == 1
        done = run_here("verify", server.url, cwd=tmp_path)
    assert (done.returncode, "index.html" in done.stderr, "Traceback" in done.stderr) == (7, True, False)


def test_f6_verify_looks_at_withdrawn_reports_as_a_browser_does(tmp_path):
    """A cache that gives a fresh copy on request still serves the old copy to readers."""
    out, www = tmp_path / "public", tmp_path / "www"
    gone = sites.build(out, 0)
    sites.build(out, 1)
    sites.publish(Folder(www), out)
    name = f"snapshots/{gone}.json"
    old = (www / name).read_bytes()
    archive.withdraw(out, gone, "it named a host", sites.AT)
    sites.publish(Folder(www), out)
    with answering(root=www) as server:
        assert sites.verify(Website(f"http://{server.host}")).wrong == ()
        server.cached[f"/{name}"] = old
        (fault,) = sites.verify(Website(f"http://{server.host}")).wrong
    assert fault.startswith(f"{name} is still served, though its report was withdrawn")


def test_an_unreachable_site_is_reported(tmp_path):
    with pytest.raises(PublishFailed, match=r"127\.0\.0\.1:1/latest\.json cannot be read"):
        sites.restore(Website("http://user:hunter2@127.0.0.1:1"), tmp_path / "fresh")
    assert "cannot be read" in sites.verify(Website("http://127.0.0.1:1")).wrong[0]
    with pytest.raises(UsageError, match="not an address"):
        Website("https://")


def test_an_address_can_be_copied_from_a_browser(www, tmp_path):
    with PreviewServer(www.root) as server:
        for n, rest in enumerate(["/#slos", "/index.html#slos"]):
            done = run_here("restore", server.url.rstrip("/") + rest, "--out", f"fresh{n}", cwd=tmp_path)
            assert (done.returncode, done.stderr) == (0, "")
        done = run_here("restore", server.url.rstrip("/") + "/?x=1", "--out", "no", cwd=tmp_path)
    assert (done.returncode, "has a query, which a site's address cannot have" in done.stderr) == (2, True)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ([503, 503, 200], "manifest.json is not a manifest of sresnap"),
        ([503], "HTTP 503, 4 times in a row"),
        ([403], "HTTP 403"),
        ([404], "holds no report"),
    ],
)
def test_answers_that_do_not_make_a_site_stop_restore_and_name_the_answer(tmp_path, statuses, words):
    with answering(*map(Answer, statuses)) as server, pytest.raises(PublishFailed) as raised:
        sites.restore(Website(f"http://{server.host}/status"), tmp_path / "fresh")
    assert words in raised.value.message
    assert raised.value.hint
    assert not (tmp_path / "fresh").exists()


READERS = {
    "gate": ("gate", "--site", "URL"),
    "explain": ("explain", "api", "--site", "URL"),
    "verify": ("verify", "URL"),
    "restore": ("restore", "URL", "--out", "fresh"),
    "publish": ("publish", "URL", "--out", "public"),
}


def ask(name, url, cwd):
    """Run a command that reads a site, with its arguments."""
    return run_here(*(url if argument == "URL" else argument for argument in READERS[name]), cwd=cwd)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "login",
    ["user:hun/ter2", "user:hun%2Fter2", "user:hun@ter2", "user:hun#ter2", "user:hun?ter2", "user:hun ter2",
     "hun%40ter2", "hun/ter2", "hun#ter2", ":hun%23ter2"],
)  # fmt: skip
def test_no_command_prints_a_login_of_a_sites_address(tmp_path, name, login):
    with answering(Answer(403)) as server:
        done = ask(name, f"http://{login}@{server.host}/status", tmp_path)
    answered = {"gate": 10, "explain": 10, "restore": 5, "verify": 7, "publish": 2}[name]
    assert done.returncode == (2 if re.search("[/#? ]", login) else answered)
    printed = done.stdout + done.stderr
    assert "hun" not in printed
    assert "ter2" not in printed
    assert server.host in printed


@pytest.mark.parametrize("name", ["gate", "explain", "verify", "restore"])
@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("ftp://user:hunter2@files.example/x", "redirects to ftp://files.example/x"),
        ("http://user:hun/ter2@files.example/", "it redirects to an invalid address"),
        ("file:///etc/passwd", "redirects to file://"),
        ("/again?token=hunter2", "redirects over 5 times"),
    ],
)
def test_a_redirect_is_followed_over_http_only_and_its_login_is_not_printed(tmp_path, name, location, words):
    with answering(Answer(302, b"", {"Location": location})) as server:
        done = ask(name, f"http://{server.host}/", tmp_path)
    printed = done.stdout + done.stderr
    assert (done.returncode in (5, 7, 10), words in printed) == (True, True)
    assert "hun" not in printed
    assert "ter2" not in printed


def test_a_site_behind_a_login_and_a_redirect_is_read_with_the_login(site_folder):
    with answering(Answer(301, b"", {"Location": "/latest.json"}), root=site_folder) as server:
        assert ask("gate", f"http://user:hun%2Fter2@{server.host}/", site_folder).returncode == 0
        assert server.authorizations == {"Basic dXNlcjpodW4vdGVyMg=="}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_gate_passes_when_a_busy_server_answers_at_the_second_attempt(site_folder, status):
    with answering(Answer(status), root=site_folder) as server:
        done = ask("gate", f"http://{server.host}/", site_folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert server.requests == 3


def test_a_gate_reports_a_server_that_stays_busy(tmp_path):
    with answering(Answer(503)) as server:
        done = ask("gate", f"http://{server.host}/", tmp_path)
    assert (done.returncode, server.requests) == (10, 4)
    assert f"http://{server.host}/latest.json cannot be read: HTTP 503, 4 times in a row" in done.stderr
    assert "run it again later" in done.stderr


def test_a_file_that_no_build_writes_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setitem(base._OWN_BOUNDS, POINTER, 1000)
    with answering(Answer(200, b" " * 2000)) as server:
        done = ask("gate", f"http://{server.host}/", tmp_path)
    assert (done.returncode, "latest.json is larger than" in done.stderr) == (10, True)


@pytest.fixture
def site_folder(tmp_path):
    """A folder whose newest report passes the gate."""
    snapshot = factories.snapshot(services=[factories.service()], at=int(time.time()) // 60 * 60)
    name = SNAPSHOT.path(snapshot.id)
    write_changed(tmp_path, {name: snapshots.encode(snapshot), "latest.json": pointer_to(snapshot, {})})
    return tmp_path


@contextlib.contextmanager
def dripping(every=0.2):
    """The address of a server that sends a byte now and then, from the status line on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        ended = threading.Event()

        def send(connection):
            with connection, contextlib.suppress(OSError):
                for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b" " * 100_000:
                    connection.sendall(bytes([byte]))
                    if ended.wait(every):
                        return

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=send, args=(listening.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        ended.set()
        listening.shutdown(socket.SHUT_RDWR)


def test_a_server_that_sends_a_byte_now_and_then_is_given_up_at_the_deadline(command, tmp_path):
    with dripping() as url:
        started = time.monotonic()
        done = command("restore", url, "--out", "fresh", "--timeout", "1s")
        assert (done.returncode, "was not read within 1 s" in done.stderr) == (5, True)
        done = command("verify", url, "--timeout", "1s")
        assert (done.returncode, "was not read within 1 s" in done.stderr) == (7, True)
        with pytest.raises(NoReport, match="was not read within 1 s"):
            read_newest(url, seconds=1)
    assert time.monotonic() - started < 15
    assert not (tmp_path / "fresh").exists()


def test_a_build_writes_to_the_folder_while_a_restore_waits_for_the_server(www, tmp_path):
    """What the build added is seen: the restore decides under the lock."""
    fresh = tmp_path / "fresh"
    sites.restore(www, fresh)
    read, built = www.read, []

    def slow(name, most=None):
        if name == "latest.json" and not built:
            with files.hold(fresh):
                built.append(sites.build(fresh, 1))
        return read(name, most)

    www.read = slow
    done = sites.restore(www, fresh)
    assert (done.fetched_files, done.moved_files) == ((), ())
    assert sites.reports(fresh)[-1:] == built
    assert json.loads((fresh / "latest.json").read_bytes())["id"] == built[0]
