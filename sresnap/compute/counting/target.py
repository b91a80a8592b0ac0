"""What is known of a scrape target and its process, from all series that were scraped there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sresnap.compute.counting.growth import Growth, Span, continues, least_distinct
from sresnap.compute.counting.processes import Processes, ProcessSamples, TargetKey
from sresnap.model.hours import Bools, Floats
from sresnap.model.raw import RawSeries
from sresnap.model.windows import MINUTE

COARSE_STEP = 300
"""Seconds between samples of the time before a window, where only the last value before it matters."""
_LATE = 1.5
"""A step of more scrape intervals than this has a gap."""
_BUSIER = 2.0
"""A target may be this much busier than ever seen while a series is born."""
DISCOVERED = 5 * MINUTE
"""A target is scraped for the first time within this time of its start."""
_STORM = 500.0
"""No storm of events is more than this many times as busy as the target is otherwise,"""
_EVENTS_A_SECOND = 1000.0
"""or busier than this, even if the target is idle."""
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
    joined: Mapping[float, frozenset[tuple[str, str]]]
    """By the time at which a process that had run for long was scraped for the first time, the labels that only its
    series have. It may be another target with the same job and instance, such as one of a second cluster."""
    started: float | None
    """When its first process started, where that is known."""
    restarts: tuple[Restart, ...] | None
    """By the process's start time; None where that is not known."""

    def unseen(self, start: float, end: float) -> list[Span]:
        """The spans in which events may have gone unnoticed: a series has samples only at both times.

        The interval after the first sample, the one before the second, and those with a restart or without a scrape
        that was due. An exporter that drops a series shows it again with its next event, so nothing happens where the
        target was scraped without.
        """
        times = np.concatenate(([start], self._between(start, end), [end]))
        wanted = self.is_late(times) | self._has_restart(times)
        wanted[[0, -1]] = True
        return _spans(times, wanted)

    def of_restarts(self, start: float, end: float) -> list[Span]:
        """The spans from one scrape to another in which the process may have restarted."""
        times = np.concatenate(([start], self._between(start, end), [end]))
        return _spans(times, self._has_restart(times))

    def _has_restart(self, times: Floats) -> Bools:
        """Whether the process restarted, or may have, from one time to the next."""
        if self.restarts is not None:
            seen = np.array([one.seen for one in self.restarts])
            return np.diff(np.searchsorted(seen, times, "right")) > 0
        found = np.zeros(len(times) - 1, dtype=bool)
        for first, last in self.falls.tolist():
            found |= (times[:-1] < last) & (times[1:] > first)
        return found

    def missing(self, start: float, end: float) -> list[Span]:
        """The spans in which scrapes are missing from one scrape to another."""
        times = np.concatenate(([start], self._between(start, end), [end]))
        return _spans(times, self.is_late(times))

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

    def is_foreign(self, time: float, labels: Mapping[str, str]) -> bool:
        """Whether a series that begins at a time belongs to a process that had run for long."""
        own = self.joined.get(time)
        return own is not None and own <= labels.items()

    def usually_counts(self, events: float, seconds: float) -> bool:
        """Whether it is not much busier than ever seen if it counts so many events in such a time."""
        return events <= self.usual_most(seconds)

    def usual_most(self, seconds: float) -> float:
        """The most events that it usually counts in such a time; infinite when nothing is known."""
        return _BUSIER * self.traffic.most(seconds)

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
        steady += _steady(one, clear, least_distinct(Growth.of(seconds[clear], rises[clear]).most(interval)))
    started, restarts = _restarts(process.start_time)
    lengths = np.minimum(np.diff(scrapes), _allowed(scrapes, interval, coarse_until))
    traffic = Growth.of(lengths, grown[1:])
    spans = np.array([*falls, *process.relabelled]).reshape(-1, 2)
    relabelled = _relabelled(members, scrapes, traffic)
    joined = _joined([one for one in members if one.times[0] not in relabelled], members, traffic)
    steady += [(end, start) for start, end in relabelled.items()]
    return Target(scrapes, interval, coarse_until, tuple(steady), spans, traffic, joined, started, restarts)


def _interval(series: Iterable[RawSeries], coarse_until: float) -> float:
    """Seconds between two scrapes of the target, as a rule: between the samples of the series that has the most.

    Not between any two scrapes: copies, and clusters whose targets have the same names, each have their own seconds.
    """
    fine = [times[times >= coarse_until] for one in series for times in one.copies or (one.times,)]
    most = max(fine, key=len)
    return float(np.median(np.diff(most))) if len(most) > 1 else float("inf")


def _relabelled(members: Iterable[RawSeries], scrapes: Floats, traffic: Growth) -> dict[float, float]:
    """When series began because the target's labels had changed, and when those with the old labels had ended.

    The highest counter that ended continues as the highest one that began. One scrape may have neither.
    """
    ended: dict[float, float] = defaultdict(float)
    born: dict[float, float] = defaultdict(float)
    for one in members:
        last, first = float(one.times[-1]), float(one.times[0])
        ended[last] = max(ended[last], float(one.values[-1]))
        born[first] = max(born[first], float(one.values[0]))
    found = {}
    for start, value in born.items():
        index = int(np.searchsorted(scrapes, start))
        for end in scrapes[max(0, index - 2) : index].tolist():
            if end in ended and continues(ended[end], value, traffic.most(start - end)):
                found[start] = end
    return found


def _joined(
    candidates: Iterable[RawSeries], members: Sequence[RawSeries], traffic: Growth
) -> dict[float, frozenset[tuple[str, str]]]:
    """When a counter of the target began with more than any storm can have brought, and the labels of its process.

    Nothing is known to be too much where nothing is known of the target's traffic.
    """
    usual = traffic.most(DISCOVERED)
    if not 0 < usual < np.inf:
        return {}
    found: dict[float, frozenset[tuple[str, str]]] = {}
    for one in candidates:
        if one.values[0] <= max(_STORM * usual, _EVENTS_A_SECOND * DISCOVERED):
            continue
        start = float(one.times[0])
        before = [other.labels.items() for other in members if other.times[0] < start]
        own = frozenset(one.labels.items()).difference(*before) if before else frozenset()
        found[start] = own & found.get(start, own)
    return found


def _spans(times: Floats, wanted: Bools) -> list[Span]:
    """Of the steps from one time to the next, those that are wanted."""
    return list(zip(times[:-1][wanted].tolist(), times[1:][wanted].tolist(), strict=True))


def _steady(series: RawSeries, clear: Bools, least: float) -> list[tuple[float, float]]:
    """Runs of clear steps from values that no restarted counter has by chance."""
    high = clear & (series.values[:-1] >= least)
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
