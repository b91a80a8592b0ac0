"""Says that a proxy of the environment is to blame where a connection does not lead through it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator

import httpx

from sresnap.web.proxies import Proxy


class ProxyFault(httpx.ProxyError):
    """There is no connection through a proxy. The text may be shown: it quotes nothing of the proxy's."""

    def __init__(self, variable: str, why: str, *, may_pass: bool) -> None:
        super().__init__(f"there is no connection through the proxy that {variable} names: {why}")
        self.may_pass = may_pass
        """Whether the same request may succeed a moment later."""


def blamed(error: httpx.TransportError, proxy: Proxy | None) -> ProxyFault | None:
    """The error to raise where the proxy is to blame; None where it is not."""
    if proxy is None:
        return None
    if isinstance(error, httpx.ProxyError):
        return ProxyFault(proxy.variable, _refusal(str(error), proxy), may_pass=False)
    if isinstance(error, httpx.ConnectTimeout):
        return ProxyFault(proxy.variable, "there was none in time", may_pass=True)
    of_tls = any(isinstance(cause, ssl.SSLError) for cause in causes_of(error))
    if isinstance(error, httpx.ConnectError) and not of_tls:
        return ProxyFault(proxy.variable, "is its address right, and is it running?", may_pass=True)
    return None


def _refusal(words: str, proxy: Proxy) -> str:
    if proxy.is_socks:  # our own words
        return words
    status = re.match(r"\d{3}\b", words)
    return f"it answers HTTP {status[0]}" if status else "it refuses"


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """An error, what it holds and what it came from, each once: an attempt of several may have its group as context."""
    seen: dict[int, BaseException] = {}
    left = [error]
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen[id(each)] = each
        yield each
        below = each.__cause__ or each.__context__
        left += [] if below is None else [below]
        left += reversed(each.exceptions) if isinstance(each, BaseExceptionGroup) else ()
