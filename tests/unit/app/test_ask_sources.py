"""Several sources are asked at once, and one that fails leaves the others whole."""

import asyncio
import re
from base64 import b64encode
from pathlib import Path

import pytest
from pydantic import SecretStr

from sresnap.app.ask_sources import ask_sources
from sresnap.app.gather import gather
from sresnap.config import loads
from sresnap.errors import ClockAhead, PrometheusUnreachable, UsageError
from sresnap.model.history import History
from sresnap.model.query import Failure, Result, Run
from sresnap.model.windows import parse_time
from sresnap.plan import plan
from sresnap.progress import Quiet
from sresnap.prometheus.naming import SourceNaming
from tests.raw_server import answer, raw_server

CONFIG = loads(
    """
prometheus: {url: "http://home:9090"}
sources: {eu: {url: "http://eu:9090"}, us: {url: "http://us:9090"}}
services:
  - {name: api, slo_target: 99}
  - {name: web, slo_target: 99, source: eu}
""",
    "sresnap.yaml",
    {},
    cwd=Path("/"),
)
AT = parse_time("2026-11-22T21:34:00Z")
BEHIND = ClockAhead(
    "the report's time is 21:00, but Prometheus at http://eu:9090 says it is 20:00; nothing was written"
)


def asked(errors, config=CONFIG):
    async def ask(client):
        if client.settings.name in errors:
            raise errors[client.settings.name]
        return client.settings.url

    return asyncio.run(ask_sources(config, ask))


def test_each_source_that_a_service_names_is_asked_and_no_other():
    found = asked({})
    assert found.found == {"prometheus": "http://home:9090", "eu": "http://eu:9090"}
    assert not found.failed


def test_all_are_asked_at_once():
    async def ask(client):
        seen.add(client.settings.name)
        if len(seen) == len(CONFIG.asked):
            together.set()
        await together.wait()

    async def run():
        return await asyncio.wait_for(ask_sources(CONFIG, ask), 5)

    seen, together = set(), asyncio.Event()
    assert len(asyncio.run(run()).found) == 2


def test_a_source_whose_clock_is_behind_fails_by_itself():
    found = asked({"eu": BEHIND})
    assert list(found.found) == ["prometheus"]
    assert found.failed["eu"].message == "the report's time is 21:00, but source eu says it is 20:00"


def test_a_clock_that_is_behind_refuses_the_report_if_no_other_source_answers():
    with pytest.raises(ClockAhead):
        asked({"eu": BEHIND, "prometheus": PrometheusUnreachable("down")})


def test_a_mistake_of_one_source_ends_the_build():
    with pytest.raises(UsageError, match="not a PEM file"):
        asked({"eu": UsageError("not a PEM file")})


def test_an_error_of_the_only_source_is_as_it_was():
    text = "services: [{name: api, slo_target: 99}]"
    error = PrometheusUnreachable("Prometheus at http://localhost:9090 answered no query: refused", "check it")
    with pytest.raises(PrometheusUnreachable) as raised:
        asked({"prometheus": error}, loads(text, "sresnap.yaml", {}, cwd=Path("/")))
    assert raised.value is error


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("eu", "http://eu:9090: connection refused", "source eu: connection refused"),
        ("eu", "Prometheus at http://eu:9090 answered no query", "source eu answered no query"),
        ("eu", "is prometheus.url right?", "source eu: is sources.eu.url right?"),
        ("eu", "too late (prometheus.deadline)", "source eu: too late (sources.eu.deadline)"),
        ("eu", "the metric prometheus.other is gone", "source eu: the metric prometheus.other is gone"),
        ("prometheus", "http://home:9090: is prometheus.url right?", "source prometheus: is prometheus.url right?"),
    ],
)
def test_a_failure_names_its_source_and_its_keys_and_no_address(name, text, named):
    naming = SourceNaming(CONFIG.asked[name])
    assert naming.failure(Failure("timeout", text)).message == named


def test_what_a_server_remarks_names_its_source_and_no_address():
    naming = SourceNaming(CONFIG.sources["eu"])
    query = plan(CONFIG, History(), AT).queries[0]
    run = Run("up", query.grid, 1, 0.1, ("http://eu:9090 answers in part",), ("none at http://eu:9090",))
    (named,) = naming.result(Result(query, runs=(run,))).runs
    assert (named.warnings, named.infos) == (("source eu answers in part",), ("none at source eu",))


def test_nothing_shows_the_secrets_of_a_source():
    text = "sources: {eu: {url: 'http://me:hunter2@eu'}}\nservices: [{name: a, slo_target: 99, source: eu}]"
    config = loads(text, "sresnap.yaml", {}, cwd=Path("/"))
    assert "hunter2" not in repr(config)
    assert config.secrets == {"sources.eu.url": SecretStr("hunter2")}


def test_no_credential_of_a_source_reaches_another_one():
    """Tokens, passwords, headers and tenants: each server sees its own and no other."""
    with raw_server() as home, raw_server() as eu:
        for server in (home, eu):
            server.answer = answer(b'{"status":"success","data":{"resultType":"vector","result":[]}}')
        text = f"""
prometheus: {{url: "{home.url}", bearer_token_env: HOME_TOKEN, headers: {{X-Scope-OrgID: home-tenant}}}}
sources:
  eu:
    url: "{eu.url}"
    basic_auth: {{username: eu-user, password_env: EU_PASSWORD}}
    headers: {{X-Scope-OrgID: eu-tenant}}
services:
  - {{name: api, slo_target: 99}}
  - {{name: web, slo_target: 99, source: eu}}
"""
        environment = {"HOME_TOKEN": "home-secret", "EU_PASSWORD": "eu-secret"}
        config = loads(text, "sresnap.yaml", environment, cwd=Path("/"))
        gather(config, History(), 1_764_500_000, Quiet())
    own = {"home": "Bearer home-secret", "eu": f"Basic {b64encode(b'eu-user:eu-secret').decode()}"}
    for name, other, server in (("home", "eu", home), ("eu", "home", eu)):
        assert len(server.requests) > 10
        for request in server.requests:
            assert own[name] in request
            assert f"{name}-tenant" in request
            assert not {own[other], f"{other}-tenant", f"{other}-secret"} & set(re.split(r"\r\n|: ", request))
