"""Names of found services, and which of them count the same requests."""

import pytest

from sresnap.discovery.naming import Known, may_repeat, named, plain_name
from tests.unit.discovery.sources import chosen


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("shop@docker", "shop"),
        ("prod/shop", "shop"),
        ("https://shop.example.com/", "shop.example.com"),
        ("https://shop.example.com/cart", "shop.example.com-cart"),
        ("db:9187", "db"),
        ("app/shop/50dc6c495c0c9188", "shop"),
        ("shop.Orders", "shop.orders"),
        ("Größe", "gr-e"),
        ("///", ""),
    ],
)
def test_names_are_plain(value, name):
    assert plain_name(value) == name


def of(*choices, known=()):
    return [(one.name, one.chosen.candidate.name, one.nearer) for one in named(
        [service for choice in choices for service in choice.services], known
    )]  # fmt: skip


def test_of_two_places_on_the_way_the_nearer_to_the_user_is_a_service():
    found = of(
        chosen("otel-http", {"job": "prod/shop", "codes": "http_response_status_code"}),
        chosen("traefik", {"service": "shop@docker"}),
    )
    assert found == [("shop", "traefik", ()), ("shop-otel-http", "otel-http", ("shop",))]


def test_of_both_generations_the_newer_one_is_a_service():
    old = chosen("otel-http-old", {"job": "prod/shop", "codes": "http_status_code", "events": 9999.0})
    new = chosen("otel-http", {"job": "prod/shop", "codes": "http_response_status_code"})
    assert of(old, new) == [("shop", "otel-http", ()), ("shop-otel-http-old", "otel-http-old", ("shop",))]


def test_a_task_is_not_on_the_way_of_a_request():
    found = of(chosen("traefik", {"service": "shop@docker"}), chosen("celery", {"name": "shop", "codes": ""}))
    assert found == [("shop", "traefik", ()), ("shop-celery", "celery", ())]


def test_one_name_in_two_namespaces_is_not_the_service_elsewhere():
    found = of(
        chosen("haproxy", {"proxy": "shop"}),
        chosen(
            "ingress-nginx",
            {"namespace": "a", "ingress": "shop", "codes": "status"},
            {"namespace": "b", "ingress": "shop", "codes": "status"},
        ),
    )
    assert [nearer for _, _, nearer in found] == [(), (), ()]
    assert sorted(name for name, _, _ in found) == ["a-shop", "b-shop", "shop"]


@pytest.mark.parametrize("instance", ["127.0.0.1:9121", "localhost:9121", "10.0.3.7:9121"])
def test_an_instance_without_a_name_has_its_job_s(instance):
    found = of(
        chosen("postgres", {"instance": instance.replace("9121", "9187"), "job": "orders-db"}),
        chosen("redis", {"instance": instance, "job": "cache"}),
    )
    assert sorted(name for name, _, _ in found) == ["cache", "orders-db"]
    assert of(chosen("redis", {"instance": "cache-1:9121", "job": "redis"}))[0][0] == "cache-1"
    assert of(chosen("redis", {"instance": instance}))[0][0] == "redis"


def test_two_such_instances_of_a_job_have_two_names():
    rows = [{"instance": f"10.0.3.{host}:9121", "job": "cache"} for host in (7, 8)]
    assert [name for name, _, _ in of(chosen("redis", *rows))] == ["cache", "cache-10.0.3.8"]


def test_what_the_file_has_counts_too():
    known = (Known("shop", "traefik", {"service": "shop@docker"}),)
    assert of(chosen("http", {"service": "shop"}), known=known) == [("shop-http", "http", ("shop",))]
    (one,) = chosen("traefik", {"service": "shop@docker"}).services
    assert known[0].is_of(one)


def test_sources_under_other_names_may_repeat_requests():
    services = [*chosen("traefik", {"service": "a@docker"}).services, *chosen("http", {"service": "b"}).services]
    assert may_repeat(named(services)) == ("traefik", "http")
    assert may_repeat(named(services[:1])) == ()


@pytest.mark.parametrize("labels", [{"job": "🎉"}, {"job": "/"}, {"namespace": "-", "job": "🎉"}, {"job": "-_.-"}])
def test_no_name_is_empty_begins_with_a_dash_or_is_only_a_suffix(labels):
    rows = [{**labels, "job": f"{labels['job']}{more}", "codes": "status"} for more in ("", "☎", "☎☎", "☎☎☎")]
    names = [name for name, _, _ in of(chosen("fastapi", *rows))]
    assert sorted(names) == ["service", "service-2", "service-3", "service-4"]


def test_services_without_a_plain_name_in_two_sources_are_not_the_same():
    found = of(chosen("traefik", {"service": "🎉"}), chosen("http", {"service": "☎"}))
    assert [nearer for _, _, nearer in found] == [(), ()]


def test_three_places_on_the_way_know_each_other_in_order():
    found = of(
        chosen("http", {"service": "shop"}),
        chosen(
            "istio",
            {"destination_service_namespace": "a", "destination_service_name": "shop", "codes": "response_code"},
        ),
        chosen("traefik", {"service": "shop@docker"}),
    )
    assert found == [("shop", "traefik", ()), ("a-shop", "istio", ("shop",)), ("shop-http", "http", ("shop", "a-shop"))]


def test_a_service_of_another_prometheus_with_the_same_labels_is_another_one():
    (one,) = chosen("traefik", {"service": "shop@docker"}).services
    assert Known("shop", "traefik", {"service": "shop@docker", "container": "c"}).is_of(one)
    assert not Known("shop", "traefik", {"service": "shop@docker"}, is_asked=False).is_of(one)
    assert not Known("shop", "kong", {"service": "shop@docker"}).is_of(one)
    assert not Known("shop", "traefik", {"service": "pay@docker"}).is_of(one)
