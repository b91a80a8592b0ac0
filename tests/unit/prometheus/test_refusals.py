"""The words of engines and proxies for a query that is too large."""

import httpx
import pytest

from sresnap.config.settings import PrometheusSettings
from sresnap.prometheus.explain import explain_status
from sresnap.prometheus.redact import Redactor
from sresnap.prometheus.refusals import Refusal, too_large

QUERY = 'sum by (service) (rate(limit_exceeded_total{service=~"api|web"}[5m]))'


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (422, "query processing would load too many samples into memory in query execution"),  # Prometheus
        (
            422,
            "the number of matching timeseries exceeds 300000; either narrow down the search or increase -search.max*",
        ),
        (422, "cannot select more than -search.maxSamplesPerQuery=1000 samples; possible solutions: increase the flag"),
        (422, "not enough memory for processing 4500 data points across 2 time series with 2250 points in each"),
        (
            422,
            "the query exceeded the maximum number of series (limit: 100000 series) (err-mimir-max-series-per-query)",
        ),
        (422, "the query hit the max number of chunks limit (limit: 2000000 chunks)"),  # Cortex
        (500, "the query hit the aggregated data size limit (limit: 1000 bytes)"),
        (422, "fetch series for block 01: exceeded series limit: limit 1000 violated (got 1001)"),  # Thanos
        (500, "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5 vs. 4)"),
        (503, "expanding series: the query exceeded the maximum number of chunks"),
        (413, "<html><head><title>413 Request Entity Too Large</title></head><body>nginx</body></html>"),
        (414, "<html><head><title>414 Request-URI Too Large</title></head><body>nginx</body></html>"),
        (400, "query text is too large for this tenant"),  # of no engine that is known
        (422, "this query would touch more than allowed: maximum number of series is 1000"),
    ],
)
def test_a_query_that_is_too_large_is_known_by_many_words(status, text):
    assert too_large(status, text, QUERY) == Refusal()


@pytest.mark.parametrize(
    "text",
    [
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution",
        "too many points for the given start=1, end=9 and step=1: 12000; the maximum number of points is 11000",
        "the query time range exceeds the limit (query length: 744h, limit: 720h)",
    ],
)
def test_too_many_points_are_cured_by_fewer_hours_only(text):
    assert too_large(400, text, QUERY) == Refusal(points=True)


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("too long query; got 24306 bytes; mustn't exceed `-search.maxQueryLen=16384` bytes", 16384),
        ("the raw query expression size in bytes (9999) exceeds the limit (limit: 4096)", 4096),
        ("query is too long", None),
    ],
)
def test_a_limit_on_bytes_is_read_from_the_servers_words(text, longest):
    assert too_large(400, f"{QUERY}: {text}", QUERY) == Refusal(longest=longest)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, f'invalid parameter "query": 1:5: parse error: unexpected <by> in "{QUERY}"'),
        (400, f"cannot parse {QUERY}"),
        (422, "found duplicate series for the match group on the right side: many-to-many matching not allowed"),
        (422, QUERY),
        (429, "too many outstanding requests"),
        (429, "couldn't start executing the request in 10s, since -search.maxConcurrentRequests=8 are executed"),
        (500, "open /prometheus/chunks: too many open files"),
        (500, "context deadline exceeded"),
        (503, "<html><title>503 Service Unavailable: too many connections</title></html>"),
        (401, "rate limit exceeded"),
        (200, ""),
    ],
)
def test_a_mistake_or_a_busy_server_is_not_a_query_that_is_too_large(status, text):
    assert too_large(status, text, QUERY) is None


def test_the_words_of_a_proxy_count_too_but_are_not_repeated():
    response = httpx.Response(500, text="expanding series: too many series", request=httpx.Request("POST", "http://p"))
    redact = Redactor(PrometheusSettings("http://p"))
    error = explain_status(response, response.content, "http://p", redact, QUERY)
    assert (error.kind, error.splittable) == ("refused", True)
    assert "expanding" not in error.message
