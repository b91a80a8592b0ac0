"""Finds the zeros of a report that need a reason, and looks it up.

Bad events without a series, or with a count of 0, may not have happened, or the query misses them. Without a series of
good events, all may have failed, or their bucket does not exist. The reason is looked up once an hour, for these only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap.compute.zeros import absent_is_zero, is_of_bad, may_be_zero
from sresnap.model.evidence import Evidence
from sresnap.model.history import ColumnKey, History
from sresnap.model.query import Member, Purpose, Result
from sresnap.model.windows import HOUR
from sresnap.plan import Plan
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.evidence import Wanted, look_up

KEPT_SECONDS = HOUR
"""How long a reason holds. A doubt is looked up again by each build."""
_WINDOW = "6h"
"""The window whose answer is examined, so that an hour without traffic is not."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What was looked up."""

    doubts: Mapping[ColumnKey, str] = field(default_factory=dict)
    """By (service, series), why a count of 0 or an empty answer is not known to be zero."""
    explained: frozenset[ColumnKey] = frozenset()
    """(service, series) whose zeros are zero."""


async def reasons_of_zeros(
    client: PrometheusClient, results: Sequence[Result], history: History, todo: Plan, until: float
) -> Reasons:
    """Look up the reasons of zeros that no recent look-up explains."""
    wanted = list(_wanted(results, history, todo))
    evidence = await look_up(client, wanted, todo.at, until)
    doubts: dict[ColumnKey, str] = {}
    answers = {(member.service, one.query.series_key): one.query for one in wanted for member in one.members}
    by_query = {id(result.query): result for result in results}
    for key, query in answers.items():
        is_empty = key[0] not in by_query[id(query)].values
        doubt = _doubt(evidence[key], key, history, todo, is_empty=is_empty)
        if doubt is not None:
            doubts[key] = doubt
    return Reasons(doubts, frozenset(answers.keys() - doubts.keys()))


def _wanted(results: Sequence[Result], history: History, todo: Plan) -> Iterator[Wanted]:
    asked = [r for r in results if r.query.purpose is Purpose.SLI and r.query.window == _WINDOW]
    totals = {(member.service, r.query.series_key): r.query for r in asked for member in r.query.members}
    for result in asked:
        key = result.query.series_key
        members = tuple(member for member in result.query.members if _needs_reason(result, member, history, todo))
        if members:
            total = todo.totals.get((members[0].service, key))
            yield Wanted(result.query, members, None if total is None else totals.get((members[0].service, total)))


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
        return series is None or series.last == 0 or not absent_is_zero(key)
    return series is None and may_be_zero(key) and history.has_value(column, definition)


def _doubt(evidence: Evidence, key: ColumnKey, history: History, todo: Plan, *, is_empty: bool) -> str | None:
    """Why a zero is not known to be one.

    A counter of errors disappears with its process and returns with the next error. So a query that has found events
    within the window may find no series at all.
    """
    if is_of_bad(key[1]) and evidence.missed is not None:
        return evidence.missed
    if evidence.lack is None or not (is_empty or evidence.is_known):
        return None
    has_found = evidence.is_gone and any(history.values(key, todo.definitions[key], todo.hours))
    return None if has_found else evidence.lack
