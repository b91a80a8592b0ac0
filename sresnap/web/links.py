"""Which texts are links to other places."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_link(text: str) -> bool:
    """Whether a text is an http(s) URL with a host. A scheme may be in capitals (RFC 3986, 3.1)."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a broken address or port
        return False
