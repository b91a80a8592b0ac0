"""What must not be published is found, and what only looks like it is not."""

from dataclasses import replace

import pytest

from sresnap.compute.redact import redacted
from sresnap.model.snapshot import HIDDEN, Problem
from sresnap.render import render
from sresnap.store import snapshots
from sresnap.store.leaks import leaks
from tests import factories

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Authorization: Bearer abcdef0123456789", "a bearer token"),
        ("ghp_" + "a1B2" * 9, "a token of GitHub"),
        ("github_pat_11ABCDEFG0abcdefghijkl", "a token of GitHub"),
        ("glpat-abcdefghij0123456789", "a token of GitLab"),
        ("xoxb-123456789012-abcdef", "a token of Slack"),
        ("AKIAIOSFODNN7EXAMPLE", "an access key of AWS"),
        (JWT, "a JSON Web Token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("https://user:hunter2@prom.example/x", "credentials in an address"),
        ('{"url":"https:\\/\\/u:pw@h"}', "credentials in an address"),
        ('instance="10.1.2.3:9100"', "a private address"),
        ("192.168.0.17", "a private address"),
        ("172.16.0.1,", "a private address"),
        ("at 172.31.255.254.", "a private address"),
        ("http://prometheus.monitoring.svc:9090/", "a private host name"),
        ("prometheus.monitoring.svc.cluster.local", "a private host name"),
        ("ip-10-0-0-1.eu-west-1.compute.internal", "a private host name"),
        ("my-laptop.local", "a private host name"),
    ],
)
def test_what_must_not_be_public_is_found(text, what):
    (found, *_) = leaks("snapshots/x.json", f"first\n{text}\n".encode())
    assert found.startswith(f"snapshots/x.json:2 holds {what}: ")


@pytest.mark.parametrize(
    "text", ["10.1.2.3", "172.16.0.1", "http://prometheus.monitoring.svc:9090/", "my-laptop.local"]
)
def test_private_addresses_may_go_to_a_place_in_ones_own_network(text):
    assert leaks("x.json", text.encode())
    assert leaks("x.json", text.encode(), private=True) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Authorization: Bearer abcdef0123456789", "a bearer token"),
        ("AKIAIOSFODNN7EXAMPLE", "an access key of AWS"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        ("http://user:hunter2@10.1.2.3:9090", "credentials in an address"),
        ("https://u:pw@prom.acme.svc", "credentials in an address"),
    ],
)
def test_tokens_and_credentials_never_do(text, what):
    (found,) = leaks("x.json", text.encode(), private=True)
    assert f" holds {what}: " in found
    assert "hunter2" not in found


def test_a_secret_is_not_repeated_in_the_message():
    (found,) = leaks("x.json", b"https://user:hunter2@prom.example")
    assert "hunter2" not in found


@pytest.mark.parametrize(
    "text",
    [
        "Bearer <token>", "a bearer of news", "ghp_short", "AKIA", "eyJ.eyJ", "https://prom.example:9090/a@b",
        "https://status.example/x?at=12:30@home", "110.1.2.3", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.1.1",
        "1.10.1.2.3", "10.1.2", "version 10.4.2", "M10 24v-5h8v5z M20.5 10.1", "127.0.0.1:4321", "localStorage",
        ".internal", "window.local.x", "local", "internal error", "the svc", "example.localhost",
        "status.example.internals",
        "me@acme.example", "10.256.1.1", "2026-11-22T21:30:00Z",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_let_through(text):
    assert leaks("index.html", text.encode()) == []


def test_pictures_are_not_looked_into():
    assert leaks("assets/favicon.png", b"\x89PNG 10.1.2.3") == []


@pytest.mark.parametrize("state", ["mixed", "some_failed", "weird_names", "evaluated"])
def test_the_pages_of_every_kind_are_clean(sites, state):
    files = {**sites[state].files, "snapshots/x.json": snapshots.encode(factories.STATES[state]())}
    assert [found for name, content in files.items() for found in leaks(name, content)] == []


def private():
    """A report whose every corner tells of a private place."""
    query = factories.query(
        "total", promql='sum(x{job="secret-job"})', error='parse error near "secret-job"', warnings=("secret-job: w",)
    )
    service = factories.healthy_service()
    signals = {**service.signals, "saturation": factories.no_signal("ratio", 'no series: job="secret-job"')}
    service = replace(service, signals=signals, capacity_absent={"vps_cpu": "secret-job at prom.acme.svc:9090"})
    failed = Problem("query_failed", 'prom.acme.svc:9090 said: parse error: "secret-job"', "api", "total")
    found = factories.snapshot([service], problems=[failed], queries=[query])
    return replace(found, source=replace(found.source, url="http://prom.acme.svc:9090"))


def published(snapshot):
    return b"".join([*render(snapshot).files.values(), snapshots.encode(snapshot)])


def test_hidden_queries_are_in_no_file():
    assert b"secret-job" in published(private())
    hidden = redacted(private(), frozenset({"promql"}))
    assert hidden.queries[0].promql == HIDDEN
    assert b"secret-job" not in published(hidden)
    assert b"sum(x" not in published(hidden)


def test_hidden_labels_leave_the_form_of_the_query():
    hidden = redacted(private(), frozenset({"labels"}))
    assert hidden.queries[0].promql == 'sum(x{job="…"})'
    assert b"secret-job" not in published(hidden)


def test_a_hidden_source_is_in_no_file_and_then_nothing_leaks():
    assert [found for found in leaks("x.json", snapshots.encode(private())) if "prom.acme.svc" in found]
    hidden = redacted(private(), frozenset({"source"}))
    assert b"prom.acme" not in published(hidden)
    assert b"secret-job" in published(hidden)
    assert leaks("x.json", snapshots.encode(hidden)) == []


def test_nothing_is_hidden_unless_it_is_asked_for():
    assert redacted(private(), frozenset()) == private()
