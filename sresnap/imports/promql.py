"""Queries of other tools as templates of sresnap."""

from __future__ import annotations

import re

_GO_WINDOW = re.compile(r"\{\{\s*\.window\s*\}\}")
_RANGE = re.compile(r"\[\s*([0-9]+(?:ms|[smhdwy]))+\s*\]")
_RATE = re.compile(r"\b(rate|irate)(\s*\()")
_SELECTOR = re.compile(r"\s*[A-Za-z_:][A-Za-z0-9_:]*\s*(\{.*\})?\s*", re.DOTALL)
_HOLE = "\0window\0"


def counts(query: str) -> tuple[str, list[str]]:
    """A query of events over {window}, and what had to be changed.

    Rates become increases: sresnap adds the counts of hours up, and rates of unequal stretches do not add up. A fixed
    range becomes {window}. A plain selector of counters becomes the increase of their sum.
    """
    text, told = _windowed(query)
    if _HOLE not in text and _SELECTOR.fullmatch(text):
        return _finished(f"sum(increase({text.strip()}[{_HOLE}]))"), ["a plain selector: its increase is counted"]
    if _RATE.search(text):
        text = _RATE.sub(r"increase\2", text)
        told.append("rate() became increase(), as counts add up and rates do not")
    return _finished(text), told


def ratio(query: str) -> tuple[str, list[str]]:
    """A query that is a ratio over {window}; rates may stay, as they divide out."""
    text, told = _windowed(query)
    return _finished(text), told


def _windowed(query: str) -> tuple[str, list[str]]:
    text = _GO_WINDOW.sub(_HOLE, query)
    told: list[str] = []
    if _HOLE not in text and _RANGE.search(text):
        told.append(f"its fixed range {_RANGE.search(text)[0]} became the window")  # type: ignore[index]
        text = _RANGE.sub(f"[{_HOLE}]", text)
    return text, told


def _finished(text: str) -> str:
    """Literal braces doubled, the window as a placeholder, in one line."""
    return " ".join(text.replace("{", "{{").replace("}", "}}").replace(_HOLE, "{window}").split())


def window_name(duration: str) -> str | None:
    """`28d` of `4w` or `28d`; None when it is no whole number of days."""
    match = re.fullmatch(r"([0-9]+)([dw])", duration.strip())
    if match is None:
        hours = re.fullmatch(r"([0-9]+)h", duration.strip())
        return f"{int(hours[1]) // 24}d" if hours is not None and int(hours[1]) % 24 == 0 else None
    return f"{int(match[1]) * (7 if match[2] == 'w' else 1)}d"
