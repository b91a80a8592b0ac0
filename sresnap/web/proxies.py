"""The proxy that the environment names for an address, as curl reads it, and HTTP_PROXY in upper case, too.

curl.se/docs/manpage.html, ENVIRONMENT. curl ignores that name, which other programs read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sresnap.errors import UsageError
from sresnap.printable import quotable

_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_SCHEMES = tuple(_DEFAULT_PORTS)
_LONGEST_OF_LOGIN = 255
"""Bytes that a SOCKS proxy can be sent as user or password (RFC 1929)."""
_HOST = re.compile(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")
_BRACKETED = re.compile(r"\[[0-9a-f:.%]+(\]|\](/\d+)|(/\d+)\])")
_LAST_PORT = 65_535
_MOST_SHOWN = 60


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

    @property
    def host_and_port(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]


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
    if found is None or _is_direct(host, port or _DEFAULT_PORTS.get(scheme), _entries(variables)):
        return None
    return _parsed(found, variables[found].strip())


def _entries(variables: Mapping[str, str]) -> list[str]:
    """What NO_PROXY lists.

    curl takes a broken address for a name that no host has. Here it is a mistake: requests would go the wrong way.
    """
    variable = "no_proxy" if "no_proxy" in variables else "NO_PROXY"
    entries = [entry for entry in re.split(r"[,\s]+", variables.get(variable, "").lower()) if entry]
    for entry in entries:
        if not _is_sound(_split_port(entry)[0]):
            message = f"the environment variable {variable} has an entry that is not a host, an address or a network"
            hint = "write addresses and networks as 10.0.0.0/8, ::1, [::1]:9090 or fe80::/10"
            raise UsageError(f"{message}: {quotable(entry, _MOST_SHOWN)}", hint)
    return entries


def _is_sound(entry: str) -> bool:
    """Whether an entry that looks like an address or a network is one."""
    address, slash, _ = entry.partition("/")
    if "[" in entry or "]" in entry:
        return _BRACKETED.fullmatch(entry) is not None and _network(entry) is not None
    return not slash or _address(address) is None or _network(entry) is not None


def _is_direct(host: str, port: int | None, no_proxy: Collection[str]) -> bool:
    """Whether NO_PROXY names a host: by name, by a domain that it is in, by address or by network.

    curl itself reads no ports, and its versions differ in brackets around addresses. Both are common, so both are read.
    """
    host = host.strip("[]").rstrip(".").lower()
    address = _address(host)
    if list(no_proxy) == ["*"]:
        return True
    return any(
        name and given in (None, port) and _names(name, host, address) for name, given in map(_split_port, no_proxy)
    )


def _split_port(entry: str) -> tuple[str, int | None]:
    """`example.org:8080`, `[::1]:9090`; an address of IPv6 without brackets has no port."""
    found = re.fullmatch(r"(\[[^\]]*\](?:/\d+)?|[^:]*):(\d{1,5})", entry)
    return (entry, None) if found is None else (found[1], int(found[2]))


def _names(name: str, host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    if address is not None:
        network = _network(name)
        return network is not None and address.version == network.version and address in network
    name = name.lstrip(".").rstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(entry.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return None


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
    if login is not None and parts.scheme.startswith("socks") and not all(map(_fits_socks, login)):
        raise _mistake(variable, f"its user and password must have 1 to {_LONGEST_OF_LOGIN} bytes each")
    return Proxy(variable, f"{parts.scheme}://{host}" + (f":{port}" if port else ""), login)


def _fits_socks(text: str) -> bool:
    return 0 < len(text.encode(errors="surrogateescape")) <= _LONGEST_OF_LOGIN


def _mistake(variable: str, why: str) -> UsageError:
    hint = f"write {variable}=http://proxy.example:3128, or name hosts that need none in NO_PROXY"
    return UsageError(f"the environment variable {variable} does not name a proxy that can be used: {why}", hint)
