"""The counts of one counter from sample to sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sresnap.compute.counting.chains import FIRST_EVENT, Chain
from sresnap.compute.counting.growth import Span, continues
from sresnap.compute.counting.target import DISCOVERED
from sresnap.model.hours import Bools, Floats
from sresnap.model.raw import Bounds
from sresnap.model.windows import MINUTE

_SHORTEST_EXPIRY = MINUTE
"""No exporter drops a series sooner after its latest event."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The counts of one counter."""

    chain: Chain
    low: Floats
    """From each sample to the next one."""
    high: Floats

    @classmethod
    def of(cls, chain: Chain) -> Self:
        """The counts of a counter."""
        rises = np.diff(chain.values)
        low, high = rises.copy(), rises.copy()
        for i in np.flatnonzero(_is_doubtful(chain, rises)):
            found = _step(chain, int(i))
            low[i], high[i] = found.low, found.high
        return cls(chain, low, high)

    def within(self, start: float, end: float) -> Bounds:
        """The counts that arrived after a start, until an end."""
        times = self.chain.times
        inside = (times[1:] > start) & (times[1:] <= end)
        found = Bounds(float(self.low[inside].sum()), float(self.high[inside].sum()))
        if start < times[0] <= end:
            found += _first(self.chain, start)
        lost = self._not_shown(end, start) + self._before_the_first(start, end)
        return Bounds(max(0.0, found.low - self._not_shown(start)), found.high + lost)

    def _before_the_first(self, start: float, end: float) -> float:
        """How many events were lost with processes that ended before the first sample, each in its last interval."""
        target, born = self.chain.target, float(self.chain.times[0])
        first, last = target.scrape_until(start) or start, target.scrape_until(end)
        if end >= born:
            last = target.scrape_before(born)
        return self._most(target.of_restarts(first, last)) if last is not None and first < last else 0.0

    def _not_shown(self, until: float, since: float = -np.inf) -> float:
        """How many events may have happened in gaps of the scrapes until a time, without a sample that shows them.

        The next sample has them all, if there is one. A series that was scraped all along has none.
        """
        times, target = self.chain.times, self.chain.target
        index = int(np.searchsorted(times, until, "right")) - 1
        scrape = target.scrape_until(until)
        if index < 0 or scrape is None or scrape <= times[index]:
            return 0.0
        first = max(float(times[index]), target.scrape_until(since) or since)
        spans = (
            target.unseen(first, scrape)
            if self._restarts_after(index, first, scrape)
            else target.missing(first, scrape)
        )
        most = self._most(spans)
        return min(float(self.high[index]), most) if index < len(self.high) else most

    def _most(self, spans: Sequence[Span]) -> float:
        """The most events in several spans without a sample that shows them."""
        # Of a series with one sample no growth is known: its target's traffic bounds it, or all that it ever counted.
        traffic = _finite(self.chain.target.traffic.most_in(spans), float(self.chain.values[-1]))
        return _finite(self.chain.growth.most_in(spans), traffic)

    def _restarts_after(self, index: int, first: float, scrape: float) -> bool:
        """Whether the process may have restarted after a sample, in a span without one.

        What was counted before the restart is lost then, and no sample until the last scrape of the span says so.
        """
        times, values, target = self.chain.times, self.chain.values, self.chain.target
        is_known = target.restart_within(first, scrape) is not None
        if index + 1 < len(values) and values[index + 1] < values[index]:
            restart = target.restart_within(float(times[index]), float(times[index + 1]))
            return is_known or restart is None
        known = is_known or target.may_have_restarted(first, scrape)
        return known or self._vanished(index, first, scrape)

    def _vanished(self, index: int, first: float, scrape: float) -> bool:
        """Whether the series ended while it still grew, and its target did not.

        An exporter drops a series only after some time without an event. So the process restarted, and has had no event
        yet.
        """
        times, values, target = self.chain.times, self.chain.values, self.chain.target
        if index + 1 < len(values) or first > times[index] or target.is_one_process(first, scrape):
            return False
        changes = np.flatnonzero(values[: index + 1] != values[index])
        latest_event = float(times[changes[-1] + 1] if len(changes) else times[0])
        return first - latest_event < _SHORTEST_EXPIRY


def _is_doubtful(chain: Chain, rises: Floats) -> Bools:
    """Which steps may hide a restart, or have one."""
    target, times = chain.target, chain.times
    doubtful = (rises < 0) | target.is_late(times)
    seen = [one.seen for one in target.restarts or ()]
    spans = [*((one, one) for one in seen), *(target.falls.tolist() if target.restarts is None else ())]
    for first, last in spans:
        begin = max(int(np.searchsorted(times, first, "left")) - 1, 0)
        doubtful[begin : int(np.searchsorted(times, last, "left"))] = True
    return doubtful


def _step(chain: Chain, index: int) -> Bounds:
    """The count between a sample and the next one."""
    target, growth = chain.target, chain.growth
    start, end = float(chain.times[index]), float(chain.times[index + 1])
    before, after = float(chain.values[index]), float(chain.values[index + 1])
    # Where nothing is known of its growth, an interval held at most what the counter has counted in its life.
    life = max(before, after)
    restart = target.restart_within(start, end)
    if restart is not None:
        return Bounds(after, after + _finite(growth.most_in(target.unseen(start, restart.start)), life))
    most = _finite(growth.most_in(target.unseen(start, end)), before + after)
    if after < before:
        return Bounds(after, _since_restart(after, most))
    rise = after - before
    may_hide = not target.is_one_process(start, end) and (
        bool(target.is_late(chain.times[index : index + 2])[0]) or target.may_have_restarted(start, end)
    )
    if not may_hide or (after > most and continues(before, after, most)):
        return Bounds(rise, rise)
    return Bounds(rise, _since_restart(after, most))


def _since_restart(after: float, most: float) -> float:
    """The most events of a span in which a process restarted that counted so many since.

    If these are more than such a span ever held, there was a storm. As many as usual may have been lost beside it.
    """
    return most if after <= most else after + most


def _first(chain: Chain, start: float) -> Bounds:
    """The count of a series' first sample, in a window that began before it."""
    target, growth = chain.target, chain.growth
    time, value = float(chain.times[0]), float(chain.values[0])
    if value <= 0:
        return Bounds()
    before = target.scrape_before(time)
    if before is None or target.is_foreign(time, chain.series.labels):
        return _discovered(chain, start, before)
    restart = target.restart_within(before, time)
    if restart is not None:
        own = _finite(growth.most_in(target.unseen(before, restart.start)), value)
        return Bounds(value, value + max(chain.lost(restart.start), own))
    own = _finite(growth.most(time - before), 0.0)
    if value <= max(FIRST_EVENT, own) and target.usually_counts(value, time - before):
        return Bounds(max(0.0, value - chain.earlier), max(value, chain.lost(time)))
    # A storm may bring any number of events: neither its growth nor its target's traffic rules them out.
    return Bounds(0.0, _since_restart(value, chain.lost(time)))


def _discovered(chain: Chain, start: float, before: float | None) -> Bounds:
    """The count of a series' first sample, where its process was scraped for the first time.

    What a new process counted in its first minutes is more or less than later, so its value is possible. Of one that
    had run for long, only what it counted until it was discovered is. So of the first targets of all: Prometheus kept
    nothing older, and what they counted before belongs to no hour that was seen.
    """
    target, growth = chain.target, chain.growth
    time, value = float(chain.times[0]), float(chain.values[0])
    started = target.started if before is None else None
    if started is not None and started > start:
        return Bounds(value, value)
    is_old = target.is_foreign(time, chain.series.labels) if started is None else time - started > DISCOVERED
    is_old = is_old or (before is None and started is None and time - chain.known_since <= DISCOVERED)
    if not is_old:
        return Bounds(0.0, value)
    most = growth.most(min(time - start, DISCOVERED))
    if most == 0 and started is None:  # a counter that does not grow may have done so before
        most = target.usual_most(DISCOVERED if before is None else time - before)
    return Bounds(0.0, min(value, most))


def _finite(most: float, otherwise: float) -> float:
    return most if most < np.inf else otherwise
