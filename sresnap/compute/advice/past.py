"""An SLO's whole history as the advisor reads it, and the windows in it.

Windows that begin at each hour would be the finest, but 17,000 overlapping windows of two years are not 17,000 tests:
neighbours share all hours but one. So one window is looked at for each local day, the one that ends with it, as a
report of that midnight would show it; of calendar windows each whole one. How many lie side by side is said beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from sresnap.compute.advice.sums import Counts, CountSums, Ints, up_to
from sresnap.compute.slo.corrections import NO_EXCLUSIONS, Exclusions
from sresnap.compute.slo.events import SloData, corrected
from sresnap.compute.slo.status import IMPLAUSIBLE, LEAST_COVERAGE
from sresnap.model.hours import Bools, HourlyCounts
from sresnap.model.service import Slo
from sresnap.model.windows import DAY, HOUR, CalendarUnit, CalendarWindow, Period, SloWindow, Window, ceil

ADVISED_DAYS = (7, 28, 30, 90)


@dataclass(frozen=True, slots=True)
class End:
    """The whole history at one end of what its samples leave open."""

    raw: HourlyCounts
    """As counted: what alerts over hours act on."""
    hours: HourlyCounts
    """With corrections."""
    left_out: Ints
    """Of each hour, the seconds that corrections leave out."""


@dataclass(frozen=True, slots=True)
class Past:
    """The whole history of an SLO, from its first known hour to the last whole one."""

    slo: Slo
    timezone: str
    low: End
    """With the bad events that the samples prove."""
    high: End
    """With all that they cannot rule out."""
    exclusions: Exclusions

    @classmethod
    def of(
        cls,
        slo: Slo,
        timezone: str,
        proved: HourlyCounts,
        possible: HourlyCounts,
        exclusions: Exclusions = NO_EXCLUSIONS,
    ) -> Past | None:
        """The history without the unknown hours before the first known one; None when no hour is known.

        Args:
            slo: the objective.
            timezone: of local days and calendar windows.
            proved: the hours, with the bad events that the samples prove.
            possible: with all that they cannot rule out.
            exclusions: corrections, with the counts of what they leave out.
        """
        known = np.flatnonzero(proved.known)
        if not known.size:
            return None
        first = int(known[0])
        ends = [_end(counts.slice(first), exclusions) for counts in (proved, possible)]
        return cls(slo, timezone, ends[0], ends[1], exclusions)

    @property
    def is_exact(self) -> bool:
        """Whether the samples leave nothing open."""
        pairs = ((self.low.raw, self.high.raw), (self.low.hours, self.high.hours))
        arrays = [(getattr(low, name), getattr(high, name)) for low, high in pairs for name in ("good", "total")]
        return all(np.array_equal(low, high, equal_nan=True) for low, high in arrays)

    @property
    def start(self) -> int:
        return self.low.hours.start

    @property
    def end(self) -> int:
        return self.low.hours.end

    @property
    def windows(self) -> tuple[SloWindow, ...]:
        """The windows to advise on, the SLO's own first."""
        month = CalendarWindow(CalendarUnit.MONTH, self.timezone)
        return tuple(dict.fromkeys((self.slo.window, *(Window(days * DAY) for days in ADVISED_DAYS), month)))

    @property
    def left_out(self) -> dict[int, int]:
        """By an hour's start, the seconds of it that corrections leave out."""
        places = np.flatnonzero(self.high.left_out).tolist()
        return {self.start + place * HOUR: int(self.high.left_out[place]) for place in places}


def _end(raw: HourlyCounts, exclusions: Exclusions) -> End:
    inside = {cut: count for cut, count in exclusions.events.items() if raw.start <= cut.hour < raw.end}
    data = corrected(SloData(raw.end, {}, None, raw, None), inside)
    left_out = np.zeros(len(raw), np.int64)
    for hour, seconds in data.left_out.items():
        left_out[raw.index(hour)] = seconds
    return End(raw, data.hours, left_out)


@dataclass(frozen=True, slots=True)
class Spans:
    """Windows of the past, as positions of hours."""

    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.ends)


@lru_cache(maxsize=64)
def local_midnights(timezone: str, start: int, end: int) -> tuple[int, ...]:
    """The ends of local days after `start`, up to `end`: at the first whole hour of UTC, as calendar windows end.

    Cached, because each window of an SLO asks for the same.
    """
    zone = ZoneInfo(timezone)
    day = datetime.fromtimestamp(start, zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    found: list[int] = []
    while True:
        day += timedelta(days=1)
        midnight = ceil(int(day.replace(tzinfo=zone).astimezone(UTC).timestamp()), HOUR)
        if midnight > end:
            return tuple(found)
        if midnight > start:
            found.append(midnight)


def day_ends(past: Past, window: SloWindow) -> Spans:
    """The window at the end of each local day since it lies whole in the history; of a calendar window, to date."""
    return _spans(past, _periods(past, window))


def whole_windows(past: Past, window: SloWindow) -> Spans:
    """The windows that are judged: one that ends with each local day, or each calendar window from its beginning."""
    found = _periods(past, window)
    return _spans(past, [one for one in found if isinstance(window, Window) or one.end == one.resets_at])


def _periods(past: Past, window: SloWindow) -> list[Period]:
    found = map(window.period, local_midnights(past.timezone, past.start, past.end))
    return [period for period in found if period.start >= past.start]


def side_by_side(past: Past, window: SloWindow) -> int:
    """How many whole windows have no hour in common."""
    if isinstance(window, Window):
        return (past.end - past.start) // ceil(window.seconds, HOUR)
    return len(whole_windows(past, window))


def _spans(past: Past, periods: list[Period]) -> Spans:
    moments = np.array([(one.start, one.end) for one in periods], np.int64).reshape(-1, 2)
    positions = (moments - past.start) // HOUR
    return Spans(positions[:, 0], positions[:, 1])


@dataclass(frozen=True, slots=True)
class Seen:
    """What windows held, at one end."""

    counts: Counts
    has_data: Bools
    """Where the coverage is enough to judge."""
    is_sound: Bools
    """Where that is so, there was traffic, and the counts are possible."""


@dataclass(frozen=True, slots=True)
class Seer:
    """The sums of one end, from which any window is read."""

    sums: CountSums
    left_out: Ints
    left_out_known: Ints

    @classmethod
    def of(cls, end: End) -> Seer:
        known = end.hours.known
        return cls(CountSums.of(end.hours), up_to(end.left_out), up_to(end.left_out * known))

    def seen(self, spans: Spans) -> Seen:
        """The counts and the coverage of windows, by the rules of `slo/events.over_period` and `slo/status`."""
        starts, ends = spans.starts, spans.ends
        counts = self.sums.between(starts, ends)
        expected = (ends - starts) * HOUR - (self.left_out[ends] - self.left_out[starts])
        had = counts.known * HOUR - (self.left_out_known[ends] - self.left_out_known[starts])
        with np.errstate(invalid="ignore", divide="ignore"):
            coverage = np.where(expected > 0, had / expected, 0.0)
        has_data = (counts.known > 0) & (coverage >= LEAST_COVERAGE)
        margin = IMPLAUSIBLE * counts.total
        possible = (-margin <= counts.good) & (counts.good <= (1 + IMPLAUSIBLE) * counts.total)
        return Seen(counts, has_data, has_data & possible & (counts.total > 0))
