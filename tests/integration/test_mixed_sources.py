"""One file with several sources, against a real Prometheus: each service's numbers are its own source's."""

from pathlib import Path

import pytest

from sresnap.app.check import State, check_queries
from sresnap.config import loads
from sresnap.model.windows import HOUR, MINUTE, parse_time
from sresnap.progress import Quiet
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import prometheus_of

END = parse_time("2026-11-22T21:00:00Z")
START = END - 3 * HOUR
# Events a minute. Each source has another service's labels in it, too, so that a wrong assignment shows.
COUNTERS = {
    # api: 60 a minute, 1 of them bad.
    'http_requests_total{service="api",status="200"}': 59,
    'http_requests_total{service="api",status="503"}': 1,
    # web of shop: 20 and 2 bad; web of blog: 40 and none bad. The pairs (shop, api) and (blog, web2) are of no service.
    'ingress_requests_total{namespace="shop",ingress="web",code="200"}': 18,
    'ingress_requests_total{namespace="shop",ingress="web",code="500"}': 2,
    'ingress_requests_total{namespace="blog",ingress="api",code="200"}': 40,
    'ingress_requests_total{namespace="shop",ingress="api",code="500"}': 1000,
    'ingress_requests_total{namespace="blog",ingress="web",code="500"}': 1000,
    # Traefik behind a ServiceMonitor: `service` is Traefik's own, for every series.
    'traefik_service_requests_total{service="traefik",exported_service="shop@docker",code="200"}': 30,
    'traefik_service_requests_total{service="traefik",exported_service="shop@docker",code="502"}': 3,
    # Istio: 100 a minute, 75 of them within 250 ms and 4 bad; each request is counted by the caller, too.
    'istio_requests_total{reporter="destination",service="pay",code="200"}': 96,
    'istio_requests_total{reporter="destination",service="pay",code="503"}': 4,
    'istio_requests_total{reporter="source",service="pay",code="200"}': 96,
    'istio_request_duration_milliseconds_bucket{reporter="destination",service="pay",le="250"}': 75,
    'istio_request_duration_milliseconds_bucket{reporter="destination",service="pay",le="500"}': 90,
    'istio_request_duration_milliseconds_bucket{reporter="destination",service="pay",le="+Inf"}': 100,
}
FILE = """
provider: http
parameters: {code: status}
queries: {latency_p99: null}
services:
  - {name: api, slo_target: 99}
  - {name: shop-web, slo_target: 99, labels: {namespace: shop, ingress: web}}
  - {name: blog-api, slo_target: 99, labels: {namespace: blog, ingress: api}}
  - name: shop
    slo_target: 99
    provider: traefik
    parameters: {identity: exported_service}
    labels: {service: shop@docker}
    queries: {latency_p99: null, saturation: null, cap_container_cpu: null, cap_container_mem: null,
              cap_vps_cpu: null, cap_vps_mem: null, cap_vps_disk: null}
  - name: pay
    provider: http
    parameters:
      total: istio_requests_total
      duration: istio_request_duration_milliseconds
      unit: milliseconds
      matchers: 'reporter="destination"'
    slos:
      - {name: availability, objective: 99}
      - {name: latency, objective: 70, latency_threshold: LIMIT}
groups:
  - name: edge
    services: [shop-web, blog-api]
    provider: http
    parameters: {identity: [namespace, ingress], total: ingress_requests_total}
    queries: {latency_p99: null}
"""


def openmetrics():
    lines = []
    for name in dict.fromkeys(series.partition("{")[0] for series in COUNTERS):
        lines.append(f"# TYPE {name} unknown")
        for series, rate in COUNTERS.items():
            if series.startswith(f"{name}{{"):
                lines += [f"{series} {1000 + rate * i} {t}" for i, t in enumerate(range(START, END + 1, MINUTE))]
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with prometheus_of(openmetrics(), tmp_path_factory.mktemp("mixed")) as address:
        yield address


def config(url, limit="250ms"):
    return loads(FILE.replace("LIMIT", limit), "sresnap.yaml", {}, prometheus_url=url, cwd=Path.cwd())


def test_each_services_counts_are_its_own_sources(url, tmp_path):
    snapshot = build_without_pages(config(url), tmp_path, END)
    found = {
        f"{service.name} {slo.name}": (slo.windows["1h"].total, slo.windows["1h"].total - slo.windows["1h"].good)
        for service in snapshot.services
        for slo in service.slos
    }
    assert found == {
        "api availability": (60 * 60, 60 * 1),
        "shop-web availability": (20 * 60, 2 * 60),
        "blog-api availability": (40 * 60, 0),
        "shop availability": (33 * 60, 3 * 60),
        "pay availability": (100 * 60, 4 * 60),
        "pay latency": (100 * 60, 25 * 60),
    }
    assert [service.provider for service in snapshot.services] == ["http", "http", "http", "traefik", "http"]
    # 1 % of 100 is above 500 ms: the quantile is in the last bucket, whose bound is 500 ms.
    assert snapshot.services[4].signals["latency_p99"].value == 0.5


def test_a_panel_without_a_query_names_the_services_own_provider(url, tmp_path):
    api, *_, pay = build_without_pages(config(url), tmp_path, END).services
    assert api.signals["saturation"].absent == "The preset http has no query saturation. Add one under `queries`."
    assert "latency_p99" not in api.signals
    assert "latency_p99" in pay.signals


def test_the_queries_of_one_service_of_a_shared_request_are_its_own(url, tmp_path):
    from sresnap.audit.queries import asked_for

    snapshot = build_without_pages(config(url), tmp_path, END)
    web = snapshot.services[1]
    texts = {
        query.promql for query in asked_for(snapshot, web) if query.signal == "request_rate" and query.window == "1h"
    }
    assert texts == {
        'sum by (namespace, ingress) (rate(ingress_requests_total{namespace=~"shop", ingress=~"web"}[5m]))'
    }


def test_check_finds_all_and_names_the_boundaries_of_a_wrong_threshold_in_its_unit(url):
    result = check_queries(config(url), END, Quiet())
    assert {f"{f.service} {f.signal}": f.cause for f in result.findings if not f.state.is_good} == {}
    result = check_queries(config(url, "300ms"), END, Quiet())
    (bad,) = (finding for finding in result.findings if not finding.state.is_good)
    assert (bad.service, bad.signal, bad.state) == ("pay", "latency_good@0.3", State.NO_DATA)
    assert "has the boundary 300ms; the boundaries found are 250ms, 500ms: choose one" in bad.cause
