"""An SLO's hours as days and as a budget that is being spent. Plain arithmetic on the snapshot's counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.compute.slo.budget import allowed_bad
from sresnap.compute.slo.burn import burn_rate
from sresnap.model.events import EventCount
from sresnap.model.slo import SloReport
from sresnap.model.windows import DAY, HOUR

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
    pairs = zip(slo.hours.good, slo.hours.total, strict=True)
    return tuple(None if good is None or total is None else EventCount(good, total) for good, total in pairs)


def days(slo: SloReport) -> tuple[Day, ...]:
    """The window in spans of 24 hours. The last one ends with the window, so the first may be shorter."""
    hours = hourly(slo)
    start = slo.hours.start
    edges = range(len(hours), 0, -DAY_HOURS)
    spans = [(max(0, edge - DAY_HOURS), edge) for edge in edges][::-1]
    return tuple(
        _day(hours[first:end], start + first * HOUR, start + end * HOUR, slo.objective) for first, end in spans
    )


def _day(hours: Sequence[EventCount | None], start: int, end: int, objective: float) -> Day:
    seen = [hour for hour in hours if hour is not None]
    events = sum(seen, EventCount(0, 0)) if seen else None
    return Day(start, end, events, objective)


def hourly_burn(slo: SloReport) -> tuple[float | None, ...]:
    """Burn rate of each hour; None without data, 0 without traffic."""
    return tuple(burn_rate(hour, slo.objective) for hour in hourly(slo))


def remaining(slo: SloReport) -> tuple[float | None, ...]:
    """The budget left after each hour, as a share of what the window's traffic allows; None in hours without data.

    remaining(h) = 1 − bad up to h / ((1 − objective) × total of the window). Its end is the window's remaining ratio,
    but for the running hour.
    """
    hours = hourly(slo)
    whole = slo.windows[slo.window].total if slo.window in slo.windows else None
    if not whole or whole <= 0:
        return (None,) * len(hours)
    allowed = allowed_bad(whole, slo.objective)
    bad = 0.0
    left: list[float | None] = []
    for hour in hours:
        bad += 0.0 if hour is None else hour.bad
        left.append(None if hour is None else 1 - bad / allowed)
    return tuple(left)


def big_burn(window_seconds: float) -> float:
    """The burn rate at which one day spends `BIG_SHARE` of the window's budget: 2.8 for 28d."""
    return BIG_SHARE * window_seconds / DAY


def missing_words(slo: SloReport, first: int = 0) -> str:
    """`; 3 hours without data; 5 hours left out`: what a curve has gaps for, from the hour at index `first` on."""
    hours = hourly(slo)
    start = slo.hours.start
    applied = [] if slo.uncorrected is None else slo.uncorrected.applied
    cuts = [(correction.start, correction.end) for correction in applied]
    gaps = [start + index * HOUR for index in range(first, len(hours)) if hours[index] is None]
    left_out = sum(any(begin <= hour and hour + HOUR <= end for begin, end in cuts) for hour in gaps)
    unknown = len(gaps) - left_out
    parts = [f"; {fmt.count(unknown, 'hour')} without data"] if unknown else []
    return "".join([*parts, f"; {fmt.count(left_out, 'hour')} left out by corrections"] if left_out else parts)
