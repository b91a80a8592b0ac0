"""Reads queries and windows of other tools that need no translation."""

from __future__ import annotations

import re

from sresnap.config.expected import ExpectedError
from sresnap.config.readers import read_window
from sresnap.promql import one_line

_HOURS = {"h": 1, "d": 24, "w": 7 * 24}


def as_written(query: str) -> str:
    """A query as a template that keeps its own ranges: `rate(x{a="b"}[5m])` → `rate(x{{a="b"}}[5m])`."""
    return one_line(query).replace("{", "{{").replace("}", "}}")


def window_name(duration: str) -> str | None:
    """The window's name in days: `4w` gives `28d`; None when no window of sresnap.yaml has this length."""
    match = re.fullmatch(r"([0-9]{1,9})([hdw])", duration.strip())
    if match is None:
        return None
    days, rest = divmod(int(match[1]) * _HOURS[match[2]], _HOURS["d"])
    try:
        read_window(f"{days}d")
    except ExpectedError:
        return None
    return None if rest else f"{days}d"
