"""What is known of a scrape target and its process, from all series that were scraped there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sresnap.compute.counting.growth import Growth
from sresnap.compute.counting.processes import Processes, ProcessSamples, TargetKey
from sresnap.model.hours import Bools, Floats
from sresnap.model.raw import RawSeries

COARSE_STEP = 300
"""Seconds between samples of the time before a window, where only the last value before it matters."""
_LATE = 1.5
"""A step of more scrape intervals than this has a gap."""
BUSIER = 2.0
"""A target may be this much busier than ever seen while a series is born."""
_SAME_START = 2.0
"""Start times of one process differ by less than this, in seconds: some exporters work them out at each scrape."""


@dataclass(frozen=True, slots=True)
class Restart:
    """A process that replaced another one."""

    after: float
    """The last scrape of the process before, seconds since the epoch."""
    seen: float
    """The first scrape of this process."""
    start: float
    """When it started, by its own clock, within the two."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A scrape target."""

    scrapes: Floats
    """Times of the scrapes that succeeded, in order; without `up`, those at which any of its series has a sample."""
    interval: float
    """Seconds between two scrapes, as a rule; infinite when there was only one."""
    coarse_until: float
    """Before this time, samples stand on a grid of `COARSE_STEP`."""
    steady: tuple[tuple[float, float], ...]
    """Spans in which a series was scraped all along without a fall, and was too high to hide a restart."""
    falls: Floats
    """(n, 2): between which two times a series fell, or the target's labels changed."""
    traffic: Growth
    """Of all its series together."""
    joined: frozenset[float]
    """Times at which a series appeared with more than the target can have counted since the scrape before: another
    target with the same job and instance, such as one of a second cluster."""
    started: float | None
    """When its first process started, where that is known."""
    restarts: tuple[Restart, ...] | None
    """By the process's start time; None where that is not known."""

    def unseen(self, start: float, end: float) -> list[float]:
        """The spans, in seconds, in which events may have gone unnoticed: a series has samples only at both times.

        The interval after the first sample, the one before the second, and those where scrapes are missing. An exporter
        that drops a series shows it again with its next event, so nothing happens where the target was scraped without.
        """
        times = np.concatenate(([start], self._between(start, end), [end]))
        wanted = self.is_late(times)
        wanted[[0, -1]] = True
        return [float(step) for step in np.diff(times)[wanted]]

    def missing(self, start: float, end: float) -> list[float]:
        """The spans, in seconds, in which scrapes are missing from one scrape to another."""
        times = np.concatenate(([start], self._between(start, end), [end]))
        return [float(step) for step in np.diff(times)[self.is_late(times)]]

    def is_late(self, times: Floats) -> Bools:
        """Which steps from one time to the next are too long: scrapes are missing."""
        return np.diff(times) > _allowed(times, self.interval, self.coarse_until)

    def scrapes_between(self, start: float, end: float) -> int:
        """The number of scrapes between two times."""
        return len(self._between(start, end))

    def _between(self, start: float, end: float) -> Floats:
        return self.scrapes[(self.scrapes > start) & (self.scrapes < end)]

    def scrape_before(self, time: float) -> float | None:
        """The last scrape before a time."""
        index = int(np.searchsorted(self.scrapes, time))
        return float(self.scrapes[index - 1]) if index else None

    def scrape_until(self, time: float) -> float | None:
        """The last scrape at or before a time."""
        index = int(np.searchsorted(self.scrapes, time, "right"))
        return float(self.scrapes[index - 1]) if index else None

    def restart_within(self, start: float, end: float) -> Restart | None:
        """The last restart between two times that its process's start time shows."""
        found = [one for one in self.restarts or () if start < one.seen <= end]
        return found[-1] if found else None

    def is_one_process(self, start: float, end: float) -> bool:
        """Whether the same process ran at both times and in between, beyond doubt."""
        if self.restarts is not None and self.restart_within(start, end) is None:
            return True
        return any(first <= start and end <= last for first, last in self.steady)

    def may_have_restarted(self, start: float, end: float) -> bool:
        """Whether another series fell or labels changed between two times, and no start time is known."""
        if self.restarts is not None or not len(self.falls):
            return False
        return bool(((self.falls[:, 0] < end) & (self.falls[:, 1] > start)).any())


def targets(series: Iterable[RawSeries], processes: Processes, coarse_until: float) -> dict[TargetKey, Target]:
    """The targets of all series that were read."""
    found: dict[TargetKey, list[RawSeries]] = defaultdict(list)
    for one in series:
        if len(one.times):
            found[processes.key(one.labels)].append(one)
    samples = processes.samples
    return {key: _target(each, samples.get(key, ProcessSamples()), coarse_until) for key, each in found.items()}


def _target(members: Sequence[RawSeries], process: ProcessSamples, coarse_until: float) -> Target:
    up = process.up
    succeeded = np.empty(0) if up is None else up.times[up.values > 0]
    scrapes = np.unique(np.concatenate([succeeded, *(one.times for one in members)]))
    interval = _interval([*members, *([] if up is None else [up])], coarse_until)
    grown = np.zeros(len(scrapes))
    falls, steady = [], []
    for one in members:
        seconds, rises = np.diff(one.times), np.diff(one.values)
        clear = (seconds <= _allowed(one.times, interval, coarse_until)) & (rises >= 0)
        np.add.at(grown, np.searchsorted(scrapes, one.times[1:][clear]), rises[clear])
        falls += [(one.times[i], one.times[i + 1]) for i in np.flatnonzero(rises < 0)]
        steady += _steady(one, clear, Growth.of(seconds[clear], rises[clear]).most(interval))
    started, restarts = _restarts(process.start_time)
    lengths = np.minimum(np.diff(scrapes), _allowed(scrapes, interval, coarse_until))
    traffic = Growth.of(lengths, grown[1:])
    spans = np.array([*falls, *process.relabelled]).reshape(-1, 2)
    joined = frozenset(float(one.times[0]) for one in members if _is_foreign(one, scrapes, traffic))
    return Target(scrapes, interval, coarse_until, tuple(steady), spans, traffic, joined, started, restarts)


def _interval(series: Iterable[RawSeries], coarse_until: float) -> float:
    """Seconds between two scrapes of the target, as a rule: between the samples of the series that has the most.

    Not between any two scrapes: copies, and clusters whose targets have the same names, each have their own seconds.
    """
    fine = [times[times >= coarse_until] for one in series for times in one.copies or (one.times,)]
    most = max(fine, key=len)
    return float(np.median(np.diff(most))) if len(most) > 1 else float("inf")


def _is_foreign(series: RawSeries, scrapes: Floats, traffic: Growth) -> bool:
    """Whether a series begins with more than the whole target counts between two scrapes."""
    index = int(np.searchsorted(scrapes, series.times[0]))
    return bool(index and series.values[0] > BUSIER * traffic.most(float(scrapes[index] - scrapes[index - 1])))


def _steady(series: RawSeries, clear: Bools, least: float) -> list[tuple[float, float]]:
    """Runs of clear steps from values above `least`, which a restarted counter does not reach in one interval."""
    high = clear & (series.values[:-1] > least)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], high.astype(np.int8), [0]))))
    return [(float(series.times[first]), float(series.times[last])) for first, last in edges.reshape(-1, 2)]


def _restarts(starts: RawSeries | None) -> tuple[float | None, tuple[Restart, ...] | None]:
    if starts is None or not len(starts.times):
        return None, None
    changed = np.flatnonzero(np.abs(np.diff(starts.values)) > _SAME_START)
    found = []
    for i in changed:
        after, seen = float(starts.times[i]), float(starts.times[i + 1])
        found.append(Restart(after, seen, min(max(float(starts.values[i + 1]), after), seen)))
    return float(starts.values[0]), tuple(found)


def _allowed(times: Floats, interval: float, coarse_until: float) -> Floats:
    """How long each step may be without a gap."""
    return _LATE * np.where(times[:-1] < coarse_until, COARSE_STEP, interval)
