"""Runs many queries. A query that fails affects no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from sresnap import promql
from sresnap.errors import PrometheusUnreachable
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Failure, Query, Result, Run
from sresnap.prometheus.assign import all_failed, assign
from sresnap.prometheus.breaker import Breaker
from sresnap.prometheus.client import unreachable
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.split import MAX_SPLITS, cut, fitting, halve, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sresnap.model.series import Answer
    from sresnap.prometheus.client import PrometheusClient


class NothingAnswered(PrometheusUnreachable):
    """Every query of a server failed."""

    def __init__(self, message: str, hint: str | None, results: Sequence[Result]) -> None:
        super().__init__(message, hint)
        self.results = results
        """What was sent."""


async def fetch(
    client: PrometheusClient,
    queries: Sequence[Query],
    *,
    deadline_seconds: float,
    render: Callable[[Query], str] = promql.render,
    on_result: Callable[[Result], None] | None = None,
) -> list[Result]:
    """The results of all queries, in their order.

    Args:
        client: the server.
        queries: the queries to send.
        deadline_seconds: after this time, running requests are cancelled and no more are sent.
        render: returns a query's text.
        on_result: called with each result as it arrives.

    Raises:
        PrometheusUnreachable: the server gives no HTTP answer, or not one query was answered with data.
    """
    if not queries:
        return []
    results = await _Fetch(client, deadline_seconds, render).run(queries, on_result)
    if not client.succeeded:
        error = unreachable(client.settings.url, _commonest_cause(results))
        raise NothingAnswered(error.message, error.hint, results)
    return results


class _Fetch:
    def __init__(self, client: PrometheusClient, deadline_seconds: float, render: Callable[[Query], str]) -> None:
        self._client = client
        self._render = render
        self._deadline_seconds = deadline_seconds
        self._breaker = Breaker(client.settings.concurrency)
        self._clock = asyncio.get_running_loop().time
        self._until = self._clock() + deadline_seconds

    async def run(self, queries: Sequence[Query], on_result: Callable[[Result], None] | None) -> list[Result]:
        await self._probe()
        results: dict[int, Result] = {}
        waiting = iter(enumerate(queries))

        async def work(waiting: Iterator[tuple[int, Query]]) -> None:
            for index, query in waiting:
                results[index] = await self._result(query, MAX_SPLITS)
                if on_result is not None:
                    on_result(results[index])

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._client.settings.concurrency):
                    group.create_task(work(waiting))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [results[index] for index in range(len(queries))]

    async def _probe(self) -> None:
        """Send one request before all others, so that a dead server costs one timeout."""
        if self._client.answered:
            return
        try:
            async with asyncio.timeout_at(self._until):
                await self._client.server_info()
        except TimeoutError:
            cause = f"no answer within the deadline of {self._deadline_seconds:g} s"
            if not self._client.answered:
                raise unreachable(self._client.settings.url, cause) from None

    async def _result(self, query: Query, splits: int) -> Result:
        try:
            pieces = [part for piece in cut(query) for part in self._fitting(piece)]
            if len(pieces) > 1:
                return join(query, await self._all(pieces, splits))
            text = self._render(query)
        except promql.TemplateError as error:
            return all_failed(query, Failure(ProblemKind.QUERY_FAILED, str(error)), ())
        started = self._clock()
        try:
            answer = await self._answer(text, query)
        except QueryError as error:
            run = Run(text, query.grid, 0, self._clock() - started, failure=error.as_failure())
            smaller = self._smaller(query, error) if error.splittable and splits else []
            if smaller:
                return join(query, await self._all(smaller, splits - 1), (run,))
            return all_failed(query, error.as_failure(), (run,))
        run = Run(text, query.grid, len(answer.series), answer.seconds, answer.warnings, answer.infos)
        return assign(query, answer, run)

    def _fitting(self, query: Query) -> list[Query]:
        return fitting(query, lambda piece: len(self._render(piece).encode()), self._client.longest_query)

    def _smaller(self, query: Query, error: QueryError) -> list[Query]:
        """What may be answered in place of a query that the server refused as too large."""
        pieces = self._fitting(query) if self._client.learn_longest(error) else []
        return pieces if len(pieces) > 1 else halve(query, by_time=error.too_long)

    async def _all(self, pieces: Sequence[Query], splits: int) -> list[Result]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._result(piece, splits)) for piece in pieces]
        return [task.result() for task in tasks]

    async def _answer(self, text: str, query: Query) -> Answer:
        """Send one request within the deadline, unless Prometheus has stopped answering."""
        self._breaker.check()
        if self._clock() >= self._until:
            raise self._too_late()
        try:
            async with self._breaker.limit(self._until):
                if query.grid.is_instant:
                    answer = await self._client.query(text, query.grid.start, until=self._until)
                else:
                    answer = await self._client.query_range(text, query.grid, until=self._until)
        except TimeoutError:
            self._breaker.check()
            raise self._too_late() from None
        except QueryError as error:
            self._breaker.failed(error)
            raise
        self._breaker.answered()
        return answer

    def _too_late(self) -> QueryError:
        message = f"given up at the deadline of {self._deadline_seconds:g} s for all queries (prometheus.deadline)"
        return QueryError(ProblemKind.DEADLINE, message)


def _commonest_cause(results: Sequence[Result]) -> str:
    """The message that most queries have, each query counted once."""
    causes = Counter(message for r in results for message in dict.fromkeys(f.message for f in r.failures.values()))
    return causes.most_common(1)[0][0] if causes else "no service was asked for"
