"""The demo's server speaks Prometheus's API, and answers one configuration's queries from the model."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from sresnap import __version__, promql
from sresnap.config import loads
from sresnap.demo import DemoServer, Scrapes, demo_config
from sresnap.demo.model import services
from sresnap.demo.recognise import Peak, RecognisedQuery, Recogniser
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.windows import DAY, HOUR, parse_time

NOW = parse_time("2026-11-22T21:30:00Z")
TEMPLATES = loads(demo_config(), "sresnap.yaml", {}, cwd=Path()).templates


def _rendered(
    key, window="1h", names=("frontend", "api", "worker"), purpose=Purpose.SLI, templates=TEMPLATES, threshold="0.3"
):
    members = tuple(Member(name, {"service": name}) for name in names)
    variables = {"window": window, "rate": window, "threshold": threshold}
    return promql.render(Query(templates[key], members, variables, Grid.instant(NOW), purpose, key, window))


@pytest.fixture(scope="module")
def server():
    with DemoServer(TEMPLATES, now=lambda: NOW, scrapes=Scrapes(60, 17)) as server:
        yield server


def _ask(server, path, method="POST", **form):
    text = urllib.parse.urlencode(form)
    request = urllib.request.Request(
        f"{server.url}{path}" + (f"?{text}" if method == "GET" else ""), text.encode() if method == "POST" else None
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


# Recognising


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_query_of_the_configuration_is_read_back(key):
    asked = Recogniser(TEMPLATES).recognise(_rendered(key, "1734s"))
    assert asked.key == key
    assert asked.peak is None
    if asked.by:
        assert asked.names == ("api", "frontend", "worker")
    if key == "latency_good":
        assert asked.threshold == "0.3"
    assert asked.range_ms in {0, 1_734_000}


def test_the_peak_around_a_query_is_read_back():
    asked = Recogniser(TEMPLATES).recognise(_rendered("error_rate", "5m", purpose=Purpose.PEAK))
    assert asked == RecognisedQuery(
        "error_rate", "service", ("api", "frontend", "worker"), 300_000, "", Peak(3_600_000, 300_000)
    )


def test_escapes_in_names_are_removed():
    template = QueryTemplate(
        "total", 'sum by (service) (x{{service=~"{service}", y=~"a-{service}"}})', ("service",), "here"
    )
    text = _rendered("total", names=("a.b", "c|d"), templates={"total": template})
    assert Recogniser({"total": template}).recognise(text) is None, "the group is written differently the second time"
    template = QueryTemplate("total", 'sum by (service) (x{{service=~"prod-{service}"}})', ("service",), "here")
    text = _rendered("total", names=("a.b", "c"), templates={"total": template})
    assert Recogniser({"total": template}).recognise(text).names == ("a.b", "c")


def test_a_repeated_window_must_be_the_same():
    text = _rendered("total", "1h")
    assert Recogniser(TEMPLATES).recognise(text.replace("offset 1h", "offset 2h", 1)) is None


def test_a_query_of_one_service_has_one_series_without_labels():
    template = QueryTemplate("request_rate", 'sum(rate(x{{service="{service}"}}[{rate}]))', (), "here")
    with DemoServer({"request_rate": template}, now=lambda: NOW) as server:
        query = _rendered("request_rate", names=("api",), templates={"request_rate": template})
        _, answer = _ask(server, "/api/v1/query", query=query)
    assert [series["metric"] for series in answer["data"]["result"]] == [{}]


# Answering


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_instant_answers_with_a_vector(server, method):
    status, answer = _ask(server, "/api/v1/query", method, query=_rendered("total"), time=NOW)
    assert status == 200
    assert answer["data"]["resultType"] == "vector"
    scraped = Scrapes(60, 17)
    assert answer["data"]["result"] == [
        {"metric": {"service": name}, "value": [NOW, str(service.seen(NOW - HOUR, NOW, scraped).total)]}
        for name, service in sorted((s.name, s) for s in services())
    ]


def test_a_range_answers_with_a_matrix(server):
    form = {"query": _rendered("latency_p99", "5m"), "start": NOW - HOUR, "end": NOW, "step": 60}
    _, answer = _ask(server, "/api/v1/query_range", **form)
    assert answer["data"]["resultType"] == "matrix"
    for series in answer["data"]["result"]:
        assert [t for t, _ in series["values"]] == list(range(NOW - HOUR, NOW + 1, 60))
        assert all(0 < float(v) < 5 for _, v in series["values"])


def test_the_hours_of_28_days_add_up_to_what_was_seen(server):
    form = {"start": NOW - NOW % HOUR - 28 * DAY + HOUR, "end": NOW - NOW % HOUR, "step": "1h"}
    _, answer = _ask(server, "/api/v1/query_range", query=_rendered("bad"), **form)
    for series, service in zip(answer["data"]["result"], sorted(services(), key=lambda s: s.name), strict=True):
        hours = [(int(t), float(v)) for t, v in series["values"]]
        # In the three hours with a restart of api the samples decide.
        left_open = [time for time, value in hours if value == float("inf")]
        assert len(left_open) == (3 if service.name == "api" else 0)
        counted = sum(value for time, value in hours if time not in left_open)
        seen = service.seen(form["start"] - HOUR, form["end"], Scrapes(60, 17)).bad
        assert counted == seen - sum(service.seen(time - HOUR, time, Scrapes(60, 17)).bad for time in left_open)


@pytest.mark.parametrize(("key", "codes"), [("total", 4), ("bad", 2)])
def test_a_range_selector_answers_with_samples(server, key, codes):
    raw = TEMPLATES[key].raw.format(service="api")
    _, answer = _ask(server, "/api/v1/query", query=f"{raw}[600s]", time=NOW)
    assert answer["data"]["resultType"] == "matrix"
    assert [len(series["values"]) for series in answer["data"]["result"]] == [10] * codes


def test_times_may_be_rfc_3339(server):
    assert _ask(server, "/api/v1/query", query=_rendered("total"), time="2026-11-22T21:30:00Z") == _ask(
        server, "/api/v1/query", query=_rendered("total"), time=NOW
    )


def test_without_a_time_it_is_now(server):
    assert _ask(server, "/api/v1/query", query=_rendered("total")) == _ask(
        server, "/api/v1/query", query=_rendered("total"), time=NOW
    )


@pytest.mark.parametrize("time", [NOW + HOUR, NOW - 41 * DAY], ids=["later", "before the history"])
def test_there_is_no_data_outside_the_history(server, time):
    for key in TEMPLATES:
        assert _ask(server, "/api/v1/query", query=_rendered(key, "5m"), time=time)[1]["data"]["result"] == [], key


def test_unknown_names_have_no_series(server):
    _, answer = _ask(server, "/api/v1/query", query=_rendered("total", names=("api", "nobody")), time=NOW)
    assert [series["metric"]["service"] for series in answer["data"]["result"]] == ["api"]


def test_a_threshold_between_buckets_has_no_series(server):
    query = _rendered("latency_good", threshold="0.31")
    assert _ask(server, "/api/v1/query", query=query, time=NOW)[1]["data"]["result"] == []


@pytest.mark.parametrize(
    ("path", "form", "message"),
    [
        ("query", {"query": "up"}, "knows only the queries of its own configuration"),
        ("query", {"query": _rendered("total"), "time": "noon"}, "cannot parse 'noon'"),
        ("query_range", {"query": _rendered("total"), "start": 10, "end": 5, "step": 1}, "end timestamp"),
        ("query_range", {"query": _rendered("total"), "start": 0, "end": 5, "step": 0}, "zero or negative"),
        ("query_range", {"query": _rendered("total"), "start": 0, "end": 11_001, "step": 1}, "maximum resolution"),
        ("query_range", {"query": _rendered("total"), "start": 0, "end": 5, "step": "often"}, "not a duration"),
    ],
)
def test_it_refuses_queries_as_prometheus_does(server, path, form, message):
    status, answer = _ask(server, f"/api/v1/{path}", **form)
    assert status == 400
    assert (answer["status"], answer["errorType"]) == ("error", "bad_data")
    assert message in answer["error"]


def test_it_names_itself(server):
    status, answer = _ask(server, "/api/v1/status/buildinfo", "GET")
    assert status == 200
    assert answer["data"]["application"] == "sresnap-demo"
    assert answer["data"]["version"] == __version__
    assert _ask(server, "/api/v1/status/runtimeinfo", "GET")[1]["data"]["storageRetention"] == "40d"


def test_it_serves_readiness_and_no_other_paths(server):
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
    for path, status in (("/-/ready", 200), ("/api/v1/labels", 404), ("/", 404)):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        assert (path, response.status) == (path, status)
    connection.close()


def test_requests_are_counted_and_open_connections_do_not_delay_the_end():
    with DemoServer(TEMPLATES, now=lambda: NOW) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"))
        for _ in range(2):
            connection.request("POST", "/api/v1/query", urllib.parse.urlencode({"query": _rendered("total")}))
            assert connection.getresponse().read()
        assert server.requests == 2
    connection.close()
