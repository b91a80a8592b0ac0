"""Explain: the queries that a build sends for a service, each with its answer now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sresnap.app.ask_sources import ask_sources
from sresnap.app.recount import recount
from sresnap.app.some_services import of_services
from sresnap.config import choices
from sresnap.config.settings import Config, PrometheusSettings
from sresnap.errors import ExitCode, UsageError
from sresnap.model.history import History
from sresnap.model.query import DEFAULT_SOURCE, Query, Result
from sresnap.plan import plan
from sresnap.printable import quotable
from sresnap.prometheus import PrometheusClient, asking, fetch
from sresnap.prometheus.naming import SourceNaming


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """Whose queries to show."""

    config: Config
    service: str
    signal: str | None
    """A query key such as `error_rate`; None for all."""
    at: int
    """The time to ask for, seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """A query and what it found."""

    query: Query
    series: int
    """How many series came."""
    points_with_data: int
    last: float | None
    """The value at the end, in the query's unit."""
    seconds: float
    warnings: tuple[str, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every query of the request."""

    answers: Sequence[QueryAnswer]
    settings: PrometheusSettings
    """Of the source that was asked."""

    @property
    def exit_code(self) -> ExitCode:
        """INCOMPLETE when a query failed."""
        return ExitCode.INCOMPLETE if any(answer.error for answer in self.answers) else ExitCode.DONE


def explain_queries(request: ExplainRequest) -> Explanation:
    """Send the queries of a build with an empty history, for one service.

    Raises:
        UsageError: there is no such service or signal.
        PrometheusUnreachable: Prometheus answered no query.
    """
    queries, config = _queries(request), request.config
    source = next(service.source for service in config.services if service.name == request.service)
    settings = config.asked[source]
    sources = asking.run(ask_sources(config.of_source(source), lambda client: _ask(client, queries)))
    results = sources.found[source]
    if source != DEFAULT_SOURCE:
        results = [SourceNaming(settings).result(result) for result in results]
    return Explanation(tuple(_answer(result, request.service) for result in results), settings)


def _queries(request: ExplainRequest) -> list[Query]:
    config, service, signal = request.config, request.service, request.signal
    queries = plan(of_services(config, (service,)), History(), request.at).queries
    if signal is None:
        return list(queries)
    keys = list(dict.fromkeys(query.template.key for query in queries))
    if signal not in keys:
        hint = choices(signal, keys, "it has none: each is switched off by `null` in the configuration")
        raise UsageError(f"{service} has no query {quotable(signal)!r}", hint)
    return [query for query in queries if query.template.key == signal]


async def _ask(client: PrometheusClient, queries: list[Query]) -> list[Result]:
    settings = client.settings
    until = asyncio.get_running_loop().time() + settings.deadline_seconds
    results = await fetch(client, queries, deadline_seconds=settings.deadline_seconds)
    return (await recount(client, results, until=until, limit=settings.raw_samples))[0]


def _answer(result: Result, service: str) -> QueryAnswer:
    series, failure = result.values.get(service), result.failures.get(service)
    values = () if series is None else series.values
    return QueryAnswer(
        query=result.query,
        series=sum(run.series for run in result.runs),
        points_with_data=sum(value is not None for value in values),
        last=values[-1] if values else None,
        seconds=sum(run.seconds for run in result.runs),
        warnings=tuple(warning for run in result.runs for warning in run.warnings),
        error=None if failure is None else failure.message,
    )
