"""Which services a source has, decided from the labels of its series."""

from pathlib import Path

import pytest

from sresnap.config.preset_files import preset_file
from sresnap.discovery.candidates import candidates
from sresnap.discovery.choose import choose, claimed, without_health
from sresnap.discovery.survey import row, survey
from tests.unit.discovery.sources import candidate, chosen


def only(choice):
    (one,) = choice.services
    return one


def test_a_service_is_known_by_the_labels_of_its_preset():
    one = only(chosen("traefik", {"service": "shop@docker"}))
    assert (one.labels, one.parameters) == ({"service": "shop@docker"}, {})


def test_a_label_that_the_scrape_renamed_wins_over_the_scrapes_own():
    one = only(chosen("traefik", {"service": "traefik-metrics", "exported_service": "shop@docker"}))
    assert one.labels == {"exported_service": "shop@docker"}
    assert one.parameters == {"identity": "exported_service"}
    assert one.notes == ("the scrape renamed service",)
    both = only(
        chosen("ingress-nginx", {"namespace": "m", "exported_namespace": "a", "ingress": "w", "codes": "status"})
    )
    assert both.parameters == {"identity": ("exported_namespace", "ingress")}


def test_without_the_presets_label_another_one_names_the_service():
    one = only(chosen("micrometer", {"job": "shop", "codes": "status"}))
    assert (one.labels, one.parameters["identity"]) == ({"job": "shop"}, "job")
    assert one.notes == ("known by job, not by application",)


def test_series_that_no_label_names_are_left_out_with_a_reason():
    choice = chosen("http", {"pod": "a"})
    assert not choice.services
    assert choice.left_out == (
        "http: no label names a service; looked for service, service_name, app, application, job",
    )


def test_services_of_one_name_in_two_namespaces_are_two():
    choice = chosen(
        "http",
        {"service": "api", "namespace": "prod"},
        {"service": "api", "namespace": "test"},
        {"service": "web", "namespace": "prod"},
    )
    assert [(one.labels, one.parameters.get("identity")) for one in choice.services] == [
        ({"namespace": "prod", "service": "api"}, ("namespace", "service")),
        ({"namespace": "test", "service": "api"}, ("namespace", "service")),
        ({"service": "web"}, None),
    ]


def test_services_of_one_name_in_two_clusters_are_two():
    choice = chosen("traefik", {"service": "api@docker", "cluster": "a"}, {"service": "api@docker", "cluster": "b"})
    assert [one.labels["cluster"] for one in choice.services] == ["a", "b"]


def test_a_service_that_has_a_cluster_only_here_and_there_is_one():
    """No labels would find the series without a cluster, so they would be missing from every service."""
    (one,) = chosen("traefik", {"service": "api@docker"}, {"service": "api@docker", "cluster": "b"}).services
    assert (one.labels, one.events) == ({"service": "api@docker"}, 2000)


def test_the_destination_counts_where_both_proxies_do():
    labels = {"destination_service_namespace": "shop", "destination_service_name": "cart", "codes": "response_code"}
    both = chosen("istio", {**labels, "reporter": "source", "events": 7.0}, {**labels, "reporter": "destination"})
    assert only(both).parameters == {}
    assert only(both).events == 1000
    assert only(both).notes == ("reporter source left out: counted by destination",)
    source = only(chosen("istio", {**labels, "reporter": "source"}))
    assert source.parameters == {"reporter": "source"}
    assert source.notes == ("counted by reporter source: there is no destination",)


def test_a_scrape_job_of_another_name_becomes_a_parameter():
    one = only(chosen("redis", {"instance": "cache:9121", "job": "kv-stores"}))
    assert one.parameters == {"job": "kv-stores"}
    assert only(chosen("redis", {"instance": "cache:9121", "job": "redis"})).parameters == {}


@pytest.mark.parametrize(("codes", "expected"), [("code status", {}), ("status", {"code": "status"})])
def test_the_label_of_the_status_code_is_found(codes, expected):
    assert only(chosen("http", {"service": "api", "codes": codes})).parameters == expected


def test_requests_without_a_status_code_cannot_be_judged():
    choice = chosen("http", {"service": "api", "codes": ""})
    assert not choice.services
    (text,) = choice.lacking("http", ())
    assert text.startswith("http: api: no label shows errors; looked for code, status")


def test_what_another_preset_judges_is_not_said_to_be_left_out():
    labels = {"job": "shop", "codes": "code"}
    of_http = chosen("http", {**labels})
    of_fastapi = chosen("fastapi", {**labels})
    assert not of_fastapi.services
    assert of_fastapi.lacking("fastapi", {one.key for one in of_http.services}) == ()
    assert of_fastapi.lacking("fastapi", ()) != ()


def test_monitorings_own_requests_are_left_out():
    choice = chosen("http", {"job": "node-exporter"}, {"job": "grafana"}, {"job": "shop"})
    assert [one.labels for one in choice.services] == [{"job": "shop"}]
    assert choice.left_out == ("http: grafana, node-exporter: the requests of monitoring itself",)


def test_tasks_need_no_status_code():
    assert only(chosen("celery", {"name": "mail.send", "codes": ""})).labels == {"name": "mail.send"}


def test_of_two_presets_for_one_metric_the_one_that_finds_more_is_used():
    of_http = chosen("http", {"job": "shop", "codes": "status"}, without=("http_request_duration_seconds_bucket",))
    of_fastapi = chosen("fastapi", {"job": "shop", "codes": "status"})
    (one,) = claimed((*of_http.services, *of_fastapi.services))
    assert one.candidate.name == "fastapi"
    (other,) = claimed((*chosen("http", {"job": "shop", "codes": "code"}).services,))
    assert other.candidate.name == "http"


def test_checks_of_health_are_left_out_by_matchers():
    services = chosen("http", {"service": "api"}).services
    (one,) = without_health(services, [{"path": "/healthz"}, {"path": "/metrics"}])
    assert one.parameters == {"matchers": 'path!~"/healthz|/metrics"'}
    assert one.notes == ("without checks of health: /healthz, /metrics",)
    assert without_health(services, []) == services
    assert without_health(services, [{"path": "/health\x1bz"}]) == services
    assert without_health(services, [{"path": "health"}]) == services


def test_variants_of_one_preset_that_find_a_service_are_one():
    names = {"http_requests_total", "http_request_duration_seconds_count", "http_request_duration_seconds_bucket"}
    variants = list(candidates([preset_file("http", Path())], names))
    assert [one.parameters for one in variants] == [{}, {"total": "http_request_duration_seconds_count"}]
    labels = row({"service": "shop", "sresnap_has_code": "1"}, 1000.0)
    (one,) = claimed(found for each in variants for found in choose(each, survey(each), [labels]).services)
    assert one.candidate is variants[0]


def test_labels_that_cannot_be_written_are_left_out():
    choice = chosen("http", {"service": "a\nb"})
    assert not choice.services
    assert "control characters" in choice.left_out[0]


def test_only_panels_without_metrics_are_off():
    assert candidate("traefik", without=("dockerstats_cpu_usage_ratio",)).off == ("saturation", "cap_container_cpu")


def test_traefiks_own_dashboard_and_metrics_are_left_out():
    choice = chosen("traefik", {"service": "shop@docker"}, {"service": "api@internal"})
    assert [one.labels for one in choice.services] == [{"service": "shop@docker"}]
    assert choice.left_out == ("traefik: api@internal: the requests of monitoring itself",)
