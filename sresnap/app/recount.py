"""Counts from raw samples what a query left open.

A counting form answers +Inf for a span in which a series restarted, appeared, ended or changed its labels. The samples
of these services and spans are read, and counted between two bounds. Nothing is read for clear spans. What a build
cannot read gets its bounds from queries, and the next build continues.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from sresnap import promql
from sresnap.app.capped import without_samples
from sresnap.app.copies import count_once, is_open
from sresnap.app.raw_samples import BEFORE, Reader, Samples
from sresnap.compute.counting import Counted
from sresnap.model.history import Span
from sresnap.model.query import Failure, Member, Purpose, Query, Result
from sresnap.model.raw import Bounds
from sresnap.model.series import Grid
from sresnap.model.windows import DAY, parse_duration
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.errors import QueryError

_Selectors: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""Of counters, each of one metric, and of those around them."""
_SERVICES_A_REQUEST = 20
_SHARE_FOR_SAMPLES = 0.9
"""Of the time that is left. The rest is for bounds where no samples could be read."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A span that a result leaves open for a service."""

    result: int
    """Its place among the results."""
    member: Member
    time: int
    """Where its value stands."""
    span: Span


async def recount(
    client: PrometheusClient, results: Sequence[Result], *, until: float, limit: int
) -> tuple[list[Result], list[Result]]:
    """Count from raw samples where results are left open.

    Args:
        client: the server.
        results: answers to counting queries, among others.
        until: when to stop, by the event loop's clock. What was not read then has wider bounds or stays unknown, and is
            asked for by the next build.
        limit: the most samples to read, for the same purpose. The newest spans come first.

    Returns:
        The results in their order, with the counts in them; and what was read for them.
    """
    found, readings = await count_once(client, results, until=until)
    by_service: dict[str, list[_Open]] = defaultdict(list)
    for one in _opened(found):
        by_service[one.member.service].append(one)
    labels = next((found[one.result].query.template.replica_labels for each in by_service.values() for one in each), ())
    now = asyncio.get_running_loop().time()
    reader = Reader(client, now + (until - now) * _SHARE_FOR_SAMPLES, limit, labels)
    async with asyncio.TaskGroup() as group:
        pieces = [piece for opened in by_service.values() for piece in _pieces(opened)]
        newest_first = reversed(list(_batches(pieces)))
        tasks = [group.create_task(_count(reader, tuple(found), batch)) for batch in newest_first]
    counted = [part for task in tasks for part in task.result()]
    changes = [change for each, _ in counted for change in each]
    for change in await _bounded(client, found, changes, until):
        found[change.result] = change.applied(found[change.result])
    return found, [*readings, *(reading for _, reading in counted)]


async def _bounded(
    client: PrometheusClient, results: Sequence[Result], changes: Sequence[_Change], until: float
) -> list[_Change]:
    """The changes, with bounds from queries where no samples were read."""
    times: dict[tuple[int, str], frozenset[int]] = defaultdict(frozenset)
    for change in changes:
        if change.failure is not None:
            times[change.result, change.service] |= change.unsure
    if not times:
        return list(changes)
    counts = await without_samples(client, results, times, until)
    return [
        change if change.failure is None else replace(change, counts=counts.get((change.result, change.service), {}))
        for change in changes
    ]


def _opened(results: Sequence[Result]) -> Iterator[_Open]:
    for index, result in enumerate(results):
        query = result.query
        if not is_open(result):
            continue
        seconds = round(parse_duration(query.variables["window"]))
        for member in query.members:
            series = result.values.get(member.service)
            for time in sorted(series.unclear) if series is not None else ():
                yield _Open(index, member, time, Span(time - seconds, time))


def _pieces(opened: Iterable[_Open]) -> Iterator[list[_Open]]:
    """A service's spans in groups that are read together: each reaches over a day at most."""
    piece: list[_Open] = []
    for one in sorted(opened, key=lambda one: (one.span.start, one.span.end)):
        if piece and one.span.end - piece[0].span.start > DAY:
            yield piece
            piece = []
        piece.append(one)
    if piece:
        yield piece


def _batches(pieces: Iterable[list[_Open]]) -> Iterator[list[_Open]]:
    """Pieces of several services that one request can read: together they reach over a day at most, too."""
    batch: list[_Open] = []
    for piece in sorted(pieces, key=lambda piece: _whole(piece).start):
        is_long = batch and _whole([*batch, *piece]).end - _whole(batch).start > DAY
        if is_long or len({one.member.service for one in batch}) >= _SERVICES_A_REQUEST:
            yield batch
            batch = []
        batch += piece
    if batch:
        yield batch


def _whole(opened: Sequence[_Open]) -> Span:
    return Span(min(one.span.start for one in opened), max(one.span.end for one in opened))


@dataclass(frozen=True, slots=True)
class _Change:
    """The counts of one service of a result."""

    result: int
    """Its place among the results."""
    service: str
    counts: Mapping[int, Bounds]
    failure: Failure | None = None
    """Why no samples were read."""
    unsure: frozenset[int] = frozenset()
    """Times whose samples were not read, or came with a warning."""

    def applied(self, result: Result) -> Result:
        """The result with the counts in it."""
        series = result.values[self.service]
        values, high = list(series.values), dict(series.high)
        for time, bounds in self.counts.items():
            grid = series.grid
            place = 0 if grid.is_instant else (time - grid.start) // grid.step
            values[place] = bounds.low
            if bounds.high > bounds.low:
                high[time] = bounds.high
        counted = replace(series, values=tuple(values), unclear=series.unclear - self.counts.keys(), high=high)
        failures, unsure = dict(result.failures), dict(result.unsure)
        if self.failure is not None:
            failures.setdefault(self.service, self.failure)
        if self.unsure:
            unsure[self.service] = unsure.get(self.service, frozenset()) | self.unsure
        return replace(result, values={**result.values, self.service: counted}, failures=failures, unsure=unsure)


async def _count(
    reader: Reader, results: Sequence[Result], batch: Sequence[_Open]
) -> list[tuple[list[_Change], Result]]:
    """The counts of spans that are read together, and what was sent.

    Where the server refuses that as too large, half of the services are read at a time.
    """
    whole = _whole(batch)
    span = Span(whole.start - BEFORE, whole.end)
    members = {one.member.service: one.member for one in batch}
    opened: dict[tuple[int, str], list[_Open]] = defaultdict(list)
    for one in batch:
        opened[one.result, one.member.service].append(one)
    selectors = {
        (index, service): _selectors(results[index].query, members[service], members.values())
        for index, service in opened
    }
    query = results[batch[0].result].query
    asked = replace(
        query, members=tuple(members.values()), grid=Grid.instant(span.end), purpose=Purpose.RAW, window="raw"
    )
    try:
        read = await reader.read({text for pair in selectors.values() for some in pair for text in some}, span)
    except QueryError as error:
        if error.splittable and len(members) > 1:
            return [part for half in _halves(batch) for part in await _count(reader, results, half)]
        failure = error.as_failure()
        changes = [
            _Change(index, service, {}, failure, frozenset(one.time for one in found))
            for (index, service), found in opened.items()
        ]
        return [(changes, Result(asked, failures=dict.fromkeys(members, failure)))]
    return [(_changes(read, results, opened, selectors), Result(asked, runs=read.runs))]


def _changes(
    read: Samples,
    results: Sequence[Result],
    opened: Mapping[tuple[int, str], Sequence[_Open]],
    selectors: Mapping[tuple[int, str], _Selectors],
) -> list[_Change]:
    """The counts of spans by samples that were read. Results with the same selectors share them."""
    counted: dict[tuple[_Selectors, str], Counted] = {}
    changes = []
    for (index, service), found in opened.items():
        key = (selectors[index, service], service)
        if key not in counted:
            by = results[index].query.template.by
            own = dict(zip(by, found[0].member.values(by), strict=True))
            selected, around = selectors[index, service]
            counted[key] = read.count(selected, around, own)
        counts = {one.time: counted[key].within(one.span.start, one.span.end) for one in found}
        unsure = frozenset(counts) if any(run.warnings for run in read.runs) else frozenset()
        changes.append(_Change(index, service, counts, unsure=unsure))
    return changes


def _halves(batch: Sequence[_Open]) -> tuple[list[_Open], list[_Open]]:
    """The spans of the first half of the services, and the spans of the other half."""
    services = list(dict.fromkeys(one.member.service for one in batch))
    first = set(services[: len(services) // 2])
    return [one for one in batch if one.member.service in first], [
        one for one in batch if one.member.service not in first
    ]


def _selectors(query: Query, member: Member, batch: Iterable[Member]) -> _Selectors:
    """The counters, and those around them: of all services of a batch that share the query, or of one."""
    services = {each.service for each in query.members}
    shared = tuple(each for each in batch if each.service in services)
    members = shared if query.template.by else (member,)
    selected, around = (
        tuple(
            promql.render(replace(query, template=replace(query.template, promql=text), members=members))
            for text in some
        )
        for some in (query.template.counters, query.template.counters_around)
    )
    return selected, around
