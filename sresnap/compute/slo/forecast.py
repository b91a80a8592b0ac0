"""When the error budget will be spent, or recovers.

A rolling window forgets: its oldest hours leave it as new ones arrive. The forecast starts from the known hours. For
each hour ahead it adds the traffic of that hour of the week with the error ratio of the last 6 hours (or of the last 3
days), and computes the remaining budget at its end. So a forecast made at night and one made at noon say the same. A
calendar window forgets nothing until its reset. Source: the definition of the windows (Google SRE workbook, chapter 2).

The ratio of few events says little, as for alerts (`alerts.py`): one bad request of six at night says nothing about the
10,000 of the morning. A span that says too little gives way to the next longer one, which the forecast names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sresnap.compute.slo.alerts import LEAST_BAD_EVENTS
from sresnap.compute.slo.budget import allowed_bad, remaining_ratio
from sresnap.compute.slo.burn import burn_rate, burn_rates
from sresnap.compute.slo.first_days import seen_ahead
from sresnap.compute.slo.traffic import arriving, traffic_by_hour
from sresnap.model.events import EventCount, MeanHour
from sresnap.model.forecast import Forecast, Outcome, PaceForecast
from sresnap.model.hours import Floats, HourlyCounts
from sresnap.model.slo import Provisional
from sresnap.model.windows import HOUR, Period, floor


@dataclass(frozen=True, slots=True)
class Pace:
    """A window whose error ratio is assumed to continue."""

    name: str
    hours: int
    least: int
    """Hours of it that must be known. Less than a day would turn a daily rhythm into a trend."""


NOTHING_LEFT_OUT: Mapping[int, int] = {}
_DAY_HOURS = 24
SHORT_PACE = Pace("6h", 6, 4)
DAY_PACE = Pace("1d", 24, 24)
LONG_PACE = Pace("3d", 72, 24)
UNKNOWN = Forecast(exhausted_at=None, pace=None)


def mean_hour(
    hours: HourlyCounts,
    pace: Pace,
    running: EventCount | None = None,
    at: int = 0,
    left_out: Mapping[int, int] = NOTHING_LEFT_OUT,
) -> MeanHour | None:
    """The mean of the pace's known hours and the running one, weighted by the time that has data.

    In the running hour that is the part that has passed; in an hour that a correction cuts, the part that is left. None
    when too few hours are known.

    6 hours with 600 events, 12 of them bad: an hour of 98 good of 100. With half an hour of 55 bad events after them:
    (588 + 0) / 6.5 good of (600 + 55) / 6.5.

    Args:
        hours: whole hours; the pace takes the last ones.
        pace: how many of them.
        running: the counts since the last whole hour.
        at: the report's moment, which says how much of the running hour has passed.
        left_out: by an hour's start, the seconds of it that corrections leave out.
    """
    late = hours.tail(pace.hours)
    known = late.known
    cut = sum(seconds for start, seconds in left_out.items() if _is_known(late, known, start))
    counted = int(known.sum()) * HOUR - cut
    if counted < pace.least * HOUR:
        return None
    now = floor(at, HOUR)
    passed = at - now - left_out.get(now, 0)
    if running is not None and passed > 0:
        counted += passed
    else:
        running = None
    arrived = late.sum(running) or EventCount(0, 0)
    return MeanHour(arrived.good, arrived.total, counted / HOUR)


def _is_known(hours: HourlyCounts, known: NDArray[np.bool_], start: int) -> bool:
    index = hours.index(start)
    return 0 <= index < len(hours) and bool(known[index])


def simulate(hours: HourlyCounts, running: EventCount | None, come: HourlyCounts, period: Period) -> HourlyCounts:
    """The counts in the window after one hour, two hours, …, with the counts that come in each of them.

    The oldest hour leaves a rolling window; an unknown hour takes nothing with it. The running hour stays to the end.

    Args:
        hours: the window's whole hours.
        running: the counts since the last whole hour.
        come: the counts of each hour ahead.
        period: the window's span.
    """
    stays = running or EventCount(0, 0)
    kept_good, kept_total = (
        _kept(values, len(come), is_rolling=period.resets_at is None) for values in (hours.good, hours.total)
    )
    good, total = (np.cumsum(values) for values in (come.good, come.total))
    return HourlyCounts(period.end, kept_good + stays.good + good, kept_total + stays.total + total)


def _kept(values: Floats, steps: int, *, is_rolling: bool) -> Floats:
    """The sum of the hours that are still in the window after each step.

    These are sums of what is still there. Subtracting hour by hour would leave a residue of rounding where nothing is
    left.
    """
    later = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values[::-1]))])
    return later[:-1][::-1] if is_rolling else np.full(steps, later[-1])


def forecast(
    hours: HourlyCounts,
    running: EventCount | None,
    objective: float,
    period: Period,
    recent: HourlyCounts | None = None,
    left_out: Mapping[int, int] = NOTHING_LEFT_OUT,
    provisional: Provisional | None = None,
    traffic: Floats | None = None,
    *,
    in_events: bool = False,
) -> Forecast:
    """Both paces simulated, and what they say together.

    The range of `exhausted` goes from the earlier pace to the later; when only one pace spends the budget,
    `latest_exhausted_at` is None. A spent budget `recovers` only if it does so at every pace, at the later of the two
    moments: the forecast promises nothing that one pace does not keep. A pace without traffic has no error ratio; it
    counts only if no pace has any. A pace of few events is left out (`says_enough`).

    Args:
        hours: the window's whole hours.
        running: the counts since the last whole hour.
        objective: ratio in (0, 1).
        period: the window's span; it ends at the report's moment.
        recent: the last whole hours, which the paces are taken from. In the first days of a calendar window they lie
            before it. None: the window's own.
        left_out: by an hour's start, the seconds of it that corrections leave out.
        provisional: how much of the window was seen while the history is young.
        traffic: what is expected in each hour of the week; None: as in the window's hours.
        in_events: whether the basis is events, so that few of them say little.
    """
    now = hours.sum(running)
    if now is None:
        return UNKNOWN
    seen = 1.0 if provisional is None else provisional.share
    spent = remaining_ratio(now, objective, seen) <= 0
    late = hours if recent is None else recent
    spans = (SHORT_PACE, DAY_PACE, LONG_PACE)
    found = {pace: mean_hour(late, pace, running, period.end, left_out) for pace in spans}
    means = _chosen({pace: mean for pace, mean in found.items() if mean is not None}, objective, in_events=in_events)
    if not means:
        return UNKNOWN
    ahead = Ahead(
        hours, running, objective, period, provisional, traffic_by_hour(hours) if traffic is None else traffic
    )
    paces = [_at_pace(pace.name, mean, ahead, spent=spent) for pace, mean in means.items()]
    horizon = period.end + period.length_seconds if period.resets_at is None else period.resets_at
    return _recovery(paces, horizon) if spent else _exhaustion(paces, horizon)


def _chosen(means: Mapping[Pace, MeanHour], objective: float, *, in_events: bool) -> dict[Pace, MeanHour]:
    """The paces to forecast by, the shorter first: 6h, or a day where 6h say too little, and 3d."""
    busy = {pace: mean for pace, mean in means.items() if mean.total > 0}
    usual = {pace: mean for pace, mean in (busy or means).items() if pace is not DAY_PACE}
    if not busy or not in_events:
        return usual
    enough = {pace: mean for pace, mean in busy.items() if says_enough(mean, objective)}
    short = next((pace for pace in (SHORT_PACE, DAY_PACE) if pace in enough), None)
    is_thin = SHORT_PACE in means and SHORT_PACE not in enough
    return {pace: mean for pace, mean in enough.items() if pace is not DAY_PACE or (pace is short and is_thin)}


def says_enough(mean: MeanHour, objective: float) -> bool:
    """Whether a pace has the events to say that the budget will be spent, or that it lasts.

    A pace that spends it needs ten bad events, as an alert does; one that does not needs as many events as allow one
    bad one, as a verdict does. At 99.9 %, 1 bad of 6 is a burn rate of 167 and says nothing, and so do 6 good ones; 10
    bad of 60 say that it burns, and 1,000 with none or one that it does not.
    """
    bad, allowed = mean.total - mean.good, allowed_bad(mean.total, objective)
    return bad >= LEAST_BAD_EVENTS or max(bad, 1.0) <= allowed


@dataclass(frozen=True, slots=True)
class Ahead:
    """A window at the report's moment, and the traffic that is expected."""

    hours: HourlyCounts
    running: EventCount | None
    objective: float
    period: Period
    provisional: Provisional | None
    traffic: Floats

    def remaining(self, mean: MeanHour) -> Floats:
        """The budget left after one hour, two hours, … at a pace's error ratio."""
        period = self.period
        end = period.end + len(self.hours) * HOUR if period.resets_at is None else max(period.end, period.resets_at)
        counts = simulate(self.hours, self.running, arriving(mean, self.traffic, period.end, end), period)
        burned = burn_rates(counts.good, counts.total, self.objective)
        return 1 - burned * seen_ahead(self.provisional, period, len(counts))


def _at_pace(name: str, mean: MeanHour, ahead: Ahead, *, spent: bool) -> PaceForecast:
    left, period = ahead.remaining(mean), ahead.period
    overspent = np.flatnonzero(left <= 0) + 1
    exhausted = int(overspent[0]) if overspent.size else None
    last_spent = int(overspent[-1]) if overspent.size else 0
    recovers = last_spent + 1 if spent and last_spent < len(left) else None
    return PaceForecast(
        pace=name,
        mean=mean,
        burn_rate=burn_rate(mean.arriving, ahead.objective),
        exhausted_at=None if spent or exhausted is None else _moment(exhausted, period),
        recovers_at=None if recovers is None else _moment(recovers, period),
        end_remaining_ratio=float(left[-1]) if len(left) else None,
        daily_remaining_ratios=tuple(left[_DAY_HOURS - 1 :: _DAY_HOURS].tolist()),
    )


def calmest(found: Forecast) -> MeanHour | None:
    """The pace that burns least; None without a forecast. An incident that is over is not in both paces for long."""
    paces = [(pace.burn_rate, pace.mean) for pace in found.paces if pace.burn_rate is not None]
    return min(paces, key=lambda pace: pace[0])[1] if paces else None


def _moment(steps: int, period: Period) -> int:
    """The end of an hour ahead. A reset may cut a calendar window's last hour short."""
    end = period.end + steps * HOUR
    return end if period.resets_at is None else min(end, period.resets_at)


def _exhaustion(paces: Sequence[PaceForecast], horizon: int) -> Forecast:
    dates = {pace.exhausted_at: pace.pace for pace in reversed(paces) if pace.exhausted_at is not None}
    if not dates:
        return Forecast(None, paces[-1].pace, Outcome.LASTS, horizon=horizon, paces=tuple(paces))
    every = all(pace.exhausted_at is not None for pace in paces)
    first = min(dates)
    return Forecast(
        exhausted_at=first,
        pace=dates[first],
        outcome=Outcome.EXHAUSTED,
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
        outcome=Outcome.RECOVERS if recovers else Outcome.STAYS_SPENT,
        recovers_at=max(dates) if recovers else None,
        horizon=horizon,
        paces=tuple(paces),
    )
