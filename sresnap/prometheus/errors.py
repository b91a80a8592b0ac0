"""The error of a request without data. It is internal: `fetch` turns it into a `Failure` of the query."""

from __future__ import annotations

from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Failure
from sresnap.printable import quotable

_LONGEST = 1000


class QueryError(Exception):
    """A request brought no data. Its message can be published: it holds no credentials and no foreign page."""

    def __init__(
        self,
        kind: ProblemKind,
        message: str,
        *,
        splittable: bool = False,
        too_long: bool = False,
        longest: int | None = None,
        transport: bool = False,
        retry: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = quotable(message, _LONGEST)
        self.splittable = splittable
        """The server may answer half of the query."""
        self.too_long = too_long
        """Splittable by time only: fewer points help, fewer services do not."""
        self.longest = longest
        """The server takes no query of more bytes."""
        self.transport = transport
        """No HTTP answer came at all."""
        self.retry = retry
        """The same request may succeed a moment later."""
        self.retry_after = retry_after
        """Seconds that the server asks to wait before a retry."""

    def __str__(self) -> str:
        return self.message

    def after(self, attempts: int) -> QueryError:
        """The same error, with the number of attempts."""
        if attempts > 1:
            self.message += f" ({attempts} attempts)"
            self.args = (self.message,)
        return self

    def as_failure(self) -> Failure:
        return Failure(self.kind, self.message)
