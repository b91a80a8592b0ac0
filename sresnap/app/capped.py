"""Bounds from queries where no more raw samples may be read: wider, but true. The next build continues.

The form `least` gives what each series gained between its first and its last sample, or since its last restart; `most`
gives all that each series held. They assume that a restart lost no more than the counter had counted.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from sresnap.model.query import Query, Result
from sresnap.model.raw import Bounds
from sresnap.model.series import Grid, Series
from sresnap.prometheus import PrometheusClient, fetch

Times: TypeAlias = Mapping[tuple[int, str], frozenset[int]]
"""By place of a result and by service, times that are open."""
Counts: TypeAlias = Mapping[tuple[int, str], Mapping[int, Bounds]]


async def without_samples(client: PrometheusClient, results: Sequence[Result], times: Times, until: float) -> Counts:
    """Bounds of open counts from queries.

    A total has only its lower bound: with it and the most bad events, the worst case is judged. Good events have none:
    how many of them are missing cannot be compared with the total.

    Args:
        client: the server.
        results: the results.
        times: what they leave open.
        until: when to stop, by the event loop's clock.
    """
    asked = [
        (index, query)
        for index in sorted({index for index, _ in times})
        for query in _bounding(results[index].query, {s: open_ for (i, s), open_ in times.items() if i == index})
    ]
    left = until - asyncio.get_running_loop().time()
    answers = await fetch(client, [query for _, query in asked], deadline_seconds=max(left, 0.0))
    values: dict[tuple[int, str], list[Series]] = defaultdict(list)
    for (index, _), answer in zip(asked, answers, strict=True):
        for service, series in answer.values.items():
            values[index, service].append(series)
    wanted = Counter(index for index, _ in asked)
    return {
        (index, service): _between(found[0], found[-1], times[index, service])
        for (index, service), found in values.items()
        if len(found) == wanted[index]
    }


def _bounding(query: Query, open_: Mapping[str, frozenset[int]]) -> list[Query]:
    """The queries of the bounds of a count, over the times that are open."""
    template = query.template
    forms = {"total": (template.least,), "bad": (template.least, template.most)}.get(query.series_key.role, ())
    times = frozenset().union(*open_.values())
    grid = query.grid if query.grid.is_instant else Grid.spanning(min(times), max(times), query.grid.step)
    members = tuple(member for member in query.members if member.service in open_)
    return [
        replace(query, template=replace(template, promql=form), members=members, grid=grid)
        for form in forms
        if form is not None
    ]


def _between(low: Series, high: Series, times: frozenset[int]) -> Mapping[int, Bounds]:
    bounds = zip(low.grid.times(), low.values, high.values, strict=True)
    return {
        time: Bounds(least, max(least, most))
        for time, least, most in bounds
        if time in times and least is not None and most is not None
    }
