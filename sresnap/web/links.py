"""Which texts are links to other sites, and which may be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sresnap.printable import has_unprintable

_MAIL = re.compile(r"mailto:[^\s@:/?#\"<>]+@[^\s@:/?#\"<>]+", re.IGNORECASE)
"""One address and no headers (RFC 6068)."""


def is_link(text: str) -> bool:
    """Whether a text is an http(s) URL with a host. A scheme may be in capitals (RFC 3986, 3.1)."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a broken address or port
        return False


def is_contact(text: str) -> bool:
    """Whether a reader may open a text: an http(s) URL without a login and blanks, or mailto with an address.

    `javascript:` and the like, and paths, are not such.
    """
    if has_unprintable(text) or any(letter.isspace() for letter in text):
        return False
    return _MAIL.fullmatch(text) is not None or (is_link(text) and not has_login(text))


def has_login(text: str) -> bool:
    """Whether an http(s) URL has a user or a password in front of its host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "@" in parts.netloc
