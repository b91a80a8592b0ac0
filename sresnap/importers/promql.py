"""Queries of other tools as templates of sresnap. What stands in strings stays as it is."""

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
_RATES = "rate() became increase(), as counts add up and rates do not"
_WINDOWLESS = "it has no range, so nothing makes it a count over {window}; it is taken as it is"
_MOMENT = "it has no range, so it is taken as it is: as of each moment that it is asked for"


def counts(query: str) -> tuple[str, list[str]]:
    """A query of events over {window}, and what had to be changed.

    Rates become increases: sresnap adds the counts of hours up, and rates of unequal stretches do not add up. A fixed
    range becomes {window}. A plain selector of counters becomes the increase of their sum.
    """
    text, told = _windowed(query)
    if _HOLE not in text:
        if _SELECTOR.fullmatch(text):
            return _finished(f"sum(increase({text}[{_HOLE}]))"), [PLAIN]
        told.append(_WINDOWLESS)
    counted = in_code(text, lambda code: _RATE.sub(r"increase\2", code))
    if counted != text:
        told.append(_RATES)
    return _finished(counted), told


def ratio(query: str) -> tuple[str, list[str]]:
    """A query that is a ratio over {window}; rates may stay, as they divide out."""
    text, told = _windowed(query)
    return _finished(text), told if _HOLE in text else [*told, _MOMENT]


def as_written(query: str) -> str:
    """A query whose ranges are its own, as a template: `rate(x{a="b"}[5m])` → `rate(x{{a="b"}}[5m])`."""
    return _finished(one_line(query))


def _windowed(query: str) -> tuple[str, list[str]]:
    """In one line, Go's {{.window}} or else every fixed range as a hole, and what was said of it."""
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
    """Literal braces doubled, the window as a placeholder."""
    return text.replace("{", "{{").replace("}", "}}").replace(_HOLE, "{window}")


def window_name(duration: str) -> str | None:
    """`28d` of `4w` or `28d`; None when it is no whole number of days."""
    match = re.fullmatch(r"([0-9]+)([dw])", duration.strip())
    if match is None:
        hours = re.fullmatch(r"([0-9]+)h", duration.strip())
        return f"{int(hours[1]) // 24}d" if hours is not None and int(hours[1]) % 24 == 0 else None
    return f"{int(match[1]) * (7 if match[2] == 'w' else 1)}d"
