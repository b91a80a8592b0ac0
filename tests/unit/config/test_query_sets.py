"""Each service has its own queries: the service's settings win over its group's, and those over the file's."""

from pathlib import Path

import pytest

from sresnap.app.config_hints import unasked_panels
from sresnap.config import loads
from sresnap.errors import ConfigError


def config(text):
    return loads(text, "sresnap.yaml", {}, cwd=Path("/"))


def mistakes(text):
    with pytest.raises(ConfigError) as caught:
        config(text)
    return [(m.line, m.path, m.expected, m.found, m.suggestion) for m in caught.value.mistakes]


def by_name(text):
    return {service.name: service for service in config(text).services}


FLEET = """
provider: http
parameters: {code: status}
queries: {error_rate: null, saturation: 'max(x{{s="{service}"}})'}
services:
  - {name: api, slo_target: 99}
  - {name: shop, slo_target: 99, provider: traefik, labels: {service: shop@docker, container: shop}}
  - {name: web, slo_target: 99, parameters: {bad: '[45]..'}, queries: {saturation: null}, labels: {ingress: w}}
  - {name: blog, slo_target: 99, labels: {ingress: b, namespace: blog}}
groups:
  - name: edge
    services: [web, blog]
    parameters: {identity: [namespace, ingress], code: http_status}
    labels: {namespace: shop}
"""


def test_a_service_wins_over_its_group_and_the_group_over_the_file():
    services = by_name(FLEET)
    assert services["api"].series[services["api"].slos[0].bad].template.raw == (
        'http_requests_total{{service=~"{service}", status=~"5.."}}'
    )
    assert services["web"].queries["bad"].raw == (
        'http_requests_total{{namespace=~"{namespace}", ingress=~"{ingress}", http_status=~"[45].."}}'
    )
    assert services["blog"].queries["bad"].raw == (
        'http_requests_total{{namespace=~"{namespace}", ingress=~"{ingress}", http_status=~"5.."}}'
    )
    assert services["web"].labels == {"service": "web", "namespace": "shop", "ingress": "w"}
    assert services["blog"].labels["namespace"] == "blog"
    assert ("saturation" in services["blog"].queries, "saturation" in services["web"].queries) == (True, False)
    assert (services["blog"].off, services["web"].off) == ({"error_rate"}, {"error_rate", "saturation"})


def test_a_service_that_names_a_provider_starts_with_it():
    """The file's queries and parameters were written for the file's provider."""
    shop = by_name(FLEET)["shop"]
    assert (shop.provider, shop.off) == ("traefik", frozenset())
    assert shop.queries["saturation"].origin == "presets/traefik.yaml"
    assert 'code=~"5.."' in shop.queries["bad"].raw


def test_services_with_the_same_settings_have_equal_queries():
    text = (
        "services: [{name: a, slo_target: 99, parameters: {code: s}}, {name: b, slo_target: 9, parameters: {code: s}}]"
    )
    a, b = config(text).services
    assert a.queries == b.queries


def test_an_slo_takes_the_events_of_the_nearest_part():
    """The service's availability is nearer than the file's events."""
    text = """
queries: {total: 'sum(increase(t[{window}]))', bad: 'sum(increase(b[{window}]))'}
services:
  - {name: api, slo_target: 99}
  - {name: probe, slo_target: 99, queries: {availability: 'avg(avg_over_time(up{{job="{service}"}}[{window}])) * 100'}}
"""
    services = by_name(text)
    assert [key.role for key in services["api"].slos[0].series] == ["total", "bad"]
    assert [key.role for key in services["probe"].slos[0].series] == ["availability"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("services:\n  - {name: api, slo_target: 99, provider: treafik}",
         (2, "services[0].provider", None, '"treafik"',
          'did you mean "traefik"?')),
        ("services:\n  - {name: api, slo_target: 99}\ngroups:\n  - {name: g, services: [api], parameters: {cod: x}}",
         (4, "groups[0].parameters.cod", "a parameter of http: identity, total, code, bad, duration, matchers, unit",
          'the unknown parameter "cod"', 'did you mean "code"?')),
        ("services:\n  - {name: api, slo_target: 99, queries: {eror_rate: x}}",
         (2, "services[0].queries.eror_rate", None, 'the unknown key "eror_rate"', 'did you mean "error_rate"?')),
        ("services:\n  - {name: api, slo_target: 99, provider: custom}",
         (2, "services[0].queries", "queries to make an SLI from: `total` with `good` or `bad`, or `availability`",
          "no such query, neither here nor in provider custom", None)),
        (("services:\n  - {name: api, slo_target: 99}\ngroups:\n  - {name: g, services: [api], labels: {a: b}}\n"
          "  - {name: h, services: [api], provider: http}"),
         (5, "groups[1]", "settings of api in one group", 'some here, and some in "g"',
          "move what differs to the service itself")),
    ],
)  # fmt: skip
def test_a_mistake_is_one_of_its_own_part(text, expected):
    (found,) = mistakes(text)
    assert found[:2] + found[3:] == expected[:2] + expected[3:]
    assert expected[2] in (None, found[2])


def test_a_label_that_only_one_services_queries_need_is_missed_there_only():
    found = mistakes(FLEET.replace("{ingress: w}", "{}"))
    assert [(line, path) for line, path, *_ in found] == [(8, "services[2].labels.ingress")]


def test_labels_that_an_sli_needs_are_one_mistake_with_the_line_to_add():
    """Switching their queries off, as for a panel's label, would take the SLI away."""
    (found,) = mistakes("provider: ingress-nginx\nservices:\n  - {name: web, slo_target: 99}")
    assert found == (
        3,
        "services[0].labels",
        'the labels "ingress", "namespace", which the queries total, bad, request_rate, latency_p99, error_rate need',
        "only service",
        "add `labels: {ingress: …, namespace: …}` to the service",
    )
    (found,) = mistakes("services: [{name: a, slo_target: 99, queries: {saturation: 'max(x{{c=\"{container}\"}})'}}]")
    assert found[1] == "services[0].labels.container"
    assert found[4] == "add the label, or switch the query off with `queries: {saturation: null}`"


TRAEFIK = "provider: traefik\nservices:\n  - {name: shop, slo_target: 99, labels: {service: shop@docker}}\n"
_CONTAINER = ("saturation", "cap_container_cpu", "cap_container_mem")


def test_panels_of_a_preset_whose_label_is_not_set_are_left_out_and_the_report_says_why():
    config = loads(TRAEFIK, "sresnap.yaml", {}, cwd=Path())
    (service,) = config.services
    assert service.lacking == dict.fromkeys(_CONTAINER, ("container",))
    assert not service.queries.keys() & {*_CONTAINER}
    assert "latency_p99" in service.queries
    (said,) = unasked_panels(config)
    assert said == f"shop: {', '.join(_CONTAINER)}: not asked without the label container; add container under `labels`"
    with_label = TRAEFIK.replace("shop@docker", "shop@docker, container: shop")
    assert loads(with_label, "sresnap.yaml", {}, cwd=Path()).services[0].lacking == {}


def test_a_query_of_the_file_itself_is_not_left_out():
    text = f"queries: {{saturation: 'max(x{{{{c=\"{{container}}\"}}}})'}}\n{TRAEFIK}"
    (found,) = mistakes(text)
    assert found[1] == "services[0].labels.container"
    assert found[4] == "add the label, or switch the query off with `queries: {saturation: null}`"


def test_a_mistake_of_the_file_is_reported_once_however_many_services_have_it():
    services = "[{name: a, slo_target: 99}, {name: b, slo_target: 99, queries: {error_rate: null}}]"
    text = f"parameters: {{kode: x}}\nservices: {services}"
    assert [path for _, path, *_ in mistakes(text)] == ["parameters.kode"]
