"""Finds what is not a counter but is read as one: `check --online` looks how often each falls.

A counter falls only where its process restarts. A gauge that is used as a counter falls all the time, and so does a
counter of several processes behind one target, where each scrape meets another one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sresnap.app.check_ranges import Reading
from sresnap.discovery.hints import Hint
from sresnap.prometheus.marked import ask_numbers
from sresnap.prometheus.recording import InstantClient

_FALLS = 0.05
"""Of an hour's samples. Twelve restarts an hour of a target that is scraped each 15 s are 0.05."""
_LEAST_FALLS = 4


async def falls(client: InstantClient, selectors: Collection[str], at: int) -> dict[str, float]:
    """By selector, the share of an hour's samples that are less than the one before, where there are too many.

    Args:
        client: the server.
        selectors: what is read as counters.
        at: seconds since the epoch.

    Raises:
        QueryError: a request had no whole answer.
    """
    queries = {selector: _share(selector) for selector in selectors}
    found = await ask_numbers(client, list(queries.values()), at)
    return {selector: found[query] for selector, query in queries.items() if query in found}


def fall_hints(some: Sequence[Reading], found: dict[str, float]) -> list[Hint]:
    """The hints of one query."""
    return [_hint(one, found[one.selector]) for one in some if one.of_counter and one.selector in found]


def _share(selector: str) -> str:
    lower, samples = f"sum(resets({selector}[1h]))", f"sum(count_over_time({selector}[1h]))"
    return f"({lower} / {samples} > {_FALLS} and {lower} >= {_LEAST_FALLS})"


def _hint(reading: Reading, share: float) -> Hint:
    text = (
        f"{reading.metric} fell at {share:.0%} of its samples of the last hour. A counter falls only where its process "
        f"restarts: this is a gauge, or several processes answer for one target in turn "
        f"(use the client's multiprocess mode)"
    )
    return Hint("falls", reading.metric, text)
