"""Explains error answers, and says what to check."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from sresnap.model.problem_kind import ProblemKind
from sresnap.prometheus.dates import http_date
from sresnap.prometheus.decode import looks_like_html
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.refusals import Refusal, is_in_part, is_too_slow, too_large

if TYPE_CHECKING:
    from sresnap.prometheus.redact import Redactor

_CREDENTIALS = "prometheus.bearer_token_env, prometheus.basic_auth and prometheus.headers"

_QUOTED_NAME = re.compile(r"""["']\s*(?:=~|!~|!=|=)|\b(?:by|without|on|ignoring)\s*\([^)]*["']""")
_UNREAD = re.compile(r"parse error|unexpected token")
_RETRIED = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)


@dataclass(frozen=True, slots=True)
class _ErrorAnswer:
    """The parts of an error answer that a message may repeat."""

    status: int
    text: str
    """Prometheus's own words, shortened; empty when the answer is not Prometheus's."""
    error_type: str
    html: bool
    in_part: bool
    """A part of the engine did not answer."""
    too_slow: bool
    """A part of the engine took too long."""
    no_tenant: bool
    """The engine wants a tenant."""
    unknown_login: bool
    """An old vmauth does not know these credentials. Its status is 400."""
    quoted_names: bool
    """The query has names in quotes, which the engine could not read."""
    unsigned: bool
    """Amazon's gate wants a signature."""

    @property
    def words(self) -> str:
        """A tail for a message: `: parse error …`."""
        if self.text:
            return f": {self.text}"
        return ", with an HTML page: a proxy's?" if self.html else ""


def explain_status(response: httpx.Response, body: bytes, url: str, redact: Redactor, query: str = "") -> QueryError:
    """The error for an HTTP answer to a query, or to another request, whose status is not 200."""
    if response.is_redirect:
        target = redact(_bare(response.headers.get("location", ""), response.url))
        advice = "a login page? set prometheus.url to the final address"
        return QueryError(ProblemKind.BAD_ANSWER, f"{url} redirects to {target}: {advice}")
    text, error_type = _own_words(body)
    said = text or body.decode(errors="replace")
    refusal = too_large(response.status_code, said, query)
    # VictoriaMetrics quotes the query first, and then says what is wrong.
    words = redact(text.replace(query, "…") if query else text)
    answer = _ErrorAnswer(
        response.status_code,
        words,
        error_type,
        looks_like_html(body),
        in_part=is_in_part(text, query),
        too_slow=is_too_slow(text, query),
        no_tenant="no org id" in said,
        unknown_login="cannot find the provided auth token" in said,
        quoted_names=_QUOTED_NAME.search(query) is not None and _UNREAD.search(text) is not None,
        unsigned="Missing Authentication Token" in said,
    )
    return _too_large(answer, refusal) or _denied(answer, url) or _failed(answer, body, response)


def _own_words(body: bytes) -> tuple[str, str]:
    """`error` and `errorType` of Prometheus's JSON; empty for any other body, which messages never repeat."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(document, dict):
        return "", ""
    text, error_type = document.get("error"), document.get("errorType")
    return text if isinstance(text, str) else "", error_type if isinstance(error_type, str) else ""


def _too_large(answer: _ErrorAnswer, refusal: Refusal | None) -> QueryError | None:
    if refusal is not None and refusal.points:
        message = f"Prometheus refuses so many points{answer.words}"
        return QueryError(ProblemKind.REFUSED, message, splittable=True, too_long=True)
    if refusal is not None:
        message = f"Prometheus refuses the query as too large (HTTP {answer.status}){answer.words}"
        return QueryError(ProblemKind.REFUSED, message, splittable=True, longest=refusal.longest)
    if answer.too_slow or (answer.status == HTTPStatus.SERVICE_UNAVAILABLE and answer.error_type == "timeout"):
        return QueryError(ProblemKind.TIMEOUT, f"Prometheus gave the query up{answer.words}", splittable=True)
    return None


def _denied(answer: _ErrorAnswer, url: str) -> QueryError | None:
    match answer.status:
        case HTTPStatus.UNAUTHORIZED if answer.no_tenant:
            advice = "give the header X-Scope-OrgID in prometheus.headers"
            return QueryError(ProblemKind.REFUSED, f"HTTP 401: {url} wants a tenant: {advice}")
        case HTTPStatus.FORBIDDEN if answer.unsigned:
            advice = "put aws-sigv4-proxy before it (docs/engines.md)"
            return QueryError(ProblemKind.REFUSED, f"HTTP 403: {url} of Amazon wants signed requests: {advice}")
        case status if status == HTTPStatus.UNAUTHORIZED or answer.unknown_login:
            return QueryError(
                ProblemKind.REFUSED, f"HTTP {status}: {url} wants credentials, or other ones: look at {_CREDENTIALS}"
            )
        case HTTPStatus.FORBIDDEN:
            asked = f"look at {_CREDENTIALS} (X-Scope-OrgID?)"
            return QueryError(
                ProblemKind.REFUSED, f"HTTP 403: these credentials may not query {url}: {asked}{answer.words}"
            )
        case HTTPStatus.NOT_FOUND:
            asked = "is prometheus.url right? does it lack a path prefix, such as /prometheus, or /select/0/prometheus"
            asked += " of a VictoriaMetrics cluster?"
            return QueryError(ProblemKind.BAD_ANSWER, f"HTTP 404: there is no Prometheus API at {url}: {asked}")
        case _:
            return None


def _failed(answer: _ErrorAnswer, body: bytes, response: httpx.Response) -> QueryError:
    status, words = answer.status, answer.words
    wait = retry_after_seconds(response.headers.get("retry-after"))
    if answer.in_part:
        message = f"HTTP {status}: a part of the engine's storage did not answer{words}"
        return QueryError(ProblemKind.UNREACHABLE, message, retry=True, retry_after=wait)
    if status in _RETRIED:
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            advice = f"Prometheus is asked too often{words}; lower prometheus.concurrency"
            return QueryError(ProblemKind.REFUSED, f"HTTP 429: {advice}", retry=True, retry_after=wait)
        message = f"HTTP {status}: Prometheus is not ready, overloaded, or out of its proxy's reach{words}"
        return QueryError(ProblemKind.UNREACHABLE, message, retry=True, retry_after=wait)
    if body.startswith(b"Client sent an HTTP request to an HTTPS server"):
        return QueryError(ProblemKind.BAD_ANSWER, "the server speaks HTTPS: begin prometheus.url with https://")
    if answer.quoted_names:
        words += "; names in quotes need Prometheus 3.0 or a newer VictoriaMetrics"
    match status:
        case HTTPStatus.BAD_REQUEST:
            message = f"Prometheus rejects the query (HTTP 400){words}"
        case HTTPStatus.UNPROCESSABLE_ENTITY:
            message = f"Prometheus cannot evaluate the query (HTTP 422){words}"
        case _:
            message = f"Prometheus failed (HTTP {status}){words}"
    return QueryError(ProblemKind.QUERY_FAILED, message)


def retry_after_seconds(text: str | None) -> float | None:
    """Seconds to wait by a Retry-After header in seconds or as an HTTP date; None for anything else."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    time = http_date(text)
    return None if time is None else max(0.0, time - datetime.now(UTC).timestamp())


def _bare(location: str, base: httpx.URL) -> str:
    """The address of a redirect without credentials and query, which may hold tokens."""
    try:
        target = base.join(location)
        return str(target.copy_with(userinfo=b"", query=None, fragment=None))
    except (httpx.InvalidURL, ValueError):
        return "another address"
