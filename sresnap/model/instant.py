"""A point in time as data: an int inside the program, RFC 3339 text in JSON."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sresnap.model.windows import END_OF_TIME, iso, parse_time


def _read(value: object) -> int:
    """Seconds since the epoch of `2026-11-22T21:30:00Z`; any other spelling would not be written the same again.

    Raises:
        ValueError: it is not such a text, or the time lies outside 1970 to 2200.
    """
    time = _seconds(value) if isinstance(value, str) else None
    if time is None:
        raise ValueError(f"{value!r} is not a UTC time such as 2026-11-22T21:30:00Z")
    return time


@lru_cache(maxsize=4096)
def _seconds(text: str) -> int | None:
    """Seconds since the epoch; None when the text is invalid. Files repeat their times: a report has about 30."""
    with suppress(ValueError, OverflowError):
        time = parse_time(text)
        if 0 <= time < END_OF_TIME and iso(time) == text:
            return time
    return None


Instant = Annotated[
    int,
    BeforeValidator(_read),
    PlainSerializer(iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}),
]
"""Seconds since the epoch, UTC. Pydantic reads it from and writes it to JSON as `2026-11-22T21:30:00Z`."""
