"""Reads which values of labels look like errors from presets/error-values.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sresnap.resources import bundled_yaml

_WORD = re.compile(r"\d+[xX]*|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""Words and numbers: `IOException` has two, `http5xx` too."""


def looks_like_error(value: str, label: str = "") -> bool:
    """Whether a label's value names an error of the server: `500`, `SERVER_ERROR`, `failed`; not `CLIENT_ERROR`.

    Args:
        value: the label's value.
        label: its name. `false` is an error only of a label such as `success`.
    """
    table = _table()
    if _is_listed(table.labels, label, value):
        return True
    if _is_listed(table.not_by_label, label, value):
        return False
    text = " ".join(_WORD.findall(value)).lower()
    if value.startswith("/"):
        return False  # a path
    if table.values.fullmatch(text):
        return True
    return table.parts.search(text) is not None and table.others.search(text) is None


_ByLabel = Sequence[tuple[re.Pattern[str], re.Pattern[str]]]


def _is_listed(table: _ByLabel, label: str, value: str) -> bool:
    return any(name.fullmatch(label) and values.fullmatch(value) for name, values in table)


@dataclass(frozen=True, slots=True)
class _Table:
    values: re.Pattern[str]
    parts: re.Pattern[str]
    others: re.Pattern[str]
    labels: _ByLabel
    not_by_label: _ByLabel


@cache
def _table() -> _Table:
    """Read once per process."""
    table = bundled_yaml("presets", "error-values.yaml")
    words, last = "|".join(table["words"]), "|".join(table["last"])
    return _Table(
        values=re.compile("|".join(table["values"])),
        parts=re.compile(rf"(?<!\w)(?:(?:{words})(?!\w)|(?:{last})$)"),
        others=re.compile("|".join(table["not_errors"])),
        labels=_by_label(table["labels"]),
        not_by_label=_by_label(table["not_by_label"]),
    )


def _by_label(table: Mapping[str, str]) -> _ByLabel:
    return [(re.compile(name), re.compile(values, re.IGNORECASE)) for name, values in table.items()]
