"""A secret is found in every spelling that a server may echo, before its text is smoothed or shortened."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sresnap.config.settings import PrometheusSettings
from sresnap.leaks.own_secrets import find_secrets
from sresnap.prometheus.redact import Redactor
from sresnap.secret_spelling import pattern

SECRET = "pa/ss  w+ord&é\"'\\=x"


def redactor(*secrets, user=None):
    headers = {f"X-{n}": SecretStr(secret) for n, secret in enumerate(secrets)}
    login = None if user is None else (user, SecretStr(secrets[0]))
    return Redactor(PrometheusSettings("http://p", headers=headers, basic_auth=login))


SPELLINGS = {
    "as it is": lambda s: s,
    "with one blank for two": lambda s: " ".join(s.split()),
    "percent-encoded": lambda s: quote(s, safe=""),
    "percent-encoded, / kept": quote,
    "percent-encoded in lower case": lambda s: quote(s, safe="").replace("%C3%A9", "%c3%a9").replace("%2F", "%2f"),
    "as a form": quote_plus,
    "as a form, / kept": lambda s: quote_plus(s, safe="/"),
    "in JSON": lambda s: json.dumps(s)[1:-1],
    "in JSON in UTF-8": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "in JSON in JSON": lambda s: json.dumps(json.dumps(s))[3:-3],
    "in JSON with escaped slashes": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "in HTML": html.escape,
    "in HTML with &nbsp;": lambda s: html.escape(s).replace("  ", "&nbsp; "),
    "over two lines": lambda s: s.replace("  ", "\n  "),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_a_secret_is_repeated(spelling):
    echoed = SPELLINGS[spelling](SECRET)
    assert redactor(SECRET)(f"bad token {echoed}, sorry") == "bad token ***, sorry"


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_the_base64_of_a_login_is_not_repeated(encode):
    redact = redactor("pass??>>word", user="me~~?")
    sent = encode(b"me~~?:pass??>>word").decode()
    assert redact(f"Basic {sent}") in ("Basic ***", "Basic ***==", "Basic ***=")
    assert "***" in redact(quote(sent, safe=""))


@pytest.mark.parametrize("before", [0, 99_990, 99_997, 299])
@pytest.mark.parametrize("fill", ["x", " "])
def test_no_cut_leaves_a_part_of_a_secret(before, fill):
    redact = redactor("hunter2-hunter2")
    shown = redact(fill * before + "hunter2-hunter2" + fill * 100_000)
    assert "hunt" not in shown
    assert len(shown) <= 300


@given(
    st.text(st.characters(codec="ascii", min_codepoint=0x20, max_codepoint=0x7E), min_size=4).filter(
        lambda text: len(text.strip()) >= 4
    ),
    st.sampled_from(sorted(SPELLINGS)),
)
def test_any_secret_in_any_spelling_is_found(secret, spelling):
    found = pattern([secret])
    assert found is not None
    assert found.search(SPELLINGS[spelling](secret.strip()))


def test_a_text_made_to_be_slow_to_search_is_not():
    redact = redactor("a/b\\c d")
    for part in ("\\", "%", "a", " ", "&#0", "a " * 2, "\\\\u"):
        redact(part * 100_000)  # without a bound, minutes


@pytest.mark.parametrize(
    "spelling", ["as it is", "with one blank for two", "as a form", "as a form, / kept", "in JSON"]
)
def test_the_scan_of_what_is_published_finds_them_too(spelling):
    secret = "pa/ss  word"
    text = f"error: {SPELLINGS[spelling](secret)}"
    assert [key for key, _ in find_secrets(text, {"prometheus.bearer_token": SecretStr(secret)})]
