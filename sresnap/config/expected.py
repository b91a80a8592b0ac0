"""How a mistake says what was expected and what was found."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from sresnap.printable import quotable


class ExpectedError(ValueError):
    """A value is invalid. The text says what a valid one looks like."""

    def __init__(self, expected: str, suggestion: str | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.suggestion = suggestion


_ALIKE = 0.6
"""Twice the letters that two names have in common, of all their letters."""
_LONGER = 2 / _ALIKE - 1
"""Times. A name that is longer than another by more is not alike even if it contains all of it."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """`did you mean "…"?` with the most similar known name; None when no name is similar."""
    names = {candidate.casefold(): candidate for candidate in known}
    if len(name.casefold()) > _LONGER * max(map(len, names), default=0):
        return None  # difflib would index all letters of a very long name first
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=_ALIKE)
    return f'did you mean "{names[close[0]]}"?' if close else None


def nearest_choice(value: str, choices: Iterable[str]) -> str | None:
    """The same for one of a few fixed values, which may be abbreviated: `ms` for milliseconds."""
    known = list(choices)
    short = [each for each in known if _abbreviates(value.casefold(), each)]
    return f'did you mean "{short[0]}"?' if len(short) == 1 else nearest(value, known)


def _abbreviates(short: str, name: str) -> bool:
    """Whether it begins as the name does, and its letters follow one another in the name."""
    letters = iter(name)
    return name[:1] == short[:1] != "" and all(letter in letters for letter in short)


_MOST_CHOICES = 20


def choices(name: str, known: Iterable[str], none: str) -> str:
    """The hint for a name that is not known: the most similar name, or those that there are.

    Args:
        name: which is not among `known`.
        known: may be empty, or thousands.
        none: the hint where it is empty.
    """
    names = list(dict.fromkeys(known))
    if not names:
        return none
    rest = len(names) - _MOST_CHOICES
    listed = ", ".join(quotable(each, 100) for each in names[:_MOST_CHOICES])
    return nearest(name, names) or f"there are: {listed}" + (f", and {rest:,} more" if rest > 0 else "")


def shown(value: Any) -> str:
    """A value as messages show it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping" if value else "an empty mapping"
        case list():
            return "a list" if value else "an empty list"
        case str():
            return f'"{quotable(value, 60)}"'
    return quotable(str(value), 60)
