"""Explains connections that brought no answer, and says what to check."""

from __future__ import annotations

import socket
import ssl

import httpx

from sresnap.model.problem_kind import ProblemKind
from sresnap.prometheus.errors import QueryError
from sresnap.web.proxy_faults import ProxyFault, causes_of

_NAMED: tuple[tuple[type[BaseException], str], ...] = (
    (httpx.LocalProtocolError, "the request is not valid HTTP: look at prometheus.headers"),
    (httpx.InvalidURL, "this is not an http(s) address: look at prometheus.url"),
    (UnicodeError, "this is not an http(s) address, or the server redirects to such: look at prometheus.url"),
    (httpx.UnsupportedProtocol, "this is not an http(s) address: look at prometheus.url"),
)
_RETRIED: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "the host name cannot be resolved: is prometheus.url right?"),
    (ConnectionRefusedError, "connection refused: is Prometheus running there?"),
    (httpx.ConnectError, "no connection: is prometheus.url right?"),
)


def explain_transport(error: Exception, url: str) -> QueryError:
    """The error for a request without an HTTP answer.

    It does not repeat the exception's own text, which may hold a header.
    """
    if isinstance(error, ProxyFault):
        return QueryError(ProblemKind.UNREACHABLE, f"{url}: {error}", transport=True, retry=error.may_pass)
    causes = list(causes_of(error))
    if isinstance(error, httpx.ConnectTimeout):
        return QueryError(ProblemKind.TIMEOUT, f"{url}: no connection in time: is a firewall between?", transport=True)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return QueryError(ProblemKind.UNREACHABLE, f"{url}: {_tls(cause)}", transport=True)
    for table, retry in ((_NAMED, False), (_RETRIED, True)):
        for kind, advice in table:
            if any(isinstance(cause, kind) for cause in causes):
                return QueryError(ProblemKind.UNREACHABLE, f"{url}: {advice}", transport=True, retry=retry)
    reason = "the connection was lost before the answer was complete"
    return QueryError(ProblemKind.UNREACHABLE, f"{url}: {reason}", transport=True, retry=True)


def _tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its TLS certificate is not trusted ({error.verify_message}): set prometheus.ca_file"
    reason = (error.reason or "handshake failed").replace("_", " ").lower()
    return f"TLS failed ({reason}): does the server speak https, and does it want a client certificate?"
