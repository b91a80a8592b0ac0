"""What Mimir, Thanos, VictoriaMetrics and hosted engines answer besides data, in their own words and with their status.

The texts are from the engines' sources: Mimir's pkg/util/globalerror and pkg/util/validation, Thanos's pkg/store and
pkg/query, vmauth's and vmselect's main.go; the hosted ones' from their documentation.
"""

import json
from typing import Any, NamedTuple

import httpx
import pytest

from sresnap.config.settings import PrometheusSettings
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.explain import explain_status
from sresnap.prometheus.redact import Redactor

QUERY = 'sum by (service) (rate(http_requests_total{service=~"api|web"}[5m]))'
TENANT = (
    "To adjust the related per-tenant limit, configure -querier.max-fetched, or contact your service administrator."
)
UNREACHED = (
    'receive series from Addr: 10.0.0.5:10901 LabelSets: {cluster="eu"}: rpc error: code = Unavailable desc = '
    'connection error: desc = "transport: Error while dialing: dial tcp 10.0.0.5:10901: connect: connection refused"'
)


class Means(NamedTuple):
    """What a build does about it."""

    kind: str
    splittable: bool = False
    too_long: bool = False
    retry: bool = False


SPLIT = Means("refused", splittable=True)
FEWER_HOURS = Means("refused", splittable=True, too_long=True)
LATER = Means("unreachable", retry=True)
SLOWER = Means("refused", retry=True)
FAILED = Means("query_failed")


def explained(status: int, body: Any) -> QueryError:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    response = httpx.Response(status, content=content, request=httpx.Request("POST", "http://engine/api/v1/query"))
    return explain_status(response, content, "http://engine", Redactor(PrometheusSettings("http://engine")), QUERY)


def error(text: str, kind: str = "execution") -> dict[str, str]:
    return {"status": "error", "errorType": kind, "error": text}


MIMIR = [
    (400, error("the total query time range exceeds the limit (query length: 769h0m0s, limit: 768h0m0s) "
                f"(err-mimir-max-total-query-length). {TENANT}", "bad_data"), FEWER_HOURS),
    (422, error("expanding series: the query time range exceeds the limit (query length: 745h0m0s, limit: 744h0m0s) "
                f"(err-mimir-max-query-length). {TENANT}"), FEWER_HOURS),
    (422, error("the query exceeded the maximum number of series (limit: 100000 series) "
                f"(err-mimir-max-series-per-query). Consider reducing the time range. {TENANT}"), SPLIT),
    (422, error("the query exceeded the aggregated chunks size limit (limit: 1000 bytes) "
                f"(err-mimir-max-chunks-bytes-per-query). {TENANT}"), SPLIT),
    (422, error("the query exceeded the maximum allowed estimated amount of memory consumed by a single query "
                "(limit: 1000 bytes) (err-mimir-max-estimated-memory-consumption-per-query)"), SPLIT),
    (400, error("the raw query expression size in bytes exceeds the limit (query size: 9999, limit: 4096) "
                f"(err-mimir-max-query-expression-size-bytes). {TENANT}", "bad_data"), SPLIT),
    (429, error("too many outstanding requests", "too_many_requests"), SLOWER),
    (429, error("the request has been rejected because the tenant exceeded the request rate limit, set to 10 "
                "requests/s (err-mimir-tenant-max-request-rate)", "too_many_requests"), SLOWER),
    (422, error("the request has been blocked by the cluster administrator (err-mimir-query-blocked)", "bad_data"),
     FAILED),
    (500, error("the bucket index is too old (err-mimir-bucket-index-too-old). It was last updated at 2026-11-30, "
                "which exceeds the maximum allowed staleness period of 1h0m0s", "internal"), LATER),
    (500, error("expanding series: failed to fetch some blocks (err-mimir-store-consistency-check-failed). "
                "The failed blocks are: 01HF8", "internal"), LATER),
    (500, error("expanding series: at least 2 live replicas required, could only find 1", "internal"), LATER),
    (503, error("too many unhealthy instances in the ring", "unavailable"), LATER),
    (401, "no org id\n", Means("refused")),
]  # fmt: skip
THANOS = [
    (422, error("expanding series: proxy Series(): rpc error: code = Aborted desc = fetch series for block 01HF8: "
                "exceeded series limit: limit 1000 violated (got 1001)"), SPLIT),
    (422, error("expanding series: proxy Series(): rpc error: code = Aborted desc = receive series from Addr: "
                "10.0.0.5:10901: rpc error: code = Unknown desc = failed to send samples: limit 120 violated (got 2)"),
     SPLIT),
    (422, error("expanding series: rpc error: code = ResourceExhausted desc = exceeded bytes limit: limit 5 violated"),
     SPLIT),
    (422, error(f"expanding series: proxy Series(): rpc error: code = Aborted desc = {UNREACHED}"), LATER),
    (422, error("expanding series: rpc error: code = DeadlineExceeded desc = context deadline exceeded"),
     Means("timeout", splittable=True)),
    (400, error("the query time range exceeds the limit (query length: 768h, limit: 720h)", "bad_data"), FEWER_HOURS),
    (503, error("query timed out in expression evaluation", "timeout"), Means("timeout", splittable=True)),
    (503, error("server is not ready", "unavailable"), LATER),
]  # fmt: skip
VICTORIAMETRICS = [
    (503, error("cannot fetch query results from vmstorage nodes: cannot perform search on vmstorage "
                "10.0.0.7:8401: connection refused", "503"), LATER),
    (422, error(f"cannot execute query: {QUERY}: cannot select more than -search.maxSamplesPerQuery=1000 samples",
                "422"), SPLIT),
    (429, "cannot handle more than 1000 concurrent requests from user foo", SLOWER),
    (502, "all the 2 backends for the user foo are unavailable", LATER),
    (400, 'cannot find the provided auth token "cmVkOng=" in config', Means("refused")),  # vmauth 1.79
    (401, "missing 'Authorization' request header", Means("refused")),
    (404, "unsupported path requested: /api/v1/query", Means("bad_answer")),
]  # fmt: skip
HOSTED = [
    (401, error("authentication error: invalid token", ""), Means("refused")),  # Grafana Cloud
    (403, {"message": "Missing Authentication Token"}, Means("refused")),  # Amazon
    (429, {"message": "ThrottledException"}, SLOWER),
    (403, {"error": {"code": 403, "message": "Permission denied"}}, Means("refused")),  # Google
    (429, {"error": {"code": 429, "message": "Quota exceeded for quota metric"}}, SLOWER),
    (401, {"error": {"code": "AuthenticationFailed", "message": "no token"}}, Means("refused")),  # Azure
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "means"), [*MIMIR, *THANOS, *VICTORIAMETRICS, *HOSTED])
def test_each_engine_is_understood_in_its_own_words(status: int, body: Any, means: Means) -> None:
    found = explained(status, body)
    assert Means(found.kind, found.splittable, found.too_long, found.retry) == means, found.message


def test_a_storage_that_answers_in_part_is_not_a_mistake_in_the_query() -> None:
    message = explained(422, error(f"expanding series: {UNREACHED}")).message
    assert message.startswith("HTTP 422: a part of the engine's storage did not answer: expanding series: ")


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (401, "no org id\n", "wants a tenant: give the header X-Scope-OrgID in prometheus.headers"),
        (404, "unsupported path requested: /api/v1/query", "such as /prometheus, or /select/0/prometheus"),
        (
            403,
            {"message": "Missing Authentication Token"},
            "of Amazon wants signed requests: put aws-sigv4-proxy before it",
        ),
    ],
)
def test_the_way_in_is_named_where_the_engine_shows_which_one_it_is(status: int, body: Any, advice: str) -> None:
    assert advice in explained(status, body).message


@pytest.mark.parametrize(
    ("query", "is_named"),
    [
        ('sum by ("service.name") (x)', True),
        ('x{"service.name"=~"a"}', True),
        ('x{service="by", path=~"a=b"}', False),
    ],
)
def test_an_engine_that_cannot_read_names_in_quotes_is_named(query: str, is_named: bool) -> None:
    """Prometheus 2 and old versions of VictoriaMetrics."""
    body = json.dumps(error("1:9: parse error: unexpected string in label matching, expected identifier")).encode()
    response = httpx.Response(400, content=body, request=httpx.Request("POST", "http://engine/api/v1/query"))
    found = explain_status(response, body, "http://engine", Redactor(PrometheusSettings("http://engine")), query)
    assert ("names in quotes need Prometheus 3.0" in found.message) is is_named
