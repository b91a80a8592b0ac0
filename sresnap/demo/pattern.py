"""Four weeks of one service, as tables from which every counter is computed in closed form.

Requests are spread evenly within a minute, so the count of all requests is linear there. Every other counter comes from
it by splitting: `n × share` of the `n` requests in a segment go one way, the rest the other. A split depends only on
the integer that it splits and never grows faster. So both parts only grow and always add up to the whole: the codes add
up to the requests, and so do the latency buckets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from sresnap.demo.profiles import CYCLE_MINUTES, PPM, Profile
from sresnap.model.windows import DAY, MINUTE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

CODES = ("200", "404", "500", "503")
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the latency buckets below +Inf, seconds."""

_SEGMENT_MINUTES = 5
_DAY_MINUTES = DAY // MINUTE
_FULL_PERCENT = 99.4
"""Saturation never quite reaches 100."""
_WEEKDAYS = (1.08, 1.04, 0.72, 0.66, 1.06, 1.12, 1.10)
"""Traffic by weekday; the cycle begins on a Thursday."""


@dataclass(frozen=True, slots=True)
class _Split:
    """One part of a count: its share in each segment."""

    before: Ints
    """The count that is split, at the start of each segment."""
    part: Ints
    """The part in millionths, at the start of each segment and at the end of the cycle."""
    ppm: Ints

    @classmethod
    def of(cls, at_bounds: Ints, ppm: Ints) -> _Split:
        part = np.concatenate(([0], np.cumsum(np.diff(at_bounds) * ppm)))
        return cls(at_bounds[:-1], part, ppm)

    @property
    def at_bounds(self) -> Ints:
        return self.part // PPM

    @property
    def whole(self) -> int:
        """The part of the whole cycle: the last of `at_bounds`, without the others."""
        return int(self.part[-1]) // PPM

    def __call__(self, count: Ints, segment: Ints) -> Ints:
        return np.asarray((self.part[segment] + (count - self.before[segment]) * self.ppm[segment]) // PPM)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The tables of one profile."""

    _per_minute: Ints
    _before_minute: Ints
    """Requests before each minute, and at the end of the cycle."""
    _segment_of: Ints
    _failed: _Split
    """Codes other than 200, among all requests."""
    _server: _Split
    """5xx, among the failed."""
    _unavailable: _Split
    """503, among the 5xx."""
    _slower: tuple[_Split, ...]
    """Requests above each bound, among the requests above the bound before."""
    load: Floats
    """Saturation by minute, percent."""

    def codes(self, times: Ints) -> Ints:
        """Requests by code since the epoch, shape (4, n)."""
        cycle, phase = np.divmod(times, CYCLE_MINUTES * MINUTE)
        total, segment = self._total(phase)
        failed = self._failed(total, segment)
        server = self._server(failed, segment)
        unavailable = self._unavailable(server, segment)
        ends = [self._before_minute[-1], *(s.whole for s in (self._failed, self._server, self._unavailable))]
        nested: Ints = np.stack((total, failed, server, unavailable)) + np.array(ends)[:, None] * cycle
        nested[:-1] -= nested[1:]
        return nested

    def buckets(self, times: Ints) -> Ints:
        """Requests at most as slow as each bound, and all, since the epoch; shape (len(BOUNDS) + 1, n)."""
        cycle, phase = np.divmod(times, CYCLE_MINUTES * MINUTE)
        total, segment = self._total(phase)
        rows = np.empty((len(BOUNDS) + 1, len(times)), dtype=np.int64)
        everything = rows[-1] = total + self._before_minute[-1] * cycle
        slower = total
        for row, split in zip(rows, self._slower, strict=False):
            slower = split(slower, segment)
            row[:] = everything - (slower + split.whole * cycle)
        return rows

    def _total(self, phase: Ints) -> tuple[Ints, Ints]:
        minute, second = np.divmod(phase, MINUTE)
        return self._before_minute[minute] + self._per_minute[minute] * second // MINUTE, self._segment_of[minute]


@lru_cache(maxsize=32)
def pattern_of(profile: Profile) -> Pattern:
    """The tables of a profile. They take a few megabytes and 30 ms, once."""
    curve = _curve(profile)
    per_minute = np.rint(curve * profile.requests_per_minute).astype(np.int64)
    before = np.concatenate(([0], np.cumsum(per_minute)))
    starts = _segment_starts(profile)
    segment_of = np.searchsorted(starts, np.arange(CYCLE_MINUTES), side="right") - 1
    at_bounds = before[np.append(starts, CYCLE_MINUTES)]
    jitter = _noise(profile.seed + 1, len(starts))
    slowdown = _during(profile, starts, np.ones(len(starts)), "slowdown")
    median = profile.median_seconds * (0.86 + 0.14 * curve[starts]) * (1 + 0.06 * jitter) * slowdown
    load = profile.load_percent * (0.35 + 0.65 * curve) * slowdown[segment_of] ** 0.35
    return Pattern(
        per_minute,
        before,
        segment_of,
        *_failures(profile, starts, at_bounds, jitter),
        _latency(profile, at_bounds, median),
        np.minimum(np.round(load, 2), _FULL_PERCENT),
    )


def _failures(profile: Profile, starts: Ints, at_bounds: Ints, jitter: Floats) -> tuple[_Split, _Split, _Split]:
    """The splits: codes other than 200 of all requests, 5xx of these, and 503 of the 5xx."""
    error_ppm = np.rint(_during(profile, starts, profile.error_ppm * (1 + 0.25 * jitter), "error_ppm")).astype(np.int64)
    failed = _Split.of(at_bounds, error_ppm + (PPM - error_ppm) * profile.not_found_ppm // PPM)
    server = _Split.of(failed.at_bounds, error_ppm * PPM // failed.ppm)
    return failed, server, _Split.of(server.at_bounds, np.full(len(starts), profile.unavailable_ppm))


def _latency(profile: Profile, at_bounds: Ints, median: Floats) -> tuple[_Split, ...]:
    splits: list[_Split] = []
    above = np.ones(len(median))
    for bound in BOUNDS:
        share = 1 / (1 + (bound / median) ** profile.tail)
        splits.append(_Split.of(at_bounds, np.rint(PPM * share / above).astype(np.int64)))
        at_bounds, above = splits[-1].at_bounds, share
    return tuple(splits)


def _segment_starts(profile: Profile) -> Ints:
    """The first minute of each segment with constant shares: every five minutes, and where an outage begins or ends."""
    edges = [edge for outage in profile.outages for edge in (outage.start_minute, outage.start_minute + outage.minutes)]
    inside = np.array([edge for edge in edges if edge < CYCLE_MINUTES], dtype=np.int64)
    return np.unique(np.concatenate((np.arange(0, CYCLE_MINUTES, _SEGMENT_MINUTES), inside)))


def _during(profile: Profile, starts: Ints, calm: Floats, field: str) -> Floats:
    """A value by segment: the outage's value in its minutes, otherwise the calm one."""
    values = np.array(calm)
    for outage in profile.outages:
        values[(starts >= outage.start_minute) & (starts < outage.start_minute + outage.minutes)] = getattr(
            outage, field
        )
    return values


def _curve(profile: Profile) -> Floats:
    """Traffic by minute with a mean near 1: a day's swing, quiet weekends, slow and fast noise."""
    minute = np.arange(CYCLE_MINUTES)
    hour = (minute + profile.seed) % _DAY_MINUTES / 60
    day = 1 + 0.42 * np.cos((hour - 14.5) * np.pi / 12) + 0.13 * np.cos((hour - 20) * np.pi / 6)
    hours = np.arange(0, CYCLE_MINUTES + 60, 60)
    week = np.interp(minute, hours, np.array(_WEEKDAYS)[hours // (24 * 60) % 7])
    slow = np.interp(minute, hours, _noise(profile.seed + 2, len(hours)))
    return np.asarray(day * week * (1 + 0.07 * slow + 0.05 * _noise(profile.seed, CYCLE_MINUTES)) / 0.97)


def _noise(seed: int, count: int) -> Floats:
    """Numbers in −1..1 that are the same in every version of Python and numpy."""
    draw = Random(seed).random  # noqa: S311 - repeatable on purpose
    return np.array([2 * draw() - 1 for _ in range(count)])
