"""A server's text reaches no terminal, page or file with a character that steers or hides."""

import json
import unicodedata

from tests.raw_server import answer, raw_server

HOSTILE = "a\x1b[31mred\x07\x00\x9b2J\u202egnp\ud800 \u2066b"
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def steering(text):
    controls = (c for c in text if c not in "\n\t\r")
    return {c for c in controls if unicodedata.category(c) in ("Cc", "Cs") or unicodedata.bidirectional(c) in BIDI}


def configured(folder, url):
    text = f"prometheus: {{url: '{url}'}}\nwindow: 1d\nservices: [{{name: api, slo_target: 99}}]\n"
    (folder / "sresnap.yaml").write_text(text)


def test_warnings_and_a_version_steer_nothing_that_is_printed_or_written(command, tmp_path):
    data = {"resultType": "vector", "result": [], "version": HOSTILE}
    document = {"status": "success", "data": data, "warnings": [HOSTILE], "infos": [HOSTILE]}
    with raw_server() as server:
        configured(tmp_path, server.url)
        server.answer = answer(json.dumps(document).encode())
        done = command("build")
    assert done.returncode == 3
    assert "Prometheus warns: a\\u001b[31mred" in done.stderr
    assert steering(done.stdout + done.stderr) == set()
    texts = [path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.suffix not in ("", ".png")]
    assert any(b"u001b[31mred" in text for text in texts)
    assert set().union(*(steering(text.decode()) for text in texts)) == set()


def test_an_error_of_every_query_steers_no_terminal(command, tmp_path):
    with raw_server() as server:
        configured(tmp_path, server.url)
        server.answer = answer(json.dumps({"status": "error", "error": HOSTILE}).encode(), status="422 Unprocessable")
        done = command("build")
    assert done.returncode == 4
    assert "a\\u001b[31mred" in done.stderr
    assert steering(done.stdout + done.stderr) == set()
