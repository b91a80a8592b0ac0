"""An SLO's hours as days, as burn rates, and as a budget that is being spent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sresnap import format as fmt
from sresnap.compute.slo.budget import allowed_bad
from sresnap.compute.slo.burn import burn_rate, burn_rates
from sresnap.compute.slo.first_days import remaining_over_time
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts, optional
from sresnap.model.slo import SloReport
from sresnap.model.windows import DAY, HOUR, parse_duration

DAY_HOURS = DAY // HOUR
BIG_SHARE = 0.1
"""A day that spends more than this share of the whole budget is marked as breached: the workbook's 1d pair."""


@dataclass(frozen=True, slots=True)
class Day:
    """24 hours of an SLO."""

    start: int
    end: int
    events: EventCount | None
    """None when no hour has data."""
    objective: float

    @property
    def burn_rate(self) -> float | None:
        """Of the day; None without traffic or data."""
        return None if self.events is None or self.events.sli is None else burn_rate(self.events, self.objective)


def hourly(slo: SloReport) -> tuple[EventCount | None, ...]:
    """The window's whole hours as counts; None where there is no data."""
    hours = HourlyCounts.of_report(slo.hours)
    return tuple(hours.count(index) for index in range(len(hours)))


def days(slo: SloReport) -> tuple[Day, ...]:
    """The window in spans of 24 hours. The last one ends with the window, so the first may be shorter."""
    hours = HourlyCounts.of_report(slo.hours)
    ends = range(len(hours), 0, -DAY_HOURS)
    spans = (hours.slice(max(0, end - DAY_HOURS), end) for end in reversed(ends))
    return tuple(Day(span.start, span.end, span.sum(), slo.objective) for span in spans)


def hourly_burn(slo: SloReport) -> tuple[float | None, ...]:
    """The burn rate of each hour; None without data, 0 without traffic."""
    hours = HourlyCounts.of_report(slo.hours)
    return optional(burn_rates(hours.good, hours.total, slo.objective))


def remaining(slo: SloReport) -> tuple[float | None, ...]:
    """The budget left at the end of each hour, of the window that ended then: what a report of that hour says.

    None where nothing of that window is known, and in reports of an older version, which lack the window before.
    """
    hours = HourlyCounts.of_report(slo.hours)
    if slo.earlier is None or slo.known_since is None:
        return (None,) * len(hours)
    before = HourlyCounts.of_report(slo.earlier)
    rolling = None if slo.calendar is not None else int(parse_duration(slo.window)) // HOUR
    every = before.followed_by(hours)
    return optional(remaining_over_time(every, len(before), slo.known_since, rolling, slo.objective))


def spent(slo: SloReport) -> tuple[float | None, ...]:
    """How much of the present window's budget was spent up to the end of each hour; None in hours without data.

    spent(h) = bad up to h / ((1 − objective) × total of the window × window / time seen). With the running hour, its
    end is 1 − the remaining ratio.
    """
    hours = HourlyCounts.of_report(slo.hours)
    whole = slo.windows[slo.window].total if slo.window in slo.windows else None
    if not whole or whole <= 0:
        return (None,) * len(hours)
    share = np.cumsum(np.nan_to_num(hours.bad)) / (allowed_bad(whole, slo.objective) / slo.seen_share)
    return optional(np.where(hours.known, share, np.nan))


def big_burn(window_seconds: float) -> float:
    """The burn rate at which one day spends `BIG_SHARE` of the window's budget: 2.8 for 28d."""
    return BIG_SHARE * window_seconds / DAY


def missing_words(slo: SloReport, first: int = 0) -> str:
    """`; 3 hours without data; 5 hours left out`: why a curve has gaps, counted from the hour at index `first`.

    Hours before the history began are not counted.
    """
    hours = HourlyCounts.of_report(slo.hours)
    if slo.provisional is not None:
        first = max(first, hours.index(slo.provisional.since))
    applied = () if slo.uncorrected is None else slo.uncorrected.applied
    gaps = [hours.start + index * HOUR for index in np.flatnonzero(~hours.known).tolist() if index >= first]
    left_out = sum(any(one.start <= hour and hour + HOUR <= one.end for one in applied) for hour in gaps)
    unknown = len(gaps) - left_out
    parts = [f"; {fmt.count(unknown, 'hour')} without data"] if unknown else []
    return "".join([*parts, f"; {fmt.count(left_out, 'hour')} left out by corrections"] if left_out else parts)
