"""Reads queries and windows of other tools that need no translation."""

from __future__ import annotations

import re

from sresnap.promql import one_line


def as_written(query: str) -> str:
    """A query as a template that keeps its own ranges: `rate(x{a="b"}[5m])` → `rate(x{{a="b"}}[5m])`."""
    return one_line(query).replace("{", "{{").replace("}", "}}")


def window_name(duration: str) -> str | None:
    """The window's name in days: `4w` gives `28d`; None when it is not a whole number of days."""
    match = re.fullmatch(r"([0-9]+)([dw])", duration.strip())
    if match is None:
        hours = re.fullmatch(r"([0-9]+)h", duration.strip())
        return f"{int(hours[1]) // 24}d" if hours is not None and int(hours[1]) % 24 == 0 else None
    return f"{int(match[1]) * (7 if match[2] == 'w' else 1)}d"
