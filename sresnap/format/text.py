"""Texts and lists of names."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.format.digits import SPACE, THIN
from sresnap.format.numbers import number


def some(names: Sequence[str], most: int = 5) -> str:
    """A list that stays short: `api, web`; `a, b, c, d, e and 12 more`."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {number(len(names) - most)} more"


def plain(text: str) -> str:
    """The text with ordinary spaces, for sentences that are stored and searched."""
    return text.replace(SPACE, " ").replace(THIN, " ")
