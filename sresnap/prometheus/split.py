"""Splits queries into pieces, and joins the results."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sresnap.model.query import Result
from sresnap.model.series import Grid, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sresnap.model.query import Failure, Query, Run

MAX_SPLITS = 6
"""How often a query is halved: into 64 pieces at most."""
MAX_POINTS = 11_000
"""The most points a series that Prometheus returns (web/api/v1/api.go)."""


def cut(query: Query, points: int = MAX_POINTS) -> list[Query]:
    """The query in pieces of nearly equal length, each within the allowed number of points."""
    pieces = -(-query.grid.count // points)
    if pieces <= 1:
        return [query]
    edges = [query.grid.count * i // pieces for i in range(pieces + 1)]
    return [_between(query, first, after) for first, after in pairwise(edges)]


def fitting(query: Query, size: Callable[[Query], int], most: int) -> list[Query]:
    """The query in pieces of fewer services, each within `most` bytes. One that cannot be cut stays as it is."""
    halves = [] if size(query) <= most else half_of_services(query)
    return [piece for half in halves for piece in fitting(half, size, most)] or [query]


def halve(query: Query, *, by_time: bool) -> list[Query]:
    """The query as two: split by services or, where that is not possible or no use, by time.

    Empty when it cannot be split.
    """
    halves = [] if by_time else half_of_services(query)
    if halves:
        return halves
    middle = query.grid.count // 2
    return [_between(query, 0, middle), _between(query, middle, query.grid.count)] if middle else []


def half_of_services(query: Query) -> list[Query]:
    """The query for each half of its services; services that share the values of the labels stay together."""
    by = query.template.by
    values = list(dict.fromkeys(member.values(by) for member in query.members))
    if len(values) < 2:  # noqa: PLR2004 - one cannot be halved, and without labels there is only one
        return []
    first = set(values[: len(values) // 2])
    sides = ([m for m in query.members if (m.values(by) in first) is side] for side in (True, False))
    return [replace(query, members=tuple(side)) for side in sides]


def _between(query: Query, first: int, after: int) -> Query:
    """The points from `first` up to `after`, which is not included."""
    start = query.grid.start + first * query.grid.step
    return replace(query, grid=Grid(start, query.grid.step, after - first))


def join(query: Query, results: Sequence[Result], first: tuple[Run, ...] = ()) -> Result:
    """The results of a query's pieces as one. A piece that failed is missing in the values and listed in `failures`."""
    series: dict[str, list[Series]] = defaultdict(list)
    failures: dict[str, Failure] = {}
    unsure: dict[str, frozenset[int]] = {}
    for result in results:
        for service, each in result.values.items():
            series[service].append(each)
        for service, times in result.unsure.items():
            unsure[service] = unsure[service] | times if service in unsure else times
        for service, failure in result.failures.items():
            failures.setdefault(service, failure)
    values = {service: _glue(pieces, query.grid) for service, pieces in series.items()}
    runs = first + tuple(run for result in results for run in result.runs)
    return Result(query, values, failures, runs, unsure)


def _glue(pieces: Sequence[Series], grid: Grid) -> Series:
    if len(pieces) == 1 and pieces[0].grid == grid:
        return pieces[0]
    values: list[float | None] = [None] * grid.count
    for piece in pieces:
        first = (piece.grid.start - grid.start) // grid.step
        values[first : first + piece.grid.count] = piece.values
    unclear = frozenset().union(*(piece.unclear for piece in pieces))
    void = frozenset().union(*(piece.void for piece in pieces))
    return Series(pieces[0].labels, grid, tuple(values), unclear, void=void)
