"""Which metrics of presets a Prometheus has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sresnap.model.history import Span
from sresnap.model.windows import DAY
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.errors import QueryError

_LONGEST = 1500
"""Bytes of names in a request, whose URL has them."""
ALIKE = '{__name__=~".*(request|http|rpc|task|job|probe|event|message).*(_total|_count|_success)"}'
"""Names of what may be counted, where no preset fits."""


async def metric_names(client: PrometheusClient, wanted: Collection[str], at: int) -> frozenset[str]:
    """Which of some names exist. Two or three requests for all shipped presets.

    Args:
        client: the server.
        wanted: the names.
        at: the moment, seconds since the epoch. The day before it counts.

    Raises:
        QueryError: a request failed, in both of its forms.
    """
    found: set[str] = set()
    for names in _batches(sorted(wanted)):
        found |= await _of(client, f'{{__name__=~"{"|".join(names)}"}}', at)
    return frozenset(found)


async def alike_names(client: PrometheusClient, at: int) -> tuple[str, ...]:
    """Names of what this Prometheus counts. One request.

    Raises:
        QueryError: it failed.
    """
    return tuple(sorted(await _of(client, ALIKE, at)))


async def _of(client: PrometheusClient, selector: str, at: int) -> frozenset[str]:
    try:
        return await client.metric_names(selector, Span(at - DAY, at))
    except QueryError as error:
        if error.transport:
            raise
    # Not every engine, and not every proxy before one, has this part of the API.
    answer = await client.query(f"group by (__name__) (last_over_time({selector}[1h]))", at)
    return frozenset(series.labels.get("__name__", "") for series in answer.series)


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        if batch and sum(len(one) + 1 for one in batch) + len(name) > _LONGEST:
            yield batch
            batch = []
        batch.append(name)
    if batch:
        yield batch
