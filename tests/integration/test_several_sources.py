"""One file with several Prometheus servers: two clusters with the same labels, one of them without latencies, and one
that is down."""

import time
from pathlib import Path

import pytest

from sresnap.app.backfill import backfill
from sresnap.app.check import check_queries
from sresnap.app.explain import ExplainRequest, explain_queries
from sresnap.app.findings import State
from sresnap.config import loads
from sresnap.errors import ExitCode, PrometheusUnreachable
from sresnap.model.now import NowState
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Purpose
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from sresnap.progress import Quiet
from tests.integration.faults import Fault, FaultProxy
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import free_port, prometheus_of

END = parse_time("2026-11-22T21:00:00Z")
START = END - 3 * HOUR
# Events a minute. Both clusters have a service `api`, with other numbers.
HOME = {
    'http_requests_total{service="api",code="200"}': 59,
    'http_requests_total{service="api",code="503"}': 1,
    'http_request_duration_seconds_bucket{service="api",le="0.3"}': 45,
    'http_request_duration_seconds_bucket{service="api",le="+Inf"}': 60,
}
EU = {
    'http_requests_total{service="api",code="200"}': 990,
    'http_requests_total{service="api",code="500"}': 10,
}
FILE = """
prometheus: {url: HOME}
sources:
  eu: {url: EU}
  us: {url: DOWN}
provider: http
queries: {latency_p99: null}
services:
  - name: api
    slos:
      - {name: availability, objective: 99}
      - {name: latency, objective: 70, latency_threshold: 300ms}
  - name: api-eu
    source: eu
    labels: {service: api}
    slos:
      - {name: availability, objective: 99}
      - {name: latency, objective: 70, latency_threshold: 300ms}
  - {name: api-us, source: us, labels: {service: api}, slo_target: 99}
  - {name: web-us, source: us, labels: {service: web}, slo_target: 99}
"""


def openmetrics(counters):
    lines = []
    for name in dict.fromkeys(series.partition("{")[0] for series in counters):
        lines.append(f"# TYPE {name} unknown")
        for series, rate in counters.items():
            if series.startswith(f"{name}{{"):
                lines += [f"{series} {1000 + rate * i} {t}" for i, t in enumerate(range(START, END + 1, MINUTE))]
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    (folder / "home").mkdir()
    (folder / "eu").mkdir()
    with (
        prometheus_of(openmetrics(HOME), folder / "home") as home,
        prometheus_of(openmetrics(EU), folder / "eu") as eu,
    ):
        text = FILE.replace("HOME", home).replace("EU", eu).replace("DOWN", f"http://127.0.0.1:{free_port()}")
        yield loads(text, "sresnap.yaml", {}, cwd=Path.cwd())


@pytest.fixture(scope="module")
def snapshot(config, tmp_path_factory):
    return build_without_pages(config, tmp_path_factory.mktemp("report"), END)


def test_two_clusters_with_the_same_labels_stay_apart(snapshot):
    found = {
        f"{service.name} {slo.name}": (slo.windows["1h"].total, slo.windows["1h"].good)
        for service in snapshot.services[:2]
        for slo in service.slos
    }
    assert found == {
        "api availability": (60 * 60, 60 * 59),
        "api latency": (60 * 60, 60 * 45),
        "api-eu availability": (60 * 1000, 60 * 990),
        "api-eu latency": (None, None),
    }
    assert [service.source for service in snapshot.services] == ["prometheus", "eu", "us", "us"]


def test_a_source_without_latencies_says_so_for_its_own_service(snapshot):
    latency = snapshot.services[1].slos[1]
    assert latency.status is Status.NO_DATA
    assert "there is no metric http_request_duration_seconds_bucket in source eu" in latency.reason
    assert snapshot.services[0].slos[1].status is not Status.NO_DATA


def test_a_source_that_is_down_costs_its_own_services_and_is_named(snapshot):
    down = snapshot.services[2:]
    for service in down:
        (slo,) = service.slos
        assert slo.status is Status.NO_DATA
        assert "source us answered no query: connection refused" in slo.reason
        assert slo.now.state is NowState.UNKNOWN
        assert "answered" not in slo.now.reason  # the window's reason says it
        assert slo.windows["1h"].total is None
    refused = [problem for problem in snapshot.problems if problem.kind == ProblemKind.UNREACHABLE]
    assert [(problem.service, problem.signal) for problem in refused] == [("api-us", None), ("web-us", None)]
    assert {problem.message for problem in refused} == {
        "source us answered no query: connection refused: is Prometheus running there? (3 attempts)"
    }


def test_the_report_names_each_source_and_no_address(config, snapshot):
    home, eu, us = snapshot.sources
    assert [(source.name, source.failure is None) for source in snapshot.sources] == [
        ("prometheus", True),
        ("eu", True),
        ("us", False),
    ]
    assert home.version == eu.version is not None
    assert us.version is None
    assert {query.source for query in snapshot.queries} == {"prometheus", "eu"}
    assert not any(settings.url in repr(snapshot) for settings in config.asked.values())


def test_the_next_build_asks_again_for_what_a_source_did_not_answer(config, tmp_path):
    from sresnap.app.gather import planned_queries

    build_without_pages(config, tmp_path, END)
    planned = planned_queries(config, tmp_path, END + 5 * MINUTE).queries
    totals = [query for query in planned if query.purpose is Purpose.HOURLY and str(query.series_key) == "total"]
    assert {query.source for query in totals if query.grid.count > DAY // HOUR} == {"us"}


def test_a_backfilled_report_is_of_every_source(config, tmp_path):
    (built,) = backfill(config, tmp_path / "public", (END - HOUR,), END, Quiet(), None)
    services = {service.name: service for service in built.snapshot.services}
    assert built.snapshot.reconstructed
    assert {name: service.slos[0].windows["1h"].total for name, service in services.items()} == {
        "api": 60 * 60, "api-eu": 60 * 1000, "api-us": None, "web-us": None,
    }  # fmt: skip


def test_check_online_reports_each_source(config):
    result = check_queries(config, END, Quiet())
    states = {(f.service, f.signal): (f.source, f.state) for f in result.findings}
    assert states["api", "total"] == ("prometheus", State.OK)
    assert states["api-eu", "total"] == ("eu", State.OK)
    assert states["api-eu", "latency_good@0.3"] == ("eu", State.NO_DATA)
    causes = {(f.service, f.signal): f.cause for f in result.findings}
    assert "in source eu" in causes["api-eu", "latency_good@0.3"]
    assert states["api-us", "total"] == ("us", State.FAILED)
    assert result.exit_code is ExitCode.INCOMPLETE
    (cause,) = {f.cause for f in result.findings if f.source == "us"}
    assert cause.startswith("source us answered no query: connection refused")


def test_explain_asks_the_services_own_source(config):
    explained = explain_queries(ExplainRequest(config, "api-eu", "total", END))
    assert {answer.query.source for answer in explained.answers} == {"eu"}
    assert [a.last for a in explained.answers if a.query.window == "1h"] == [60000]
    with pytest.raises(PrometheusUnreachable) as raised:
        explain_queries(ExplainRequest(config, "api-us", "total", END))
    assert raised.value.message.startswith("source us answered no query: connection refused")
    assert raised.value.hint is not None
    assert raised.value.hint.startswith(
        "check sources.us.url (or PROMETHEUS_URL_US) from this machine: curl http://127"
    )


def test_a_source_that_refuses_and_one_that_hangs_are_named_and_delay_no_longer_than_their_deadline(config, tmp_path):
    home = config.prometheus.url
    with FaultProxy(home, Fault("401")) as refusing, FaultProxy(home, Fault("hang")) as hanging:
        text = FILE.replace("HOME", home).replace("EU", refusing.url)
        text = text.replace("DOWN", f'"{hanging.url}", timeout: 1s, deadline: 1s')
        started = time.monotonic()
        snapshot = build_without_pages(loads(text, "sresnap.yaml", {}, cwd=Path.cwd()), tmp_path, END)
        took = time.monotonic() - started
        asked = [query for query in snapshot.queries if query.source == "eu"]
        assert len(asked) == len(refusing.queries) > 0
    assert took < 5
    assert snapshot.services[0].slos[0].windows["1h"].total == 60 * 60
    wanted = "source eu answered no query: HTTP 401: source eu wants credentials, or other ones: look at "
    eu, us = (source.failure for source in snapshot.sources[1:])
    assert eu is not None
    assert eu.startswith(f"{wanted}sources.eu.bearer_token_env, sources.eu.basic_auth and sources.eu.headers")
    assert us == "source us answered no query: no answer within the deadline of 1 s"
    assert [service.slos[0].status for service in snapshot.services[1:]] == [Status.NO_DATA] * 3


def test_all_sources_down_end_the_build_as_one_does(tmp_path):
    text = (
        FILE.replace("HOME", "http://127.0.0.1:9")
        .replace("EU", "http://127.0.0.1:9")
        .replace("DOWN", "http://127.0.0.1:9/us")
    )
    config = loads(text, "sresnap.yaml", {}, cwd=Path.cwd())
    with pytest.raises(PrometheusUnreachable) as raised:
        build_without_pages(config, tmp_path, END)
    for name in ("prometheus", "eu", "us"):
        assert f"source {name} answered no query" in raised.value.message
    assert raised.value.hint is not None
    assert "sources.us.url" in raised.value.hint
