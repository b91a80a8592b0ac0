"""Opens a pooled HTTP client from the settings: credentials, TLS, time limits."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import httpx

from sresnap import __version__
from sresnap.errors import UsageError
from sresnap.file_errors import why
from sresnap.web.body import ACCEPTED
from sresnap.web.tls import trusted
from sresnap.web.transports import AsyncConnections

if TYPE_CHECKING:
    from sresnap.config.settings import PrometheusSettings

CONNECT_SECONDS = 10.0


def open_http(settings: PrometheusSettings, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client for one Prometheus. It follows no redirects and uses the environment's proxies.

    Raises:
        UsageError: HTTP cannot carry a header, a certificate cannot be read, or the environment names a proxy that
            cannot be used.
    """
    auth = None
    if settings.basic_auth is not None:
        auth = httpx.BasicAuth(settings.basic_auth[0], settings.basic_auth[1].get_secret_value())
    context = _tls(settings)
    limits = httpx.Limits(max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency)
    if transport is None:
        transport = AsyncConnections(limits, None if context is None else lambda: context)
        transport.check(settings.url)
    return httpx.AsyncClient(
        headers=_headers(settings),
        auth=auth,
        # The caller limits the whole request. httpx's limit would restart with every byte that arrives.
        timeout=httpx.Timeout(None, connect=min(CONNECT_SECONDS, settings.timeout_seconds)),
        transport=transport,
        trust_env=False,  # the transport reads the environment
    )


def _headers(settings: PrometheusSettings) -> dict[str, str]:
    headers = {"User-Agent": f"sresnap/{__version__}", "Accept": "application/json", "Accept-Encoding": ACCEPTED}
    for name, secret in settings.headers.items():
        value = secret.get_secret_value().strip()
        if not (value.isascii() and value.isprintable()):
            hint = "is there a line break in the variable or file that it comes from?"
            raise UsageError(f"the value of {settings.key}.headers.{name} has characters that HTTP cannot carry", hint)
        headers[name] = value
    return headers


def _tls(settings: PrometheusSettings) -> ssl.SSLContext | None:
    """The context of the settings; None where they leave it to the environment."""
    if settings.verify and settings.ca_file is None and settings.cert_file is None:
        return None
    try:
        if not settings.verify:
            context = httpx.create_ssl_context(verify=False)
        elif settings.ca_file is not None:
            context = ssl.create_default_context(cafile=settings.ca_file)
        else:
            context = trusted(os.environ)
        if settings.cert_file is not None:
            context.load_cert_chain(settings.cert_file, settings.key_file)
    except OSError as error:  # SSLError is one
        files = [str(f) for f in (settings.ca_file, settings.cert_file, settings.key_file) if f is not None]
        reason = (
            "one is not a PEM file, or the key is another certificate's"
            if isinstance(error, ssl.SSLError)
            else why(error)
        )
        raise UsageError(f"the TLS files of {settings.key} cannot be used ({', '.join(files)}): {reason}") from error
    return context
