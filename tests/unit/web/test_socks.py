"""Requests through a SOCKS5 proxy that the environment names."""

import asyncio

import pytest

from sresnap.config.settings import PrometheusSettings
from sresnap.errors import ExitCode, PublishFailed, UsageError
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.errors import QueryError
from sresnap.publish.targets.website import Website
from tests.raw_server import answer, raw_server
from tests.socks_server import socks_server

VECTOR = b'{"status": "success", "data": {"resultType": "vector", "result": []}}'


@pytest.fixture(scope="module")
def server():
    with raw_server() as server:
        server.answer = answer(VECTOR)
        yield server


@pytest.fixture(scope="module")
def running(server):
    with socks_server(server.server_address) as proxy:
        yield proxy


@pytest.fixture
def proxy(running, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    running.login, running.reply, running.words = None, 0, None
    return running


def prometheus(url):
    async def run():
        async with PrometheusClient(PrometheusSettings(url, timeout_seconds=1)) as client:
            return await client.query("up", 7)

    return asyncio.run(run())


CLIENTS = {"prometheus": prometheus, "website": lambda url: Website(url).read("latest.json")}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTP_PROXY"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_request_goes_through_the_proxy(proxy, monkeypatch, client, variable, scheme):
    monkeypatch.setenv(variable, f"{scheme}://{proxy.address}")
    CLIENTS[client]("http://behind.example:9090")
    assert proxy.asked[-1] == ("behind.example", 9090)  # the proxy looks the name up


@pytest.mark.parametrize("url", ["http://[2001:db8::7]:9090", "http://192.0.2.7:9090"])
@pytest.mark.parametrize("client", CLIENTS)
def test_an_address_goes_through_the_proxy_as_it_is(proxy, monkeypatch, client, url):
    monkeypatch.setenv("ALL_PROXY", f"socks5h://{proxy.address}")
    CLIENTS[client](url)
    assert proxy.asked[-1] in {("2001:db8::7", 9090), ("192.0.2.7", 9090)}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_login_is_sent_to_the_proxy(proxy, monkeypatch, client):
    proxy.login = ("me", "pass word")
    monkeypatch.setenv("ALL_PROXY", f"socks5h://me:pass%20word@{proxy.address}")
    CLIENTS[client]("http://behind.example")
    assert proxy.asked[-1] == ("behind.example", 80)


@pytest.fixture
def refused(proxy, monkeypatch):
    """What a client says when the proxy lets nothing through."""

    def run(client, address=proxy.address):
        monkeypatch.setenv("ALL_PROXY", f"socks5h://{address}")
        monkeypatch.setattr("sresnap.publish.targets.website._ATTEMPTS", 1)
        monkeypatch.setattr("sresnap.publish.targets.website._TIMEOUT", 0.2)
        with pytest.raises((QueryError, PublishFailed)) as caught:
            CLIENTS[client]("http://behind.example")
        _, named, why = caught.value.message.partition("there is no connection through the proxy that ALL_PROXY names:")
        assert named
        return why

    return run


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("login", "why"), [("", "it wants a login"), ("me:wrong@", "it refuses the login")])
def test_a_login_that_the_proxy_does_not_take_is_its_refusal(proxy, refused, client, login, why):
    proxy.login = ("me", "right")
    assert why in refused(client, f"{login}{proxy.address}")


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("reply", "why"),
    [(1, "general server failure"), (2, "not allowed by ruleset"), (5, "connection refused"), (99, "not SOCKS5")],
)
def test_a_connection_that_the_proxy_cannot_make_is_its_refusal(proxy, refused, client, reply, why):
    proxy.reply = reply
    assert why in refused(client)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "its answer is not SOCKS5"),
        (b"\x05", "its answer is not SOCKS5"),
        (b"\x05\x01", "it wants a login"),
        (b"", "it does not answer in time"),
    ],
)
def test_a_proxy_with_other_answers_or_none_is_named(proxy, refused, client, words, why):
    proxy.words = words
    assert why in refused(client)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_proxy_that_does_not_run_is_named_and_not_prometheus(refused, client):
    assert "is it running?" in refused(client, "127.0.0.1:1")


@pytest.mark.parametrize("login", [":pw", "me:", "u" * 256 + ":pw", "me:" + "%C3%BC" * 128])
def test_a_login_that_the_protocol_cannot_carry_is_a_mistake(proxy, monkeypatch, login):
    monkeypatch.setenv("ALL_PROXY", f"socks5h://{login}@{proxy.address}")
    with pytest.raises(UsageError, match=r"ALL_PROXY .*1 to 255 bytes") as caught:
        prometheus("http://behind.example")
    assert caught.value.exit_code == ExitCode.USAGE
