"""Keeps the requests of look-ups, so that a report lists them beside its other queries."""

from __future__ import annotations

import asyncio
from typing import Protocol

from sresnap.model.query import Run
from sresnap.model.series import Answer, Grid
from sresnap.prometheus.errors import QueryError


class InstantClient(Protocol):
    """What a look-up needs of a client."""

    longest_query: int

    async def query(self, promql: str, time: int) -> Answer:
        """The query's values at one time.

        Raises:
            QueryError: there is no answer.
        """
        ...


LookUps = dict[tuple[str, int], asyncio.Task[Answer]]
"""By query and time: what was sent already, also if its answer is still to come."""


class Recording:
    """A client that keeps each request with its answer. What another one with the same answers sent stays unsent."""

    def __init__(self, client: InstantClient, answers: LookUps) -> None:
        self.longest_query = client.longest_query
        self.runs: list[Run] = []
        self._client = client
        self._answers = answers

    async def query(self, promql: str, time: int) -> Answer:
        """The client's answer.

        Raises:
            QueryError: as of the client.
        """
        key = (promql, time)
        if key not in self._answers:
            self._answers[key] = asyncio.create_task(self._send(promql, time))
        return await self._answers[key]

    async def _send(self, promql: str, time: int) -> Answer:
        grid = Grid.instant(time)
        try:
            answer = await self._client.query(promql, time)
        except QueryError as error:
            self.runs.append(Run(promql, grid, 0, 0.0, failure=error.as_failure()))
            raise
        self.runs.append(Run(promql, grid, len(answer.series), answer.seconds, answer.warnings, answer.infos))
        return answer
