"""Counts once what several Prometheus servers scraped: their series differ only in a replica label.

A counting form answers +Inf where such series are. If their values agree, they are copies, and the form `once` is sent.
Nothing is asked as long as no result is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sresnap import promql
from sresnap.compute.counting import copied_targets
from sresnap.model.history import Span
from sresnap.model.query import Member, Purpose, Query, Result, Run
from sresnap.model.raw import RawSeries
from sresnap.model.series import Grid
from sresnap.model.windows import MINUTE
from sresnap.printable import quotable
from sresnap.prometheus import PrometheusClient, fetch
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.split import fitting

_COMPARED = 10 * MINUTE
_SERVICES_COMPARED = 20


@dataclass
class _Counters:
    """Counters that open results count."""

    query: Query
    """One that counts them."""
    text: str
    """The selector of them, or of counters of the same targets, as in its template."""
    results: list[int] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)

    def selector(self, members: Iterable[Member]) -> str:
        """The selector of some services' counters."""
        template = replace(self.query.template, promql=self.text)
        return promql.render(replace(self.query, template=template, members=tuple(members)))


async def count_once(
    client: PrometheusClient, results: Sequence[Result], *, until: float
) -> tuple[list[Result], list[Result]]:
    """Send the form `once` where open results count copies.

    Args:
        client: the server.
        results: answers to counting queries, among others.
        until: when to stop, by the event loop's clock.

    Returns:
        The results in their order; and what was asked to find copies, with a note for the user.
    """
    found, asked = list(results), []
    for counters in _open_counters(results):
        copied, comparison = await _compare(client, counters, until)
        asked.append(comparison)
        if not copied:
            continue
        left = until - asyncio.get_running_loop().time()
        open_ = [index for index in counters.results if is_open(found[index])]
        queries = [_once(found[index]) for index in open_]
        answers = await fetch(client, queries, deadline_seconds=max(left, 0.0))
        for index, answer in zip(open_, answers, strict=True):
            found[index] = found[index].with_answer(answer)
    return found, asked


def is_open(result: Result) -> bool:
    """Whether the counts of a result need more than its query."""
    is_counted = result.query.template.raw is not None and result.query.purpose is not Purpose.SEEN
    return is_counted and any(series.unclear for series in result.values.values())


def _open_counters(results: Sequence[Result]) -> list[_Counters]:
    """The counters that open results count, each once."""
    found: dict[tuple[object, ...], _Counters] = {}
    for index, result in enumerate(results):
        query, template = result.query, result.query.template
        if template.once is None or not template.replica_labels or not is_open(result):
            continue
        single = None if template.by else query.members[0].service
        for text in template.counters_around:
            key = (text, query.variables.get("threshold"), single)
            counters = found.setdefault(key, _Counters(query, text))
            counters.results.append(index)
            counters.members |= {member.service: member for member in _open_members(result)}
    return list(found.values())


def _open_members(result: Result) -> tuple[Member, ...]:
    values = result.values
    return tuple(m for m in result.query.members if m.service in values and values[m.service].unclear)


def _once(result: Result) -> Query:
    """The query of the services that a result leaves open, in the form that counts copies once."""
    template = result.query.template
    once = replace(template, promql=template.once or template.promql)
    return replace(result.query, template=once, members=_open_members(result))


async def _compare(client: PrometheusClient, counters: _Counters, until: float) -> tuple[bool, Result]:
    """Whether there are copies at the end of the query, and what was asked."""
    query, labels = counters.query, counters.query.template.replica_labels
    time = query.grid.end
    asked = replace(query, members=tuple(counters.members.values()), grid=Grid.instant(time), purpose=Purpose.COPIES)
    runs: list[Run] = []
    some: list[Member] = []
    try:
        for part in fitting(asked, lambda part: len(_several(counters, part.members).encode()), client.longest_query):
            text = _several(counters, part.members)
            several = await client.query(text, time, until=until)
            runs.append(Run(text, asked.grid, len(several.series), several.seconds, several.warnings))
            by = query.template.by
            values = {tuple(series.labels.get(name, "") for name in by) for series in several.series}
            some += [m for m in part.members if not by or m.values(by) in values]
            if several.series and some:
                break
        else:
            return False, Result(asked, runs=tuple(runs))
        text = counters.selector(some[:_SERVICES_COMPARED])
        samples = await client.samples(text, Span(time - _COMPARED, time), until=until)
    except QueryError as error:
        return False, Result(asked, runs=(*runs, Run(text, asked.grid, 0, 0.0, failure=error.as_failure())))
    copied = bool(copied_targets(samples.series, labels))
    runs[-1] = replace(runs[-1], infos=(_note(samples.series, labels, is_copied=copied),))
    return copied, Result(asked, runs=tuple(runs))


def _several(counters: _Counters, members: Iterable[Member]) -> str:
    """The query of series that exist more than once, replica labels aside."""
    return f"count without ({', '.join(counters.query.template.replica_labels)}) ({counters.selector(members)}) > 1"


def _note(series: Sequence[RawSeries], labels: Sequence[str], *, is_copied: bool) -> str:
    found = {name: sorted({quotable(one.labels[name], 60) for one in series if name in one.labels}) for name in labels}
    differing = " and ".join(f"{name} ({', '.join(values[:3])})" for name, values in found.items() if values)
    if is_copied:
        advice = "remove the copies where Prometheus is queried (Thanos: dedup), so that rates are right, too"
        return f"series that differ only in {differing} are copies of one counter: they were counted once; {advice}"
    advice = "leave that label out of prometheus.replica_labels, so that fewer samples are read"
    return f"series differ only in {differing}, but their values do not agree: they were counted apart; {advice}"
