"""From answers to counts: what an SLO's windows held.

Source of the rules: sums of good over sums of total, never a mean of ratios (Google SRE workbook, chapter 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sresnap.model.corrections import Cut
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts, floats
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import HOUR, MINUTE, Period, Window, floor

SLOT = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class SloData:
    """The counts of one SLO, at `at`."""

    at: int
    short: Mapping[int, EventCount | None]
    """By window in seconds; None where there was no answer."""
    running: EventCount | None
    """Since the last whole hour."""
    hours: HourlyCounts
    """All whole hours that are known, back to two windows; the last one ends at the last whole hour before `at`."""
    seen: Sequence[bool] | None
    """Whether each five minutes had data, oldest first; the last ends at the last multiple of five minutes. None when
    this is not known."""
    left_out: Mapping[int, int] = field(default_factory=dict)
    """By the hour's start: how many seconds of it corrections have taken out of `hours` or `running`."""
    known_since: int | None = None
    """Start of the first hour that was ever known, if that is before `hours`."""


@dataclass(frozen=True, slots=True)
class Total:
    """The events of a window and how much of it was seen."""

    start: int
    end: int
    events: EventCount | None
    coverage: float | None


def count(slo: Slo, answers: Mapping[SeriesKey, float | None], seconds: int) -> EventCount | None:
    """The count of one stretch of time from its series' values; None when a series is unknown.

    Unknown errors are not zero errors. For the rules by basis see `count_hours`.

    >>> total, bad = SeriesKey("total"), SeriesKey("bad")
    >>> count(Slo("a", 0.99, Basis.EVENTS, total, None, bad), {total: 100.0, bad: 3.0}, 3600)
    EventCount(good=97.0, total=100.0)
    """
    columns = {key: (value,) for key, value in answers.items()}
    return count_hours(slo, columns, 0, 1, seconds).count(0)


def count_hours(
    slo: Slo, columns: Mapping[SeriesKey, Sequence[float | None]], start: int, count: int, seconds: int = HOUR
) -> HourlyCounts:
    """The counts of consecutive stretches of time, as a rule hours, from the values of the SLO's series.

    Basis events: good, or total − bad. Basis slices: good slices of all that had events. Basis time: the share of time
    that was good × seconds, of seconds. A stretch is known only where every series is.

    Args:
        slo: which series to use, and how.
        columns: by series, one value per stretch.
        start: of the first stretch, seconds since the epoch.
        count: the number of stretches.
        seconds: the length of a stretch.
    """
    empty = (None,) * count

    def column(key: SeriesKey | None) -> Sequence[float | None]:
        return empty if key is None else columns.get(key, empty)

    part = floats(column(slo.good or slo.bad))
    if slo.basis is Basis.TIME:
        return HourlyCounts.of_arrays(start, part * seconds, 0 * part + seconds)
    total = floats(column(slo.total))
    return HourlyCounts.of_arrays(start, part if slo.good else total - part, total)


def corrected(data: SloData, removed: Mapping[Cut, EventCount | None]) -> SloData:
    """The data without the counts of some parts of hours.

    An hour that is left out as a whole is neither good nor bad nor expected. Of a part, the events in it are
    subtracted. Where these are unknown (None), the hour stays as it is: a correction must not improve a number on a
    guess.
    """
    running, left_out = data.running, dict(data.left_out)
    changed: dict[int, EventCount | None] = {}
    for cut, events in removed.items():
        index = data.hours.index(cut.hour)
        is_running = index == len(data.hours)
        whole = running if is_running else changed[index] if index in changed else data.hours.count(index)
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
            changed[index] = rest
    return replace(data, hours=data.hours.with_counts(changed), running=running, left_out=left_out)


def _rest(whole: EventCount, part: EventCount) -> EventCount:
    """An hour without a part of it. The part's count is an estimate, so it is cut to the count of the hour.

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
    """A window as answered. Its coverage is the share of the window's five-minute slots that have data."""
    slots = max(1, window.seconds // SLOT)
    events = data.short[window.seconds]
    coverage = None if data.seen is None else sum(data.seen[-slots:]) / slots
    if events is None:
        coverage = 0.0
    return Total(data.at - window.seconds, data.at, events, coverage)


def over_period(data: SloData, period: Period) -> Total:
    """The sum of a period's hours, including the running one.

    Coverage = seconds seen / seconds expected. An hour counts for the part that corrections do not leave out, the
    running hour for the part that has passed.
    """
    hours = data.hours.since(period.start)
    known = hours.known
    expected, seen = len(hours) * HOUR, int(known.sum()) * HOUR
    for hour, seconds in data.left_out.items():
        index = hours.index(hour)
        if 0 <= index < len(hours):
            expected -= seconds
            seen -= seconds if known[index] else 0
    now = floor(data.at, HOUR)
    elapsed = data.at - now - data.left_out.get(now, 0)
    expected += elapsed
    running = data.running if elapsed else None
    seen += elapsed if running is not None else 0
    return Total(period.start, data.at, hours.sum(running), seen / expected if expected else 0.0)
