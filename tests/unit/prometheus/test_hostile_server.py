"""Answers that no Prometheus gives, over a real connection: each costs its query, not memory and not a traceback."""

import asyncio
import gzip
import json
import time
import tracemalloc
import zlib
from functools import cache
from random import Random

import pytest
import stamina

from sresnap.config.settings import PrometheusSettings
from sresnap.model.history import Span
from sresnap.model.series import Grid
from sresnap.printable import has_unprintable
from sresnap.prometheus import PrometheusClient, QueryError, client
from tests.raw_server import answer, raw_server

HOSTILE = "a\x1b[31mred\x07\x00\x9b2J\u202egnp.exe\ud800\n\tb" + "x" * 10_000
INSTANT = Grid.instant(7)


@pytest.fixture(scope="module")
def server():
    with raw_server() as server:
        yield server


def asked(server, raw, call=lambda prometheus: prometheus.query("up", 7)):
    async def run():
        async with PrometheusClient(PrometheusSettings(server.url, timeout_seconds=20)) as client:
            return await call(client)

    server.answer = raw
    return asyncio.run(run())


def refused(server, raw, call=lambda prometheus: prometheus.query("up", 7)):
    with pytest.raises(QueryError) as caught:
        asked(server, raw, call)
    assert not has_unprintable(caught.value.message)
    assert len(caught.value.message) <= 1000
    return caught.value


def success(kind="vector", result=(), **more):
    return json.dumps({"status": "success", "data": {"resultType": kind, "result": result}, **more}).encode()


def vector(value, **labels):
    return success(result=[{"metric": labels, "value": [7, value]}])


# What a text may hold


def test_an_error_text_is_printable_and_short(server):
    body = json.dumps({"status": "error", "errorType": "execution", "error": HOSTILE}).encode()
    message = refused(server, answer(body, status="422 Unprocessable")).message
    assert "a\\u001b[31mred\\u0007\\u0000\\u009b2J\\u202egnp.exe\\ud800 b" in message
    assert len(message) < 400


def test_warnings_are_printable_short_and_few(server):
    warnings = [HOSTILE, *(f"warning {n}" for n in range(20_000))]
    found = asked(server, answer(success(warnings=warnings, infos=[HOSTILE, {"a": HOSTILE}, 7]))).warnings
    assert len(found) == 21
    assert found[-1] == "and 19981 more"
    assert max(map(len, found)) <= 300
    assert not any(map(has_unprintable, found))


def test_a_version_is_printable_and_short(server):
    body = json.dumps(
        {"status": "success", "data": {"version": HOSTILE + "y" * 500_000, "storageRetention": "9" * 5000}}
    )
    info = asked(server, answer(body.encode()), lambda prometheus: prometheus.server_info())
    assert info.version.startswith("a\\u001b[31mred")
    assert len(info.version) <= 60
    assert info.retention_seconds is None


@pytest.mark.parametrize("labels", [{"service": "a\ud800"}, {"a\udfff": "b"}])
def test_half_of_a_surrogate_pair_in_a_label_costs_its_query(server, labels):
    assert "labels in UTF-8" in refused(server, answer(vector("1", **labels))).message


def test_labels_that_differ_in_what_cannot_be_printed_stay_different(server):
    names = ["a\u202eb", "a\\u202eb", "ab", "a\x1bb"]
    found = asked(server, answer(success(result=[{"metric": {"service": n}, "value": [7, "1"]} for n in names])))
    assert [series.labels["service"] for series in found.series] == names


# Numbers and times


@pytest.mark.parametrize("value", ["1e308", "-1e308", "1.7976931348623157e308", "1e31"])
def test_a_number_that_nothing_can_measure_costs_its_query(server, value):
    assert "nothing can measure" in refused(server, answer(vector(value))).message
    matrix = success("matrix", [{"metric": {}, "values": [[6, "1"], [7, value]]}])
    assert "nothing can measure" in refused(server, answer(matrix), samples).message


@pytest.mark.parametrize("value", ["1e29", "-9223372036854775808", "5e-324", "0"])
def test_any_number_that_can_be_measured_is_taken(server, value):
    assert asked(server, answer(vector(value))).series[0].last == float(value)


def samples(client):
    return client.samples("up", Span(0, 60))


@pytest.mark.parametrize(
    "pair",
    [
        [7, "1" * 500_000],
        ["7" * 500_000, "1"],
        [True, "1"],
        [None, "1"],
        [[7], "1"],
        [1e300, "1"],
        [10**400, "1"],
        [float("nan"), "1"],
        [7],
        [],
        {"7": "1"},
        "71",
        None,
    ],
    ids=lambda pair: repr(pair)[:20],
)
def test_a_pair_of_another_form_costs_its_query(server, pair):
    assert refused(server, answer(success(result=[{"metric": {}, "value": pair}]))).kind == "bad_answer"
    matrix = success("matrix", [{"metric": {}, "values": [pair]}])
    assert refused(server, answer(matrix), samples).kind == "bad_answer"


def test_samples_out_of_order_cost_their_query(server):
    matrix = success("matrix", [{"metric": {}, "values": [[7, "1"], [6, "2"]]}])
    assert "order" in refused(server, answer(matrix), samples).message


@pytest.mark.parametrize("kind", [[], {}, ["matrix"], {"a": 1}, 7, None, True])
def test_a_type_of_result_other_than_a_text_costs_its_query(server, kind):
    assert "a result of type" in refused(server, answer(success(kind))).message


@pytest.mark.parametrize(
    "header",
    [
        f"Date: Sun, 22 Nov {'9' * 20} 21:30:00 GMT",
        f"Date: Sun, {'2' * 20} Nov 2026 21:30:00 GMT",
        f"Date: Sun, 22 Nov 2026 21:30:00 +{'9' * 20}",
        f"Date: Sun, 22 Nov 2026 {'9' * 20}:30:00 GMT",
        "Date: ,",
    ],
)
def test_a_date_of_twenty_digits_does_not_count(server, header):
    assert asked(server, answer(vector("1"), header)).series[0].last == 1


@pytest.mark.parametrize("wait", ["9" * 20, "9" * 5000, f"Sun, 22 Nov {'9' * 20} 21:30:00 GMT", "-1", "1e999", "٣"])
def test_a_pause_of_twenty_digits_is_not_waited_for(server, wait):
    raw = answer(b"", f"Retry-After: {wait}", status="429 Too Many Requests")
    assert "429" in refused(server, raw).message


def test_a_pause_of_more_than_a_minute_is_not_waited_for(server):
    """This test waits as a build does: a longer pause would show."""

    async def within_an_hour(prometheus):
        return await prometheus.query("up", 7, until=asyncio.get_running_loop().time() + 3600)

    started = time.monotonic()
    with stamina.set_testing(False):
        refused(server, answer(b"", "Retry-After: 61", status="429 Too Many Requests"), within_an_hour)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "location", ["http://xn--/", "http://[", "http://a\x7f/", "//", "x" * 60_000, "http://h:999999/"]
)
def test_a_redirect_to_an_invalid_address_costs_its_query(server, location):
    assert refused(server, answer(b"", f"Location: {location}", status="302 Found")).kind in (
        "bad_answer",
        "unreachable",
    )


# Sizes


@pytest.fixture
def memory():
    """The most memory that Python took, in MB, up to the moment of the call."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()


@cache
def bomb(size):
    """A gzip of zeros that is a thousand times smaller."""
    packer = zlib.compressobj(1, wbits=31)
    zeros = bytes(1_000_000)
    return b"".join(packer.compress(zeros) for _ in range(size // len(zeros))) + packer.flush()


def test_a_bomb_is_inflated_up_to_the_limit_only(server, memory, monkeypatch):
    assert client.MAX_ANSWER_BYTES == 64 * 1024**2
    monkeypatch.setattr(client, "MAX_ANSWER_BYTES", 4 * 1024**2)
    raw = answer(bomb(30_000_000), "Content-Encoding: gzip")
    before = memory()
    error = refused(server, raw)
    assert (error.kind, error.splittable) == ("refused", True)
    assert "larger than 4 MB" in error.message
    assert memory() - before < 12


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,deflate", "br", "zstd", "compress", "x" * 1000, "gzip, br"])
def test_a_compression_that_was_not_asked_for_costs_its_query(server, encoding, memory):
    error = refused(server, answer(gzip.compress(bomb(30_000_000), 1), f"Content-Encoding: {encoding}"))
    assert "Content-Encoding" in error.message
    assert memory() < 20


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),  # without zlib's frame, as some servers send it
        ("identity", bytes),
        ("GZIP", gzip.compress),
    ],
)
def test_an_answer_may_be_compressed(server, encoding, pack):
    text = (
        Random(1).randbytes(100_000).hex() + "0" * 1_000_000
    )  # more than one step of inflating, from more than one part of the answer
    raw = answer(pack(vector("1", text=text)), f"Content-Encoding: {encoding}")
    assert asked(server, raw).series[0].labels == {"text": text}
    assert "accept-encoding: gzip\r\n" in server.requests[-1].lower()


def test_a_compression_that_breaks_off_costs_its_query(server):
    packed = gzip.compress(vector("1"))
    for raw in (packed[:-9], b"\x1f\x8b" + packed, b"no gzip"):
        assert "compression" in refused(server, answer(raw, "Content-Encoding: gzip")).message


def test_ten_million_empty_series_in_a_small_answer_cost_their_query(server, memory):
    body = b'{"status":"success","data":{"resultType":"vector","result":[' + b"{}," * 9_800_000 + b"{}]}}"
    raw = answer(gzip.compress(body, 1), "Content-Encoding: gzip")
    before = memory()
    error = refused(server, raw)
    assert (error.kind, error.splittable) == ("refused", True)
    assert memory() - before < 160


def test_more_series_on_a_grid_than_fit_in_memory_cost_their_query(server, memory):
    series = b'{"metric":{},"values":[]},'
    body = b'{"status":"success","data":{"resultType":"matrix","result":[' + series * 10_000 + series[:-1] + b"]}}"
    raw = answer(gzip.compress(body, 1), "Content-Encoding: gzip")
    error = refused(server, raw, lambda prometheus: prometheus.query_range("up", Grid(0, 3600, 672)))
    assert "points" in error.message
    assert error.splittable
    assert memory() < 50


def test_json_nested_ten_thousand_deep_costs_its_query(server):
    assert refused(server, answer(b"[" * 100_000)).kind == "bad_answer"
