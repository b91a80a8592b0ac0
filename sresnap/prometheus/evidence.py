"""Looks up whether an empty answer means zero: does the query select series that exist, and does it miss errors?

No series of bad events can mean that none happened, or that a label is called `status` and not `code`, that it holds
`500` and not `5xx`, that a bucket does not exist. Only the values that exist can show which.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sresnap import promql
from sresnap.model.evidence import Evidence, LabelValues
from sresnap.model.history import ColumnKey
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Member, Query
from sresnap.model.series_key import is_of_bad
from sresnap.prometheus.client import PrometheusClient
from sresnap.prometheus.diagnose import ask, bucket_lack, cause_of_nothing
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.missed import Chosen, Row, label_values
from sresnap.prometheus.split import MAX_SPLITS, fitting, half_of_services
from sresnap.promql.selectors import Dependence, dependence, is_positive, matches, metric_of
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

    def fitting(self, most: int) -> list[Wanted]:
        """This one in parts of fewer services, so that no look-up has more than `most` bytes."""
        try:
            return self._of(fitting(self._whole, lambda query: len(_counters(query).encode()), most))
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
    client: PrometheusClient, wanted: Sequence[Wanted], time: int, until: float
) -> dict[ColumnKey, Evidence]:
    """By (service, series), what exists at a time, or shortly before. A look-up that fails is a lack of evidence.

    Each service is looked up with its own matchers: that others export a metric says nothing about this one.

    Args:
        client: the server.
        wanted: what to look up.
        time: seconds since the epoch.
        until: when to stop, by the event loop's clock.
    """
    asked: dict[str, asyncio.Task[list[Row]]] = {}
    async with asyncio.TaskGroup() as group:
        tasks = [
            (part, group.create_task(_evidence(_LookUp(client, part, time, until, asked))))
            for one in wanted
            for part in one.fitting(client.longest_query)
        ]
    found: dict[ColumnKey, Evidence] = {}
    for part, task in tasks:
        found |= {(service, part.query.series_key): each for service, each in task.result().items()}
    return found


async def _evidence(look: _LookUp, splits: int = MAX_SPLITS) -> dict[str, Evidence]:
    try:
        return await look.run()
    except _NoMetricError:
        lack = Evidence(_no_evidence("the query names neither a metric nor a target: name the metric"))
    except (ValueError, re.error):
        lack = Evidence(_no_evidence("its selectors cannot be read"), is_known=False)
    except QueryError as error:
        halves = look.wanted.halves() if error.splittable and splits else []
        if halves:
            looks = [_LookUp(look.client, half, look.time, look.until, look.asked) for half in halves]
            found = [await _evidence(each, splits - 1) for each in looks]
            return {service: each for half in found for service, each in half.items()}
        lack = _failed(error)
    return dict.fromkeys((member.service for member in look.wanted.members), lack)


class _NoMetricError(ValueError):
    """Without the matchers that choose events, a selector would select all series of the server."""


def _no_evidence(reason: str) -> str:
    return f"nothing shows whether an empty answer means zero ({reason})"


def _failed(error: QueryError) -> Evidence:
    return Evidence(_no_evidence(f"the look-up failed: {error.message}"), is_known=False, has_failed=True)


@dataclass
class _LookUp:
    """The look-up of one query."""

    client: PrometheusClient
    wanted: Wanted
    time: int
    until: float
    asked: dict[str, asyncio.Task[list[Row]]]
    """Answers by their query: the objectives of a service often share a selector."""
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
        found = _terms(self.wanted.query, members)
        selectors = _all(found)
        labels = _by_metric({one: self._choosing(one, members, selectors) for one in selectors})
        for index, selector in enumerate(selectors):
            await self._read(index, selector, labels[metric_of(selector)])
        return {member.service: self._judged(found, member.service) for member in members}

    async def _read(self, index: int, selector: Selector, labels: Sequence[str]) -> None:
        members = self.wanted.members
        choosing = self._choosing(selector, members, _all(_terms(self.wanted.query, members)))
        rows = await self._rows(_text(selector, leave=choosing), labels, members)
        away = tuple(member for member in members if not rows[member.service])
        if away:
            selectors = _all(_terms(self.wanted.query, away))
            again = _text(selectors[index], leave=self._choosing(selectors[index], away, selectors))
            rows |= await self._rows(f"last_over_time({again}[{_LOOKBACK}])", labels, away)
        lacks = {name: _lack_of_values(metric_of(selector), choosing, found) for name, found in rows.items() if found}
        absent = [member for member in members if not rows[member.service]]
        if absent:
            lacks |= await self._lacks(index, absent)
        self.choosing[selector], self.rows[selector], self.lacks[selector] = choosing, rows, lacks

    async def _rows(self, series: str, choosing: Sequence[str], members: Sequence[Member]) -> dict[str, list[Row]]:
        """By service, which values of the choosing labels exist together."""
        by = self.wanted.query.template.by
        labels = dict.fromkeys([*([by] if by else []), *choosing])
        rows = await self._ask(f"count by ({', '.join(labels)}) ({series})")
        if by is None or not any(by in row for row in rows):
            return {member.service: rows for member in members}
        found: dict[str, list[Row]] = {}
        for row in rows:
            found.setdefault(row.get(by, ""), []).append(row)
        return {member.service: found.get(member.labels.get(by, ""), []) for member in members}

    async def _ask(self, text: str) -> list[Row]:
        if text not in self.asked:
            self.asked[text] = asyncio.create_task(self._answer(text))
        return await self.asked[text]

    async def _answer(self, text: str) -> list[Row]:
        if asyncio.get_running_loop().time() >= self.until:
            raise QueryError(ProblemKind.DEADLINE, "no time was left (prometheus.deadline)")
        return [series.labels for series in (await ask(self.client, text, self.time)).series]

    def _choosing(
        self, selector: Selector, members: Sequence[Member], selectors: Sequence[Selector]
    ) -> tuple[Matcher, ...]:
        """Matchers that all events have, too, choose the service. Without such a query: matchers of all selectors."""
        total, by = self.wanted.total, self.wanted.query.template.by
        if total is not None:
            shared = {_meaning(matcher) for each in _all(_terms(total, members)) for matcher in each.matchers}
        else:
            shared = set.intersection(*({_meaning(matcher) for matcher in each.matchers} for each in selectors))
        return tuple(m for m in selector.matchers if _meaning(m) not in shared and m.label not in (by, "__name__"))

    async def _lacks(self, index: int, absent: Sequence[Member]) -> dict[str, str | None]:
        """By service, why none of its series exists: not even one of events of another kind."""
        selectors = _all(_terms(self.wanted.query, absent))
        selector = selectors[index]
        text = _text(selector, leave=self._choosing(selector, absent, selectors))
        try:
            cause = await cause_of_nothing(self.client, text, self.time)
        except QueryError as error:
            if error.splittable:
                raise
            self.failed |= {member.service: _failed(error) for member in absent}
            return {member.service: None for member in absent}
        if cause is not None and not cause.by_value:
            return {member.service: cause.text for member in absent}
        return {member.service: self._own_lack(index, member) for member in absent}

    def _own_lack(self, index: int, member: Member) -> str:
        selectors = _all(_terms(self.wanted.query, [member]))
        own = _text(selectors[index], leave=self._choosing(selectors[index], [member], selectors))
        return f"no series matches {own}; if that is only as no error has happened yet, export it with 0 from the start"

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


def _all(found: Dependence) -> tuple[Selector, ...]:
    """Every selector that an answer depends on, in a stable order."""
    needed = (selector for way in found.needed for selector in way)
    return tuple(dict.fromkeys((*needed, *found.counted, *found.subtracted)))


def _by_metric(choosing: Mapping[Selector, Sequence[Matcher]]) -> dict[str, tuple[str, ...]]:
    """By metric, the labels that any of its selectors chooses by: only together they show what no selector takes."""
    found: dict[str, dict[str, None]] = {}
    for selector, matchers in choosing.items():
        found.setdefault(metric_of(selector), {}).update(dict.fromkeys(matcher.label for matcher in matchers))
    return {metric: tuple(labels) for metric, labels in found.items()}


def _terms(query: Query, members: Sequence[Member]) -> Dependence:
    return dependence(_counters(replace(query, members=tuple(members))))


def _counters(query: Query) -> str:
    """The query without what counts its series."""
    template = query.template
    text = template.part or template.raw or template.promql
    return promql.render(replace(query, template=replace(template, promql=text)))


def _lack_of_values(metric: str, choosing: Iterable[Matcher], rows: Sequence[Row]) -> str | None:
    """The label or the bucket that no series has; None where only a value has not been seen yet."""
    for matcher in choosing:
        if not is_positive(matcher) or any(matches(matcher, row.get(matcher.label, "")) for row in rows):
            continue
        if not any(row.get(matcher.label) for row in rows):
            return f"no series of {metric} has a label {matcher.label}"
        if matcher.label == "le":
            return bucket_lack(metric, matcher, {row["le"] for row in rows if row.get("le")})
    return None


def _meaning(matcher: Matcher) -> tuple[str, str, bool]:
    """Equal for `a="b"` and `a=~"b"`."""
    return matcher.label, matcher.value, is_positive(matcher)


def _text(selector: Selector, leave: Sequence[Matcher]) -> str:
    """A selector without some of its matchers.

    Raises:
        _NoMetricError: what is left selects everything, which a server refuses.
    """
    kept = [matcher for matcher in selector.matchers if matcher not in leave]
    if not selector.name and not any(is_positive(matcher) and not matches(matcher, "") for matcher in kept):
        raise _NoMetricError(selector)
    inner = ", ".join(f"{m.label}{m.operator}{promql.quote(m.value)}" for m in kept)
    return f"{selector.name}{{{inner}}}" if inner else selector.name
