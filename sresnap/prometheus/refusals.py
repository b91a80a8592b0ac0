"""Recognises that an engine, or a proxy before it, refuses a query as too large, in the words of each.

A query is larger than allowed in points, which fewer hours cure, or in bytes, series or samples, which fewer services
cure, too. What is too often, or too slow, is neither. An engine of several parts also says that one of them did not
answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

_POINTS = re.compile(
    r"exceeded maximum resolution"  # Prometheus: web/api/v1/api.go, more than 11,000 points
    r"|too many points for the given"  # VictoriaMetrics: -search.maxPointsPerTimeseries
    r"|query time range exceeds"  # Mimir, Cortex: max_total_query_length
)
_BYTES = re.compile(
    r"too long query|query (?:is )?too long|-search\.maxquerylen"  # VictoriaMetrics
    r"|query expression size|query-expression-size"  # Mimir: max_query_expression_size_bytes
)
_LIMIT = re.compile(r"(?:-search\.maxquerylen=|\blimit:? ?)(\d{1,9})\b")
_KNOWN = re.compile(
    r"too many (?:samples|series|time ?series|chunks|matching)"  # Prometheus: promql/engine.go, --query.max-samples
    r"|cannot select more than|number of (?:unique |matching )+time ?series exceeds"  # VictoriaMetrics
    r"|not enough memory"
    r"|-search\.max(?:samples|series|unique|memory|response|tag|label)\w*"  # VictoriaMetrics names the flag
    r"|the query exceeded the maximum|err-mimir-max-"  # Mimir: err-mimir-max-chunks-per-query and its like
    r"|the query hit the (?:max|aggregated)"  # Cortex
    r"|exceeded (?:series|samples|chunks|bytes) limit|limit \S* ?violated"  # Thanos: store/limiter.go
    r"|message larger than max"  # gRPC, between the parts of Thanos, Mimir and Cortex
    r"|(?:entity|payload|content|response) (?:is )?too large"  # proxies
)
_LIKELY = re.compile(
    r"\btoo (?:many|much|large|long|big|complex|expensive)\b|\bexceed(?:s|ed|ing)?\b|larger than (?:the )?max"
    r"|out of memory|resource ?exhausted|maximum (?:number|size|length)"
)
"""Words of engines that are not in the list."""
_UNLIKELY = re.compile(
    r"parse error|cannot parse|unknown function"
    r"|bucket index is too old"  # Mimir
    r"|outstanding|too many (?:requests|open files|connections)|concurren|rate limit|(?:deadline|time ?out) exceeded"
)
"""A mistake in the query, or a server that is asked too often or is too slow: a smaller query does not help."""
_IN_PART = re.compile(
    r"code = unavailable|failed to fetch some blocks|bucket index is too old"  # Thanos, Mimir, Mimir
    r"|live replicas required|unhealthy instances in the ring"  # Mimir, Cortex: their ring
)
_TOO_SLOW = re.compile(r"code = deadlineexceeded")  # gRPC, between the parts of Thanos, Mimir and Cortex
_MAY_SAY_SO = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.INSUFFICIENT_STORAGE,
)
_TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A query that is too large for the server."""

    points: bool = False
    """It has too many points; fewer services do not help."""
    longest: int | None = None
    """The most bytes of a query that the server takes, where it says so."""


def too_large(status: int, text: str, query: str) -> Refusal | None:
    """What a server refuses as too large; None where it says something else.

    Args:
        status: the HTTP status.
        text: the server's words. Engines quote the query in them, before or after what is wrong.
        query: the query, whose own words say nothing.
    """
    words = _own(text, query)
    if _POINTS.search(words):
        return Refusal(points=True)
    if _BYTES.search(words):
        limit = _LIMIT.search(words)
        return Refusal(longest=None if limit is None else int(limit[1]))
    likely = status in _MAY_SAY_SO and _LIKELY.search(words) and not _UNLIKELY.search(words)
    return Refusal() if status in _TOO_LARGE or _KNOWN.search(words) or likely else None


def is_in_part(text: str, query: str) -> bool:
    """Whether an engine of several parts says that one of them did not answer. It may answer a moment later."""
    return _IN_PART.search(_own(text, query)) is not None


def is_too_slow(text: str, query: str) -> bool:
    """Whether an engine of several parts says that one of them took too long for the query."""
    return _TOO_SLOW.search(_own(text, query)) is not None


def _own(text: str, query: str) -> str:
    """The server's own words in lower case, without the query and without quoted text."""
    words = _QUOTED.sub('""', text.replace(query, "") if query else text)
    return (words[:_LOOKED_AT] + words[-_LOOKED_AT:]).lower()
