"""Asks many small things by few requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sresnap.model.series import Series
from sresnap.prometheus.diagnose import ask
from sresnap.prometheus.recording import InstantClient

_MARK = "sresnap_place"
"""A label of answers, which says what they are about."""
_ROOM = len(f'label_replace(, "{_MARK}", "9999", "", "") or ')


async def ask_each(client: InstantClient, queries: Sequence[str], time: int, at_once: int = 10) -> list[list[Series]]:
    """The series that each of some queries finds.

    Args:
        client: the server. No request is longer than it takes.
        queries: what is asked. None of them may find series that differ in their names only: those are lost.
        time: seconds since the epoch.
        at_once: the most queries of one request.

    Raises:
        QueryError: a request had no whole answer.
    """
    found: list[list[Series]] = [[] for _ in queries]
    for places in _parts(queries, client.longest_query, at_once):
        marked = (f'label_replace({queries[at]}, "{_MARK}", "{at}", "", "")' for at in places)
        for series in (await ask(client, " or ".join(marked), time)).series:
            found[int(series.labels[_MARK])].append(series)
    return found


async def ask_numbers(client: InstantClient, queries: Sequence[str], time: int) -> dict[str, float]:
    """The one number that each of some queries answers, by query; without those that find nothing.

    Raises:
        QueryError: a request had no whole answer.
    """
    wanted = list(dict.fromkeys(queries))
    found = zip(wanted, await ask_each(client, wanted, time), strict=True)
    return {query: some[0].last for query, some in found if some and some[0].last is not None}


def _parts(queries: Sequence[str], longest: int, at_once: int) -> Iterator[list[int]]:
    """The places of queries that fit in one request. One that fits in none is sent by itself: the server says so."""
    places: list[int] = []
    length = 0
    for place, query in enumerate(queries):
        own = len(query.encode()) + _ROOM
        if places and (len(places) == at_once or length + own > longest):
            yield places
            places, length = [], 0
        places.append(place)
        length += own
    if places:
        yield places
