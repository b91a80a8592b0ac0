"""Answers that no real server gives on demand: strange headers, broken certificates, other engines' limits."""

import asyncio
import threading
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from sresnap.config.settings import PrometheusSettings
from sresnap.errors import UsageError
from sresnap.model.series import Grid
from sresnap.prometheus import PrometheusClient, QueryError, client, explain
from sresnap.prometheus.client import ServerInfo
from sresnap.prometheus.explain import retry_after_seconds
from sresnap.prometheus.redact import Redactor
from tests.streamed import Streamed


def settings(**changes):
    return PrometheusSettings("http://prom.example", **changes)


def ask(handler, call=lambda c: c.query("up", 7), **changes):
    async def run():
        async with PrometheusClient(settings(**changes), transport=Streamed(handler)) as asked:
            return await call(asked)

    return asyncio.run(run())


def refused(handler, **changes):
    with pytest.raises(QueryError) as caught:
        ask(handler, **changes)
    return caught.value


@pytest.mark.parametrize(
    ("status", "text", "too_long"),
    [
        (400, "exceeded maximum resolution of 11,000 points per timeseries", True),
        (422, "query processing would load too many samples into memory in query execution", False),
        (422, "cannot select more than -search.maxSamplesPerQuery=1000000000 samples", False),
        (422, "the number of matching timeseries exceeds 300000", False),
        (422, f"error when executing query={'x' * 2000}: the number of matching timeseries exceeds 8", False),
        (422, "too many points for the given start=1, end=2 and step=1: 40000; the maximum number is 30000", True),
        (422, "the query exceeded the maximum number of chunks (err-mimir-max-chunks-per-query)", False),
        (413, "", False),
        (414, "", False),
    ],
)
def test_refusals_for_size_can_be_split(status, text, too_long):
    error = refused(lambda _: httpx.Response(status, json={"status": "error", "errorType": "x", "error": text}))
    assert (error.kind, error.splittable, error.too_long) == ("refused", True, too_long)


def test_an_answer_that_is_too_large_can_be_split(monkeypatch):
    monkeypatch.setattr(client, "MAX_ANSWER_BYTES", 100)
    error = refused(lambda _: httpx.Response(200, content=b"x" * 101))
    assert (error.kind, error.splittable) == ("refused", True)


@pytest.mark.parametrize("location", ["http://[broken", "", "/login?next=hunter2", "//u:hunter2@sso/x#hunter2"])
def test_a_redirect_may_lead_anywhere(location):
    error = refused(lambda _: httpx.Response(307, headers={"Location": location}))
    assert "redirects to" in error.message
    assert "hunter2" not in error.message


def test_http_spoken_to_an_https_port_says_so():
    error = refused(lambda _: httpx.Response(400, text="Client sent an HTTP request to an HTTPS server.\n"))
    assert "https://" in error.message


def test_an_unknown_error_page_is_not_repeated():
    error = refused(lambda _: httpx.Response(418, text="debug dump: Authorization: hunter2"))
    assert error.message == "Prometheus failed (HTTP 418)"


def test_exceptions_of_httpx_are_not_repeated():
    def handler(request):
        raise httpx.LocalProtocolError("Illegal header value b'hunter2'", request=request)

    error = refused(handler)
    assert "prometheus.headers" in error.message
    assert error.__context__ is None
    assert error.__cause__ is None


def test_the_range_is_sent_as_start_end_and_step():
    forms = []

    def handler(request):
        forms.append(dict(httpx.QueryParams(request.content.decode())))
        return httpx.Response(200, json={"status": "success", "data": {"resultType": "matrix", "result": []}})

    ask(handler, lambda c: c.query_range("up", Grid(60, 30, 3)))
    assert forms == [{"query": "up", "start": "60", "end": "120", "step": "30", "timeout": "30000ms"}]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15d", 1296000), ("400d or 10GB", 34560000), ("10GB", None), ("4w", 2419200), (None, None), (3, None)],
)
def test_retention_is_read_where_it_is_a_time(text, seconds):
    def handler(request):
        data = {"version": "3.1.0"} if request.url.path.endswith("buildinfo") else {"storageRetention": text}
        return httpx.Response(200, json={"status": "success", "data": data})

    assert ask(handler, lambda c: c.server_info()) == ServerInfo("3.1.0", seconds)


def test_a_header_with_a_line_break_is_named_and_not_shown():
    with pytest.raises(UsageError) as caught:
        PrometheusClient(settings(headers={"Authorization": SecretStr("Bearer a\r\nb-hunter2")}))
    assert "prometheus.headers.Authorization" in caught.value.message
    assert "hunter2" not in f"{caught.value!r} {caught.value.hint}"


def test_a_trailing_line_break_in_a_secret_file_is_accepted():
    PrometheusClient(settings(headers={"Authorization": SecretStr("Bearer abc\n")}))


def test_certificates_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.pem\): there is no such file"):
        PrometheusClient(settings(ca_file=tmp_path / "nowhere.pem"))
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with pytest.raises(UsageError, match=r"broken\.pem"):
        PrometheusClient(settings(cert_file=broken))


def at(monkeypatch, moment):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    monkeypatch.setattr(explain, "datetime", Stopped)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, None), ("7", 7.0), ("soon", None), ("-1", None), ("Sun, 22 Nov 2026 21:00:09 GMT", 9.0)],
)
def test_retry_after_holds_seconds_or_a_date(header, seconds, monkeypatch):
    at(monkeypatch, datetime(2026, 11, 22, 21, tzinfo=UTC))
    assert retry_after_seconds(header) == seconds


def test_a_date_that_has_passed_means_now(monkeypatch):
    at(monkeypatch, datetime(2026, 11, 22, 22, tzinfo=UTC))
    assert retry_after_seconds("Sun, 22 Nov 2026 21:00:09 GMT") == 0


def test_texts_of_the_server_lose_our_credentials_in_every_form():
    redact = Redactor(
        settings(headers={"Authorization": SecretStr("Bearer to/ken")}, basic_auth=("me", SecretStr("pass word")))
    )
    # base64 of "me:pass word"
    assert redact("to/ken to%2Fken pass%20word bWU6cGFzcyB3b3Jk") == "*** *** *** ***"
    assert redact("a\n b") == "a b"


def test_a_tenant_of_one_digit_does_not_garble_every_number():
    assert Redactor(settings(headers={"X-Scope-OrgID": SecretStr("1")}))("11 of 12") == "11 of 12"


@pytest.mark.parametrize(("size", "threads"), [(5_000, 0), (50_000, 1)])
def test_only_a_large_answer_is_decoded_in_a_thread_for_the_time_outs_of_others(size, threads):
    answer = {"status": "success", "data": {"resultType": "vector", "result": []}, "padding": "x" * size}

    async def call(asked):
        found = await asked.query("up", 7)
        return found, sum(thread.name.startswith("asyncio_") for thread in threading.enumerate())

    found, started = ask(lambda _: httpx.Response(200, json=answer), call)
    assert (found.series, started) == ((), threads)
