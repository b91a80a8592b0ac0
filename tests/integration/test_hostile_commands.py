"""`check --online` and `explain` against a server that answers with what no Prometheus sends: no exit code 1."""

import json

import pytest

from tests.fuzz.program import program
from tests.raw_server import answer, raw_server

CONFIG = """
provider: http
services: [{name: api, slo_target: 99.5, labels: {service: api}}]
prometheus: {url: "URL", timeout: 1s, deadline: 2s, concurrency: 1}
"""
HOSTILE = "a\x1b[31mred\x07\x00\x9b2J\u202egnp.exe\n\tb" + "x" * 10_000


def success(kind="vector", result=(), **more):
    return answer(json.dumps({"status": "success", "data": {"resultType": kind, "result": result}, **more}).encode())


def failure(text, status="422 Unprocessable"):
    return answer(json.dumps({"status": "error", "errorType": "execution", "error": text}).encode(), status=status)


ANSWERS = {
    "nothing": success(),
    "warnings": success(warnings=[HOSTILE] * 100),
    "labels": success(result=[{"metric": {"service": HOSTILE, HOSTILE: "x"}, "value": [7, "1"]}]),
    "surrogate": success(result=[{"metric": {"service": "a\ud800"}, "value": [7, "1"]}]),
    "huge number": success(result=[{"metric": {"service": "api"}, "value": [7, "1e308"]}]),
    "no number": success(result=[{"metric": {"service": "api"}, "value": [7, "NaN"]}]),
    "kind": success(kind=["vector"]),
    "error": failure(HOSTILE),
    "busy": answer(b"x" * 10_000, "Retry-After: 99999999999999999999", status="429 Too Many"),
    "redirect": answer(b"", "Location: http://xn--/", status="302 Found"),
    "page": answer(b"<html>\x00\xff" * 1000),
    "bomb": answer(b"\x1f\x8b" + b"\0" * 100, "Content-Encoding: gzip, gzip"),
    "silence": b"",
    "half": b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{",
}


@pytest.fixture(scope="module")
def server():
    with raw_server() as server:
        yield server


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("command", [("check", "--online"), ("explain", "api", "total")], ids=" ".join)
def test_a_hostile_answer_ends_in_a_documented_exit_code(server, tmp_path, command, name):
    server.answer = ANSWERS[name]
    (tmp_path / "sresnap.yaml").write_text(CONFIG.replace("URL", server.url))
    ended = program(*command, cwd=tmp_path)
    assert ended.fault() is None
    assert ended.code in (0, 2, 3, 4), ended.printed
    assert len(ended.printed) < 60_000
