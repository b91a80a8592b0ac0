"""Names that look like another: what a metric, a label or a value may be called now."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_LIGHT = {"total": 0.3, "count": 0.3, "sum": 0.3, "bucket": 0.3, "seconds": 0.3, "milliseconds": 0.3, "ms": 0.3}
"""Words that say what a metric's form is, not what it is of."""
_LIKE_ONE = {"status": "code", "class": "code", "outcome": "code", "app": "application", "svc": "service"}
"""Words that labels use for the same."""
_LEAST = 0.3
_TYPO = 0.8
_SHORT = 2
_MOST_COMPARED = 2_000
"""Names that are compared letter by letter."""


def alike(name: str, known: Iterable[str], most: int = 5) -> tuple[str, ...]:
    """The names that share words with a name, or differ in a few letters; the nearest first.

    Args:
        name: which is not there.
        known: those that are; may be a hundred thousand.
        most: how many to return.
    """
    words = _words(name)
    scored: list[tuple[float, str]] = []
    rest: list[str] = []
    for other in known:
        score = _shared(words, _words(other))
        if score >= _LEAST:
            scored.append((score, other))
        elif other[:_SHORT] == name[:_SHORT]:
            rest.append(other)
    typos = difflib.get_close_matches(name, rest[:_MOST_COMPARED], n=most, cutoff=_TYPO)
    scored += [(_TYPO, other) for other in typos]
    best = sorted(scored, key=lambda one: (-one[0], one[1]))[: most * 4]
    best.sort(key=lambda one: (-one[0] - difflib.SequenceMatcher(None, name, one[1]).ratio(), one[1]))
    return tuple(other for _, other in best[:most])


def _words(name: str) -> frozenset[str]:
    return frozenset(_LIKE_ONE.get(word, word) for word in re.split(r"[_:.\W]+", name.casefold()) if word)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two names have in common, light words counting less (a weighted Jaccard index).

    `http_requests_total` and `http_server_requests_seconds_count`: 2 of 3.9.
    """
    both = one & other
    if not both:  # most of a hundred thousand
        return 0.0
    common, every = (sum([_LIGHT.get(word, 1.0) for word in words]) for words in (both, one | other))
    return common / every
