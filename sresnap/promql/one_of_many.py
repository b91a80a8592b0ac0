"""A query for many services → the query for one of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sresnap.promql import in_regex
from sresnap.promql.names import hole_of
from sresnap.promql.template import TOKEN

_HOLE = re.compile(r"\0(\w+)\0", re.ASCII)
_GROUP = r"\(\?:((?:{unit}|\|)+)\)"
# One character of a regex, as it is written in a string: a backslash takes the next one with it.
_QUOTED = r"(?:\\\\(?:\\.|[^\\])|\\[^\\]|[^\\|()])"
_RAW = r"(?:\\.|[^\\|()])"


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """A query that selects several values of some labels."""

    template: str
    """The query for one of them: `{label}` is where its value goes."""
    values: Mapping[str, frozenset[str]]
    """By label, those that it selects."""

    def is_of(self, labels: Mapping[str, str]) -> bool:
        """Whether it selects what has these labels."""
        return all(labels.get(name) in values for name, values in self.values.items())


def one_of_many(text: str, values: Mapping[str, Collection[str]]) -> OneOfMany | None:
    """A query as a template for one value of each label; None when the query does not name values of all of them.

    `sum by (job) (rate(x{job=~"a|b"}[5m]))` with `job` is `sum by (job) (rate(x{{job=~"{job}"}}[5m]))`, of a and b.

    Args:
        text: the query as it was sent.
        values: by label, which is the name of the placeholder, all that it may select.
    """
    # Text that is there already stays as it is: braces are doubled, and a placeholder is between NULs until the end.
    filled, found = text, dict[str, frozenset[str]]()
    for label, all_values in values.items():
        one = _of_label(filled, label, all_values, is_only=len(values) == 1)
        if one is None:
            return None
        filled, found[label] = one
    return OneOfMany(_HOLE.sub(r"{\1}", filled.replace("{", "{{").replace("}", "}}")), found)


def _of_label(text: str, label: str, values: Collection[str], *, is_only: bool) -> tuple[str, frozenset[str]] | None:
    """The text with the placeholder of one label between NULs, and the values that it selects.

    Several labels may share values, so each is looked for in its own matchers. A single one may be in any, as in
    `up{job=~"{service}"}`.
    """
    tokens = list(_tokens(text))
    quotes = {token[0] for token, matched in tokens if matched is not None}
    known = {quote: {in_regex(value, quote): value for value in values} for quote in quotes}
    found = [
        (index, start, end, named)
        for index, (token, matched) in enumerate(tokens)
        if matched is not None and (is_only or matched == label)
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
            pieces[index] = f"{token[:start]}\0{hole_of(label)}\0{token[end:]}"
    return "".join(pieces), most


def _tokens(text: str) -> Iterator[tuple[str, str | None]]:
    """The tokens of a query; beside the string of a regex matcher, the matcher's label."""
    label = operator = ""
    for token in TOKEN.finditer(text):
        kind, word = token.lastgroup, token.group()
        yield word, label if kind == "string" and operator in {"=~", "!~"} else None
        if kind not in {"space", "comment"}:
            operator = word if kind == "op" else ""
            label = word if kind == "word" else word[1:-1] if kind == "string" and word[0] == '"' else label


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
