"""From answers to counts: what an SLO's windows held.

Source of the rules: sums of good over sums of total, never a mean of ratios (Google SRE workbook, chapter 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sresnap.model.corrections import Cut
from sresnap.model.events import EventCount
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import HOUR, MINUTE, Period, Window, floor

SLOT = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class SloData:
    """What was answered for one SLO, at `at`."""

    at: int
    short: Mapping[int, EventCount | None]
    """By window in seconds; None where there was no answer."""
    running: EventCount | None
    """Since the last whole hour."""
    first_hour: int
    """Start of hours[0], seconds since the epoch; the last hour ends at the last whole hour."""
    hours: Sequence[EventCount | None]
    seen: Sequence[bool] | None
    """Whether each five minutes had data, oldest first; the last ends at the last multiple of five minutes. None when
    that is not known."""
    left_out: Mapping[int, int] = field(default_factory=dict)
    """By the hour's start: how many seconds of it corrections have taken out of `hours` or `running`."""


@dataclass(frozen=True, slots=True)
class Total:
    """The events of a window and how much of it was seen."""

    start: int
    end: int
    events: EventCount | None
    coverage: float | None


def count(slo: Slo, answers: Mapping[SeriesKey, float | None], seconds: int) -> EventCount | None:
    """The count of one stretch of time from its series' values.

    Basis events: good, or total − bad. Basis slices: good slices of all that had events. Basis time: the share of time
    that was good × seconds, of seconds.
    None when any series that the SLO is made from is unknown: unknown errors are not no errors.

    >>> total, bad = SeriesKey("total"), SeriesKey("bad")
    >>> count(Slo("a", 0.99, Basis.EVENTS, total, None, bad), {total: 100.0, bad: 3.0}, 3600)
    EventCount(good=97.0, total=100.0)
    """
    if slo.basis is Basis.TIME:
        share = None if slo.good is None else answers.get(slo.good)
        return None if share is None else EventCount(share * seconds, seconds)
    part_key = slo.good or slo.bad
    total = None if slo.total is None else answers.get(slo.total)
    part = None if part_key is None else answers.get(part_key)
    if total is None or part is None:
        return None
    return EventCount(part if slo.good else total - part, total)


def corrected(data: SloData, removed: Mapping[Cut, EventCount | None]) -> SloData:
    """The data without what was counted in some parts of hours.

    An hour that is left out as a whole is neither good nor bad nor expected. Of a part, what was counted in it is taken
    off; where that is unknown (None), nothing is: a correction must not improve a number on a guess.
    """
    hours, running, left_out = list(data.hours), data.running, dict(data.left_out)
    for cut, events in removed.items():
        index = (cut.hour - data.first_hour) // HOUR
        is_running = index == len(hours)
        whole = hours[index] if not is_running else running
        if cut.is_whole:
            rest = None
        elif whole is None or events is None:
            continue
        else:
            rest = _rest(whole, events)
        left_out[cut.hour] = left_out.get(cut.hour, 0) + cut.seconds
        if is_running:
            running = rest
        else:
            hours[index] = rest
    return replace(data, hours=hours, running=running, left_out=left_out)


def _rest(whole: EventCount, part: EventCount) -> EventCount:
    """What is left of an hour. A part is estimated to its edges, but holds no more than its hour.

    100 events with 3 bad, of them 60.5 with 3.2 bad in the part: 39.5 events are left, none bad.
    """
    total = whole.total - min(part.total, whole.total)
    bad = whole.bad - min(max(part.bad, 0.0), whole.bad)
    return EventCount(total - bad, total)


def over(data: SloData, window: Window) -> Total:
    """The count of any window: short ones as answered, long ones added up from hours."""
    if window.seconds in data.short:
        return _short(data, window)
    return over_period(data, window.period(data.at))


def _short(data: SloData, window: Window) -> Total:
    """Coverage is the share of the window's five minutes in which the service was seen."""
    slots = max(1, window.seconds // SLOT)
    events = data.short[window.seconds]
    coverage = None if data.seen is None else sum(data.seen[-slots:]) / slots
    if events is None:
        coverage = 0.0
    return Total(data.at - window.seconds, data.at, events, coverage)


def hours_of(data: SloData, period: Period) -> list[EventCount | None]:
    """The whole hours of a period."""
    return list(data.hours)[max(0, (period.start - data.first_hour) // HOUR) :]


def over_period(data: SloData, period: Period) -> Total:
    """The sum of a period's hours, the running one among them.

    Coverage = seconds seen / seconds expected, an hour counting for the part of it that is not left out, the running
    hour for the part of it that has passed.
    """
    known: list[EventCount] = []
    expected = seen = 0
    for index, hour in enumerate(hours_of(data, period)):
        seconds = HOUR - data.left_out.get(period.start + index * HOUR, 0)
        expected += seconds
        if hour is not None:
            known.append(hour)
            seen += seconds
    now = floor(data.at, HOUR)
    elapsed = data.at - now - data.left_out.get(now, 0)
    expected += elapsed
    if elapsed and data.running is not None:
        known.append(data.running)
        seen += elapsed
    events = sum(known, EventCount(0, 0)) if known else None
    return Total(period.start, data.at, events, seen / expected if expected else 0.0)
