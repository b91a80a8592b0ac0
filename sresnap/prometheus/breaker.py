"""Notices that a server has died, so that the remaining queries do not each wait for it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sresnap.model.problem_kind import ProblemKind
from sresnap.prometheus.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_FEW = 3


class Breaker:
    """Trips when `concurrency` + 1 requests in a row got no HTTP answer.

    Before the first answer, `concurrency` requests are enough, so a server whose API hangs costs one timeout.
    """

    def __init__(self, concurrency: int) -> None:
        self._first_limit = max(_FEW, concurrency)
        self._limit = concurrency + 1
        self._in_a_row = 0
        self._any_answer = False
        self._cause: QueryError | None = None
        self._running: set[asyncio.Timeout] = set()

    def check(self) -> None:
        """Return while the server answers.

        Raises:
            QueryError: the server has stopped answering.
        """
        if self._cause is not None:
            message = f"Prometheus stopped answering; last: {self._cause.message}"
            raise QueryError(ProblemKind.UNREACHABLE, message, transport=True)

    @asynccontextmanager
    async def limit(self, until: float) -> AsyncIterator[None]:
        """Raise TimeoutError in the body at `until`, by the loop's clock, or when the breaker trips."""
        async with asyncio.timeout_at(until) as timeout:
            self._running.add(timeout)
            try:
                yield
            finally:
                self._running.discard(timeout)

    def answered(self) -> None:
        self._in_a_row, self._any_answer = 0, True

    def failed(self, error: QueryError) -> None:
        """Count a failure. An HTTP answer of any kind restarts the count."""
        if not error.transport:
            self.answered()
            return
        self._in_a_row += 1
        if self._in_a_row >= (self._limit if self._any_answer else self._first_limit) and self._cause is None:
            self._cause = error
            now = asyncio.get_running_loop().time()
            for timeout in self._running:
                if not timeout.expired():
                    timeout.reschedule(now)
