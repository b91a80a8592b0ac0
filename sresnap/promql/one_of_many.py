"""A query for many services → the query for one of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sresnap.promql import in_regex
from sresnap.promql.template import TOKEN

_GROUP = r"\(\?:((?:{unit}|\|)+)\)"
# One character of a regex, as it is written in a string: a backslash takes the next one with it.
_QUOTED = r"(?:\\\\(?:\\.|[^\\])|\\[^\\]|[^\\|()])"
_RAW = r"(?:\\.|[^\\|()])"


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """A query that selects several values of a label."""

    template: str
    """The query for one of them: `{label}` is where its value goes."""
    values: frozenset[str]
    """Those that it selects."""


def one_of_many(text: str, label: str, values: Collection[str]) -> OneOfMany | None:
    """A query as a template for one value of a label; None when the query names none of the values.

    `sum by (job) (rate(x{job=~"a|b"}[5m]))` with `job` is `sum by (job) (rate(x{{job=~"{job}"}}[5m]))`, of a and b.

    Args:
        text: the query as it was sent.
        label: the name of the placeholder.
        values: all that it may select.
    """
    tokens = list(_tokens(text))
    quotes = {token[0] for token, is_regex in tokens if is_regex}
    known = {quote: {in_regex(value, quote): value for value in values} for quote in quotes}
    found = [
        (index, start, end, named)
        for index, (token, is_regex) in enumerate(tokens)
        if is_regex
        for start, end, named in _alternatives(token, known[token[0]])
    ]
    if not found:
        return None
    # Another matcher may name one of the values by chance: the one that selects services names all of them.
    most = max((named for *_, named in found), key=len)
    pieces = [token for token, _ in tokens]
    for index, start, end, named in reversed(found):
        if named == most:
            token = pieces[index]
            pieces[index] = f"{token[:start]}\0{token[end:]}"
    filled = "".join(pieces).replace("{", "{{").replace("}", "}}").replace("\0", f"{{{label}}}")
    return OneOfMany(filled, most)


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """The tokens of a query, and whether each is the string of a regex matcher."""
    operator = ""
    for token in TOKEN.finditer(text):
        kind, word = token.lastgroup, token.group()
        yield word, kind == "string" and operator in {"=~", "!~"}
        if kind not in {"space", "comment"}:
            operator = word if kind == "op" else ""


def _alternatives(token: str, known: Mapping[str, str]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Where a string has an alternation of known values only: the whole string, or groups in it."""
    unit = _RAW if token[0] == "`" else _QUOTED
    whole = _values(token[1:-1], unit, known)
    if whole:
        yield 1, len(token) - 1, whole
        return
    for group in re.finditer(_GROUP.format(unit=unit), token, re.DOTALL):
        named = _values(group[1], unit, known)
        if named:
            yield group.start(), group.end(), named


def _values(text: str, unit: str, known: Mapping[str, str]) -> frozenset[str]:
    parts = re.findall(f"{unit}+", text, re.DOTALL)
    if "|".join(parts) != text or not all(part in known for part in parts):
        return frozenset()
    return frozenset(known[part] for part in parts)
