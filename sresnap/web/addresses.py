"""Addresses as httpx reads them."""

from __future__ import annotations

import httpx


def is_readable(url: str) -> bool:
    """Whether an address has a host that can be looked up; `http://xn--/` has none."""
    try:
        return bool(httpx.URL(url).host)
    except (httpx.InvalidURL, ValueError):  # IDNAError is a ValueError
        return False
