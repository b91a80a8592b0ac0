"""A client of Prometheus's HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlencode

import httpx

from sresnap.errors import PrometheusUnreachable, SresnapError
from sresnap.model.history import Span
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.raw import RawAnswer
from sresnap.model.series import Answer, Grid
from sresnap.model.windows import DAY, parse_duration
from sresnap.prometheus.broken import explain_transport
from sresnap.prometheus.connect import open_http
from sresnap.prometheus.dates import http_date
from sresnap.prometheus.decode import bad_answer, decode, decode_samples, read_data
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.explain import explain_status
from sresnap.prometheus.redact import Redactor
from sresnap.retries import retry_context
from sresnap.web.body import Body, BodyError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from sresnap.config.settings import PrometheusSettings

_Told = TypeVar("_Told", Answer, RawAnswer)

ATTEMPTS = 3
LONGEST_QUERY = {"promql": 64_000, "metricsql": 15_000}
"""The most bytes of a query by dialect. VictoriaMetrics takes 16 KiB (-search.maxQueryLen)."""
SHORTEST_LIMIT = 2_000
"""A server that says that it takes less is not believed: a query of one service may need as much."""
MAX_ANSWER_BYTES = 64 * 1024 * 1024
SMALL_ANSWER_BYTES = 16 * 1024
"""An answer of this size is decoded in half a millisecond. A thread would take longer."""
LONGEST_VERSION = 60
_LONGEST_DURATION = 40
LONGEST_RETENTION_SECONDS = 1000 * 365 * DAY
LONGEST_WAIT_SECONDS = 60.0
"""A server that wants a longer pause (Retry-After) is not asked again."""


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """A server's description of itself; None where it gives none, as other engines do."""

    version: str | None
    retention_seconds: int | None


class PrometheusClient:
    """Queries one Prometheus with at most `settings.concurrency` requests at a time, over one pool of connections."""

    def __init__(self, settings: PrometheusSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.settings = settings
        self.answered = False
        """Whether an HTTP answer ever came, even an error."""
        self.succeeded = False
        """Whether a query was ever answered with data."""
        self.requests = 0
        """How many were sent, repeated ones included."""
        self.clock: int | None = None
        """The server's own time: the latest `Date` of its answers, seconds since the epoch; None without one."""
        self.longest_query = LONGEST_QUERY.get(settings.dialect, min(LONGEST_QUERY.values()))
        """The most bytes of a query. It falls where the server says that it takes less."""
        self._http = open_http(settings, transport)
        self._decoding = asyncio.Lock()  # one at a time: two would take twice the memory, and no less time
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._redact = Redactor(settings)
        self._info: ServerInfo | None = None

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    def learn_longest(self, error: QueryError) -> bool:
        """Keep to the longest query that a refusal names; whether it names one."""
        if error.longest is None:
            return False
        self.longest_query = min(self.longest_query, max(error.longest, SHORTEST_LIMIT))
        return True

    async def query(self, promql: str, time: int, *, until: float | None = None) -> Answer:
        """The query's values at one time.

        Args:
            promql: the query's text.
            time: seconds since the epoch.
            until: when the caller gives up, by the event loop's clock. No retry is planned after it.

        Raises:
            QueryError: there is no answer; the error says why.
        """
        return await self._query("query", {"query": promql, "time": str(time)}, Grid.instant(time), until)

    async def query_range(self, promql: str, grid: Grid, *, until: float | None = None) -> Answer:
        """The query's values on a grid. `until` and errors are as in `query`."""
        form = {"query": promql, "start": str(grid.start), "end": str(grid.end), "step": str(grid.step)}
        return await self._query("query_range", form, grid, until)

    async def samples(self, selector: str, span: Span, *, until: float | None = None) -> RawAnswer:
        """The raw samples of a selector. `until` and errors are as in `query`."""
        form = {"query": f"{selector}[{span.end - span.start}s]", "time": str(span.end)}
        body, _ = await self._ask("POST", "query", form, until)
        self.succeeded = True
        return self._redacted(await self._decoded(decode_samples, body))

    async def metric_names(self, selector: str | None, span: Span, *, until: float | None = None) -> frozenset[str]:
        """The names of the metrics that a selector finds in a span; of all metrics without one.

        Servers answer it from their index, without reading series. Some of them do not have it.

        Raises:
            QueryError: there is no answer.
        """
        match = {} if selector is None else {"match[]": selector}
        form = urlencode({**match, "start": span.start, "end": span.end})
        return await self._listed(f"label/__name__/values?{form}", until)

    async def label_names(self, selector: str, span: Span, *, until: float | None = None) -> frozenset[str]:
        """The labels of all series of a selector in a span, from the index as well."""
        return await self._listed(
            f"labels?{urlencode({'match[]': selector, 'start': span.start, 'end': span.end})}", until
        )

    async def _listed(self, path: str, until: float | None) -> frozenset[str]:
        body, _ = await self._ask("GET", path, {}, until)
        data, _ = read_data(body)
        if not isinstance(data, list):
            raise bad_answer("a list of names", data)
        self.succeeded = True
        return frozenset(name for name in data if isinstance(name, str))

    @property
    def info(self) -> ServerInfo:
        """The result of `server_info`; empty before its first call."""
        return self._info or ServerInfo(None, None)

    async def server_info(self) -> ServerInfo:
        """Version and retention, requested once. They are optional, so an HTTP error is not retried.

        Raises:
            PrometheusUnreachable: the server gives no HTTP answer, and never gave one.
        """
        if self._info is None:
            build = await self._status("buildinfo")
            runtime = await self._status("runtimeinfo")
            version = build.get("version")
            retention = _retention_seconds(runtime.get("storageRetention"))
            shown = self._redact(version, LONGEST_VERSION) if isinstance(version, str) else None
            self._info = ServerInfo(shown, retention)
        return self._info

    async def _status(self, name: str) -> Mapping[str, Any]:
        try:
            body, _ = await self._ask("GET", f"status/{name}", {}, None, patient=False)
            data, _ = read_data(body)
        except QueryError as error:
            if error.transport and not self.answered:
                raise unreachable(self.settings.url, error.message) from None
            return {}
        return data if isinstance(data, dict) else {}

    async def _query(self, name: str, form: dict[str, str], grid: Grid, until: float | None) -> Answer:
        body, seconds = await self._ask("POST", name, form, until)
        answer = await self._decoded(decode, body, grid, seconds)
        self.succeeded = True
        return self._redacted(answer)

    async def _decoded(self, decode: Callable[..., _Told], body: bytes, *more: object) -> _Told:
        """A decoded answer. A large one is decoded in a thread: it must not delay the time-outs of other requests."""
        if len(body) <= SMALL_ANSWER_BYTES:
            return decode(body, *more)
        async with self._decoding:
            return await asyncio.to_thread(decode, body, *more)

    def _redacted(self, answer: _Told) -> _Told:
        """An answer whose notes do not repeat credentials."""
        warnings, infos = (tuple(map(self._redact, texts)) for texts in (answer.warnings, answer.infos))
        return replace(answer, warnings=warnings, infos=infos)

    async def _ask(
        self, method: str, path: str, form: dict[str, str], until: float | None, *, patient: bool = True
    ) -> tuple[bytes, float]:
        """The answer's body and the seconds that it took, after retries."""

        def pause(error: Exception) -> bool | float:
            has_no_answer = isinstance(error, QueryError) and error.transport
            return (patient or has_no_answer) and _pause(error, until)

        attempts = 0
        async with self._slots:  # kept during a pause: a client that must wait should not send other requests
            try:
                async for attempt in retry_context(
                    pause, attempts=ATTEMPTS, timeout=None, wait_initial=0.1, wait_max=2.0, wait_jitter=0.1
                ):
                    with attempt:
                        attempts = attempt.num
                        self.requests += 1
                        return await self._send(method, path, form, until)
            except QueryError as error:
                raise error.after(attempts) from None
        raise AssertionError("the last attempt returns or raises")

    async def _send(self, method: str, path: str, form: dict[str, str], until: float | None) -> tuple[bytes, float]:
        clock = asyncio.get_running_loop().time
        started = clock()
        limit = self.settings.timeout_seconds
        if form:
            left = limit if until is None else min(limit, until - started)
            form = {**form, "timeout": f"{max(1, round(left * 1000))}ms"}
        failure: QueryError
        try:
            # A little more than the server has, so that the server gives up first and says why.
            async with asyncio.timeout(limit * 1.05 + 0.2):
                url = f"{self.settings.url}/api/v1/{path}"
                async with self._http.stream(method, url, data=form or None) as response:
                    self.answered = True
                    server_time = http_date(response.headers.get("date"))
                    self.clock = max((time for time in (self.clock, server_time) if time is not None), default=None)
                    body = await _read(response)
        except TimeoutError:
            failure = QueryError(
                ProblemKind.TIMEOUT, f"{self.settings.url}: no answer within {limit:g} s", transport=True
            )
        except (QueryError, SresnapError):
            raise
        except Exception as error:  # noqa: BLE001 - httpx lets errors of what it uses through: ssl, idna, h11, anyio
            failure = explain_transport(error, self.settings.url)
        else:
            if response.status_code == httpx.codes.OK:
                return body, clock() - started
            failure = explain_status(response, body, self.settings.url, self._redact, form.get("query", ""))
        raise failure  # outside the handlers, so that no httpx exception, which knows our headers, is chained to it


async def _read(response: httpx.Response) -> bytes:
    try:
        body = Body(response.headers.get("content-encoding"), MAX_ANSWER_BYTES)
        async for chunk in response.aiter_raw():
            body.add(chunk)
        return body.content()
    except TooLargeError as error:
        raise QueryError(ProblemKind.REFUSED, f"the answer {error}", splittable=True) from None
    except BodyError as error:
        raise QueryError(ProblemKind.BAD_ANSWER, f"the answer {error}") from None


def _pause(error: Exception, until: float | None) -> bool | float:
    """Whether to send a request again, or the seconds to wait where the server names them: stamina's back-off hook."""
    if not isinstance(error, QueryError) or not error.retry:
        return False
    if error.retry_after is None:
        return True
    left = LONGEST_WAIT_SECONDS if until is None else until - asyncio.get_running_loop().time()
    return error.retry_after if error.retry_after < min(left, LONGEST_WAIT_SECONDS) else False


def _retention_seconds(text: object) -> int | None:
    """Seconds of `15d` or `400d or 10GB`; None when only the size is limited."""
    if not isinstance(text, str):
        return None
    for part in text.split(" or "):
        try:
            seconds = parse_duration(part.strip()[:_LONGEST_DURATION])
        except ValueError:
            continue
        return int(seconds) if seconds <= LONGEST_RETENTION_SECONDS else None
    return None


def unreachable(url: str, cause: str) -> PrometheusUnreachable:
    """The error that ends a build when no query was answered."""
    hint = f"check prometheus.url (or PROMETHEUS_URL, or --prometheus-url) from this machine: curl {url}/-/ready"
    cause = cause.removeprefix(f"{url}: ")
    return PrometheusUnreachable(f"Prometheus at {url} answered no query: {cause}", hint)
