"""Finds ranges that are too short for how often their series are scraped, for `check --online`.

Prometheus advises a range of at least four times the scrape interval, so that a rate has two samples although a scrape
failed (https://www.robustperception.io/what-range-should-i-use-with-rate/).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sresnap import format as fmt
from sresnap.app.check_ranges import Reading
from sresnap.discovery.hints import Hint
from sresnap.model.windows import MINUTE, format_duration
from sresnap.prometheus.marked import ask_numbers
from sresnap.prometheus.recording import InstantClient

ADVISED = 4
"""Intervals of a range."""
_LOOK = 30 * MINUTE
_USUAL = (1, 2, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240, 300, 600, 900)
"""Scrape intervals that people choose, in seconds."""


async def samples_seen(client: InstantClient, selectors: Collection[str], at: int) -> dict[str, float]:
    """By selector, the most samples that a series of it has in half an hour of the last two hours.

    The densest half hour counts, so that a target that was down, or that is new, does not look like a slow scrape. What
    began within the last 40 minutes is left out.

    Args:
        client: the server.
        selectors: what is read over ranges.
        at: seconds since the epoch.

    Raises:
        QueryError: a request had no whole answer.
    """
    queries = {selector: _most_samples(selector) for selector in selectors}
    found = await ask_numbers(client, list(queries.values()), at)
    return {selector: found[query] for selector, query in queries.items() if query in found}


def scrape_hints(some: Sequence[Reading], seen: Mapping[str, float]) -> list[Hint]:
    """The hints of one query: of each metric about the range that is the shortest for it."""
    found: dict[str, tuple[float, Hint]] = {}
    for reading in some:
        samples = seen.get(reading.selector)
        hint = None if samples is None else _hint(reading, samples)
        if hint is not None and reading.length_seconds < found.get(reading.metric, (float("inf"), hint))[0]:
            found[reading.metric] = reading.length_seconds, hint
    return [hint for _, hint in found.values()]


def interval_of(samples: float) -> tuple[float, float]:
    """The scrape interval that so many samples in half an hour show: the least that is sure, and the likely one.

    n samples in a span of L are apart by more than L / (n + 1) and at most by L / (n − 1). 15 samples in 30 minutes:
    more than 112.5 s, at most 128.6 s, so likely 120 s.
    """
    least = _LOOK / (samples + 1)
    most = _LOOK / (samples - 1) if samples > 1 else float("inf")
    usual = [one for one in _USUAL if least < one <= most]
    middle = _LOOK / samples
    return least, min(usual, key=lambda one: abs(one - middle)) if usual else round(middle)


def _most_samples(selector: str) -> str:
    length = format_duration(_LOOK)
    samples = f"max(max_over_time(count_over_time({selector}[{length}])[2h:10m]))"
    return f"({samples} and count(last_over_time({selector}[80m] offset 40m)))"


def _hint(reading: Reading, samples: float) -> Hint | None:
    least, likely = interval_of(samples)
    length, wanted = reading.length_seconds, ADVISED if reading.compares else 1
    if least * wanted <= length:
        return None
    says = f"{_held(reading, likely)}{f' (Prometheus advises {ADVISED})' if reading.compares else ''}"
    longer, other = format_duration(round(likely) * wanted), ""
    if reading.fixed:
        other = f", or write a range of {longer} or more in the query"
    elif reading.of_slice:
        other = f", or set a slice of {longer} or more (`slice: {{length: {longer}}}`)"
    often = f"scrape it at least every {fmt.duration(length / wanted)}{other}"
    text = f"{reading.metric} is scraped about every {fmt.duration(likely)}: {says}; {often}"
    return Hint("scrapes", reading.metric, fmt.plain(text))


def _held(reading: Reading, interval: float) -> str:
    """How many samples are in a range."""
    shown, held = format_duration(round(reading.length_seconds)), int(reading.length_seconds // interval)
    if not held:
        return f"about {1 - reading.length_seconds / interval:.0%} of the ranges of {shown} hold no sample"
    too_few = ", which is too few for any number" if reading.compares and held == 1 else ""
    return f"a range of {shown} holds {fmt.count(held, 'sample')}{too_few}"
