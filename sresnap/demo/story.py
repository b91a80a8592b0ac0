"""The story of `sresnap demo`: what a newcomer sees must show what a report is for, whenever it is made.

The profiles repeat every four weeks, so their budgets are the same at each hour and nothing ever burns right now. Here
the four weeks before were calmer, so that each budget has a past; and the worker, whose budget was spent weeks ago, has
an outage that began 47 minutes ago and lasts three hours.
"""

from __future__ import annotations

from dataclasses import replace

from sresnap.demo.model import DemoService, services
from sresnap.demo.profiles import CYCLE_MINUTES, Outage
from sresnap.model.windows import DAY, HOUR, MINUTE, ceil, floor

BURNS_FOR = 47 * MINUTE
"""How long the worker has been failing. More than half of the page's hour, so that both of its windows exceed."""

_FOUR_WEEKS = CYCLE_MINUTES * MINUTE


def story(count: int, at: int) -> tuple[DemoService, ...]:
    """The fleet of `services`, as it looks at a moment.

    Args:
        count: how many services.
        at: when the demo begins, seconds since the epoch.
    """
    return tuple(_in_story(service, at) for service in services(count))


def _in_story(service: DemoService, at: int) -> DemoService:
    first = service.profile.outages[0]
    if service.name == "worker":
        service = replace(service, profile=replace(service.profile, outages=_outages_of_worker(at)))
    start = floor(at, DAY) - 40 * DAY + 14 * HOUR - service.shift_seconds
    earlier = replace(service.profile, outages=_from(start, first.minutes, first.error_ppm // 2, first.slowdown))
    return replace(service, earlier=earlier, changed_at=ceil(at - _FOUR_WEEKS, HOUR))


def _outages_of_worker(at: int) -> tuple[Outage, ...]:
    """Two that spend its whole budget within ten days, a small one, and the one of now.

    They begin at the same hour of the day at any `at`: there are three times as many requests by day as by night.
    """
    midnight = floor(at, DAY)
    return (
        *_from(midnight - 25 * DAY + 14 * HOUR, 364, 410_000, 3.1),
        *_from(midnight - 18 * DAY + 10 * HOUR, 200, 800_000, 4.5),
        *_from(midnight - 9 * DAY + 1 * HOUR, 505, 120_000, 2.2),
        *_from(floor(at - BURNS_FOR, MINUTE), 180, 360_000, 3.7),
    )


def _from(start: int, minutes: int, error_ppm: int, slowdown: float) -> tuple[Outage, ...]:
    """An outage that begins at a time. One that reaches over the end of the four weeks has a second part."""
    minute = start // MINUTE % CYCLE_MINUTES
    until_end = min(minutes, CYCLE_MINUTES - minute)
    parts = ((minute, until_end), (0, minutes - until_end))
    return tuple(Outage(begin, length, error_ppm, slowdown) for begin, length in parts if length)
