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


def nearest(name: str, known: Iterable[str]) -> str | None:
    """`did you mean "…"?` with the most similar known name; None when no name is similar."""
    names = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.casefold(), names, n=1)
    return f'did you mean "{names[close[0]]}"?' if close else None


def shown(value: Any) -> str:
    """A value as messages show it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f'"{quotable(value, 60)}"'
    return quotable(str(value), 60)
