"""Expands configured corrections: time spans that occur once or by a recurrence rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sresnap.model.corrections import Correction
from sresnap.model.windows import MINUTE


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """One entry of `corrections:`."""

    reason: str
    first: datetime
    """Start of the first occurrence; without an offset, by the clock of the configured zone."""
    seconds: int
    """Length of each occurrence."""
    rrule: str | None = None
    """RFC 5545 recurrence rule, such as FREQ=WEEKLY;BYDAY=SU, by the clock of the configured zone; None for a single
    occurrence."""
    services: frozenset[str] | None = None
    """None: all of them."""


def occurrences(rules: Iterable[CorrectionRule], start: int, end: int, timezone: str) -> tuple[Correction, ...]:
    """All occurrences that overlap start to end, seconds since the epoch.

    A rule recurs by the wall clock: 02:00 stays 02:00 when the clocks change. The length of an occurrence is in real
    seconds.
    """
    found = [
        Correction(rule.reason, began, began + rule.seconds, rule.services)
        for rule in rules
        for began in _starts(rule, start, end, ZoneInfo(timezone))
        if began < end and began + rule.seconds > start
    ]
    return tuple(sorted(found, key=lambda correction: (correction.start, correction.end, correction.reason)))


def _starts(rule: CorrectionRule, start: int, end: int, zone: ZoneInfo) -> Iterator[int]:
    first = local(rule.first, zone)
    if rule.rrule is None:
        yield epoch(first, zone)
        return
    from dateutil.rrule import rrulestr

    # A day more at both ends, because the rule does not know the zone's offset.
    since = datetime.fromtimestamp(start - rule.seconds, UTC).replace(tzinfo=None) - timedelta(days=1)
    until = datetime.fromtimestamp(end, UTC).replace(tzinfo=None) + timedelta(days=1)
    for moment in rrulestr(rule.rrule, dtstart=_near(rule.rrule, first, since)).between(since, until, inc=True):
        yield epoch(moment, zone)


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a normalized rule, by name."""
    return dict(part.split("=", 1) for part in rule.split(";"))


_STEPS = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}


def _near(rule: str, first: datetime, since: datetime) -> datetime:
    """An occurrence's place shortly before `since`, from which the rule has the same occurrences.

    dateutil finds one after the other from the start on, years ago. A rule with COUNT is counted from there.
    """
    parts = parts_of(rule)
    if parts["FREQ"] not in _STEPS or "COUNT" in parts:
        return first
    step = _STEPS[parts["FREQ"]] * int(parts.get("INTERVAL", "1"))
    return first + max(0, (since - first) // step - 1) * step


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment by the clock of the zone, without an offset, as recurrence rules need it."""
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def epoch(wall: datetime, zone: ZoneInfo) -> int:
    """Seconds since the epoch, rounded down to a whole minute."""
    seconds = int(wall.replace(tzinfo=zone).timestamp())
    return seconds - seconds % MINUTE
