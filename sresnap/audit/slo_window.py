"""An SLO's window as the report holds it: its whole hours and the running one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import HOUR


@dataclass(frozen=True, slots=True)
class SloWindow:
    """The counts of an SLO's window at the report's moment."""

    hours: HourlyCounts
    running: EventCount | None
    at: int
    is_rolling: bool

    @classmethod
    def of(cls, snapshot: Snapshot, slo: SloReport) -> SloWindow:
        return cls(HourlyCounts.of_report(slo.hours), slo.running, snapshot.at, slo.calendar is None)

    def kept(self, seconds: int) -> EventCount:
        """The counts that are still in the window after some seconds.

        A rolling window has lost its oldest hours by then.
        """
        steps = math.ceil(seconds / HOUR) if self.is_rolling else 0
        return self.hours.slice(steps).sum(self.running) or EventCount(0, 0)

    def last_step(self, horizon: int | None) -> int | None:
        """The last moment that the forecast simulates: when all whole hours have left a rolling window."""
        return self.at + len(self.hours) * HOUR if self.is_rolling else horizon

    def between(self, start: int, end: int) -> HourlyCounts:
        """The hours from start to end, including the running one."""
        every = self.hours.appended(self.running)
        return every.slice(every.index(start), every.index(end - 1) + 1)
