"""Reads the texts of the review from presets/review.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sresnap.model.wording import Wording
from sresnap.resources import bundled_yaml


@cache
def default_wording() -> Wording:
    """The English texts. Read once per process."""
    table: Mapping[str, Any] = bundled_yaml("presets", "review.yaml")
    words = dict(table["words"])
    months = tuple(words.pop("months"))
    return Wording(table["rules"], flat(words), months, tuple(table["dropped_first"]))


def flat(words: Mapping[str, Any]) -> dict[str, str]:
    """The words by name; the forms of an amount by name and form."""
    found: dict[str, str] = {}
    for name, text in words.items():
        found |= {name: text} if isinstance(text, str) else {f"{name}.{form}": own for form, own in text.items()}
    return found
