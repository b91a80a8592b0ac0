"""When the error budget will be spent, or is there again.

A rolling window forgets: as time goes on its oldest hours leave it and new ones arrive. The forecast takes the hours
that are known, lets the mean hour of the last 6 hours (and of the last 3 days) arrive again and again, and looks at
what is left at the end of each hour. A calendar window forgets nothing until its reset. Source: the definition of the
windows themselves (Google SRE workbook, chapter 2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sresnap.compute.slo.budget import remaining_ratio
from sresnap.compute.slo.burn import burn_rate
from sresnap.model.events import EventCount
from sresnap.model.forecast import Forecast, PaceForecast
from sresnap.model.windows import HOUR, Period, floor


@dataclass(frozen=True, slots=True)
class Pace:
    """The window whose mean hour is taken to go on."""

    name: str
    hours: int
    least: int
    """Hours of it that must be known: of less than a day, a daily rhythm would be taken for a trend."""


NOTHING_LEFT_OUT: Mapping[int, int] = {}
_DAY_HOURS = 24
SHORT_PACE = Pace("6h", 6, 4)
LONG_PACE = Pace("3d", 72, 24)
UNKNOWN = Forecast(exhausted_at=None, pace=None)


def mean_hour(
    hours: Sequence[EventCount | None],
    pace: Pace,
    running: EventCount | None = None,
    at: int = 0,
    left_out: Mapping[int, int] = NOTHING_LEFT_OUT,
) -> EventCount | None:
    """The mean of the pace's known hours and of the running one, each counting for the part of it that was counted.

    Of the running hour that is what has passed; of one that a correction cuts (`left_out`: by its start, seconds of
    it) what is left. None when too few are known. 6 hours with 600 events of which 12 are bad: an hour of 98 good of
    100. With half an hour of 55 bad events after them: (588 + 0) / 6.5 good of (600 + 55) / 6.5.
    """
    now = floor(at, HOUR)
    first = now - len(hours[-pace.hours :]) * HOUR
    parts = [(hour, HOUR - left_out.get(first + index * HOUR, 0)) for index, hour in enumerate(hours[-pace.hours :])]
    known = [(hour, seconds) for hour, seconds in parts if hour is not None]
    if sum(seconds for _, seconds in known) < pace.least * HOUR:
        return None
    passed = at - now - left_out.get(now, 0)
    if running is not None and passed > 0:
        known.append((running, passed))
    arrived = sum((hour for hour, _ in known), EventCount(0, 0))
    whole = sum(seconds for _, seconds in known) / HOUR
    return EventCount(arrived.good / whole, arrived.total / whole)


def simulate(
    hours: Sequence[EventCount | None], running: EventCount | None, arriving: EventCount, at: int, period: Period
) -> Iterator[EventCount]:
    """What the window holds one hour on, two hours on, …, one window on or until a calendar window's reset.

    Each hour `arriving` comes in, and up to a reset as much of it as there is time: of the half hour that is left at
    23:30, half. Of a rolling window its oldest hour leaves: first those of `hours`, an unknown one taking nothing with
    it. The running hour is part of the window from the start and stays to the end.
    """
    stays = running or EventCount(0, 0)
    # Sums of what is still there. Taking off hour by hour would leave a residue of rounding where nothing is left.
    later = [EventCount(0, 0)]
    for hour in reversed(hours):
        later.append(later[-1] if hour is None else later[-1] + hour)
    rolling = period.resets_at is None
    ahead = len(hours) if period.resets_at is None else max(0, (period.resets_at - at) / HOUR)
    for step in range(1, math.ceil(ahead) + 1):
        kept = later[len(hours) - step] if rolling else later[-1]
        come = min(step, ahead)
        yield EventCount(
            kept.good + stays.good + come * arriving.good, kept.total + stays.total + come * arriving.total
        )


def forecast(
    hours: Sequence[EventCount | None],
    running: EventCount | None,
    objective: float,
    at: int,
    period: Period,
    recent: Sequence[EventCount | None] | None = None,
    left_out: Mapping[int, int] = NOTHING_LEFT_OUT,
) -> Forecast:
    """Both paces simulated, and what they say together.

    `hours` are the window's whole hours, oldest first; `recent` the last whole hours that the paces are taken from,
    which on the first days of a calendar window lie before it (the window's own unless given); `left_out` the seconds
    of an hour, by its start, that a correction has taken out of it. The range of
    `exhausted` goes from the earlier pace to the later; when only one of them spends the budget,
    `latest_exhausted_at` is None. A spent budget `recovers` when it does at every pace, at the later of the two, so
    that nothing is promised that one pace does not hold.
    """
    known = [hour for hour in hours if hour is not None]
    now = sum(known, running or EventCount(0, 0))
    if not known and running is None:
        return UNKNOWN
    spent = remaining_ratio(now, objective) <= 0
    late = hours if recent is None else recent
    arrivals = [(pace, mean_hour(late, pace, running, at, left_out)) for pace in (SHORT_PACE, LONG_PACE)]
    paces = tuple(
        _at_pace(pace, hours, running, arriving, objective, at, period, spent=spent)
        for pace, arriving in arrivals
        if arriving is not None
    )
    if not paces:
        return UNKNOWN
    horizon = at + period.length_seconds if period.resets_at is None else period.resets_at
    return _recovery(paces, horizon) if spent else _exhaustion(paces, horizon)


def _at_pace(
    pace: Pace,
    hours: Sequence[EventCount | None],
    running: EventCount | None,
    arriving: EventCount,
    objective: float,
    at: int,
    period: Period,
    *,
    spent: bool,
) -> PaceForecast:
    left = [remaining_ratio(state, objective) for state in simulate(hours, running, arriving, at, period)]
    exhausted = next((index for index, ratio in enumerate(left, start=1) if ratio <= 0), None)
    last_spent = max((index for index, ratio in enumerate(left, start=1) if ratio <= 0), default=0)
    recovers = last_spent + 1 if spent and last_spent < len(left) else None
    return PaceForecast(
        pace=pace.name,
        burn_rate=burn_rate(arriving, objective),
        exhausted_at=None if spent or exhausted is None else _moment(exhausted, at, period),
        recovers_at=None if recovers is None else _moment(recovers, at, period),
        end_remaining_ratio=left[-1] if left else None,
        daily_remaining_ratios=tuple(left[_DAY_HOURS - 1 :: _DAY_HOURS]),
    )


def _moment(steps: int, at: int, period: Period) -> int:
    """The end of that hour from `at` on, of which a calendar window's last may be cut short by its reset."""
    return at + steps * HOUR if period.resets_at is None else min(at + steps * HOUR, period.resets_at)


def _exhaustion(paces: Sequence[PaceForecast], horizon: int) -> Forecast:
    dates = {pace.exhausted_at: pace.pace for pace in reversed(paces) if pace.exhausted_at is not None}
    if not dates:
        return Forecast(None, paces[-1].pace, "lasts", horizon=horizon, paces=tuple(paces))
    every = all(pace.exhausted_at is not None for pace in paces)
    first = min(dates)
    return Forecast(
        exhausted_at=first,
        pace=dates[first],
        outcome="exhausted",
        latest_exhausted_at=max(dates) if every else None,
        horizon=horizon,
        paces=tuple(paces),
    )


def _recovery(paces: Sequence[PaceForecast], horizon: int) -> Forecast:
    dates = [pace.recovers_at for pace in paces if pace.recovers_at is not None]
    recovers = len(dates) == len(paces)
    return Forecast(
        exhausted_at=None,
        pace=paces[-1].pace,
        outcome="recovers" if recovers else "stays_spent",
        recovers_at=max(dates) if recovers else None,
        horizon=horizon,
        paces=tuple(paces),
    )
