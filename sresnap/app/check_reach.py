"""Since when a source has data for each objective, to the hour, and what follows: for `check --online`.

Two steps keep it cheap: one hour of each day of a window, then the hours of the day in which the data begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sresnap import format as fmt
from sresnap.app.first_days import known_hours, reached
from sresnap.config.settings import Config
from sresnap.model.query import Member, Query, Result
from sresnap.model.windows import DAY, HOUR, floor
from sresnap.plan import reach, reach_hours
from sresnap.prometheus import PrometheusClient, fetch


async def look_back(client: PrometheusClient, config: Config, at: int, deadline: float) -> list[Result]:
    """The answers that `reached` needs.

    Args:
        client: the source.
        config: with the services of this source only.
        at: seconds since the epoch.
        deadline: for each of the two steps, in seconds.

    Raises:
        PrometheusUnreachable: the source answered nothing.
    """
    days = await fetch(client, reach(config, at), deadline_seconds=deadline)
    return [*days, *await fetch(client, tuple(_first_days(days, at)), deadline_seconds=deadline)]


def _first_days(days: Sequence[Result], at: int) -> Iterator[Query]:
    """The hours before the first point with data, back to the point without. Services of the same day share a query."""
    for result in days:
        grid = result.query.grid
        unknown: dict[int, list[Member]] = {}
        for member in result.query.members:
            known = known_hours(result.values.get(member.service))
            first = known[0] + HOUR if known else grid.end + DAY
            if first > grid.start and member.service not in result.failures:
                unknown.setdefault(first, []).append(member)
        for first, members in unknown.items():
            yield from reach_hours(result.query, members, first - DAY, min(first - HOUR, floor(at, HOUR)))


async def retention_note(client: PrometheusClient, config: Config, results: Sequence[Result], at: int) -> str | None:
    """What follows where a source keeps less than a window that it does not fill; None where it does not say.

    Args:
        client: the source.
        config: with the services of this source only.
        results: what `look_back` found.
        at: seconds since the epoch.
    """
    young = [one.of_seconds for one in reached(config, results, at) if one is not None]
    if not young:
        return None
    kept = (await client.server_info()).retention_seconds
    if kept is None or kept >= max(young):
        return None
    return fmt.plain(
        f"Prometheus at {client.settings.url} keeps {fmt.duration(kept)} of samples, less than a window: only the "
        f"site's history reaches further back. Keep it from build to build (`build --restore`), and build at least "
        f"once in {fmt.duration(kept)}"
    )
