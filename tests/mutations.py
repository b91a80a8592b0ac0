"""Stored files with one value changed, as an edited or damaged published site may have them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
ABSENT = object()
"""Instead of a value: the key or the element is removed."""
TEXTS = ("", "\0", "x" * 9_999, "../../x", "\u202ex\x1b[2J", "9" * 400, "1970-01-01T00:00:00Z", "2200-12-31T23:59:59Z")
NUMBERS = (0, 1, -1, 2, 2**31, 2**53, 2**63, 10**30, 1e-320, 1e308, -1e308, 0.5, -0.0)
OTHERS = (None, True, [], {}, [None], [0], {"": 0}, "x", 7)


def mutations(document: Any, most_elements: int = 3) -> Iterator[tuple[Path, Any]]:
    """Each place of a JSON document with each value that it may be changed to.

    Args:
        document: what `json.loads` made.
        most_elements: of a list, how many of its elements are changed; the others are alike.
    """
    for path, value in places(document, most_elements):
        if path:
            yield path, ABSENT
        for other in _others(value):
            yield path, other


def places(value: Any, most_elements: int, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place of a document and what is there."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, most_elements, (*path, key))
    elif isinstance(value, list):
        for number, item in list(enumerate(value))[:most_elements]:
            yield from places(item, most_elements, (*path, number))


def _others(value: Any) -> Iterator[Any]:
    yield from OTHERS
    if isinstance(value, str):
        yield from TEXTS
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from NUMBERS
        yield from (-value, value + 1, value * 2)
    elif isinstance(value, list):
        yield from (value[1:], value[:-1], value + value[:1], value[::-1], value * 2)
    elif isinstance(value, dict) and value:
        key, item = next(iter(value.items()))
        yield from ({**value, name: item} for name in (*TEXTS, f"{key}/x"))
        yield {name: item for name, item in value.items() if name != key}


def mutated(document: Any, path: Path, value: Any) -> Any:
    """A copy of the document with another value at a place."""
    if not path:
        return value
    made = copy.copy(document)
    if len(path) > 1:
        made[path[0]] = mutated(document[path[0]], path[1:], value)
    elif value is ABSENT:
        del made[path[0]]
    else:
        made[path[0]] = value
    return made
