"""Keeps the requests of look-ups, so that a report lists them beside its other queries."""

from __future__ import annotations

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


class Recording:
    """A client that keeps each request with its answer."""

    def __init__(self, client: InstantClient) -> None:
        self.longest_query = client.longest_query
        self.runs: list[Run] = []
        self._client = client

    async def query(self, promql: str, time: int) -> Answer:
        """The client's answer.

        Raises:
            QueryError: as of the client.
        """
        grid = Grid.instant(time)
        try:
            answer = await self._client.query(promql, time)
        except QueryError as error:
            self.runs.append(Run(promql, grid, 0, 0.0, failure=error.as_failure()))
            raise
        self.runs.append(Run(promql, grid, len(answer.series), answer.seconds, answer.warnings, answer.infos))
        return answer
