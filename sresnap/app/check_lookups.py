"""All look-ups for the hints of `check --online`, and what they leave out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sresnap.app.check_counters import fall_hints, falls
from sresnap.app.check_hints import with_hints
from sresnap.app.check_ranges import looked_at, readings
from sresnap.app.check_scrapes import samples_seen, scrape_hints
from sresnap.app.check_traps import with_traps
from sresnap.app.findings import Finding
from sresnap.config.settings import Config
from sresnap.model.query import Query
from sresnap.progress import Progress
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.errors import QueryError

_STEPS = 3


async def look_for_hints(
    client: PrometheusClient,
    config: Config,
    findings: Sequence[Finding],
    queries: Sequence[Query],
    at: int,
    progress: Progress,
) -> tuple[list[Finding], list[str]]:
    """Findings with all hints, and notes on what was not looked at.

    Args:
        client: the server.
        config: with the services of this source.
        findings: what each query found for each service.
        queries: the query of each finding, for its service only.
        at: seconds since the epoch.
        progress: shows how far it has come.
    """
    progress.stage("hints", _STEPS)
    deadline = client.settings.deadline_seconds
    found, notes = list(findings), list[str]()
    try:
        async with asyncio.timeout(deadline):
            found = await with_traps(client, found, queries, config, at)
            progress.advance()
            found, unseen = await with_hints(client, found, queries, at)
            notes += _left_out(unseen, "metrics", "labels and other names")
            progress.advance()
            found, unseen = await _with_ranges(client, found, queries, at)
            notes += _left_out(unseen, "selectors", "falls and scrape intervals")
            progress.advance()
    except (TimeoutError, QueryError) as error:
        why = error.message if isinstance(error, QueryError) else f"no answer within {deadline:g} s"
        notes.append(f"hints about the metrics are missing, as they could not be looked up: {why}")
    return found, notes


def _left_out(unseen: int, of_what: str, about: str) -> Iterator[str]:
    if unseen:
        yield (
            f"{unseen} {of_what} were not looked at for {about}: `sresnap check --online --service NAME` asks about "
            f"one service"
        )


async def _with_ranges(
    client: PrometheusClient, findings: Sequence[Finding], queries: Sequence[Query], at: int
) -> tuple[list[Finding], int]:
    """Findings with a hint where a counter falls too often, or a range is too short; and how much was not looked at."""
    read = [readings(query) for query in queries]
    selectors, unseen = looked_at(read)
    counters = {one.selector for some in read for one in some if one.of_counter}
    fallen = await falls(client, [one for one in selectors if one in counters], at)
    samples = await samples_seen(client, selectors, at)
    hinted = [
        replace(
            finding,
            hints=tuple(dict.fromkeys((*finding.hints, *fall_hints(some, fallen), *scrape_hints(some, samples)))),
        )
        for finding, some in zip(findings, read, strict=True)
    ]
    return hinted, unseen
