"""The preview server: static files of one folder only."""

import http.client
import os
import socket
import struct
import time

import pytest

from sresnap.errors import UsageError
from sresnap.preview import PreviewServer


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "site"
    (root / "services" / "api").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "index.html").write_text("<h1>Grüße</h1>", encoding="utf-8")
    (root / "services" / "api" / "index.html").write_text("api")
    (root / "404.html").write_text("nothing here")
    (root / "latest.json").write_text("{}")
    (root / "app.css").write_text("p{}")
    (root / "app.js").write_text("1")
    (root / "icon.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "up").symlink_to(tmp_path)
    (root / ".sresnap-state.json").write_text("state")
    (root / "services" / ".sresnap-unpublished").mkdir()
    (root / "services" / ".sresnap-unpublished" / "latest.json").write_text("{}")
    (root / "services" / ".sresnap-state.json").write_text("state")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("token")
    (root / "shown.json").symlink_to(root / ".sresnap-state.json")
    (root / "round").symlink_to(root / "circle")
    (root / "circle").symlink_to(root / "round")
    (root / "itself").symlink_to(root / "itself")
    return root


@pytest.fixture
def ask(folder):
    with PreviewServer(folder) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)

        def ask(path, method="GET", **headers):
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

        yield ask
        connection.close()


def test_a_folder_shows_its_index_page(ask):
    status, headers, body = ask("/")
    assert (status, body.decode()) == (200, "<h1>Grüße</h1>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"
    assert ask("/services/api/")[2] == b"api"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/latest.json", "application/json; charset=utf-8"),
        ("/app.css", "text/css; charset=utf-8"),
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/icon.png", "image/png"),
    ],
)
def test_each_file_has_its_content_type(ask, path, kind):
    assert ask(path)[1]["Content-Type"] == kind


def test_a_folder_without_its_slash_is_redirected_within_the_site(ask):
    assert ask("/services/api")[:2][1]["Location"] == "/services/api/"
    assert ask("/services/api?x=1")[1]["Location"] == "/services/api/?x=1"
    status, headers, _ = ask("//services/api")
    assert status in {301, 404}
    assert not headers.get("Location", "/x").startswith("//")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/services/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/way-out.txt",
        "/up/secret.txt",
        "/up/",
        "//secret.txt",
        "/index.html%00.css",
        "/%ff%fe",
        "/empty/",
        "/empty",
        "/nothing",
        "/index.html/",
        "/" + "a" * 5000,
        "/.sresnap-state.json",
        "/services/.sresnap-unpublished/latest.json",
        "/.git/config",
        "/services/%2e/%2esresnap-state.json",
        "/shown.json",
        "/round",
        "/round/index.html",
        "/itself",
    ],
)
def test_no_file_outside_the_folder_and_no_hidden_one_is_served(ask, path):
    status, headers, body = ask(path)
    assert (status, body) == (404, b"nothing here")
    assert headers["Content-Type"].startswith("text/html")


def test_an_unchanged_file_is_not_sent_again(ask, folder):
    tag = ask("/latest.json")[1]["ETag"]
    assert ask("/latest.json", If_None_Match=tag)[::2] == (304, b"")
    assert ask("/latest.json", If_None_Match=f'"other", W/{tag}')[0] == 304
    (folder / "latest.json").write_text("[]")
    assert ask("/latest.json", If_None_Match=tag)[::2] == (200, b"[]")


def test_head_sends_no_body(ask):
    status, headers, body = ask("/", "HEAD")
    assert (status, headers["Content-Length"], body) == (200, "16", b"")


def test_other_methods_are_refused(ask):
    assert ask("/", "POST")[0] == 501


def test_a_port_in_use_is_reported_with_a_hint(folder):
    with PreviewServer(folder) as server, pytest.raises(UsageError, match="is in use") as caught:
        PreviewServer(folder, server.port)
    assert "--port" in caught.value.hint


def test_a_file_of_a_host_that_is_hidden_by_its_name_is_served(ask, folder):
    (folder / ".well-known").mkdir()
    (folder / ".well-known" / "security.txt").write_text("Contact: x")
    assert ask("/.well-known/security.txt")[::2] == (200, b"Contact: x")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io", "[::2]"]
)
def test_a_host_that_is_not_this_machine_gets_nothing(ask, host):
    """DNS rebinding: a name of an attacker that leads to 127.0.0.1, so that a script may read the answer."""
    status, _, body = ask("/latest.json", Host=host)
    assert (status, b"{}" in body) == (421, False)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]:8080", ""])
def test_the_names_of_this_machine_are_answered(ask, host):
    assert ask("/latest.json", Host=host)[::2] == (200, b"{}")


def test_a_browser_that_drops_a_connection_prints_no_traceback(folder, capfd):
    (folder / "large.json").write_bytes(b"[" + os.urandom(5_000_000) + b"]")
    with PreviewServer(folder) as server:
        for request in (b"GET /large.json HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /la"):
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(request)
                time.sleep(0.1)
    time.sleep(0.1)
    assert capfd.readouterr() == ("", "")
