"""Checks that all instances have the buckets that queries need, many by one request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sresnap.model.query import LatencyUnit
from sresnap.prometheus.diagnose import Cause, boundaries_query, buckets_needed, by_boundary, lack_in_part
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.marked import ask_each
from sresnap.prometheus.recording import InstantClient
from sresnap.promql.tree import Matcher, Selector

_AT_ONCE = 10


async def partial_buckets(
    client: InstantClient, queries: Sequence[tuple[str, LatencyUnit | None]], time: int
) -> list[Cause | None]:
    """Of each query that counts the events of a bucket, the cause where some instances lack the bucket.

    Args:
        client: the server. What it does not answer has no cause.
        queries: each with the unit of its boundaries.
        time: seconds since the epoch.
    """
    needed = [(place, *each) for place, (text, _) in enumerate(queries) for each in _needed(text)]
    causes: list[Cause | None] = [None] * len(queries)
    for start in range(0, len(needed), _AT_ONCE):
        some = needed[start : start + _AT_ONCE]
        try:
            answers = await ask_each(client, [boundaries_query(selector, wanted) for _, selector, wanted in some], time)
        except QueryError:
            continue
        for (place, selector, wanted), series in zip(some, answers, strict=True):
            causes[place] = causes[place] or lack_in_part(selector, wanted, by_boundary(series), queries[place][1])
    return causes


def _needed(text: str) -> list[tuple[Selector, Matcher]]:
    try:
        return list(buckets_needed(text))
    except (ValueError, re.error):
        return []
