"""The synthetic fleet. Every number is a function of absolute time, in whole seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sresnap.demo.pattern import BOUNDS, CODES, Pattern, pattern_of
from sresnap.demo.profiles import CYCLE_MINUTES, PROFILES, Profile
from sresnap.model.windows import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sresnap.model.events import EventCount

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_NAMES = ("frontend", "api", "worker")
_CYCLE = CYCLE_MINUTES * MINUTE


@dataclass(frozen=True, slots=True)
class Scrapes:
    """When the counters are scraped: not on whole minutes, as in reality."""

    interval_seconds: int = 30
    offset_seconds: int = 7

    def last(self, time: int) -> int:
        """The last scrape at or before a time."""
        return time - (time - self.offset_seconds) % self.interval_seconds

    def between(self, start: int, end: int) -> Ints:
        """All scrapes from start to end, both included."""
        first = self.last(start + self.interval_seconds - 1)
        return np.arange(first, end + 1, self.interval_seconds, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Incident:
    """A stretch in which a service fails more than usual."""

    start: int
    end: int
    error_ratio: float
    """Share of its requests that are answered with a 5xx."""
    slowdown: float


@dataclass(frozen=True, slots=True)
class DemoService:
    """One service. `times` are integer arrays of seconds; each method returns one column per time."""

    name: str
    profile: Profile
    factor: int = 1
    """Multiplies all counts."""
    shift_seconds: int = 0
    """The shift of its four weeks against its profile's."""
    earlier: Profile | None = None
    """Its profile before `changed_at`; None if it never changed."""
    changed_at: int = 0
    """Seconds since the epoch."""

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The tables that its numbers come from."""
        return tuple(pattern_of(profile) for profile in (self.profile, self.earlier) if profile is not None)

    def count(self, code: str, times: Ints) -> Ints:
        """The counter http_requests_total of a code. It falls only at a restart."""
        return np.asarray(self.codes(times)[CODES.index(code)])

    def codes(self, times: Ints) -> Ints:
        """http_requests_total by code, in the order of CODES."""
        return self._since_restart(times, bucketed=False)

    def buckets(self, times: Ints) -> Ints:
        """http_request_duration_seconds_bucket, in the order of BOUNDS and then +Inf."""
        return self._since_restart(times, bucketed=True)

    def restarts(self, start: int, end: int) -> tuple[int, ...]:
        """The moments in (start, end] at which its counters restart at 0."""
        every, at = self.profile.restart_every, self.profile.restart_at + self.shift_seconds
        if not every:
            return ()
        return tuple(range(start + 1 + (at - start - 1) % every, end + 1, every))

    def incidents(self, start: int, end: int) -> tuple[Incident, ...]:
        """Its incidents that overlap (start, end), in order."""
        if self.earlier is None:
            return self._incidents_of(self.profile, start, end)
        before = self._incidents_of(self.earlier, start, min(end, self.changed_at))
        return before + self._incidents_of(self.profile, max(start, self.changed_at), end)

    def events(self, start: int, end: int, threshold_seconds: float | None = None) -> EventCount:
        """The true events of (start, end], regardless of what the counters did.

        An event is good unless it is a 5xx. With a threshold, which must be in BOUNDS, it is good if it is not slower.
        """
        happened = np.diff(self._ever(np.array([start, end]), bucketed=threshold_seconds is not None))[:, 0]
        return _judged(happened, threshold_seconds)

    def seen(self, start: int, end: int, scrapes: Scrapes, threshold_seconds: float | None = None) -> EventCount:
        """The events of (start, end] that a perfect reader of the scrapes can know.

        They are the growth from the last scrape at or before start to the last one at or before end. After a fall, the
        counter has grown by its new value. Events between a restart and the last scrape before it are lost.
        """
        times = scrapes.between(scrapes.last(start), scrapes.last(end))
        read = self.codes(times) if threshold_seconds is None else self.buckets(times)
        growth = np.diff(read)
        return _judged(np.where(growth < 0, read[:, 1:], growth).sum(axis=1), threshold_seconds)

    def saturation(self, times: Ints) -> Floats:
        """demo_saturation_percent, to two decimals."""
        minute = self._local(times) % _CYCLE // MINUTE
        load = pattern_of(self.profile).load[minute]
        if self.earlier is None:
            return load
        return np.where(np.asarray(times) < self.changed_at, pattern_of(self.earlier).load[minute], load)

    def container_cpu(self, times: Ints) -> Floats:
        return np.round(self.saturation(times) * 0.82 + 3, 2)

    def container_memory(self, times: Ints) -> Floats:
        """Memory that grows for ten days and then falls, like a leak and a nightly deploy."""
        aged = (self._local(times) + self.profile.seed * DAY) % (10 * DAY) / (10 * DAY)
        return np.round(self.profile.load_percent * 0.7 + 28 * aged, 2)

    def _local(self, times: Ints) -> Ints:
        return np.asarray(times, dtype=np.int64) - self.shift_seconds

    def _incidents_of(self, profile: Profile, start: int, end: int) -> tuple[Incident, ...]:
        found = [
            Incident(begin, begin + outage.minutes * MINUTE, outage.error_ppm / 1e6, outage.slowdown)
            for cycle in range((start - self.shift_seconds) // _CYCLE - 1, (end - self.shift_seconds) // _CYCLE + 1)
            for outage in profile.outages
            for begin in (cycle * _CYCLE + outage.start_minute * MINUTE + self.shift_seconds,)
        ]
        return tuple(i for i in sorted(found, key=lambda i: i.start) if i.start < end and i.end > start)

    def _ever(self, times: Ints, *, bucketed: bool) -> Ints:
        """Its counts since the epoch: a profile that changes continues from the count that it finds."""
        if self.earlier is None:
            return self._ever_of(self.profile, times, bucketed=bucketed)
        edge = np.array([self.changed_at], dtype=np.int64)
        now = self._ever_of(self.profile, np.concatenate((edge, np.maximum(times, edge))), bucketed=bucketed)
        before = self._ever_of(self.earlier, np.minimum(times, edge), bucketed=bucketed)
        return np.asarray(before + now[:, 1:] - now[:, :1])

    def _ever_of(self, profile: Profile, times: Ints, *, bucketed: bool) -> Ints:
        pattern = pattern_of(profile)
        count = pattern.buckets if bucketed else pattern.codes
        return count(self._local(times)) * self.factor

    def _since_restart(self, times: Ints, *, bucketed: bool) -> Ints:
        now = self._ever(times, bucketed=bucketed)
        if not self.profile.restart_every:
            return now
        local = self._local(times)
        started, which = np.unique(
            local - (local - self.profile.restart_at) % self.profile.restart_every, return_inverse=True
        )
        return np.asarray(now - self._ever(started + self.shift_seconds, bucketed=bucketed)[:, which])


def services(count: int = 3) -> tuple[DemoService, ...]:
    """The fleet: frontend, api and worker, then service-004 and so on."""
    fleet = []
    for index in range(count):
        turn, which = divmod(index, len(PROFILES))
        name = _NAMES[index] if index < len(_NAMES) else f"service-{index + 1:03d}"
        fleet.append(
            DemoService(name, PROFILES[which], factor=1 + turn % 5, shift_seconds=turn * 37 * MINUTE % (5 * HOUR))
        )
    return tuple(fleet)


def host_cpu(times: Ints) -> Floats:
    """demo_vps_cpu_percent: the mean load of the demo's three services."""
    return np.asarray(np.round(np.mean([s.saturation(times) for s in services()], axis=0) * 0.9 + 4, 2))


def host_idle_seconds(times: Ints) -> Floats:
    """node_cpu_seconds_total of mode idle on a host with one core, since the epoch."""
    cycle, phase = np.divmod(np.asarray(times, dtype=np.int64), _CYCLE)
    minute, second = np.divmod(phase, MINUTE)
    idle, before = _idle_by_minute()
    return np.asarray((before[-1] * cycle + before[minute] + idle[minute] * second) / 10_000)


@lru_cache(maxsize=1)
def _idle_by_minute() -> tuple[Ints, Ints]:
    """Idle time in each minute of the cycle, in 1/10,000 of a core, and its sum before each minute."""
    idle = np.rint(10_000 - 100 * host_cpu(np.arange(CYCLE_MINUTES) * MINUTE)).astype(np.int64)
    return idle, np.concatenate(([0], np.cumsum(idle * MINUTE)))


def host_memory(times: Ints) -> Floats:
    """demo_vps_memory_percent."""
    return np.asarray(np.round(np.mean([s.container_memory(times) for s in services()], axis=0) + 12, 2))


def host_disk(times: Ints) -> Floats:
    """demo_vps_disk_percent: grows by 1.1 % a day and is cleaned up every four weeks."""
    return np.round(58 + 1.1 * (np.asarray(times) % _CYCLE) / DAY, 2)


def _judged(counts: Ints, threshold_seconds: float | None) -> EventCount:
    from sresnap.model.events import EventCount  # needs pydantic, which the exporter does without

    if threshold_seconds is None:
        total, bad = int(counts.sum()), int(counts[2:].sum())
        return EventCount(good=total - bad, total=total)
    return EventCount(good=int(counts[BOUNDS.index(threshold_seconds)]), total=int(counts[-1]))
