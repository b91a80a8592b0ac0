"""Looks up whether an empty answer means zero: does the query select series that exist, and does it miss errors?

No series of bad events can mean that none happened, or that a label is called `status` and not `code`, that it holds
`500` and not `5xx`, that a bucket does not exist. Only the values that exist can show which.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sresnap import promql
from sresnap.model.evidence import Evidence, LabelValues
from sresnap.model.history import ColumnKey
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Member, Purpose, Query, Result
from sresnap.model.series_key import is_of_bad
from sresnap.prometheus.diagnose import ask, cause_of_nothing
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.missed import Chosen, Row, label_values
from sresnap.prometheus.recording import InstantClient, LookUps, Recording
from sresnap.prometheus.selected import (
    NoMetricError,
    choosing,
    counters,
    every,
    labels_by_metric,
    lack_of_values,
    terms,
    text_of,
)
from sresnap.prometheus.split import MAX_SPLITS, fitting, half_of_services
from sresnap.promql.names import labels_text
from sresnap.promql.selectors import Dependence, metric_of, places
from sresnap.promql.tree import Matcher, Selector

_LOOKBACK = "6h"
"""How long a series may be away: an exporter may drop series, and a service may rest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query, and the services for which its evidence is wanted."""

    query: Query
    members: tuple[Member, ...]
    total: Query | None = None
    """The query of all events. Matchers that it has, too, choose the service and not the kind of events."""

    @classmethod
    def by_total(cls, query: Query, members: Iterable[Member], totals: Mapping[str, Query | None]) -> Iterator[Wanted]:
        """A query once for each query of all events that its services have: one of them may have replaced it.

        Args:
            query: of some events.
            members: the services.
            totals: by service, the query of all events; None where there is none.
        """
        alike: dict[int, list[Member]] = {}
        for member in members:
            alike.setdefault(id(totals[member.service]), []).append(member)
        for some in alike.values():
            yield cls(query, tuple(some), totals[some[0].service])

    def fitting(self, most: int) -> list[Wanted]:
        """This one in parts of fewer services, so that no look-up has more than `most` bytes."""
        try:
            return self._of(fitting(self._whole, lambda query: len(counters(query).encode()), most))
        except promql.TemplateError:  # `look_up` says so, as of any query that cannot be read
            return [self]

    def halves(self) -> list[Wanted]:
        """This one for each half of its services; empty for a single service."""
        return self._of(half_of_services(self._whole))

    @property
    def _whole(self) -> Query:
        return replace(self.query, members=self.members)

    def _of(self, pieces: Sequence[Query]) -> list[Wanted]:
        return [replace(self, members=piece.members) for piece in pieces]


async def look_up(
    client: InstantClient, wanted: Sequence[Wanted], time: int, until: float, answers: LookUps | None = None
) -> tuple[dict[ColumnKey, Evidence], list[Result]]:
    """By (service, series), what exists at a time, or shortly before. A look-up that fails is a lack of evidence.

    Each service is looked up with its own matchers: that others export a metric says nothing about this one.

    Args:
        client: the server.
        wanted: what to look up.
        time: seconds since the epoch.
        until: when to stop, by the event loop's clock.
        answers: receives what was sent, for later look-ups of the same report.

    Returns:
        The evidence, and the requests for it.
    """
    shared = _Shared({} if answers is None else answers)
    async with asyncio.TaskGroup() as group:
        tasks = [
            (part, group.create_task(_evidence(_LookUp(client, part, time, until, shared))))
            for one in wanted
            for part in one.fitting(client.longest_query)
        ]
    found: dict[ColumnKey, Evidence] = {}
    for part, task in tasks:
        found |= {(service, part.query.series_key): each for service, each in task.result().items()}
    return found, [Result(query, runs=tuple(recording.runs)) for query, recording in shared.asked if recording.runs]


async def _evidence(look: _LookUp, splits: int = MAX_SPLITS) -> dict[str, Evidence]:
    try:
        return await look.run()
    except NoMetricError:
        lack = Evidence(_no_evidence("the query names neither a metric nor a target: name the metric"))
    except (ValueError, re.error):
        lack = Evidence(_no_evidence("its selectors cannot be read: write each as name{…}"))
    except QueryError as error:
        halves = look.wanted.halves() if error.splittable and splits else []
        if halves:
            looks = [_LookUp(look.client, half, look.time, look.until, look.shared) for half in halves]
            found = [await _evidence(each, splits - 1) for each in looks]
            return {service: each for half in found for service, each in half.items()}
        lack = _failed(error)
    return dict.fromkeys((member.service for member in look.wanted.members), lack)


def _no_evidence(reason: str) -> str:
    return f"nothing shows whether an empty answer means zero ({reason})"


def _failed(error: QueryError) -> Evidence:
    return Evidence(_no_evidence(f"the look-up failed: {error.message}"), has_failed=True)


@dataclass
class _Shared:
    """What all look-ups of a report have in common."""

    answers: LookUps
    """The objectives of a service often share a selector, and the queries of bad and of all events a metric."""
    asked: list[tuple[Query, Recording]] = field(default_factory=list)
    """What requests are about, and the requests."""


@dataclass
class _LookUp:
    """The look-up of one query."""

    client: InstantClient
    wanted: Wanted
    time: int
    until: float
    shared: _Shared
    choosing: dict[Selector, tuple[Matcher, ...]] = field(default_factory=dict)
    """The matchers that choose the kind of events, not the service."""
    rows: dict[Selector, dict[str, list[Row]]] = field(default_factory=dict)
    """By selector and service."""
    lacks: dict[Selector, dict[str, str | None]] = field(default_factory=dict)
    failed: dict[str, Evidence] = field(default_factory=dict)
    """By service, whose lack could not be looked up."""

    async def run(self) -> dict[str, Evidence]:
        """By service.

        Raises:
            QueryError: a request failed, or its answer was partial.
            ValueError: the query's selectors cannot be read.
        """
        members = self.wanted.members
        found = terms(self.wanted.query, members)
        self.choosing |= self._choosing(members)
        labels = labels_by_metric(self.choosing)
        for selector in self.choosing:
            await self._read(selector, labels[metric_of(selector)])
        return {member.service: self._judged(found, member.service) for member in members}

    async def _read(self, selector: Selector, labels: Sequence[str]) -> None:
        members = self.wanted.members
        rows = await self._rows(self._bare(selector, members), labels, members)
        away = tuple(member for member in members if not rows[member.service])
        if away:
            rows |= await self._rows(f"last_over_time({self._bare(selector, away)}[{_LOOKBACK}])", labels, away)
        chosen, metric = self.choosing[selector], metric_of(selector)
        lacks = {
            name: lack_of_values(metric, chosen, found, self.wanted.query.template.unit)
            for name, found in rows.items()
            if found
        }
        absent = [member for member in members if not rows[member.service]]
        if absent:
            lacks |= await self._lacks(selector, absent)
        self.rows[selector], self.lacks[selector] = rows, lacks

    async def _rows(self, series: str, choosing: Sequence[str], members: Sequence[Member]) -> dict[str, list[Row]]:
        """By service, which values of the choosing labels exist together."""
        by = self.wanted.query.template.by
        labels = dict.fromkeys([*by, *choosing])
        rows = await self._ask(f"count by ({labels_text(labels)}) ({series})", members)
        # What no series of a metric has chooses no service in it, as the label of a service in `up`.
        known = [name for name in by if any(name in row for row in rows)]
        if not known:
            return {member.service: rows for member in members}
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            found.setdefault(tuple(row.get(name, "") for name in known), []).append(row)
        return {member.service: found.get(member.values(known), []) for member in members}

    async def _ask(self, text: str, members: Sequence[Member]) -> list[Row]:
        if asyncio.get_running_loop().time() >= self.until:
            raise QueryError(ProblemKind.DEADLINE, "no time was left (prometheus.deadline)")
        return [series.labels for series in (await ask(self._recorded(members), text, self.time)).series]

    def _recorded(self, members: Sequence[Member]) -> Recording:
        """The client, for requests about some services."""
        query = replace(self.wanted.query, members=tuple(members), purpose=Purpose.LOOK_UP)
        self.shared.asked.append((query, recording := Recording(self.client, self.shared.answers)))
        return recording

    def _choosing(self, members: Sequence[Member]) -> Mapping[Selector, tuple[Matcher, ...]]:
        """The selectors of some services, each with the matchers that choose events in it."""
        selectors = every(terms(self.wanted.query, members))
        total = None if self.wanted.total is None else every(terms(self.wanted.total, members))
        by = self.wanted.query.template.by
        return {one: choosing(one, selectors, total, by) for one in selectors}

    def _bare(self, selector: Selector, members: Sequence[Member]) -> str:
        """A selector as it is for some services, without what chooses events in it.

        It is found by its place in the query: for fewer services several selectors may become one.
        """
        whole, own = (
            places(counters(replace(self.wanted.query, members=tuple(m)))) for m in (self.wanted.members, members)
        )
        found = own[whole.index(selector)]
        return text_of(found, leave=self._choosing(members)[found])

    async def _lacks(self, selector: Selector, absent: Sequence[Member]) -> dict[str, str | None]:
        """By service, why none of its series exists: not even one of events of another kind."""
        try:
            cause = await cause_of_nothing(
                self._recorded(absent), self._bare(selector, absent), self.time, self.wanted.query.template
            )
        except QueryError as error:
            if error.splittable:
                raise
            self.failed |= {member.service: _failed(error) for member in absent}
            return {member.service: None for member in absent}
        if cause is not None and not cause.by_value:
            return {member.service: cause.text for member in absent}
        return {member.service: self._own_lack(selector, member) for member in absent}

    def _own_lack(self, selector: Selector, member: Member) -> str:
        lack = f"no series matches {self._bare(selector, [member])}"
        if not is_of_bad(self.wanted.query.series_key):
            return lack
        return f"{lack}; if that is only because no error has happened yet, export it with 0 from the start"

    def _judged(self, found: Dependence, service: str) -> Evidence:
        if service in self.failed:
            return self.failed[service]
        ways = [[selector for selector in way if self.lacks[selector].get(service)] for way in found.needed]
        labels = self._labels(found, service)
        if any(not way for way in ways):
            return Evidence(None, labels)
        first = ways[0][0]
        return Evidence(self.lacks[first][service], labels)

    def _labels(self, found: Dependence, service: str) -> tuple[LabelValues, ...]:
        """What chooses events. What is subtracted chooses the others, and is named only where it takes them wrongly."""
        is_bad = is_of_bad(self.wanted.query.series_key)

        def of(selectors: Sequence[Selector], *, is_bad: bool) -> tuple[LabelValues, ...]:
            return label_values(
                [Chosen(metric_of(one), self.choosing[one], self.rows[one][service], is_bad) for one in selectors]
            )

        others = of(found.subtracted, is_bad=not is_bad)
        return (*of(found.counted, is_bad=is_bad), *(each for each in others if each.missed or each.mistaken))
