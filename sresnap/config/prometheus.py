"""Resolves the settings for reaching Prometheus, with their secrets."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from sresnap.config.secrets import HEADER_SAFE, Secrets, secret_of_login
from sresnap.config.settings import PrometheusSettings
from sresnap.config.shapes.prometheus import PrometheusShape
from sresnap.config.source import KeyPath, dotted
from sresnap.errors import Mistake
from sresnap.printable import control_character
from sresnap.web.hosts import is_host

_LONGEST_URL = 2_000
"""Characters. Each message about Prometheus shows it."""
DEFAULT_URL = "http://localhost:9090"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OWN = {
    "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "keep-alive", "te",
    "trailer", "upgrade", "expect", "proxy-connection", "accept-encoding",
}  # fmt: skip
"""Headers of the message and the connection, which the client sets."""
_PLAIN_REFUSED = {"authorization", "proxy-authorization", "cookie"}
_Login = tuple[str, SecretStr] | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the settings of a source are given."""

    at: KeyPath
    """Their section in the file."""
    name: str
    """Of the source."""
    urls: Sequence[tuple[str | None, str]] = ()
    """URLs that win over the file's, each with the name of the variable or option; the last one given wins."""


def prometheus_settings(shape: PrometheusShape, place: Place, secrets: Secrets) -> PrometheusSettings:
    """The settings of one source. `secrets` receives their mistakes."""
    at, source = place.at, secrets.source
    url, url_login, from_file = _chosen_url(shape, place, secrets)
    login, headers = _login(shape, at, secrets), _headers(shape, at, secrets)
    if url_login and (not from_file or not (login or "Authorization" in headers)):
        # Where a URL wins over the file's URL, its credentials win over the file's credentials.
        headers.pop("Authorization", None)
        login = url_login
    elif url_login:
        expected = "one way to log in"
        secrets.mistakes.append(source.mistake((*at, "url"), expected, "credentials in the URL and another login"))
    if (shape.cert_file is None) != (shape.key_file is None):
        given, other = ("cert_file", "key_file") if shape.key_file is None else ("key_file", "cert_file")
        secrets.mistakes.append(source.mistake((*at, given), f"{other} beside it", "nothing"))
    return PrometheusSettings(
        url=url,
        timeout_seconds=shape.timeout,
        deadline_seconds=shape.deadline,
        concurrency=shape.concurrency,
        raw_samples=shape.raw_samples,
        dialect=shape.dialect,
        headers=headers,
        basic_auth=login,
        ca_file=secrets.file((*at, "ca_file"), shape.ca_file),
        cert_file=secrets.file((*at, "cert_file"), shape.cert_file),
        key_file=secrets.file((*at, "key_file"), shape.key_file),
        verify=not shape.insecure_skip_verify,
        secrets=secrets.found,
        name=place.name,
    )


def _chosen_url(shape: PrometheusShape, place: Place, secrets: Secrets) -> tuple[str, _Login, bool]:
    """The URL without credentials, the credentials, and whether it is the file's. The file's URL is always checked."""
    chosen: tuple[str, _Login, bool] = (DEFAULT_URL, None, False)
    where = (*place.at, "url")
    for text, from_file, name in [(shape.url, True, ""), *((text, False, name) for text, name in place.urls)]:
        if not text:
            continue
        parts = _split(text)
        if isinstance(parts, SplitResult):
            chosen = (_without_login(parts), _url_login(parts), from_file)
            secret = secret_of_login(unquote(parts.username or ""), unquote(parts.password or ""))
            if secret is not None:
                secrets.found[dotted(where) if from_file else name] = secret
            continue
        expected = "an http:// or https:// URL with a host and without query or fragment"
        mistake = secrets.source.mistake(where, expected, parts)
        secrets.mistakes.append(mistake if from_file else Mistake(name, None, "", expected, parts))
    return chosen


def _split(text: str) -> SplitResult | str:
    """The URL's parts, or a description of its mistake that shows no password."""
    if len(text) > _LONGEST_URL:
        return f"{len(text):,} characters, more than {_LONGEST_URL:,}"
    if re.search(r"\s", text) or control_character(text):
        return "a space, a line break or a control character in it"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "a URL with a broken host or port"
    return _fault(text, parts, host, port) or parts


def _fault(text: str, parts: SplitResult, host: str | None, port: int | None) -> str | None:
    if parts.scheme not in {"http", "https"}:
        return f'the scheme "{parts.scheme}"' if parts.scheme and "//" in text else "no http:// in front"
    if not host or port == 0:
        return "no host" if not host else "the port 0"
    if not is_host(_zone_as_is(host)):
        return "a host that is not a valid name"
    if re.search(r"[^/]@", parts.path):  # http://user:12/34@host is a host, a port and a path to urlsplit
        return "an @ in the path; in a login, write / as %2F"
    return "a query or a fragment" if parts.query or parts.fragment else None


def _zone_as_is(host: str) -> str:
    """An address of IPv6 with its zone as systems take it: `%25eth0` of a URL (RFC 6874) is `%eth0`."""
    return host.replace("%25", "%", 1) if ":" in host else host


def _without_login(parts: SplitResult) -> str:
    host = _zone_as_is(parts.netloc.rpartition("@")[2])
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


def _url_login(parts: SplitResult) -> _Login:
    if not parts.username and not parts.password:
        return None
    return unquote(parts.username or ""), SecretStr(unquote(parts.password or ""))


def _login(shape: PrometheusShape, section: KeyPath, secrets: Secrets) -> _Login:
    login = shape.basic_auth
    if login is None:
        return None
    password = secrets.read((*section, "basic_auth", "password"), login.password_env, login.password_file, "_")
    if shape.bearer_token_env or shape.bearer_token_file:
        at = (*section, "basic_auth")
        secrets.mistakes.append(secrets.source.mistake(at, "one way to log in", "basic_auth and a bearer token"))
    return (login.username, password) if password else None


def _headers(shape: PrometheusShape, section: KeyPath, secrets: Secrets) -> dict[str, SecretStr]:
    headers: dict[str, SecretStr] = {}
    at = (*section, "bearer_token")
    if shape.bearer_token_env and shape.bearer_token_file:
        secrets.mistakes.append(secrets.source.mistake((*section, "bearer_token_file"), "one bearer token", "two"))
    token = secrets.read(at, shape.bearer_token_env, shape.bearer_token_file, "_")
    if token:
        headers["Authorization"] = SecretStr(f"Bearer {token.get_secret_value()}")
    for name, value in (shape.headers or {}).items():
        where = (*section, "headers", name)
        problem = _header_problem(name, value, headers)
        if problem:
            secrets.mistakes.append(secrets.source.mistake(where, *problem))
            continue
        secret = SecretStr(value) if isinstance(value, str) else secrets.read((*where, ""), value.env, value.file)
        if secret:
            headers[name] = secret
    return headers


def _header_problem(name: str, value: object, before: Collection[str]) -> tuple[str, str] | None:
    """What is expected of a header, and what was found; None if nothing is wrong with it."""
    problem = None
    if not _TOKEN.fullmatch(name):
        problem = ("a header's name", "characters that it cannot have")
    elif name.lower() in _OWN:
        problem = ("another header", "one that each request sets for itself")
    elif isinstance(value, str) and name.lower() in _PLAIN_REFUSED:
        problem = ("{env: NAME} or {file: PATH}, because the file must not hold a secret", "a plain value")
    elif isinstance(value, str) and not (HEADER_SAFE.fullmatch(value) and value == value.strip()):
        problem = ("one line of ASCII without blanks around it", "other characters")
    elif name.lower() in {known.lower() for known in before}:
        problem = ("this header once", "it again, or a bearer token beside it")
    return problem
