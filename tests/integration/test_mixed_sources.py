"""One file with several sources, against a real Prometheus: each service's numbers are its own source's."""

from pathlib import Path

import pytest

from sresnap.app.check import check_queries
from sresnap.app.findings import State
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
# Celery, whose exporter restarted half an hour before the end: all its counters began again at 0. A minute, 10 tasks
# succeed and 2 fail. `mail` never failed, and the exporter shows that with 0.
RESTARTED = {
    'celery_task_succeeded_total{name="pay",instance="e:1"}': 10,
    'celery_task_failed_total{name="pay",exception="KeyError",instance="e:1"}': 2,
    'celery_task_succeeded_total{name="mail",instance="e:1"}': 5,
    'celery_task_failed_total{name="mail",instance="e:1"}': 0,
    # `old` is of an exporter that shows no counter of failures at all.
    'celery_task_succeeded_total{name="old",instance="e:2"}': 5,
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
  - {name: pay-task, slo_target: 90, labels: {name: pay}}
  - {name: mail-task, slo_target: 90, labels: {name: mail}}
  - {name: old-task, slo_target: 90, labels: {name: old}}
groups:
  - name: tasks
    services: [pay-task, mail-task, old-task]
    provider: celery
    queries: {latency_p99: null}
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
    for name in dict.fromkeys(series.partition("{")[0] for series in RESTARTED):
        lines.append(f"# TYPE {name} unknown")
        for series, rate in RESTARTED.items():
            if series.startswith(f"{name}{{"):
                before = [1000 + rate * i for i in range(150)]
                lines += [
                    f"{series} {value} {START + i * MINUTE}"
                    for i, value in enumerate([*before, *(rate * (i + 1) for i in range(31))])
                ]
    return "\n".join([*lines, "# EOF", ""])


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with prometheus_of(openmetrics(), tmp_path_factory.mktemp("mixed")) as address:
        yield address


def config(url, limit="250ms"):
    return loads(FILE.replace("LIMIT", limit), "sresnap.yaml", {}, prometheus_url=url, cwd=Path.cwd())


@pytest.fixture(scope="module")
def snapshot(url, tmp_path_factory):
    return build_without_pages(config(url), tmp_path_factory.mktemp("report"), END)


def test_each_services_counts_are_its_own_sources(snapshot):
    found = {
        f"{service.name} {slo.name}": (slo.windows["1h"].total, slo.windows["1h"].total - slo.windows["1h"].good)
        for service in snapshot.services[:5]
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
    assert [service.provider for service in snapshot.services[:5]] == ["http", "http", "http", "traefik", "http"]
    # 1 % of 100 is above 500 ms: the quantile is in the last bucket, whose bound is 500 ms.
    assert snapshot.services[4].signals["latency_p99"].value == 0.5


def test_a_panel_without_a_query_names_the_services_own_provider(snapshot):
    api, *_, pay = snapshot.services[:5]
    assert api.signals["saturation"].absent == "The preset http has no query saturation. Add one under `queries`."
    assert "latency_p99" not in api.signals
    assert "latency_p99" in pay.signals


def test_the_queries_of_one_service_of_a_shared_request_are_its_own(snapshot):
    from sresnap.audit.queries import asked_for

    web = snapshot.services[1]
    texts = {
        query.promql for query in asked_for(snapshot, web) if query.signal == "request_rate" and query.window == "1h"
    }
    assert texts == {
        'sum by (namespace, ingress) (rate(ingress_requests_total{namespace=~"shop", ingress=~"web"}[5m]))'
    }


def test_check_finds_all_and_names_the_boundaries_of_a_wrong_threshold_in_its_unit(url):
    result = check_queries(config(url), END, Quiet())
    causes = {f"{f.service} {f.signal}": f.cause for f in result.findings if not f.state.is_good}
    assert causes.keys() == {"old-task bad", "old-task error_rate"}
    assert causes["old-task bad"].startswith('no series matches celery_task_failed_total{name=~"old"}')
    result = check_queries(config(url, "300ms"), END, Quiet())
    (bad,) = (f for f in result.findings if not f.state.is_good and f.service != "old-task")
    assert (bad.service, bad.signal, bad.state) == ("pay", "latency_good@0.3", State.NO_DATA)
    assert "has the boundary 300ms; the boundaries found are 250ms, 500ms: choose one" in bad.cause


def test_metrics_that_are_added_up_are_counted_each_on_its_own_where_samples_decide(snapshot):
    """Of both counters the value after the restart counts: 29 + 1 + 30 minutes, 10 and 2 a minute."""
    pay, mail, _ = snapshot.services[5:]
    hour = pay.slos[0].windows["1h"]
    assert (hour.total, hour.bad_bounds[0]) == (60 * 12, 60 * 2)
    hour = mail.slos[0].windows["1h"]
    assert (hour.total, hour.good) == (60 * 5, 60 * 5)
    assert pay.signals["request_rate"].value == pytest.approx(12 / 60, rel=0.01)


def test_a_metric_that_no_series_of_a_service_has_is_unknown_and_not_zero(snapshot):
    old = snapshot.services[-1]
    assert old.slos[0].windows["1h"].total is None or not old.slos[0].status.is_judged
    assert "celery_task_failed_total" in old.slos[0].reason
