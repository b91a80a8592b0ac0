"""`sources:`: several Prometheus servers in one file."""

from pathlib import Path

import pytest

from sresnap.config import loads
from sresnap.errors import ConfigError

FILE = """
prometheus: {url: "http://home:9090"}
sources:
  eu: {url: "http://eu:9090", dialect: metricsql, replica_labels: [pair], timeout: 5s}
  us-west: {url: "http://us:9090", bearer_token_env: US_TOKEN, headers: {X-Scope-OrgID: team}}
services:
  - {name: api, slo_target: 99}
  - {name: api-eu, slo_target: 99, labels: {service: api}}
  - {name: api-us, slo_target: 99, labels: {service: api}, source: us-west}
  - {name: near, slo_target: 99, source: prometheus}
groups:
  - {name: europe, services: [api-eu, near], source: eu}
"""
ENVIRONMENT = {"US_TOKEN": "hunter2"}


def config(text=FILE, env=ENVIRONMENT, **options):
    return loads(text, "sresnap.yaml", env, cwd=Path("/"), **options)


def mistakes(text, env=ENVIRONMENT):
    with pytest.raises(ConfigError) as caught:
        config(text, env)
    return [(m.line, m.path, m.expected, m.found, m.suggestion) for m in caught.value.mistakes]


def test_the_nearest_part_of_the_file_chooses_the_source():
    found = {service.name: service.source for service in config().services}
    assert found == {"api": "prometheus", "api-eu": "eu", "api-us": "us-west", "near": "prometheus"}
    found = config(f"source: us-west\n{FILE}").services
    assert [service.source for service in found] == ["us-west", "eu", "us-west", "prometheus"]


def test_a_source_changes_where_to_ask_and_not_what():
    api, eu, us, _ = config().services
    assert us.queries == api.queries
    assert us.provider == eu.provider == "http"


def test_a_source_has_every_setting_of_its_own():
    found = config().asked
    assert list(found) == ["prometheus", "eu", "us-west"]
    assert (found["eu"].timeout_seconds, found["prometheus"].timeout_seconds) == (5, 30)
    assert set(found["us-west"].headers) == {"Authorization", "X-Scope-OrgID"}
    assert not found["prometheus"].headers
    assert (found["us-west"].key, found["prometheus"].key) == ("sources.us-west", "prometheus")


def test_replica_labels_are_the_sources_own():
    api, eu, *_ = config().services
    assert eu.queries["total"].replica_labels == ("pair",)
    assert api.queries["total"].replica_labels == ("prometheus_replica", "replica", "__replica__")


def test_syntax_is_checked_by_the_dialect_of_the_services_source():
    bad = "queries: {total: 'sum(rate(x[{window}])) keep_metric_names'}"
    text = FILE.replace("source: us-west}", f"source: us-west, {bad}}}")
    ((line, path, expected, _, hint),) = mistakes(text)
    assert (line, path, expected) == (9, "services[2].queries.total", "PromQL")
    assert hint == "`sources: {us-west: {dialect: metricsql}}` switches this check off"
    assert config(text.replace("source: us-west, q", "source: eu, q")).services[2].source == "eu"


def test_the_environment_has_the_address_of_a_named_source_by_its_name():
    text = FILE.replace('us-west: {url: "http://us:9090", ', "us-west: {")
    found = config(text, {**ENVIRONMENT, "PROMETHEUS_URL_US_WEST": "http://new:1"})
    assert found.asked["us-west"].url == "http://new:1"
    assert config(env={**ENVIRONMENT, "PROMETHEUS_URL": "http://new:1"}).asked["us-west"].url == "http://us:9090"
    assert config(prometheus_url="http://new:1").asked["prometheus"].url == "http://new:1"
    assert mistakes(text) == [
        (
            5,
            "sources.us-west.url",
            "the address of this Prometheus",
            "nothing",
            "or set the environment variable PROMETHEUS_URL_US_WEST",
        )
    ]


def test_the_leak_scan_knows_the_secrets_of_all_sources():
    env = {**ENVIRONMENT, "PROMETHEUS_URL_EU": "http://me:tiger@eu:1", "PROMETHEUS_URL": "http://me:lion@home:1"}
    found = {key: secret.get_secret_value() for key, secret in config(env=env).secrets.items()}
    assert found == {
        "PROMETHEUS_URL": "lion",
        "PROMETHEUS_URL_EU": "tiger",
        "sources.us-west.bearer_token_env": "hunter2",
    }
    assert "tiger" not in repr(config(env=env))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "source: us-west}",
            "source: us-wst}",
            (
                9,
                "services[2].source",
                "the name of a source: eu, us-west, prometheus",
                '"us-wst"',
                'did you mean "us-west"?',
            ),
        ),
        (
            "source: eu}",
            "source: eur}",
            (12, "groups[0].source", "the name of a source: eu, us-west, prometheus", '"eur"', 'did you mean "eu"?'),
        ),
        (
            'prometheus: {url: "http://home:9090"}\n',
            "",
            (
                6,
                "services[0].source",
                "a source for each service: `source:` with one of eu, us-west",
                "none for api, near",
                "add `source:` to the services, a group or the file; or a section `prometheus:` for those without one",
            ),
        ),
        (
            "  eu: {",
            '  EU: {url: "http://x"}\n  eu: {',
            (5, "sources.eu", "a name that differs in more than case, - and _", '"eu", beside "EU"', "rename one"),
        ),
        (
            "  eu: {",
            '  a b: {url: "http://x"}\n  eu: {',
            (
                4,
                "sources.a b",
                "a name of at most 40 letters, digits, - and _, that begins with a letter",
                '"a b"',
                None,
            ),
        ),
        (
            "  eu: {",
            '  prometheus: {url: "http://x"}\n  eu: {',
            (
                4,
                "sources.prometheus",
                "another name: prometheus is the source of the section `prometheus:`",
                '"prometheus"',
                "move it there, or rename it",
            ),
        ),
        (
            "bearer_token_env: US_TOKEN",
            "bearer_token_env: NO_TOKEN",
            (
                5,
                "sources.us-west.bearer_token_env",
                "the environment variable NO_TOKEN to hold a secret",
                "nothing in it",
                None,
            ),
        ),
        (
            "bearer_token_env: US_TOKEN",
            "bearer_token: hunter2",
            (
                5,
                "sources.us-west.bearer_token",
                None,
                'the unknown key "bearer_token"',
                "secrets do not belong here: name a variable in bearer_token_env or a file in bearer_token_file",
            ),
        ),
        (
            "timeout: 5s",
            "ca_file: [hunter2]",
            (4, "sources.eu.ca_file", "text", "a list", None),
        ),
    ],
)
def test_a_mistake_has_its_line_and_shows_no_secret(before, after, expected):
    assert before in FILE
    (found,) = mistakes(FILE.replace(before, after, 1))
    assert [a for a, b in zip(found, expected, strict=True) if b is not None] == [b for b in expected if b is not None]
    assert "hunter2" not in str(found)


def test_settings_of_several_groups_are_a_mistake_for_a_source_too():
    text = f"{FILE}  - {{name: other, services: [api-eu], source: eu}}\n"
    assert [(path, expected) for _, path, expected, _, _ in mistakes(text)] == [
        ("groups[1]", "settings of api-eu in one group")
    ]


def test_one_prometheus_needs_no_name():
    found = config("services: [{name: api, slo_target: 99}]", {})
    assert found.asked["prometheus"].url == "http://localhost:9090"
    assert not found.names_sources


def test_an_address_that_no_service_would_be_asked_at_is_a_mistake():
    text = "sources: {eu: {url: 'http://eu'}}\nservices: [{name: api, slo_target: 99, source: eu}]"
    with pytest.raises(ConfigError) as caught:
        config(text, prometheus_url="http://new:1")
    (found,) = caught.value.mistakes
    assert (found.file, found.expected, found.found) == (
        "--prometheus-url",
        "a service of the source prometheus, whose address the option gives",
        "none",
    )
    assert found.suggestion.endswith("PROMETHEUS_URL_EU")
