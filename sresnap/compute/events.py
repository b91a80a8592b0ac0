"""From answers to counts: what an SLO's windows held.

Source of the rules: sums of good over sums of total, never a mean of ratios (Google SRE workbook, chapter 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sresnap.model.events import EventCount
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import HOUR, MINUTE, Window, ceil, floor

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


@dataclass(frozen=True, slots=True)
class Total:
    """The events of a window and how much of it was seen."""

    start: int
    end: int
    events: EventCount | None
    coverage: float | None


def count(slo: Slo, answers: Mapping[str, float | None], seconds: int) -> EventCount | None:
    """The count of one stretch of time from its series' values.

    Basis events: good, or total − bad. Basis time: the share of time that was good × seconds, of seconds.
    None when any series that the SLO is made from is unknown: unknown errors are not no errors.

    >>> count(Slo("a", 0.99, Basis.EVENTS, "total", None, "bad"), {"total": 100.0, "bad": 3.0}, 3600)
    EventCount(good=97.0, total=100.0)
    """
    if slo.basis is Basis.TIME:
        share = answers.get(slo.good or "")
        return None if share is None else EventCount(share * seconds, seconds)
    total = answers.get(slo.total or "")
    part = answers.get(slo.good or slo.bad or "")
    if total is None or part is None:
        return None
    return EventCount(part if slo.good else total - part, total)


def over(data: SloData, window: Window) -> Total:
    """The count of any window: short ones as answered, long ones added up from hours."""
    if window.seconds in data.short:
        return _short(data, window)
    return _from_hours(data, window)


def _short(data: SloData, window: Window) -> Total:
    """Coverage is the share of the window's five minutes in which the service was seen."""
    slots = max(1, window.seconds // SLOT)
    events = data.short[window.seconds]
    coverage = None if data.seen is None else sum(data.seen[-slots:]) / slots
    if events is None:
        coverage = 0.0
    return Total(data.at - window.seconds, data.at, events, coverage)


def _from_hours(data: SloData, window: Window) -> Total:
    """From the first whole hour at or after the window's start to `at`.

    Coverage = hours seen / hours expected, the running hour counting for the part of it that has passed.
    """
    start = ceil(data.at - window.seconds, HOUR)
    skipped = (start - data.first_hour) // HOUR
    hours = list(data.hours)[skipped:]
    elapsed = data.at - floor(data.at, HOUR)
    known = [hour for hour in hours if hour is not None]
    seen_seconds = len(known) * HOUR
    if elapsed and data.running is not None:
        known.append(data.running)
        seen_seconds += elapsed
    events = sum(known, EventCount(0, 0)) if known else None
    expected = len(hours) * HOUR + elapsed
    return Total(start, data.at, events, seen_seconds / expected if expected else 0.0)
