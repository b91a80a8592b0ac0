"""Leaks are found, and text that only looks like a leak passes."""

import base64
import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sresnap.errors import UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.refusal import refuse_if_any
from sresnap.leaks.scan import leaks_in_file


def leaks(name, content, rules=None):
    return leaks_in_file(name, content, rules or PublicationRules())


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
SIGNS = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR" * 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Authorization: Bearer abcdef0123456789", "a bearer token"),
        ('"authorization": "bearer geheimesWort"', "a bearer token"),
        ("Authorization: Basic " + base64.b64encode(b"me:hunter2").decode(), "a login"),
        ("ghp_" + "a1B2" * 9, "a token of GitHub"),
        ("github_pat_11ABCDEFG0abcdefghijkl", "a token of GitHub"),
        ("glpat-abcdefghij0123456789", "a token of GitLab"),
        ("xoxb-123456789012-abcdef", "a token of Slack"),
        ("xoxe-123456789012-abcdef", "a token of Slack"),
        ("xapp-1-A0123456789-abcdef", "a token of Slack"),
        ("https://hooks.slack.com/services/" + "T01234567/B01234567/" + SIGNS[:24], "the address of a webhook"),
        ("AKIAIOSFODNN7EXAMPLE", "an access key of AWS"),
        ("AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "a secret key of AWS"),
        ("DefaultEndpointsProtocol=https;AccountKey=" + SIGNS + "==", "a key of Azure"),
        ("https://x.blob.core.windows.net/c?sv=2024-11-04&sig=" + SIGNS[:43] + "%3D", "credentials in an address"),
        ("AIza" + SIGNS[:35], "a key of Google"),
        ("sk_live_" + SIGNS[:24], "a key of Stripe"),
        ("sk-proj-" + SIGNS[:40], "a key of OpenAI or Anthropic"),
        ("npm_" + SIGNS[:36], "a token of npm"),
        ("pypi-" + "AgEIcHlwaS5vcmc" + SIGNS, "a token of PyPI"),
        ("hvs." + SIGNS[:24], "a token of Vault"),
        (JWT, "a JSON Web Token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----", "a private key"),
        ("https://user:hunter2@prom.example/x", "credentials in an address"),
        ("https://user:hun/ter?2@prom.example/x", "credentials in an address"),
        ("https://tok3n@prom.example/x", "credentials in an address"),
        ("https://x.example/?a=1&token=hunter2", "credentials in an address"),
        ("https://x.example/?api_key=hunter2", "credentials in an address"),
        ("https://x.example/?password=hunter2", "credentials in an address"),
        ('{"url":"https:\\/\\/u:pw@h.example"}', "credentials in an address"),
        ('instance="10.1.2.3:9100"', "a private address"),
        ("192.168.0.17", "a private address"),
        ("172.16.0.1,", "a private address"),
        ("at 172.31.255.254.", "a private address"),
        ("169.254.169.254", "a private address"),
        ("100.64.0.1:80", "a private address"),
        ("100.127.255.254", "a private address"),
        ("http://[fd00::1]:9090", "a private address"),
        ("fd12:3456:789a:1::1", "a private address"),
        ("fe80::1%eth0", "a private address"),
        ("fe80::1: no route", "a private address"),
        ("http://prometheus.monitoring.svc:9090/", "a private host name"),
        ("prometheus.monitoring.svc.cluster.local", "a private host name"),
        ("prometheus.monitoring.svc", "a private host name"),
        ("http://prom.svc/", "a private host name"),
        ("prom.svc:9090", "a private host name"),
        ("ip-10-0-0-1.eu-west-1.compute.internal", "a private host name"),
        ("my-laptop.local", "a private host name"),
        ("my_node.lan:9100", "a private host name"),
        ("bücher.corp", "a private host name"),
        ("nas.home.arpa", "a private host name"),
        ("wiki.intranet", "a private host name"),
        ("wiki.intra", "a private host name"),
        ("db.localdomain", "a private host name"),
        ("http://prometheus:9090", "a private host name"),
        ("https://prometheus/graph", "a private host name"),
        ("https://größe_1/graph", "a private host name"),
    ],
)
def test_what_must_not_be_public_is_found(text, what):
    found = leaks("snapshots/x.json", f"first\n{text}\n".encode())
    assert any(str(leak).startswith(f"snapshots/x.json:2 holds {what}") for leak in found), found


@pytest.mark.parametrize(
    "text", ["10.1.2.3", "172.16.0.1", "http://prometheus.monitoring.svc:9090/", "my-laptop.local"]
)
def test_private_addresses_may_go_to_a_private_target(text):
    assert leaks("x.json", text.encode())
    assert leaks("x.json", text.encode(), PublicationRules(private=True)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdef0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN PRIVATE KEY-----",
        "http://user:hunter2@10.1.2.3:9090",
        "https://u:pw@prom.acme.svc",
    ],
)
def test_tokens_and_credentials_never_go_to_a_private_target(text):
    found = leaks("x.json", text.encode(), PublicationRules(private=True))
    assert found
    assert not any(leak.is_private or "hunter2" in str(leak) for leak in found)


@pytest.mark.parametrize(
    "name",
    ["x.json", "prom.yaml", "key.pem", "build.log", "x.mjs", "x.map", "app.webmanifest", "feed.atom", "x.ics", "x"],
)
def test_no_kind_of_file_hides_it(name):
    assert [str(leak) for leak in leaks(name, b"\n10.1.2.3")] == [f"{name}:2 holds a private address: 10.1.2.3"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"])
def test_no_encoding_hides_it(encoding):
    (found,) = leaks("note.txt", "Größe\nat 10.1.2.3\n".encode(encoding))
    assert str(found) == "note.txt:2 holds a private address: 10.1.2.3"


QUERY = r'up{instance=~"10\\.0\\.0\\.5:9100|prom\\.internal"}'


@pytest.mark.parametrize(
    "text",
    [
        QUERY, json.dumps({"promql": QUERY}), json.dumps(json.dumps(QUERY)), QUERY.replace('"', "&#34;"),
        r'up{instance=~"\\b10[.]0[.]0[.]5:9100\\b|prom[.]internal"}', r'"\n10.0.0.5:9100\nprom.internal\n"',
        "10&#46;0&#x2e;0.5&colon;9100 prom&period;internal", r"10\u002e0\x2e0\u{2e}5:9100 prom\u002einternal",
        "http%3A%2F%2F10%2e0%2E0%2e5%3a9100 prom%2Einternal",
    ],
)  # fmt: skip
def test_no_escape_hides_an_address(text):
    assert {leak.shown for leak in leaks("x.json", f"\n{text}".encode())} == {"10.0.0.5:9100", "prom.internal"}
    assert {leak.line for leak in leaks("x.json", f"\n{text}".encode())} == {2}


@pytest.mark.parametrize("at", ["&#64;", r"\u0040", "%40", "&commat;"])
def test_no_escape_hides_credentials(at):
    (found,) = leaks("x.html", f"https://user:hunter2{at}prom.example".encode())
    assert found.what == "credentials in an address"


def test_names_of_files_are_scanned():
    (found,) = leaks("services/10.0.0.5-9100/index.html", b"")
    assert str(found) == "the name of services/10.0.0.5-9100/index.html holds a private address: 10.0.0.5"
    (found,) = leaks(f"services/ghp_{SIGNS}.html", b"")
    assert SIGNS not in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "https://user:hunter2@prom.example", "https://user:hun/ter2@prom.example", "https://hunter2@prom.example",
        "https://x.example/?pwd=hunter2", "Authorization: Bearer hunter2hunter2",
    ],
)  # fmt: skip
def test_a_secret_is_not_repeated_in_the_message(text):
    found = leaks("x.json", text.encode())
    assert found
    assert not any("hunter2" in str(leak) for leak in found)


NO_LEAKS = (
    "Bearer <token>", "a bearer of news", "Bearer authentication", "Bearer ${TOKEN}", "Basic authentication",
    "Basic architecture", "Basic", "ghp_short", "AKIA", "eyJ.eyJ", "https://prom.example:9090/a@b",
    "https://status.example/x?at=12:30@home", "https://medium.example/@me", "ssh://git@git.example/x",
    "https://${TOKEN}@prom.example", "https://x.example/?token=…", "https://x.example/?token=&a=b",
    "110.1.2.3", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.1.1", "100.63.0.1", "100.128.0.1", "169.253.0.1",
    "1.10.1.2.3", "10.1.2", "version 10.4.2", "v10.2.3.4", "10.25 %", "M10 24v-5h8v5z M20.5 10.1",
    "127.0.0.1:4321", "http://localhost:9090", "http://[::1]:9090", "2001:db8::1", "fd:12:34:56", "fe80", "fade:",
    "localStorage", ".internal", "window.local.x", "local", "internal error", "the svc", "WindowService.svc",
    "https://x.example/WindowService.svc?wsdl", "this.private", "a.home", "example.localhost",
    "status.example.internals", "me@acme.example", "10.256.1.1", "2026-11-22T21:30:00Z", "s3://bucket/prefix",
    "http://{host}/", "^https?://[^/]+", "sha256-" + SIGNS, "https://sre.google/workbook/",
)  # fmt: skip


def test_text_that_only_looks_like_a_leak_passes():
    found = {text: leaks("index.html", text.encode()) for text in NO_LEAKS}
    assert {text: leak for text, leak in found.items() if leak} == {}


@pytest.mark.parametrize(
    "part",
    [
        "http://",
        "https://a:b",
        "\\",
        "\\u",
        "&amp;",
        "a.",
        "10.",
        "fd00:",
        "basic a",
        "bearer ",
        "eyJaaaaaaaa.",
        "a.svc:",
    ],
)
def test_no_text_takes_long_to_scan(part):
    started = time.process_time()
    leaks("x", part.encode() * (20_000 // len(part)))
    assert time.process_time() - started < 2  # 0.1 s; a regex that backtracks takes minutes


def test_a_picture_is_not_read_as_text_unless_it_is_not_a_picture():
    assert leaks("assets/favicon.png", b"\x89PNG 10.1.2.3") == []
    assert leaks("assets/favicon.png", b"10.1.2.3")


@pytest.mark.parametrize("allowed", ["10.0.0.5:9100", "10.0.0.5"])
def test_allowed_addresses_pass_and_no_others(allowed):
    rules = PublicationRules(allow=frozenset({allowed, "Prom.Internal", "prometheus:9090"}))
    assert leaks("x", rb"http://10\\.0\\.0\\.5:9100 http://prometheus:9090 prom.internal:1 prom.INTERNAL", rules) == []
    others = b"10.0.0.50:9100 110.0.0.5 x.prom.internal http://prometheus:9091"
    shown = [leak.shown for leak in leaks("x", others, rules)]
    assert shown == ["10.0.0.50:9100", "x.prom.internal", "prometheus:9091"]


def test_allowing_an_address_with_a_port_does_not_allow_it_without():
    assert leaks("x", b"10.0.0.5", PublicationRules(allow=frozenset({"10.0.0.5:9100"})))
    assert leaks("x", b"fd00::1:2", PublicationRules(allow=frozenset({"fd00::1"})))
    assert leaks("x", b"[fd00::1]:2", PublicationRules(allow=frozenset({"fd00::1"}))) == []


def test_tokens_do_not_pass_where_all_private_addresses_may():
    text = b"10.0.0.5 prom.internal http://prometheus:9090 https://me:hunter2@prom.internal"
    (found,) = leaks("x", text, PublicationRules(private=True, allow=frozenset({"https://me:hunter2@prom.internal"})))
    assert found.what == "credentials in an address"


def own(secret):
    return PublicationRules(private=True, secrets={"prometheus.bearer_token_env": SecretStr(secret)})


@pytest.mark.parametrize(
    "secret", ["geheimnis", "p@ss/wörd", 'a"b\\.c&d<e', "correct horse", "x%41y\\nz", "ab+cd/ef=="]
)
@pytest.mark.parametrize(
    "spelling",
    [
        str, lambda s: json.dumps(s)[1:-1], lambda s: json.dumps(json.dumps(s)), lambda s: quote(s, safe=""), quote,
        lambda s: base64.b64encode(f"me:{s}".encode()).decode(),
        lambda s: base64.b64encode(f"you:{s}x".encode()).decode(),
        lambda s: s.replace("&", "&amp;").replace('"', "&#34;").replace("<", "&lt;"),
    ],
)  # fmt: skip
def test_the_configurations_own_secrets_are_found_in_every_spelling(secret, spelling):
    (found,) = leaks("x.html", f"\nvalue: {spelling(secret)} end".encode(), own(secret))
    assert str(found) == "x.html:2 holds the secret of prometheus.bearer_token_env"


@given(before=st.binary(max_size=5), after=st.binary(max_size=5), secret=st.text("abcxyzABC019-_+/", min_size=8))
def test_no_neighbour_hides_a_secret_in_base64(before, after, secret):
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert leaks("x", b"#" + encode(before + secret.encode() + after), own(secret))


def test_the_configurations_own_secrets_are_found_in_pictures_and_names():
    assert leaks("x.png", b"\x89PNG geheimnis", own("geheimnis"))
    (found,) = leaks("a/geheimnis.png", b"\x89PNG", own("geheimnis"))
    assert "geheimnis" not in str(found)


def test_a_short_secret_must_be_a_whole_word_and_a_shorter_one_is_ignored():
    assert leaks("x", b"the words foobar and barfoo", own("foob")) == []
    assert leaks("x", b"the word foob.", own("foob"))
    assert leaks("x", b"abc", own("abc")) == []


def refused(files, rules=None, **more):
    found_leaks = [leak for name, content in files for leak in leaks(name, content, rules)]
    with pytest.raises(UsageError) as found:
        refuse_if_any(found_leaks, "nothing was sent", **more)
    return found.value


def test_the_hint_names_the_settings_that_let_an_address_pass():
    error = refused([("index.html", b"10.0.0.5:9100")])
    assert error.message == (
        "nothing was sent, because this must not be public:\n  index.html:1 holds a private address: 10.0.0.5:9100"
    )
    for setting in ("hide: [source, promql, labels]", 'allow: ["10.0.0.5:9100"]', "private: true"):
        assert setting in error.hint
    assert "archive" not in error.hint


def test_the_hint_offers_no_way_for_tokens():
    hint = refused([("index.html", JWT.encode())]).hint
    assert "publish:" not in hint
    assert "revoke" in hint


def test_the_hint_names_the_frozen_reports():
    bad = [(f"snapshots/2026112{day}T213000Z.json", b"10.0.0.5") for day in (1, 2)]
    hint = refused([*bad, ("archive/20261121T213000Z/index.html", b"10.0.0.5")], newest="20261122T213000Z").hint
    assert "(20261121T213000Z, 20261122T213000Z) are frozen" in hint
    assert "sresnap archive withdraw ID" in hint
    assert "rebuilds 20261122T213000Z, the newest one" in hint
