"""Finds the strings and comments of PromQL, so that rewriting a query leaves strings unchanged."""

from __future__ import annotations

import re
from collections.abc import Callable

# Prometheus documentation, "Querying basics": Go's escapes, none between backticks; # begins a comment.
_LITERAL = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|(?P<comment>\#[^\n]*)""", re.DOTALL
)
_RAW_STRING = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\#[^\n]*)|`([^`]*)`""", re.DOTALL)

_REGEX_STRING = re.compile(
    r"""(?P<before>(?:=~|!~)\s*)(?P<quote>["'])(?P<inner>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)"""
)
# In a quoted string, where each backslash of the expression is two.
_RUN = re.compile(r"\\\\Q(?P<run>(?:(?!\\\\E)(?:\\.|[^\\]))*)(?:\\\\E)?|\\\\(?:\\.|.)", re.DOTALL)
_SPECIAL = re.compile(r"\\\\|[.+*?()|\[\]{}^$]")
_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F)} | {
    ord(letter): escape for letter, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
}
_ESCAPES_IN = {quote: _ESCAPES | {ord(quote): "\\" + quote} for quote in ('"', "'")}
"""By the quote of the string."""


def in_code(text: str, change: Callable[[str], str]) -> str:
    """A query with everything outside its strings changed, and without its comments.

    `rate(x{path="/rate(s)"}[5m]) # rate()` with `rate` → `increase` is `increase(x{path="/rate(s)"}[5m]) `.
    """
    parts: list[str] = []
    end = 0
    for found in _LITERAL.finditer(text):
        parts.append(change(text[end : found.start()]))
        if found["string"] is not None:
            parts.append(found["string"])
        end = found.end()
    parts.append(change(text[end:]))
    return "".join(parts)


def one_line(text: str) -> str:
    """A query in one line, without comments. Strings keep their spaces."""
    bare = in_code(text, lambda code: code)
    return in_code(bare, lambda code: re.sub(r"\s+", " ", code)).strip()


def quote(text: str) -> str:
    """A text as a PromQL string."""
    return f'"{escaped(text, chr(34))}"'


def escaped(text: str, quote: str) -> str:
    """A text escaped for a PromQL string. PromQL has Go's escapes."""
    return text.translate(_ESCAPES_IN[quote])


def quoted_strings(text: str) -> str:
    """A query whose raw strings are quoted.

    promql-parser reads backslashes in raw strings as escapes. Prometheus does not.
    """
    return _RAW_STRING.sub(lambda m: m[1] if m[2] is None else quote(m[2]), text)


def without_literal_runs(text: str) -> str:
    r"""A query without raw strings whose regular expressions have no literal run.

    promql-parser does not know them, RE2 and Go do: `a=~"\\Qx.y\\E+"` is `a=~"x\\.y+"`.
    """
    if r"\\Q" not in text:
        return text
    return _REGEX_STRING.sub(lambda m: f"{m['before']}{m['quote']}{_RUN.sub(_plain_run, m['inner'])}{m['quote']}", text)


def _plain_run(found: re.Match[str]) -> str:
    return found[0] if found["run"] is None else _SPECIAL.sub(lambda one: rf"\\{one[0]}", found["run"])
