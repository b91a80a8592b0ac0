"""Proxies of the environment, as curl reads them."""

import re

import pytest

from sresnap.errors import ExitCode, UsageError
from sresnap.web.proxies import Proxy, proxy_for

P = "http://proxy.example:3128"


def named(host="prom.example", scheme="http", port=None, **variables):
    found = proxy_for(scheme, host, port, variables)
    return None if found is None else found.variable


@pytest.mark.parametrize(
    ("no_proxy", "host", "port"),
    [
        ("[::1]", "::1", 9090),
        ("::1", "[::1]", 9090),
        ("[::1]:9090", "::1", 9090),
        ("fe80::/10", "fe80::1", None),
        ("fe80::/10", "fe80::1%eth0", None),
        ("[fe80::]/10", "febf::1", None),
        ("0:0:0:0:0:0:0:1", "::1", None),  # the same address, written in another way
        ("10.0.0.0/8", "10.1.2.3", None),
        ("192.168.0.1/16", "192.168.7.7", None),  # host bits do not matter
        ("10.1.2.3", "10.1.2.3", 80),
        ("example.com", "example.com", None),
        ("example.com", "PROM.Example.COM.", None),
        (".example.com", "prom.example.com", None),
        (".example.com", "example.com", None),  # as curl, unlike wget
        ("example.com.", "prom.example.com", None),
        ("prom.example:9090", "prom.example", 9090),
        ("prom.example:80", "prom.example", None),  # 80 is what http:// means
        ("a.example, ,prom.example", "prom.example", None),
        ("a.example prom.example\tb.example", "prom.example", None),
        ("*", "anything.example", None),
        (" * ", "anything.example", None),
        ("localhost", "localhost", 9090),
    ],
)
def test_no_proxy_names_the_host(no_proxy, host, port):
    assert named(host, port=port, HTTP_PROXY=P, NO_PROXY=no_proxy) is None


@pytest.mark.parametrize(
    ("no_proxy", "host", "port"),
    [
        ("", "prom.example", None),
        (",", "prom.example", None),
        ("example.com", "notexample.com", None),
        ("prom.example:9091", "prom.example", 9090),
        ("[::1]:9091", "::1", 9090),
        ("fe80::/10", "fec0::1", None),
        ("10.0.0.0/8", "11.0.0.1", None),
        ("10.0.0.0/8", "10.example", None),
        ("::/0", "10.0.0.1", None),
        ("*.example", "prom.example", None),
        ("a.example,*", "prom.example", None),  # only `*` by itself is every host
        ("https://prom.example/", "prom.example", None),  # curl finds no host in it
        ("2.3", "10.1.2.3", None),  # an address has no domains
        (".", "prom.example", None),
    ],
)
def test_no_proxy_names_another_host(no_proxy, host, port):
    assert named(host, port=port, HTTP_PROXY=P, NO_PROXY=no_proxy) == "HTTP_PROXY"


@pytest.mark.parametrize(
    "entry",
    [
        "10.0.0.0/99",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "::/129",
        "fe80::/x",
        "[",
        "[::1",
        "::1]",
        "[::1]x",
        "[name]",
        "[::1]/200",
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_a_broken_address_of_no_proxy_is_a_mistake(variable, entry):
    with pytest.raises(UsageError, match=rf" {variable} .*: {re.escape(entry)}$") as caught:
        named(**{"HTTP_PROXY": P, variable: f"localhost, {entry}"})
    assert caught.value.exit_code == ExitCode.USAGE
    assert named(**{variable: entry}) is None  # without a proxy it does not matter


def test_a_name_in_lower_case_wins():
    assert named(http_proxy=P, HTTP_PROXY="ftp://x") == "http_proxy"
    assert named(HTTP_PROXY=P, no_proxy="", NO_PROXY="*") == "HTTP_PROXY"
    assert named(HTTP_PROXY=P, no_proxy="*", NO_PROXY="") is None
    assert named(all_proxy=P, ALL_PROXY="ftp://x") == "all_proxy"


def test_each_scheme_has_its_proxy_and_all_proxy_is_for_the_rest():
    assert named(scheme="https", HTTP_PROXY=P) is None
    assert named(scheme="https", HTTPS_PROXY=P) == "HTTPS_PROXY"
    assert named(scheme="https", HTTP_PROXY=P, ALL_PROXY=P) == "ALL_PROXY"
    assert named(HTTP_PROXY=" ", ALL_PROXY=P) == "ALL_PROXY"


def test_a_client_of_a_cgi_script_cannot_set_a_proxy():
    assert named(HTTP_PROXY=P, REQUEST_METHOD="GET") is None


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("proxy.example:3128", Proxy("HTTP_PROXY", "http://proxy.example:3128", None)),
        ("https://proxy.example", Proxy("HTTP_PROXY", "https://proxy.example", None)),
        ("socks5h://[::1]:1080/", Proxy("HTTP_PROXY", "socks5h://[::1]:1080", None)),
        ("http://me:pass%20word@proxy.example", Proxy("HTTP_PROXY", "http://proxy.example", ("me", "pass word"))),
    ],
)
def test_a_proxy_may_lack_its_scheme_and_have_a_login(text, proxy):
    assert proxy_for("http", "prom.example", None, {"HTTP_PROXY": text}) == proxy
    assert "pass" not in repr(proxy)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ftp://u:hunter2@proxy.example", "scheme"),
        ("socks4://proxy.example", "scheme"),
        ("://", "scheme"),
        ("http://u:hunter2@proxy.example:999999", "host or port"),
        ("http://proxy.example:0", "host or port"),
        ("http://proxy.example:hunter2", "host or port"),
        ("http://u:hunter2@", "host or port"),
        ("http://[::1", "host or port"),
        ("http://pro xy/", "host or port"),
        ("http://proxy\x1b.example/", "host or port"),
        ("http://xn--\u2488/", "host or port"),
    ],
)
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable(variable, text, why):
    with pytest.raises(UsageError) as caught:
        proxy_for("http", "prom.example", None, {variable: text})
    assert caught.value.exit_code == ExitCode.USAGE
    assert f" {variable} " in caught.value.message
    assert why in caught.value.message
    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"


def test_a_proxy_that_is_not_needed_may_be_wrong():
    assert named(HTTP_PROXY="ftp://x", NO_PROXY="prom.example") is None
