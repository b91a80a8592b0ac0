"""Config + history + at → the queries to send. All times are aligned to the step; all queries share one `at`.

* golden signals: 1h by minutes, 6h by `step`, and by hours what the history lacks, with each hour's peak;
* SLIs: short windows by one instant each, the running hour by one instant over the time elapsed, whole hours for the
  history, and the last 6h in steps of five minutes, which show the part of a short window that has data;
* capacity: one instant each, and by hours what the history lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap.config.settings import Config
from sresnap.model.corrections import Correction
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.query import Member, Purpose, Query
from sresnap.model.series import Grid
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import DAY, HOUR
from sresnap.plan.hours import earlier_hours, history_hours
from sresnap.plan.queries import (
    capacity_queries,
    hourly_queries,
    missed_queries,
    queries_of,
    running_cut_queries,
    signal_queries,
    sli_queries,
)
from sresnap.plan.series import (
    RATE,
    capacity_series,
    cut_series,
    definition,
    signal_series,
    slo_series,
    window_variables,
)

REACH = "reach"
"""The window's name in the answers to `reach`."""
REACH_HOURS = "reach_hours"
"""The same for `reach_hours`."""

__all__ = [
    "REACH", "Missed", "Plan", "definitions_in", "earlier_hours", "history_hours", "plan", "reach", "slo_columns",
    "trial", "window_variables",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """The queries of one report."""

    at: int
    hours: Span
    """The whole hours that the longest window is summed from."""
    queries: tuple[Query, ...]
    definitions: Mapping[ColumnKey, str]
    """(service, series) → definition, for every series that the history keeps."""
    totals: Mapping[ColumnKey, SeriesKey]
    """(service, series of bad or good events) → the series of all events."""
    corrections: tuple[Correction, ...]
    """The corrections that lie in the earlier hours, in the hours, or in the running one."""
    earlier: Span
    """The hours before them, back to two windows: what is known of them is read, and never queried."""

    def of_source(self, name: str) -> tuple[Query, ...]:
        """The queries that a source is sent."""
        return tuple(query for query in self.queries if query.source == name)


@dataclass(frozen=True, slots=True)
class SloColumn:
    """A column of the history that an SLO is made from."""

    definition: str
    asked_from: int
    """The first hour that a report asks for."""


def slo_columns(config: Config, at: int) -> Mapping[ColumnKey, SloColumn]:
    """By (service, series), the columns of SLOs."""
    return {
        (member.service, use.key): SloColumn(definition(config, use, member), use.hours.start)
        for use in slo_series(config, at)
        for member in use.members
    }


@dataclass(frozen=True, slots=True)
class Missed:
    """Hours before the windows of a report that no build has asked for."""

    since: int
    known: Mapping[ColumnKey, int]
    """By (service, series): since when it is known. Earlier hours are not asked for."""


def plan(config: Config, history: History, at: int, missed: Missed | None = None) -> Plan:
    """All queries for a report at `at` that the history does not answer.

    Args:
        config: services and queries.
        history: the hours known so far.
        at: the report's moment, seconds since the epoch.
        missed: earlier hours to ask for, of the series of SLOs.
    """
    hours, earlier = history_hours(config, at), earlier_hours(config, at)
    corrections = config.corrections(earlier.start, at)
    series = [
        *signal_series(config, at),
        *capacity_series(config, at),
        *slo_series(config, at),
        *cut_series(config, corrections, at, hours.start),
    ]
    kept = [*series, *cut_series(config, corrections, at, earlier.start, queried=False)]
    definitions = {(m.service, use.key): definition(config, use, m) for use in kept for m in use.members}
    queries = [
        *signal_queries(config, at),
        *sli_queries(config, at),
        *running_cut_queries(config, corrections, at),
        *capacity_queries(config, at),
        *(q for use in series for q in hourly_queries(config, use, history, definitions)),
        *(() if missed is None else _missed(config, at, history, definitions, missed)),
    ]
    totals = {
        (s.name, part): slo.total
        for s in config.services
        for slo in s.slos
        for part in (slo.bad, slo.good)
        if part and slo.total
    }
    return Plan(at, hours, tuple(queries), definitions, totals, corrections, earlier)


def _missed(
    config: Config, at: int, history: History, definitions: Mapping[ColumnKey, str], missed: Missed
) -> Iterator[Query]:
    for use in slo_series(config, at):
        yield from missed_queries(config, use, history, definitions, missed.since, missed.known)


def definitions_in(config: Config, corrections: Sequence[Correction], hours: Span) -> Mapping[ColumnKey, str]:
    """(service, series) → definition of the series of SLOs over some hours, with the parts that corrections cut out."""
    uses = [
        *slo_series(config, hours.end),
        *cut_series(config, corrections, hours.end, hours.start, queried=False),
    ]
    return {(m.service, use.key): definition(config, use, m) for use in uses for m in use.members}


def trial(config: Config, at: int) -> tuple[Query, ...]:
    """Every query of the configuration once, over the last hour: what `check --online` sends."""
    instant = Grid.instant(at)
    queries = [*capacity_queries(config, at)]
    for use in signal_series(config, at):
        if use.purpose is Purpose.HOURLY:
            queries += queries_of(use, instant, "now", purpose=Purpose.SIGNAL, over=RATE)
    for use in slo_series(config, at):
        queries += queries_of(use, instant, "1h", purpose=Purpose.SLI, over=HOUR)
    return tuple(queries)


def reach(config: Config, at: int) -> tuple[Query, ...]:
    """Of each SLO's events one hour of each day of its window: since when Prometheus has data, to the day."""
    found: list[Query] = []
    for use in slo_series(config, at):
        if use.denominator:
            first = use.hours.start + HOUR
            days = Grid.spanning(first, max(first, use.hours.end), DAY)
            found += queries_of(use, days, REACH, purpose=Purpose.SEEN, over=HOUR)
    return tuple(found)


def reach_hours(query: Query, members: Sequence[Member], after: int, until: int) -> Iterator[Query]:
    """The hours between two points of `reach`, for some services of one of its queries; none where they are next."""
    if until > after:
        grid = Grid.spanning(after + HOUR, until, HOUR)
        yield replace(query, members=tuple(members), grid=grid, window=REACH_HOURS)
