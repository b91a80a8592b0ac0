"""The client and the fetching of many queries against a real Prometheus, through a proxy that makes requests fail."""

import asyncio
import contextlib
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import stamina
from pydantic import SecretStr

from sresnap import __version__
from sresnap.config.settings import PrometheusSettings
from sresnap.errors import PrometheusUnreachable
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.windows import HOUR, MINUTE
from sresnap.prometheus import PrometheusClient, QueryError, ServerInfo, fetch, fetching
from tests.integration.faults import Fault, FaultProxy
from tests.integration.prometheus_server import free_port, need_tool, prometheus, prometheus_of
from tests.integration.small_series import END, SERVICES, openmetrics
from tests.logs import logged

pytestmark = pytest.mark.integration

TOKEN = "tok-4f9a-secret"
PASSWORD = "pass word/secret"
INSTANT = Grid.instant(END)
HOUR_GRID = Grid.spanning(END - HOUR, END, MINUTE)


def settings(url, **changes):
    secrets = {"Authorization": SecretStr(f"Bearer {TOKEN}"), "X-Api-Key": SecretStr("key-77-secret")}
    return PrometheusSettings(url, **{"timeout_seconds": 5.0, "concurrency": 4, "headers": secrets} | changes)


def level(services=SERVICES, grid=INSTANT, promql='sum by (service) (level{{service=~"{service}"}})', by="service"):
    template = QueryTemplate("level", promql, (by,) if by else (), "test")
    members = tuple(Member(name, {"service": name}) for name in services)
    return Query(template, members, {}, grid, Purpose.SIGNAL, "level", "1h")


def fetched(url, queries, *, deadline_seconds=20.0, on_result=None, **changes):
    async def run():
        async with PrometheusClient(settings(url, **changes)) as client:
            return await fetch(client, queries, deadline_seconds=deadline_seconds, on_result=on_result)

    return asyncio.run(run())


def asked(url, promql="level", grid=INSTANT, **changes):
    async def run():
        async with PrometheusClient(settings(url, **changes)) as client:
            if grid.is_instant:
                return await client.query(promql, grid.start)
            return await client.query_range(promql, grid)

    return asyncio.run(run())


def refused(url, promql="level", grid=INSTANT, **changes):
    with pytest.raises(QueryError) as caught:
        asked(url, promql, grid, **changes)
    error = caught.value
    for text in (str(error), repr(error), repr(error.as_failure()), repr(error.__cause__), repr(error.__context__)):
        assert "secret" not in text
    return error


@pytest.fixture(autouse=True)
def _retry_at_once():
    """Retries keep their number and leave out the waits."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield


@pytest.fixture
def waits(_retry_at_once):
    """Retries wait as usual."""
    with stamina.set_testing(False):
        yield


@pytest.fixture
def proxy(prometheus_url):
    with FaultProxy(prometheus_url) as proxy:
        yield proxy


# What a request costs


def test_a_request_searches_for_no_module(prometheus_url, monkeypatch):
    """Where sniffio is missing, httpcore tries to import it twice a request, and Python searches all of `sys.path`."""
    searched = []

    class Recorder:
        def find_spec(self, name, path=None, target=None):
            searched.append(name)

    async def run():
        async with PrometheusClient(settings(prometheus_url)) as client:
            await client.query("level", END)  # imports what a first request needs
            monkeypatch.setattr(sys, "meta_path", [Recorder(), *sys.meta_path])
            await client.query("level", END)

    asyncio.run(run())
    assert searched == []


# What comes back when all is well


def test_an_instant_query_gives_one_value_a_series(prometheus_url):
    answer = asked(prometheus_url)
    assert {s.labels["service"]: s.values for s in answer.series} == {"api": (1.0,), "web": (2.0,), "worker": (3.0,)}
    assert answer.seconds > 0


def test_a_range_has_gaps_where_there_were_no_samples(prometheus_url):
    grid = Grid.spanning(END - 3 * HOUR, END, 15 * MINUTE)
    (web,) = asked(prometheus_url, 'level{service="web"}', grid).series
    # The gap is from END − 2h up to END − 1h30. At its begin the sample of a minute before still counts (Prometheus
    # looks back five minutes), at its end there is a new one: of the three quarters only END − 1h45 is empty.
    assert web.values == (2.0,) * 5 + (None,) + (2.0,) * 7


def test_nan_and_infinity_become_none(prometheus_url):
    answer = asked(prometheus_url, "odd")
    assert {s.labels["service"]: s.last for s in answer.series} == {"api": None, "web": None, "worker": 7.0}


def test_a_scalar_is_one_series_without_labels(prometheus_url):
    (series,) = asked(prometheus_url, "scalar(vector(4))").series
    assert (series.labels, series.values) == ({}, (4.0,))


def test_a_range_vector_is_not_accepted_as_an_instant_answer(prometheus_url):
    assert "range vector" in refused(prometheus_url, "level[5m]").message


def test_the_server_reports_its_version_and_retention(prometheus_url):
    async def run():
        async with PrometheusClient(settings(prometheus_url)) as client:
            return await client.server_info()

    info = asyncio.run(run())
    assert info.retention_seconds == 400 * 86400
    assert info.version is not None
    assert info.version.startswith("2.")


def test_another_engine_without_status_pages_has_no_version(proxy):
    proxy.faults.append(Fault("404", match=lambda seen: "/status/" in seen.path))

    async def run():
        async with PrometheusClient(settings(proxy.url)) as client:
            return await client.server_info()

    assert asyncio.run(run()) == ServerInfo(None, None)


def test_requests_are_posted_with_credentials_agent_and_timeout(proxy):
    asked(proxy.url, timeout_seconds=2.5)
    (seen,) = proxy.requests
    assert (seen.method, seen.path) == ("POST", "/api/v1/query")
    assert seen.params == {"query": "level", "time": str(END), "timeout": "2500ms"}
    assert seen.headers["user-agent"] == f"sresnap/{__version__}"
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.headers["x-api-key"] == "key-77-secret"


def test_basic_auth_is_sent(proxy):
    asked(proxy.url, headers={}, basic_auth=("me", SecretStr("pw")))
    assert proxy.requests[0].headers["authorization"] == "Basic bWU6cHc="


def test_warnings_and_infos_are_kept_without_our_credentials(proxy):
    proxy.faults.append(Fault("warnings", text=f"partial: {TOKEN}"))
    assert asked(proxy.url).warnings == ("partial: ***",)
    proxy.faults[0] = Fault("infos", text="not a counter")
    assert asked(proxy.url).infos == ("not a counter",)


# Each fault and its message


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault("html"), "bad_answer", "HTML page came in place of JSON"),
        (Fault("html_error"), "query_failed", "HTTP 500), with an HTML page"),
        (Fault("truncated"), "bad_answer", "the JSON breaks off"),
        (Fault("not_prometheus"), "bad_answer", "not an answer of Prometheus"),
        (Fault("400", text=f"parse\nerror {TOKEN}"), "query_failed", "rejects the query (HTTP 400): parse error ***"),
        (Fault("401"), "refused", "HTTP 401"),
        (Fault("403"), "refused", "prometheus.bearer_token_env"),
        (Fault("404"), "bad_answer", "path prefix"),
        (Fault("413"), "refused", "too large"),
        (Fault("422", text="division by cats"), "query_failed", "division by cats"),
        (Fault("429"), "refused", "injected 429; lower prometheus.concurrency (3 attempts)"),
        (Fault("500", text="key-77-secret"), "query_failed", "failed (HTTP 500): ***"),
        (Fault("502"), "unreachable", "HTTP 502"),
        (Fault("503"), "unreachable", "HTTP 503"),
        (Fault("504"), "unreachable", "(3 attempts)"),
        (Fault("503_timeout"), "timeout", "gave the query up"),
        (Fault("reset"), "unreachable", "connection was lost"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_each_fault_has_its_message(proxy, fault, kind, words):
    proxy.faults.append(fault)
    error = refused(proxy.url)
    assert words in error.message
    assert error.kind == kind
    assert len(error.message) < 500


def test_a_message_of_prometheus_is_cut_to_one_short_line(proxy):
    proxy.faults.append(Fault("400", text="very\nlong " * 200))
    message = refused(proxy.url).message
    assert message.endswith("…")
    assert "\n" not in message
    assert len(message) < 400


def test_a_redirect_is_reported_without_its_secrets_and_not_followed(proxy):
    proxy.faults.append(Fault("redirect", text="https://me:userinfo-secret@sso.example/login?token=query-secret"))
    error = refused(proxy.url)
    assert (
        "redirects to https://sso.example/login: a login page? set prometheus.url to the final address" in error.message
    )
    assert len(proxy.requests) == 1


def test_a_hang_ends_after_the_timeout_and_is_not_sent_again(proxy):
    proxy.faults.append(Fault("hang"))
    started = time.monotonic()
    error = refused(proxy.url, timeout_seconds=0.3)
    assert time.monotonic() - started < 5
    assert (error.kind, error.transport) == ("timeout", True)
    assert "no answer within 0.3 s" in error.message
    assert len(proxy.requests) == 1


def test_a_refused_connection_says_so():
    error = refused(f"http://127.0.0.1:{free_port()}")
    assert "connection refused" in error.message
    assert error.transport


def test_an_unknown_host_says_so():
    assert "cannot be resolved" in refused("http://nowhere.invalid:9090").message


def test_https_to_a_plain_port_is_a_tls_error(prometheus_url):
    error = refused(prometheus_url.replace("http:", "https:"))
    assert "TLS failed (wrong version number)" in error.message


@pytest.mark.usefixtures("waits")
def test_the_retries_log_nothing_secret(proxy):
    proxy.faults.append(Fault("503", text=TOKEN, times=1))
    with logged() as records:
        asked(proxy.url)
    assert any("503" in record.getMessage() for record in records)
    assert all("secret" not in str(record.__dict__) for record in records if record.name != "asyncio")


# Retries


@pytest.mark.parametrize("kind", ["429", "502", "503", "504", "reset"])
def test_a_passing_fault_costs_a_retry_and_nothing_else(proxy, kind):
    proxy.faults.append(Fault(kind, times=2))
    assert len(asked(proxy.url).series) == 3
    assert len(proxy.requests) == 3


@pytest.mark.parametrize("kind", ["400", "401", "403", "404", "422", "500", "html", "503_timeout"])
def test_a_query_that_would_fail_again_is_sent_once(proxy, kind):
    proxy.faults.append(Fault(kind))
    refused(proxy.url)
    assert len(proxy.requests) == 1


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(proxy, form):
    # A date has whole seconds: two seconds from now is at least one second away.
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    proxy.faults.append(Fault("429", times=1, retry_after="1" if form == "seconds" else date))
    started = time.monotonic()
    asked(proxy.url)
    assert 0.9 < time.monotonic() - started < 10


@pytest.mark.usefixtures("waits")
def test_a_pause_beyond_the_deadline_is_not_waited_for(proxy):
    proxy.faults.append(Fault("429", match="level", retry_after="40"))
    started = time.monotonic()
    result = fetched(proxy.url, [level(), level(promql='sum by (service) (odd{{service=~"{service}"}})')])[0]
    assert time.monotonic() - started < 5
    assert {f.kind for f in result.failures.values()} == {"refused"}


# Many queries


def test_results_come_in_the_order_of_the_queries_with_their_provenance(proxy):
    queries = [level(grid=Grid.instant(END - MINUTE * i)) for i in range(10)]
    seen = []
    results = fetched(proxy.url, queries, on_result=seen.append)
    assert [r.query for r in results] == queries
    assert sorted(map(id, seen)) == sorted(map(id, results))
    (run,) = results[0].runs
    assert run.promql == 'sum by (service) (level{service=~"api|web|worker"})'
    assert (run.grid, run.series, run.failure) == (INSTANT, 3, None)
    assert len(proxy.queries) == 10


@pytest.mark.parametrize(
    "kind", ["html", "truncated", "400", "401", "404", "422", "429", "500", "503", "reset", "hang"]
)
def test_a_fault_costs_only_its_own_query(proxy, kind):
    proxy.faults.append(Fault(kind, match="odd"))
    bad = level(promql='sum by (service) (odd{{service=~"{service}"}})')
    good, failed, other = fetched(proxy.url, [level(), bad, level(("api",))], timeout_seconds=2)
    assert set(good.values) == set(SERVICES)
    assert set(other.values) == {"api"}
    assert (set(failed.failures), failed.values) == (set(SERVICES), {})
    assert failed.unsure == dict.fromkeys(SERVICES, frozenset({END}))
    assert failed.runs[0].failure == failed.failures["api"]


def test_a_warning_leaves_the_times_unsure(proxy):
    proxy.faults.append(Fault("warnings", match="level"))
    (result,) = fetched(proxy.url, [level(grid=HOUR_GRID)])
    assert set(result.values) == set(SERVICES)
    assert result.unsure == dict.fromkeys(SERVICES, frozenset(HOUR_GRID.times()))
    assert result.runs[0].warnings == ("injected",)


def test_several_series_for_one_service_are_ambiguous_and_name_the_label(prometheus_url):
    query = level(promql='{{__name__=~"by_pod|level", service=~"{service}"}} * 1')
    (result,) = fetched(prometheus_url, [query])
    assert "pod" in result.failures["api"].message
    assert "zone" in result.failures["api"].message
    assert "avg by (service) (…) or max by (service) (…)" in result.failures["api"].message
    assert result.failures["api"].kind == "ambiguous"
    assert result.values["api"].last is None


# Too large


def test_the_refusal_of_eleven_thousand_points_can_be_split(prometheus_url):
    error = refused(prometheus_url, grid=Grid.spanning(END - 4 * HOUR, END, 1))
    assert (error.splittable, error.too_long, error.kind) == (True, True, "refused")
    assert "11,000 points" in error.message


def test_a_long_range_is_cut_before_it_is_sent(proxy):
    grid = Grid.spanning(END - 4 * HOUR, END, 1)  # 14,401 points
    (result,) = fetched(proxy.url, [level(("worker",), grid)])
    assert [int(s.params["end"]) - int(s.params["start"]) + 1 for s in proxy.queries] in ([7200, 7201], [7201, 7200])
    assert result.values["worker"].grid == grid
    assert result.values["worker"].values == (3.0,) * 14401
    assert result.failures == {}


def test_a_refused_range_is_split_by_time_and_reassembled(proxy, monkeypatch):
    monkeypatch.setattr(fetching, "cut", lambda query: [query])
    grid = Grid.spanning(END - 4 * HOUR, END, 1)
    (result,) = fetched(proxy.url, [level(("api", "worker"), grid)])
    assert len(proxy.queries) == 3  # the refused one and its halves; fewer services would not have helped
    assert result.values["api"].values == (1.0,) * 14401
    assert result.failures == {}
    assert [run.failure is None for run in result.runs] == [False, True, True]


@pytest.fixture(scope="module")
def narrow_url(tmp_path_factory):
    """A Prometheus that refuses queries of more than 200 samples."""
    with prometheus_of(openmetrics(), tmp_path_factory.mktemp("narrow"), flags=["--query.max-samples=200"]) as url:
        yield url


def test_too_many_samples_are_split_by_service_then_by_time(narrow_url, prometheus_url):
    query = level(grid=Grid.spanning(END - 4 * HOUR, END, MINUTE))
    with FaultProxy(narrow_url) as proxy:
        (result,) = fetched(proxy.url, [query])
        promqls = [seen.query for seen in proxy.queries]
    (whole,) = fetched(prometheus_url, [query])
    assert result.values == whole.values
    assert result.failures == result.unsure == {}
    assert 'sum by (service) (level{service=~"api"})' in promqls
    assert len(promqls) > 6
    assert len(result.runs) == len(promqls)


def test_only_the_query_that_cannot_be_split_small_enough_fails_and_within_bounds(narrow_url):
    heavy = level(promql='sum by (service) (count_over_time(level{{service=~"{service}"}}[4h]))', grid=HOUR_GRID)
    with FaultProxy(narrow_url) as proxy:
        failed, fine = fetched(proxy.url, [heavy, level()])
        assert len(proxy.queries) <= 2 ** (fetching.MAX_SPLITS + 1)
    assert set(failed.failures) == set(SERVICES)
    assert "too many samples" in failed.failures["api"].message
    assert set(fine.values) == set(SERVICES)


def test_a_failed_piece_leaves_a_gap_and_the_rest_stays(proxy, monkeypatch):
    monkeypatch.setattr(fetching, "cut", lambda query: [query])
    grid = Grid.spanning(END - 4 * HOUR, END, 1)
    late = str(END)  # the second half ends there; the refused whole does too, but starts earlier
    middle = str(END - 4 * HOUR + 7200)
    proxy.faults.append(Fault("500", match=lambda s: s.params.get("end") == late and s.params.get("start") == middle))
    (result,) = fetched(proxy.url, [level(("api",), grid)])
    assert result.values["api"].values == (1.0,) * 7200 + (None,) * 7201
    assert result.failures["api"].kind == "query_failed"
    assert result.unsure == {"api": frozenset(grid.times()[7200:])}


# The deadline, and servers that answer nothing


def test_the_deadline_ends_running_and_waiting_queries(proxy):
    proxy.faults.append(Fault("slow", match="odd", seconds=10))
    bad = level(promql='sum by (service) (odd{{service=~"{service}"}})')
    started = time.monotonic()
    results = fetched(proxy.url, [level(), *[bad] * 6], deadline_seconds=2, concurrency=2)
    assert time.monotonic() - started < 7
    assert results[0].failures == {}
    assert {f.kind for r in results[1:] for f in r.failures.values()} == {"deadline"}
    assert "deadline of 2 s" in results[-1].failures["api"].message


def unreachable(url, queries, **changes):
    started = time.monotonic()
    with pytest.raises(PrometheusUnreachable) as caught:
        fetched(url, queries, **changes)
    assert "secret" not in f"{caught.value!r} {caught.value.hint} {caught.value.__cause__!r}"
    assert url in caught.value.message
    return caught.value.message, time.monotonic() - started


def test_a_refusing_server_ends_everything_at_once():
    message, seconds = unreachable(f"http://127.0.0.1:{free_port()}", [level()] * 30)
    assert "connection refused" in message
    assert seconds < 2


def test_a_hanging_server_costs_one_timeout(proxy):
    proxy.faults.append(Fault("hang"))
    message, seconds = unreachable(proxy.url, [level()] * 30, timeout_seconds=0.5)
    assert "no answer within 0.5 s" in message
    assert seconds < 5  # one for each would be 15 s
    assert len(proxy.requests) == 1


def test_a_server_whose_queries_hang_costs_one_timeout_too(proxy):
    proxy.faults.append(Fault("hang", match="level"))
    message, seconds = unreachable(proxy.url, [level()] * 30, timeout_seconds=0.5)
    assert "no answer within 0.5 s" in message
    assert seconds < 5


@pytest.mark.parametrize(("kind", "words"), [("401", "HTTP 401"), ("html", "HTML page"), ("404", "path prefix")])
def test_when_every_query_fails_the_commonest_cause_is_named(proxy, kind, words):
    proxy.faults.append(Fault(kind))
    message, _ = unreachable(proxy.url, [level()] * 5)
    assert words in message


def test_a_server_that_dies_midway_does_not_cost_a_timeout_for_every_query(proxy):
    proxy.faults.append(Fault("hang", match="odd"))
    bad = level(promql='sum by (service) (odd{{service=~"{service}"}})')
    started = time.monotonic()
    results = fetched(proxy.url, [level()] * 3 + [bad] * 40, timeout_seconds=1.0, concurrency=2)
    assert time.monotonic() - started < 12  # 20 timeouts in pairs would be 20 s
    assert all(r.failures == {} for r in results[:3])
    assert all(set(r.failures) == set(SERVICES) for r in results[3:])
    last = results[-1].failures["api"]
    assert last.kind == "unreachable"
    assert "Prometheus stopped answering" in last.message


def test_cancelling_leaves_nothing_running(proxy):
    proxy.faults.append(Fault("hang", match="level"))

    async def run():
        async with PrometheusClient(settings(proxy.url)) as client:
            task = asyncio.create_task(fetch(client, [level()] * 20, deadline_seconds=20))
            await asyncio.sleep(0.3)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}

    started = time.monotonic()
    asyncio.run(run())
    assert time.monotonic() - started < 5


def test_nothing_shows_the_secrets(prometheus_url):
    async def run():
        async with PrometheusClient(settings(prometheus_url, basic_auth=("me", SecretStr(PASSWORD)))) as client:
            return f"{client!r} {client.settings!r} {vars(client)!r}"

    shown = asyncio.run(run())
    assert TOKEN not in shown
    assert PASSWORD not in shown
    assert "key-77" not in shown


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A Prometheus that speaks https with a certificate of its own, and the certificate's file."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key, web = folder / "cert.pem", folder / "key.pem", folder / "web.yml"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [
        need_tool("openssl"),
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    subprocess.run([*command, "-keyout", key, "-out", cert, "-days", "9", *names], check=True, capture_output=True)
    web.write_text(f"tls_server_config: {{cert_file: {cert}, key_file: {key}}}\n")
    with prometheus(folder / "tsdb", flags=[f"--web.config.file={web}"], ca_file=cert) as url:
        yield url, cert


def test_a_certificate_is_trusted_only_with_its_authority_or_without_checking(tls):
    url, cert = tls
    assert "certificate is not trusted (self-signed certificate): set prometheus.ca_file" in refused(url).message
    assert asked(url, "vector(1)", ca_file=cert).series[0].last == 1.0
    assert asked(url, "vector(1)", verify=False).series[0].last == 1.0


def test_plain_http_to_an_https_port_says_so(tls):
    assert "begin prometheus.url with https://" in refused(tls[0].replace("https:", "http:")).message


def test_a_tls_1_3_server_that_wants_a_client_certificate_says_so(tls):
    # in TLS 1.3 the refusal comes after the handshake, when the answer is read
    _, cert = tls
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(cert, cert.with_name("key.pem"))
    context.load_verify_locations(cert)
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=refuse_clients, args=(listening, context), daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(PrometheusUnreachable) as caught:
            fetched(url, [level()], ca_file=cert)
        assert caught.value.exit_code == 4
        assert "does it want a client certificate?" in caught.value.message
        listening.shutdown(socket.SHUT_RDWR)  # ends the thread's accept
    thread.join(5)


def refuse_clients(listening, context):
    with contextlib.suppress(OSError):  # the test closes the socket
        while True:
            connection, _ = listening.accept()
            with context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as wrapped:
                with contextlib.suppress(ssl.SSLError):
                    wrapped.do_handshake()
                # Until the client closes: a reset would overtake the alert.
                while os.read(wrapped.fileno(), 10_000):
                    pass
