"""An SLO's window as a report holds it, put together again so that it can be moved forward."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap.compute.slo.forecast import Pace, forecast, mean_hour
from sresnap.model.events import EventCount
from sresnap.model.forecast import PaceForecast
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import HOUR, Period, floor, parse_duration

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Held:
    """What an SLO's window held at the report's moment."""

    hours: Sequence[EventCount | None]
    running: EventCount | None
    at: int
    period: Period
    left_out: Mapping[int, int] = field(default_factory=dict)
    """By the hour's start: seconds of it that corrections have taken out."""

    def kept(self, seconds: int) -> EventCount:
        """What is still in the window some seconds on: of a rolling one its oldest hours have left."""
        steps = math.ceil(seconds / HOUR) if self.period.resets_at is None else 0
        return sum((hour for hour in self.hours[steps:] if hour is not None), self.running or EventCount(0, 0))

    def mean(self, hours: Sequence[EventCount | None], pace: Pace, running: EventCount | None) -> Mean | None:
        """The mean hour of a pace with the sums that it is made of."""
        arriving = mean_hour(hours, pace, running, self.at, self.left_out)
        if arriving is None:
            return None
        now = floor(self.at, HOUR)
        first = now - len(hours[-pace.hours :]) * HOUR
        parts = [(hour, first + index * HOUR, HOUR) for index, hour in enumerate(hours[-pace.hours :])]
        parts.append((running, now, self.at - now))
        known = [(hour, length - self.left_out.get(start, 0)) for hour, start, length in parts if hour is not None]
        whole = sum((hour for hour, _ in known), EventCount(0, 0))
        return Mean(arriving, whole, sum(seconds for _, seconds in known) / HOUR)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean hour of a pace."""

    arriving: EventCount
    whole: EventCount
    """What it is the mean of."""
    hours: float
    """How many those are; the running hour counts for the part of it that has passed."""


def held(snapshot: Snapshot, slo: SloReport) -> Held | None:
    """The window put together again; None when the forecast made of it is not the report's."""
    return next((found for found in _candidates(snapshot, slo) if _agrees(found, slo)), None)


def _candidates(snapshot: Snapshot, slo: SloReport) -> Iterator[Held]:
    """The running hour is what the window has over its hours; if that is nothing, it may also not be known."""
    at, period = snapshot.at, _period(snapshot, slo)
    pairs = zip(slo.hours.good, slo.hours.total, strict=True)
    hours = [None if good is None or total is None else EventCount(good, total) for good, total in pairs]
    whole = slo.windows[slo.window]
    known = sum((hour for hour in hours if hour is not None), EventCount(0, 0))
    runs: list[EventCount | None] = [None]
    if at % HOUR and whole.good is not None and whole.total is not None:
        rest = EventCount(whole.good - known.good, whole.total - known.total)
        runs = [rest] if rest.total else [None, rest]
    left_out = _left_out(slo)
    for running in runs:
        yield Held(hours, running, at, period)
        if left_out:
            yield Held(hours, running, at, period, left_out)


def _period(snapshot: Snapshot, slo: SloReport) -> Period:
    start, at = slo.hours.start, snapshot.at
    if slo.calendar is None:
        return Period(slo.window, start, at, int(parse_duration(slo.window)))
    resets_at = slo.calendar.resets_at
    return Period(slo.window, start, at, resets_at - slo.calendar.start, resets_at)


def _left_out(slo: SloReport) -> dict[int, int]:
    """By the hour's start: how many of its seconds lie in a correction."""
    applied = () if slo.uncorrected is None else slo.uncorrected.applied
    found: dict[int, set[int]] = {}
    for correction in applied:
        start, end = correction.start, correction.end
        for hour in range(floor(start, HOUR), end, HOUR):
            found.setdefault(hour, set()).update(range(max(start, hour), min(end, hour + HOUR)))
    return {hour: len(seconds) for hour, seconds in found.items()}


def _agrees(found: Held, slo: SloReport) -> bool:
    ours = forecast(found.hours, found.running, slo.objective, found.at, found.period, None, found.left_out).paces
    theirs = slo.forecast.paces
    return len(ours) == len(theirs) and all(_alike(one, other) for one, other in zip(ours, theirs, strict=True))


def _alike(one: PaceForecast, other: PaceForecast) -> bool:
    left, right = one.end_remaining_ratio, other.end_remaining_ratio
    same = left == right if left is None or right is None else math.isclose(left, right, abs_tol=_TOLERANCE)
    dates = (one.pace, one.exhausted_at, one.recovers_at) == (other.pace, other.exhausted_at, other.recovers_at)
    return same and dates
