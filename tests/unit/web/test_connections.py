"""Every client goes through the environment's proxy, trusts its certificates, and names the variable of a mistake."""

import asyncio
import importlib.util

import pytest
from pydantic import SecretStr

from sresnap.config.settings import PrometheusSettings
from sresnap.errors import ExitCode, PublishFailed, UsageError
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.errors import QueryError
from sresnap.publish.targets.website import Website
from sresnap.web.tls import shared, trusted
from tests.raw_server import answer, raw_server

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")
VECTOR = b'{"status": "success", "data": {"resultType": "vector", "result": []}}'


@pytest.fixture(scope="module")
def proxy():
    with raw_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def prometheus(url, **changes):
    async def run():
        async with PrometheusClient(PrometheusSettings(url, timeout_seconds=5, **changes)) as client:
            return await client.query("up", 7)

    return asyncio.run(run())


CLIENTS = {"prometheus": prometheus, "website": lambda url: Website(url).read("latest.json")}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_goes_through_the_proxy_with_its_login(proxy, monkeypatch, client):
    monkeypatch.setenv("HTTP_PROXY", f"http://me:pass%20word@{proxy.address}")
    proxy.answer = answer(VECTOR)
    CLIENTS[client]("http://behind.example")
    head = proxy.requests[-1]
    assert head.split()[1].startswith("http://behind.example/")
    assert "Proxy-Authorization: Basic bWU6cGFzcyB3b3Jk" in head  # base64 of "me:pass word"


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "127.0.0.0/8", "*", "[::1], 127.0.0.1", "::1 fe80::/10 127.0.0.1"])
def test_a_client_reaches_a_host_of_no_proxy_directly(proxy, monkeypatch, client, no_proxy):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    proxy.answer = answer(VECTOR)
    CLIENTS[client](proxy.url)
    assert proxy.requests[-1].split()[1].startswith("/")


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTP_PROXY", "ftp://proxy.example"),
        ("HTTP_PROXY", "http://proxy.example:999999"),
        ("ALL_PROXY", "gopher://proxy.example"),
        ("http_proxy", "http://["),
    ],
)
def test_a_proxy_that_cannot_be_used_ends_with_its_variables_name(monkeypatch, client, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError, match=variable) as caught:
        CLIENTS[client]("http://prom.example")
    assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("client", CLIENTS)
def test_a_server_that_does_not_run_is_not_the_proxys_fault(monkeypatch, client):
    monkeypatch.setattr("sresnap.publish.targets.website._ATTEMPTS", 1)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises((QueryError, PublishFailed), match=r"connection refused|Connection refused|attempts failed"):
        CLIENTS[client]("http://127.0.0.1:1")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_socks_proxy_needs_an_extra_whose_name_is_in_the_message(monkeypatch, client):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(UsageError, match="ALL_PROXY names a SOCKS proxy") as caught:
        CLIENTS[client]("http://prom.example")
    assert caught.value.hint == "pip install 'httpx[socks]'"


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_there_end_with_their_variables_name(monkeypatch, tmp_path, client, variable):
    monkeypatch.setenv(variable, str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=rf"{variable} .*nowhere\): there is no such") as caught:
        CLIENTS[client]("https://prom.example")
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_file_of_certificates_without_any_is_named(tmp_path):
    (tmp_path / "empty.pem").write_text("no certificate")
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        trusted({"SSL_CERT_FILE": str(tmp_path / "empty.pem")})
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        trusted({"SSL_CERT_FILE": "a\0b"})


def test_certificates_do_not_matter_without_tls(proxy, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    proxy.answer = answer(VECTOR)
    assert prometheus(proxy.url).series == ()


@pytest.mark.parametrize("url", ["http://xn--/", "http://\u2488/", "http://[::1/"])
def test_an_address_without_a_readable_host_is_a_mistake(url):
    with pytest.raises(UsageError) as caught:
        Website(url)
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_redirect_to_an_address_without_a_readable_host_is_reported(proxy):
    proxy.answer = answer(b"", "Location: http://xn--/", status="302 Found")
    with pytest.raises(Exception, match="redirects to an invalid address"):
        Website(proxy.url).read("latest.json")


def test_a_login_in_headers_goes_to_no_proxy_of_tls(proxy, monkeypatch):
    # CONNECT is all that a proxy of https:// sees
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    proxy.answer = answer(b"", status="403 Forbidden")
    with pytest.raises(Exception, match="proxy"):
        prometheus("https://prom.example", headers={"Authorization": SecretStr("Bearer hunter2")})
    assert "CONNECT prom.example:443" in proxy.requests[-1]
    assert "hunter2" not in proxy.requests[-1]


def test_the_bundled_certificates_are_read_once_and_certificates_of_the_environment_each_time(tmp_path):
    assert shared({}) is shared({"SSL_CERT_FILE": ""})
    assert trusted({}) is not trusted({}), "who adds a client's certificate has a context of its own"
    (tmp_path / "ca").mkdir()
    of_environment = {"SSL_CERT_DIR": str(tmp_path / "ca")}
    assert shared(of_environment) is not shared(of_environment)
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        shared({"SSL_CERT_FILE": str(tmp_path / "none.pem")})
