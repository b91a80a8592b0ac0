"""Regular expressions of matchers, as engines read them: by RE2.

promql-parser checks with Rust's `regex`, and Python has its own grammar. Both take more than RE2 does, mean something
else by `[[:alpha:]]`, and Python's may take for ever. Source: https://github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sresnap.promql.reader import read
from sresnap.promql.tree import Selector, walk

_SUSPECT = re.compile(r"[*+?}][*+?{]|[0-9]\}|\(\?|\\[uU]")
"""RE2 refuses nothing that promql-parser takes without one of these. The names of a fleet have none, and are not
compiled."""
_MOST_BYTES = 64_000_000
"""Of memory for one expression. RE2's own 8 MB are too few for `\\pL{1000}`, which Prometheus compiles."""


def objection_to_query(text: str) -> str | None:
    """What RE2 refuses in the matchers of a valid query; None where it refuses nothing."""
    if _SUSPECT.search(text) is None:
        return None
    selectors = (node for node in walk(read(text)) if isinstance(node, Selector))
    regexes = (one.value for selector in selectors for one in selector.matchers if one.operator in ("=~", "!~"))
    return next((problem for regex in regexes if (problem := objection(regex)) is not None), None)


def objection(regex: str) -> str | None:
    """What RE2 refuses in a regular expression that promql-parser takes.

    >>> objection("x**")
    'RE2 says: bad repetition operator: **'
    >>> objection("(x{100}){100}")
    'RE2 says: invalid repetition size: {100}'
    """
    if _SUSPECT.search(regex) is None:
        return None
    compiled = _compiled(regex)
    return f"RE2 says: {compiled}" if isinstance(compiled, str) else None


def is_match(regex: str, value: str) -> bool:
    """Whether a regular expression matches all of a label's value, in time that grows with its length only.

    >>> is_match("[[:alpha:]]+", "eu")
    True
    """
    compiled = _compiled(regex)
    return not isinstance(compiled, str) and compiled.fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _compiled(regex: str) -> Any | str:
    """The compiled expression, or what RE2 says against it."""
    import re2  # loaded only where a label is compared

    options = re2.Options()
    options.log_errors = False  # it would print them
    options.dot_nl = True  # as Prometheus compiles it
    options.max_mem = _MOST_BYTES
    try:
        return re2.compile(regex, options)
    except re2.error as error:
        words = error.args[0]
        return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
