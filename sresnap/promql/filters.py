"""Takes a filter such as `> 0` off a count of all events.

`total > 0` has no series where nothing happened, so a quiet hour looks like an hour without data. Without the filter
the count is 0 there, and nothing where there is no data.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sresnap.promql.reader import read_template
from sresnap.promql.tree import Aggregate, Binary, Node, Number

_FILTER = re.compile(r"\s*(?:>|!=)\s*0(?:\.0*)?(?![\w.])")


def without_filter(template: str) -> str | None:
    """A template of a count without `> 0` or `!= 0` around it, or around the terms of its sum; None without any.

    >>> without_filter("sum(increase(x[{window}])) > 0")
    'sum(increase(x[{window}]))'
    """
    wanted = _unfiltered(read_template(template))
    if wanted is None:
        return None
    for found in _FILTER.finditer(template):
        text = template[: found.start()] + template[found.end() :]
        if read_template(text) == wanted:
            return text.strip()
    return None


def _unfiltered(tree: Node | None) -> Node | None:
    match tree:
        case Binary(">" | "!=", left, Number(0), "", False):
            return left
        case Aggregate("sum", Binary(">" | "!=", left, Number(0), "", False)):
            return replace(tree, of=left)
        case _:
            return None
