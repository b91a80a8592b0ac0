"""An SLO's window as the report holds it: its whole hours and the running one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sresnap.compute.slo.traffic import arriving, at_mean, traffic_by_hour
from sresnap.model.events import EventCount, MeanHour
from sresnap.model.hours import Floats, HourlyCounts, sequential_sum
from sresnap.model.slo import Provisional, SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import HOUR


@dataclass(frozen=True, slots=True)
class SloWindow:
    """The counts of an SLO's window at the report's moment, and the traffic that is expected."""

    hours: HourlyCounts
    running: EventCount | None
    at: int
    is_rolling: bool
    traffic: Floats | None
    """Of each hour of the week; None for an older report, which expects the mean hour of a pace."""
    provisional: Provisional | None

    @classmethod
    def of(cls, snapshot: Snapshot, slo: SloReport) -> SloWindow:
        hours = HourlyCounts.of_report(slo.hours)
        is_rolling = slo.calendar is None
        traffic = None
        if slo.earlier is not None:
            before = HourlyCounts.of_report(slo.earlier)
            traffic = traffic_by_hour(hours if is_rolling else before.followed_by(hours))
        return cls(hours, slo.running, snapshot.at, is_rolling, traffic, slo.provisional)

    def kept(self, seconds: int) -> EventCount:
        """The counts that are still in the window after some seconds.

        A rolling window has lost its oldest hours by then.
        """
        steps = math.ceil(seconds / HOUR) if self.is_rolling else 0
        return self.hours.slice(steps).sum(self.running) or EventCount(0, 0)

    def come(self, mean: MeanHour, seconds: int) -> EventCount:
        """The counts that come within some seconds at a pace; of the last hour only its part."""
        end, traffic = self.at + seconds, self.traffic
        each = at_mean(mean, self.at, end) if traffic is None else arriving(mean, traffic, self.at, end)
        return EventCount(sequential_sum(each.good), sequential_sum(each.total))

    def seen(self, seconds: int) -> float:
        """The share of the window that will have been seen after some seconds; 1 once it is whole."""
        provisional = self.provisional
        if provisional is None:
            return 1.0
        known, whole = provisional.seen_seconds + seconds, provisional.of_seconds
        return min(known / whole, 1.0) if self.is_rolling else known / (whole + seconds)

    def last_step(self, horizon: int | None) -> int | None:
        """The last moment that the forecast simulates: when all whole hours have left a rolling window."""
        return self.at + len(self.hours) * HOUR if self.is_rolling else horizon

    def between(self, start: int, end: int) -> HourlyCounts:
        """The hours from start to end, including the running one."""
        every = self.hours.appended(self.running)
        return every.slice(every.index(start), every.index(end - 1) + 1)
