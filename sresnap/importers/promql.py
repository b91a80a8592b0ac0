"""Turns queries of other tools into templates. Strings in queries stay unchanged."""

from __future__ import annotations

import re

from sresnap.promql import in_code, one_line

_GO_WINDOW = re.compile(r"\{\{\s*\.window\s*\}\}")
_RANGE = re.compile(r"\[\s*(?:(?:[0-9]+(?:ms|[smhdwy]))+|[0-9.]+)\s*\]")
_RATE = re.compile(r"\b(rate|irate)(\s*\()")
_NAME = r"[A-Za-z_:][A-Za-z0-9_:]*"
_MATCHERS = r"""\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[^{}"'`])*\}"""
_SELECTOR = re.compile(rf"(?:{_NAME}\s*)?{_MATCHERS}|{_NAME}", re.DOTALL)
_HOLE = "\0window\0"

PLAIN = "a plain selector: its increase is counted"
_RATES = "rate() became increase(), because counts add up and rates do not"
_WINDOWLESS = "it has no range, so nothing makes it a count over {window}; it is used unchanged"
_MOMENT = "it has no range, so it is used unchanged: its value at each moment of the query"


def counts(query: str) -> tuple[str, list[str]]:
    """A query of events over {window}, and the changes that were needed.

    Rates become increases: sresnap adds up the counts of hours, and rates over unequal spans do not add up. A fixed
    range becomes {window}. A plain selector of counters becomes the increase of their sum.
    """
    text, changes = _windowed(query)
    if _HOLE not in text:
        if _SELECTOR.fullmatch(text):
            return _finished(f"sum(increase({text}[{_HOLE}]))"), [PLAIN]
        changes.append(_WINDOWLESS)
    counted = in_code(text, lambda code: _RATE.sub(r"increase\2", code))
    if counted != text:
        changes.append(_RATES)
    return _finished(counted), changes


def ratio(query: str) -> tuple[str, list[str]]:
    """A query of a ratio over {window}, and the changes that were needed. Rates stay, because they divide out."""
    text, changes = _windowed(query)
    return _finished(text), changes if _HOLE in text else [*changes, _MOMENT]


def as_written(query: str) -> str:
    """A query as a template that keeps its own ranges: `rate(x{a="b"}[5m])` → `rate(x{{a="b"}}[5m])`."""
    return _finished(one_line(query))


def _windowed(query: str) -> tuple[str, list[str]]:
    """The query in one line with Go's {{.window}}, or every fixed range, as a placeholder; and the notes about that."""
    text = _GO_WINDOW.sub(_HOLE, one_line(query))
    if _HOLE in text:
        return text, []
    ranges: dict[str, None] = {}

    def opened(code: str) -> str:
        ranges.update(dict.fromkeys(_RANGE.findall(code)))
        return _RANGE.sub(f"[{_HOLE}]", code)

    text = in_code(text, opened)
    return text, [f"its fixed range {' and '.join(ranges)} became the window"] if ranges else []


def _finished(text: str) -> str:
    """The text with literal braces doubled and the window as a placeholder."""
    return text.replace("{", "{{").replace("}", "}}").replace(_HOLE, "{window}")


def window_name(duration: str) -> str | None:
    """The window's name in days: `4w` gives `28d`; None when it is not a whole number of days."""
    match = re.fullmatch(r"([0-9]+)([dw])", duration.strip())
    if match is None:
        hours = re.fullmatch(r"([0-9]+)h", duration.strip())
        return f"{int(hours[1]) // 24}d" if hours is not None and int(hours[1]) % 24 == 0 else None
    return f"{int(match[1]) * (7 if match[2] == 'w' else 1)}d"
