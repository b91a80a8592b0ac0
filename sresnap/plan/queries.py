"""From series to queries: what is asked for, over which times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sresnap import promql
from sresnap.config.settings import Config
from sresnap.model.corrections import Correction, Cut, cuts, of_service
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.query import Member, Purpose, Query
from sresnap.model.series import Grid
from sresnap.model.windows import HOUR, MINUTE, SHORT_WINDOWS, floor
from sresnap.plan.series import (
    RATE,
    PlannedSeries,
    by_column,
    capacity_series,
    signal_series,
    slo_series,
    window_variables,
)

SEEN_STEP = 5 * MINUTE
"""The step in which the coverage of short windows is measured."""


def queries_of(
    use: PlannedSeries, grid: Grid, window: str, *, purpose: Purpose | None = None, over: int | None = None
) -> Iterator[Query]:
    """One query for all members when grouped, otherwise one for each distinct text.

    `over` sets {window} and {rate}, in seconds.
    """
    purpose = purpose or use.purpose
    variables = use.variables if over is None else {**use.variables, **window_variables(over)}
    for members in _alike(use, variables):
        yield Query(use.template, members, variables, grid, purpose, use.key, window, use.divisor, use.source)


def _alike(use: PlannedSeries, variables: Mapping[str, str]) -> Iterable[tuple[Member, ...]]:
    if use.template.by:
        return [use.members]
    texts: dict[str, list[Member]] = {}
    for member in use.members:
        texts.setdefault(promql.render_member(use.template, member, variables), []).append(member)
    return [tuple(members) for members in texts.values()]


def signal_queries(config: Config, at: int) -> Iterator[Query]:
    step = config.step_seconds
    hour = Grid.spanning(at - HOUR, at, MINUTE)
    end = floor(at, step)
    six = Grid.spanning(end - floor(6 * HOUR, step), end, step)
    for use in signal_series(config, at):
        if use.purpose is Purpose.HOURLY:
            yield from queries_of(use, hour, "1h", purpose=Purpose.SIGNAL, over=RATE)
            yield from queries_of(use, six, "6h", purpose=Purpose.SIGNAL, over=max(RATE, step))


def sli_queries(config: Config, at: int) -> Iterator[Query]:
    elapsed = at - floor(at, HOUR)
    end = floor(at, SEEN_STEP)
    for use in slo_series(config, at):
        for window in SHORT_WINDOWS:
            yield from queries_of(use, Grid.instant(at), window.name, purpose=Purpose.SLI, over=window.seconds)
        if elapsed:
            yield from queries_of(use, Grid.instant(at), "running", purpose=Purpose.RUNNING_HOUR, over=elapsed)
        if use.denominator:
            seen = Grid.spanning(end - 6 * HOUR + SEEN_STEP, end, SEEN_STEP)
            yield from queries_of(use, seen, "6h", purpose=Purpose.SEEN, over=SEEN_STEP)


def running_cut_queries(config: Config, corrections: Iterable[Correction], at: int) -> Iterator[Query]:
    """The counts of the parts of the running hour that corrections leave out."""
    uses, of_column = by_column(slo_series(config, at))
    members_of: dict[tuple[int, Cut], list[Member]] = {}
    for service in config.services:
        for cut in cuts(of_service(corrections, service.name), floor(at, HOUR), at):
            for key in dict.fromkeys(key for slo in service.slos for key in slo.series):
                place = of_column[service.name, key]
                members_of.setdefault((place, cut), []).append(Member(service.name, service.labels))
    for (place, cut), members in members_of.items():
        use = replace(uses[place], key=cut.key(uses[place].key), members=tuple(members))
        grid = Grid.instant(cut.hour + cut.last)
        yield from queries_of(use, grid, "running", purpose=Purpose.RUNNING_HOUR, over=cut.seconds)


def capacity_queries(config: Config, at: int) -> Iterator[Query]:
    for use in capacity_series(config, at):
        yield from queries_of(replace(use, purpose=Purpose.CAPACITY), Grid.instant(at), "now")


def hourly_queries(
    config: Config, use: PlannedSeries, history: History, definitions: Mapping[ColumnKey, str]
) -> Iterator[Query]:
    """The hours that the history lacks. Services that lack the same hours share a query."""
    lacking: dict[Span, list[Member]] = {}
    for member in use.members:
        key = (member.service, use.key)
        for span in history.unsealed(key, definitions[key], use.hours):
            lacking.setdefault(span, []).append(member)
    yield from _by_span(config, use, lacking)


def missed_queries(
    config: Config,
    use: PlannedSeries,
    history: History,
    definitions: Mapping[ColumnKey, str],
    since: int,
    known: Mapping[ColumnKey, int],
) -> Iterator[Query]:
    """The hours before the windows of a report that no build has asked for, of services that were known before them."""
    lacking: dict[Span, list[Member]] = {}
    for member in use.members:
        key = (member.service, use.key)
        hours = Span(max(since, known.get(key, use.hours.start)), use.hours.start)
        for span in history.unsealed(key, definitions[key], hours):
            lacking.setdefault(span, []).append(member)
    yield from _by_span(config, use, lacking)


def _by_span(config: Config, use: PlannedSeries, lacking: Mapping[Span, Sequence[Member]]) -> Iterator[Query]:
    for span, members in lacking.items():
        # An hour is queried at its end, a part of an hour at the part's end.
        last = use.ends or HOUR
        grid = Grid.spanning(span.start + last, span.end - HOUR + last, HOUR)
        yield from queries_of(replace(use, members=tuple(members)), grid, config.window.name)
