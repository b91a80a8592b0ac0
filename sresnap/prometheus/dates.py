"""Reads dates in HTTP headers (RFC 9110, section 5.6.7): `Sun, 22 Nov 2026 21:30:00 GMT`."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

_LONGEST = 100


def http_date(text: str | None) -> int | None:
    """The date in seconds since the epoch; None for anything else."""
    if text is None:
        return None
    try:
        time = parsedate_to_datetime(text[:_LONGEST])
        return int((time if time.tzinfo is not None else time.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, TypeError, IndexError):  # the library raises any of them for odd dates
        return None
