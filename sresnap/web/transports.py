"""Opens connections for httpx: through the environment's proxy for each address, with the certificates to trust.

httpx's own reading of the environment fails for NO_PROXY with IPv6, and ends with errors that name no variable.
"""

from __future__ import annotations

import importlib.util
import os
import ssl
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpcore
import httpx

from sresnap.errors import UsageError
from sresnap.web.proxies import Proxy, proxy_for
from sresnap.web.proxy_faults import blamed
from sresnap.web.tls import shared

if TYPE_CHECKING:
    from sresnap.web.socks import AsyncSocksBackend, SocksBackend

Context = Callable[[], ssl.SSLContext]
_T = TypeVar("_T")
_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For connections without TLS: certificates take time to load."""


class _Routes(Generic[_T]):
    """One transport for each way to reach an address: directly or through a proxy, with TLS or without."""

    def __init__(
        self,
        make: Callable[..., _T],
        through_socks: Callable[[Proxy, dict[str, Any]], _T],
        limits: httpx.Limits,
        context: Context | None,
    ) -> None:
        self._make = make
        self._through_socks = through_socks
        self._limits = limits
        self._variables: Mapping[str, str] = os.environ
        self._context_of_caller = context
        self._made: dict[tuple[str, Proxy | None], _T] = {}

    def to(self, url: httpx.URL) -> _T:
        """The transport for an address.

        Raises:
            UsageError: the environment names a proxy or certificates that cannot be used.
        """
        proxy = self.proxy(url)
        key = (url.scheme, proxy)
        if key not in self._made:
            context = self._context if url.scheme == "https" else _PLAIN
            self._made[key] = self._new(proxy, {"verify": context, "trust_env": False, "limits": self._limits})
        return self._made[key]

    def proxy(self, url: httpx.URL) -> Proxy | None:
        """The proxy on the way to an address."""
        return proxy_for(url.scheme, url.host, url.port, self._variables)

    def _new(self, proxy: Proxy | None, options: dict[str, Any]) -> _T:
        if proxy is not None and proxy.is_socks:
            _need_socks(proxy)
            return self._through_socks(proxy, options)
        return self._make(**options, proxy=self._given(proxy))

    def all(self) -> list[_T]:
        return list(self._made.values())

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return shared(self._variables) if self._context_of_caller is None else self._context_of_caller()

    def _given(self, proxy: Proxy | None) -> httpx.Proxy | None:
        if proxy is None:
            return None
        context = shared(self._variables) if proxy.url.startswith("https") else None
        return httpx.Proxy(proxy.url, auth=proxy.login, ssl_context=context)


class Connections(httpx.BaseTransport):
    """Connections of a client that waits."""

    def __init__(self, limits: httpx.Limits, context: Context | None = None) -> None:
        """Take the certificates to trust instead of the environment's, if there are such."""
        self._routes: _Routes[httpx.BaseTransport] = _Routes(httpx.HTTPTransport, _socks, limits, context)

    def check(self, url: str) -> None:
        """Find mistakes of the environment before the first request.

        Raises:
            UsageError: it names a proxy or certificates that cannot be used for this address.
        """
        self._routes.to(httpx.URL(url))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        route = self._routes.to(request.url)
        try:
            return route.handle_request(request)
        except httpx.TransportError as error:
            fault = blamed(error, self._routes.proxy(request.url))
            if fault is None:
                raise
            raise fault from error

    def close(self) -> None:
        for transport in self._routes.all():
            transport.close()


class AsyncConnections(httpx.AsyncBaseTransport):
    """Connections of a client with many requests at a time."""

    def __init__(self, limits: httpx.Limits, context: Context | None = None) -> None:
        """Take the certificates to trust instead of the environment's, if there are such."""
        self._routes: _Routes[httpx.AsyncBaseTransport] = _Routes(
            httpx.AsyncHTTPTransport, _async_socks, limits, context
        )

    def check(self, url: str) -> None:
        """As of `Connections`."""
        self._routes.to(httpx.URL(url))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        route = self._routes.to(request.url)
        try:
            return await route.handle_async_request(request)
        except httpx.TransportError as error:
            fault = blamed(error, self._routes.proxy(request.url))
            if fault is None:
                raise
            raise fault from error

    async def aclose(self) -> None:
        for transport in self._routes.all():
            await transport.aclose()


def _need_socks(proxy: Proxy) -> None:
    if importlib.util.find_spec("socksio") is None:
        hint = "pip install 'httpx[socks]'"
        raise UsageError(f"{proxy.variable} names a SOCKS proxy, which needs the extra socks of httpx", hint)


def _socks(proxy: Proxy, options: dict[str, Any]) -> httpx.BaseTransport:
    from sresnap.web.socks import SocksBackend

    transport = httpx.HTTPTransport(**options)
    backend = SocksBackend(*proxy.host_and_port, proxy.login)
    transport._pool = httpcore.ConnectionPool(**_pool(options, backend))  # noqa: SLF001 - httpx takes no backend
    return transport


def _async_socks(proxy: Proxy, options: dict[str, Any]) -> httpx.AsyncBaseTransport:
    from sresnap.web.socks import AsyncSocksBackend

    transport = httpx.AsyncHTTPTransport(**options)
    backend = AsyncSocksBackend(*proxy.host_and_port, proxy.login)
    transport._pool = httpcore.AsyncConnectionPool(**_pool(options, backend))  # noqa: SLF001 - as above
    return transport


def _pool(options: dict[str, Any], backend: SocksBackend | AsyncSocksBackend) -> dict[str, Any]:
    limits: httpx.Limits = options["limits"]
    return {
        "ssl_context": options["verify"],
        "max_connections": limits.max_connections,
        "max_keepalive_connections": limits.max_keepalive_connections,
        "keepalive_expiry": limits.keepalive_expiry,
        "network_backend": backend,
    }
