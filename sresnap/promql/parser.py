"""Calls promql-parser, which ends the process with a segmentation fault where thousands of terms are nested."""

from __future__ import annotations

import re
from typing import Any

from sresnap.promql.literals import in_code, quoted_strings, without_literal_runs

_NESTING = re.compile(r"[-+*/%^(<>]|[=!]=|\b(?:or|and|unless|atan2)\b", re.IGNORECASE)
"""What opens a level."""
_MOST_NESTED = 1000
TOO_DEEP = "it is nested too deeply"


class NotPromqlError(ValueError):
    """A text is not PromQL. The message is promql-parser's, in one line."""


def parsed(text: str) -> Any:
    """The tree of promql-parser.

    Raises:
        NotPromqlError: the text is not PromQL, or nested so deeply that the parser could crash.
    """
    import promql_parser

    if _levels(text) > _MOST_NESTED:
        raise NotPromqlError(TOO_DEEP)
    try:
        return promql_parser.parse(without_literal_runs(quoted_strings(text)))
    except ValueError as error:
        raise NotPromqlError(" ".join(str(error).split())) from None


def _levels(text: str) -> int:
    """At most how many levels the code of a query has. In strings, such as a regex of many names, nothing nests."""
    levels = 0

    def count(code: str) -> str:
        nonlocal levels
        levels += len(_NESTING.findall(code))
        return code

    in_code(text, count)
    return levels
