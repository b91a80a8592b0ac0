"""Counts the events of a selection of counters between two times, with bounds where samples leave something open.

Between two samples of a series one of these happened:

* the value rose: the rise was counted;
* it fell: the process restarted, and the value after it was counted. What was lost between the sample before and the
  restart is a bound: together with the value after it, at most what the busiest span of that length held;
* scrapes are missing in between and the value rose: a restart may hide in the gap. It does not where the same process
  was seen on both sides, where another series of the target was scraped all along without a fall, or where the value
  continues as expected. Otherwise the count is the rise, and the bound the whole value.

The first sample of a series is counted where something shows that it began at 0 within the window:

* it continues a series of the same target that has just ended, under other labels: then it is a step like others;
* the target was scraped without it right before, and its own growth makes the value plausible;
* the target itself is new, and its process started within the window.

Otherwise it is in the bound and not in the count. Traffic bounds no first value, because a storm may be many times as
busy. Only what belongs to a process that had run for long is less: its whole traffic begins with more than any storm.

Source: DESIGN.md, "Counting"; the restart rule is the one of Prometheus's `increase`, without its extrapolation.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sresnap.compute.counting.chains import chains
from sresnap.compute.counting.copies import copied_targets, once
from sresnap.compute.counting.processes import Processes
from sresnap.compute.counting.steps import Steps
from sresnap.compute.counting.target import targets
from sresnap.model.raw import Bounds, RawSeries


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The counts of a selection, step by step."""

    steps: tuple[Steps, ...]

    def within(self, start: float, end: float) -> Bounds:
        """The events from the last scrape at or before the start to the last one at or before the end."""
        total = Bounds()
        for one in self.steps:
            total += one.within(start, end)
        return total


def count(
    selected: Sequence[RawSeries],
    around: Sequence[RawSeries],
    processes: Processes,
    coarse_until: float = -math.inf,
    replica_labels: Collection[str] = (),
) -> Counted:
    """Count a selection.

    Args:
        selected: the samples of every series of the selection, from up to a day before the first window.
        around: the samples of other series of the same targets, such as the successes beside errors. They show when a
            target restarted.
        processes: when targets were scraped and when their processes started, where that is known.
        coarse_until: before this time, samples are on a grid of `COARSE_STEP` seconds.
        replica_labels: labels in which copies of one counter differ.
    """
    if replica_labels:
        copied = copied_targets((*selected, *around), replica_labels)
        selected, around = (once(series, replica_labels, copied) for series in (selected, around))
    known = targets((*selected, *around), processes, coarse_until)
    return Counted(tuple(Steps.of(chain) for chain in chains(selected, known, processes)))
