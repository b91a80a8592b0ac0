"""Which texts can be the host of an address."""

from __future__ import annotations

import ipaddress
import re

_LONGEST_NAME = 253
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
"""Of a name in DNS. The underscore, which RFC 1123 forbids, is common in names of containers."""
_FOUR_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+){3}")


def is_host(host: str) -> bool:
    """Whether a host can be looked up: an address, or a name whose letters may be outside ASCII.

    An address of IPv6 has no brackets here, and may have a zone: `fe80::1%eth0`.
    """
    if ":" in host or _FOUR_NUMBERS.fullmatch(host):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True
    if host.isascii() and "xn--" not in host:
        name = host.removesuffix(".")
        return len(name) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in name.split("."))
    from sresnap.web.addresses import is_readable  # httpx is loaded only where it is needed

    return is_readable(f"http://{host}/")
