"""Finds out whether the counts of a report miss errors, and whether its zeros have a reason.

Bad events without a series, or with a count of 0, may not have happened, or the query misses them. A query that finds
some may miss others, and one for good events may take them. Without a series of good events, all may have failed, or
their bucket does not exist. This is looked up once an hour, by one grouped query for all services that share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap.compute.zeros import doubt, may_be_zero, says_nothing
from sresnap.model.history import ColumnKey, History
from sresnap.model.query import Member, Purpose, Result
from sresnap.model.series_key import SeriesKey, is_of_bad
from sresnap.model.windows import HOUR
from sresnap.plan import Plan
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.evidence import Wanted, look_up
from sresnap.prometheus.recording import LookUps

KEPT_SECONDS = HOUR
"""How long a reason holds. A doubt is looked up again by each build."""
_WINDOW = "6h"
"""The window whose answer is examined, so that an hour without traffic is not."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What was looked up."""

    doubts: Mapping[ColumnKey, str] = field(default_factory=dict)
    """By (service, series), why a count of 0 or an empty answer is not known to be zero."""
    undercounted: frozenset[ColumnKey] = frozenset()
    """Doubted series whose numbers stand as what was found, though errors are missing in them."""
    explained: frozenset[ColumnKey] = frozenset()
    """(service, series) whose zeros are zero."""
    failed: frozenset[ColumnKey] = frozenset()
    """(service, series) whose look-up failed. Their zeros stay open, and the next build looks again."""
    asked: Sequence[Result] = ()
    """The requests of the look-up."""

    @classmethod
    def together(cls, some: Sequence[Reasons]) -> Reasons:
        """What was looked up in several sources. Each has services of its own."""
        return cls(
            {key: text for one in some for key, text in one.doubts.items()},
            frozenset().union(*(one.undercounted for one in some)),
            frozenset().union(*(one.explained for one in some)),
            frozenset().union(*(one.failed for one in some)),
            [result for one in some for result in one.asked],
        )


async def reasons_of_zeros(
    client: PrometheusClient, results: Sequence[Result], history: History, todo: Plan, until: float, sent: LookUps
) -> Reasons:
    """Look up what no recent look-up explains. `sent` receives what was sent."""
    wanted = list(_wanted(results, history, todo))
    evidence, asked = await look_up(client, wanted, todo.at, until, sent)
    doubts: dict[ColumnKey, str] = {}
    answers = {(member.service, one.query.series_key): one.query for one in wanted for member in one.members}
    by_query = {id(result.query): result for result in results}
    for key, query in answers.items():
        series = by_query[id(query)].values.get(key[0])
        value = None if series is None or series.last is None else series.last / query.divisor
        reason = doubt(evidence[key], key[1], value)
        if reason is not None:
            doubts[key] = reason
    found = {key: by_query[id(query)].values.get(key[0]) for key, query in answers.items() if key in doubts}
    stand = {key for key, series in found.items() if series is not None and not says_nothing(key[1], series.last)}
    failed = frozenset(key for key in answers if evidence[key].has_failed)
    return Reasons(doubts, frozenset(stand), frozenset(answers.keys() - doubts.keys() - failed), failed, asked)


def _wanted(results: Sequence[Result], history: History, todo: Plan) -> Iterator[Wanted]:
    asked = [r for r in results if r.query.purpose is Purpose.SLI and r.query.window == _WINDOW]
    totals = {(member.service, r.query.series_key): r.query for r in asked for member in r.query.members}
    for result in asked:
        key = result.query.series_key
        members = [member for member in result.query.members if _needs_reason(result, member, history, todo)]
        total = {member.service: todo.totals.get((member.service, key)) for member in members}
        found = {name: None if of_all is None else totals.get((name, of_all)) for name, of_all in total.items()}
        yield from Wanted.by_total(result.query, members, found)


def _needs_reason(result: Result, member: Member, history: History, todo: Plan) -> bool:
    query, service = result.query, member.service
    key = query.series_key
    column = (service, key)
    definition = todo.definitions[column]
    if service in result.failures or result.unsure.get(service):
        return False
    if history.is_explained(column, definition, todo.at, KEPT_SECONDS):
        return False
    series = result.values.get(service)
    if is_of_bad(key):
        return True
    if series is not None:
        return may_take_errors(key)
    return may_be_zero(key) and history.has_value(column, definition)


def may_take_errors(key: SeriesKey) -> bool:
    """Whether a series says what is good by labels, so that errors may be among it."""
    return may_be_zero(key) or key.role == "availability"
