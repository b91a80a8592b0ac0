"""Counts what found services did in the last days, by the queries that a report would send for them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from sresnap.app.recount import recount
from sresnap.config.settings import Config
from sresnap.discovery.latency import Buckets, buckets_of, buckets_query
from sresnap.discovery.objectives import Seen
from sresnap.model.query import Member, Purpose, Query, QueryTemplate, Result
from sresnap.model.series import Grid, Series
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Service
from sresnap.model.windows import DAY, HOUR, floor
from sresnap.plan.queries import queries_of
from sresnap.plan.series import slo_series
from sresnap.progress import Progress
from sresnap.prometheus import PrometheusClient, fetch
from sresnap.prometheus.errors import QueryError

DAYS = 7
_SAMPLES = 500_000
"""The most raw samples that are read where a counter restarted. Beyond, counts have wider bounds."""
_SECONDS = 60.0
"""For reading them."""


async def counts(
    client: PrometheusClient, config: Config, at: int, progress: Progress
) -> tuple[dict[str, Seen], list[Result]]:
    """What each service did, and what was asked. Two requests for each series of a source."""
    queries = list(_queries(config, at))
    progress.stage("counting", len(queries))
    deadline = config.prometheus.deadline_seconds
    asked = await fetch(client, queries, deadline_seconds=deadline, on_result=lambda _: progress.advance())
    until = asyncio.get_running_loop().time() + min(deadline, _SECONDS)
    results, readings = await recount(client, asked, until=until, limit=_SAMPLES)
    found: dict[tuple[str, SeriesKey], list[Result]] = {}
    for result in results:
        for member in result.query.members:
            found.setdefault((member.service, result.query.series_key), []).append(result)
    return {service.name: _seen(service, found, at) for service in config.services}, [*results, *readings]


def _queries(config: Config, at: int) -> list[Query]:
    """Hours of the last days, and the part of the running one."""
    end = floor(at, HOUR)
    hours = Grid.spanning(end - DAYS * DAY + HOUR, end, HOUR)
    found: list[Query] = []
    for use in slo_series(config, at):
        found += queries_of(use, hours, "days", purpose=Purpose.HOURLY, over=HOUR)
        if at > end:
            found += queries_of(use, Grid.instant(at), "running", purpose=Purpose.RUNNING_HOUR, over=at - end)
    return found


def _seen(service: Service, found: Mapping[tuple[str, SeriesKey], Sequence[Result]], at: int) -> Seen:
    slo = service.slos[0]
    if slo.total is None:
        return _time(found.get((service.name, slo.series[0]), ()), service.name, at)
    totals = found.get((service.name, slo.total), ())
    hours = _amounts(totals, service.name, at)
    if not hours:
        return Seen(0)
    seconds = sum(length for _, _, length in hours.values())
    total = sum(low for low, _, _ in hours.values())
    least, bad = _bad(found.get((service.name, slo.bad), ()) if slo.bad else (), service.name, at)
    end = floor(at, HOUR)
    day = sum(low for time, (low, _, _) in hours.items() if seconds < DAY or end - DAY < time <= end)
    return Seen(seconds, total, bad, least, day=day, spans={time: low for time, (low, _, _) in hours.items()})


def _bad(results: Sequence[Result], service: str, at: int) -> tuple[float | None, float | None]:
    """The fewest and the most bad events; None where nothing counts them, or a query failed.

    Whether a missing series means that none happened is examined by `check_queries`.
    """
    if not results or any(service in result.failures and service not in result.values for result in results):
        return None, None
    spans = _amounts(results, service, at).values()
    return sum(low for low, _, _ in spans), sum(high for _, high, _ in spans)


def _amounts(results: Sequence[Result], service: str, at: int) -> dict[int, tuple[float, float, int]]:
    """By the end of a span: the least and the most events in it, and its seconds."""
    found: dict[int, tuple[float, float, int]] = {}
    for result in results:
        series = result.values.get(service)
        for time, value in _values(series):
            high = series.high.get(time, value) if series is not None else value
            found[time] = (value, high, _length(result, at))
    return found


def _values(series: Series | None) -> list[tuple[int, float]]:
    if series is None:
        return []
    pairs = zip(series.grid.times(), series.values, strict=True)
    return [(time, value) for time, value in pairs if value is not None]


def _length(result: Result, at: int) -> int:
    return at - floor(at, HOUR) if result.query.purpose is Purpose.RUNNING_HOUR else HOUR


def _time(results: Sequence[Result], service: str, at: int) -> Seen:
    """The share of time that was good: its spans by their length."""
    spans = [
        (value / result.query.divisor, _length(result, at))
        for result in results
        for _, value in _values(result.values.get(service))
    ]
    seconds = sum(length for _, length in spans)
    up = sum(share * length for share, length in spans) / seconds if seconds else None
    return Seen(seconds, up=None if up is None else min(up, 1.0))


async def latencies(
    client: PrometheusClient, config: Config, at: int, progress: Progress
) -> tuple[dict[str, Buckets], int]:
    """The buckets of each service that has some, in the last day, and how many requests that took."""
    groups: dict[QueryTemplate, list[Member]] = {}
    for service in config.services:
        template = service.queries.get("latency_good")
        if template is not None:
            groups.setdefault(template, []).append(Member(service.name, service.labels))
    progress.stage("latencies", len(groups))
    found: dict[str, Buckets] = {}
    asked = 0
    for template, members in groups.items():
        for some in _fitting(client, template, members):
            text = buckets_query(template, some, "1d")
            if text is not None:
                asked += 1
                try:
                    answer = await client.query(text, at)
                except QueryError:
                    continue  # no latency objective is proposed then; the table says so
                found |= buckets_of(answer.series, some, template.by, template.unit)
        progress.advance()
    return found, asked


def _fitting(client: PrometheusClient, template: QueryTemplate, members: Sequence[Member]) -> list[Sequence[Member]]:
    text = buckets_query(template, members, "1d")
    if text is None or len(members) == 1 or len(text.encode()) <= client.longest_query:
        return [members]
    middle = len(members) // 2
    return [part for half in (members[:middle], members[middle:]) for part in _fitting(client, template, half)]
