"""The proxy that the environment names for an address, as curl reads it, and HTTP_PROXY in upper case, too.

curl.se/docs/manpage.html, ENVIRONMENT. curl ignores that name, which other programs read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sresnap.errors import UsageError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEMES = ("http", "https", "socks5", "socks5h")
_HOST = re.compile(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the variable that names it."""

    variable: str
    url: str
    """Without its login."""
    login: tuple[str, str] | None

    def __repr__(self) -> str:
        return f"Proxy({self.variable})"

    @property
    def is_socks(self) -> bool:
        return self.url.startswith("socks")


def proxy_for(scheme: str, host: str, port: int | None, variables: Mapping[str, str]) -> Proxy | None:
    """The proxy for an address; None where it is to be reached directly.

    A name in lower case wins over the same name in upper case. HTTP_PROXY does not count within a CGI script, where a
    client may set it by the header Proxy.

    Raises:
        UsageError: the variable does not name a proxy that can be used.
    """
    names = [f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"]
    if "REQUEST_METHOD" in variables:
        names = [name for name in names if name != "HTTP_PROXY"]
    found = next((name for name in names if variables.get(name, "").strip()), None)
    if found is None or _is_direct(host, port or _DEFAULT_PORTS.get(scheme), _no_proxy(variables)):
        return None
    return _parsed(found, variables[found].strip())


def _no_proxy(variables: Mapping[str, str]) -> str:
    return variables["no_proxy"] if "no_proxy" in variables else variables.get("NO_PROXY", "")


def _is_direct(host: str, port: int | None, no_proxy: str) -> bool:
    """Whether NO_PROXY names a host: by name, by a domain that it is in, by address or by network.

    curl itself reads no ports, and its versions differ in brackets around addresses. Both are common, so both are read.
    """
    host = host.strip("[]").rstrip(".").lower()
    address = _address(host)
    if no_proxy.strip() == "*":
        return True
    entries = map(_split_port, re.split(r"[,\s]+", no_proxy.lower()))
    return any(name and given in (None, port) and _names(name, host, address) for name, given in entries)


def _split_port(entry: str) -> tuple[str, int | None]:
    """`example.org:8080`, `[::1]:9090`; an address of IPv6 without brackets has no port."""
    found = re.fullmatch(r"(\[[^\]]*\](?:/\d+)?|[^:]*):(\d{1,5})", entry)
    return (entry, None) if found is None else (found[1], int(found[2]))


def _names(name: str, host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    if address is not None:
        try:
            network = ipaddress.ip_network(name.replace("[", "").replace("]", ""), strict=False)
        except ValueError:
            return False
        return address.version == network.version and address in network
    name = name.strip("[]").lstrip(".").rstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _parsed(variable: str, text: str) -> Proxy:
    """A proxy. Messages never show the text, which may hold a password.

    Raises:
        UsageError: its scheme, host or port cannot be used.
    """
    text = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _mistake(variable, "its host or port is invalid") from None
    if parts.scheme not in _SCHEMES:
        raise _mistake(variable, f"its scheme is not one of {', '.join(_SCHEMES)}")
    host = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(host) or (port is not None and not 0 < port <= _LAST_PORT):
        raise _mistake(variable, "its host or port is invalid")
    login = (unquote(parts.username or ""), unquote(parts.password or "")) if "@" in parts.netloc else None
    return Proxy(variable, f"{parts.scheme}://{host}" + (f":{port}" if port else ""), login)


def _mistake(variable: str, why: str) -> UsageError:
    hint = f"write {variable}=http://proxy.example:3128, or name hosts that need none in NO_PROXY"
    return UsageError(f"the environment variable {variable} does not name a proxy that can be used: {why}", hint)
