"""Opens connections for httpx: through the environment's proxy for each address, with the certificates to trust.

httpx's own reading of the environment fails for NO_PROXY with IPv6, and ends with errors that name no variable.
"""

from __future__ import annotations

import importlib.util
import os
import ssl
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Generic, TypeVar

import httpx

from sresnap.errors import UsageError
from sresnap.web.proxies import Proxy, proxy_for
from sresnap.web.tls import trusted

Context = Callable[[], ssl.SSLContext]
_T = TypeVar("_T")
_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For connections without TLS: certificates take time to load."""


class _Routes(Generic[_T]):
    """One transport for each way to reach an address: directly or through a proxy, with TLS or without."""

    def __init__(self, make: Callable[..., _T], limits: httpx.Limits, context: Context | None) -> None:
        self._make = make
        self._limits = limits
        self._variables: Mapping[str, str] = os.environ
        self._context_of_caller = context
        self._made: dict[tuple[str, Proxy | None], _T] = {}

    def to(self, url: httpx.URL) -> _T:
        """The transport for an address.

        Raises:
            UsageError: the environment names a proxy or certificates that cannot be used.
        """
        proxy = proxy_for(url.scheme, url.host, url.port, self._variables)
        if proxy is not None and proxy.is_socks:
            _need_socks(proxy)
        key = (url.scheme, proxy)
        if key not in self._made:
            context = self._context if url.scheme == "https" else _PLAIN
            self._made[key] = self._make(verify=context, trust_env=False, limits=self._limits, proxy=self._given(proxy))
        return self._made[key]

    def all(self) -> list[_T]:
        return list(self._made.values())

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return trusted(self._variables) if self._context_of_caller is None else self._context_of_caller()

    def _given(self, proxy: Proxy | None) -> httpx.Proxy | None:
        if proxy is None:
            return None
        context = trusted(self._variables) if proxy.url.startswith("https") else None
        return httpx.Proxy(proxy.url, auth=proxy.login, ssl_context=context)


class Connections(httpx.BaseTransport):
    """Connections of a client that waits."""

    def __init__(self, limits: httpx.Limits, context: Context | None = None) -> None:
        """Take the certificates to trust instead of the environment's, if there are such."""
        self._routes: _Routes[httpx.BaseTransport] = _Routes(httpx.HTTPTransport, limits, context)

    def check(self, url: str) -> None:
        """Find mistakes of the environment before the first request.

        Raises:
            UsageError: it names a proxy or certificates that cannot be used for this address.
        """
        self._routes.to(httpx.URL(url))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._routes.to(request.url).handle_request(request)

    def close(self) -> None:
        for transport in self._routes.all():
            transport.close()


class AsyncConnections(httpx.AsyncBaseTransport):
    """Connections of a client with many requests at a time."""

    def __init__(self, limits: httpx.Limits, context: Context | None = None) -> None:
        """Take the certificates to trust instead of the environment's, if there are such."""
        self._routes: _Routes[httpx.AsyncBaseTransport] = _Routes(httpx.AsyncHTTPTransport, limits, context)

    def check(self, url: str) -> None:
        """As of `Connections`."""
        self._routes.to(httpx.URL(url))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._routes.to(request.url).handle_async_request(request)

    async def aclose(self) -> None:
        for transport in self._routes.all():
            await transport.aclose()


def _need_socks(proxy: Proxy) -> None:
    if importlib.util.find_spec("socksio") is None:
        hint = "pip install 'httpx[socks]'"
        raise UsageError(f"{proxy.variable} names a SOCKS proxy, which needs the extra socks of httpx", hint)
