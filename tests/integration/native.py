"""A loopback server that exposes one native histogram a service, in Prometheus' protobuf format, encoded by hand.

io.prometheus.client defines the messages (github.com/prometheus/client_model, io/prometheus/client/metrics.proto):
text exposition has no native histograms.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = "http_request_duration_seconds"
TYPE = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
SCHEMA = 3
"""Eight buckets to a power of two: bucket i ends at 2^(i/8), so every eighth boundary is a power of two."""


def _varint(number: int) -> bytes:
    head, rest = number & 0x7F, number >> 7
    return bytes([head | 0x80]) + _varint(rest) if rest else bytes([head])


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _double(field: int, value: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _histogram(buckets: Mapping[int, int]) -> bytes:
    """sample_count, sample_sum, schema, zero_threshold, one positive span, and the difference from bucket to bucket."""
    first, last = min(buckets), max(buckets)
    counts = [buckets.get(index, 0) for index in range(first, last + 1)]
    deltas = [_zigzag(b - a) for a, b in zip([0, *counts], counts, strict=False)]
    span = _number(1, _zigzag(first)) + _number(2, len(counts))
    return b"".join(
        [
            _number(1, sum(counts)),
            _double(2, sum(n * 2 ** (i / 2**SCHEMA) for i, n in buckets.items())),
            _number(5, _zigzag(SCHEMA)),
            _double(6, 2.0**-128),
            _bytes(12, span),
            *(_number(13, delta) for delta in deltas),
        ]
    )


def family(services: Mapping[str, Mapping[int, int]]) -> bytes:
    """The exposition of each service's histogram, given by how many observations each bucket holds."""
    metrics = [
        _bytes(4, _bytes(1, _bytes(1, b"service") + _bytes(2, name.encode())) + _bytes(7, _histogram(buckets)))
        for name, buckets in services.items()
    ]
    body = _bytes(1, NAME.encode()) + _number(3, 4) + b"".join(metrics)
    return _varint(len(body)) + body


@contextmanager
def exporter(growth: Mapping[str, Mapping[int, int]]) -> Iterator[str]:
    """A server whose histograms grow by `growth` with every scrape; gives its address, as a scrape target."""
    scrapes = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal scrapes
            scrapes += 1
            counts = {name: {i: n * scrapes for i, n in buckets.items()} for name, buckets in growth.items()}
            self.send_response(200)
            self.send_header("Content-Type", TYPE)
            self.end_headers()
            self.wfile.write(family(counts))

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
