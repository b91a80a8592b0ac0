"""The bounds hold the truth for any events of a target, and more samples do not widen them.

A target counts events at known seconds. What sresnap assumes is true of it: the busiest interval that was seen
was at least as busy as any interval that was lost.
"""

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sresnap.compute.counting import START_TIME, UP, Processes, chains, count, target, union
from sresnap.compute.counting.growth import Growth
from sresnap.model.raw import RawSeries
from tests.examples import FEW

END = 6 * 3600
WARM = 2 * 3600
"""The first hours are busy and undisturbed."""
CODES = ("200", "500")
TARGET = {"job": "a", "instance": "b"}
NEIGHBOUR = TARGET | {"cluster": "other"}


@dataclass
class World:
    """A target with its events, its scrapes and what happens to it."""

    interval: int
    every: tuple[int, int]
    """Seconds between two events of each code, while it is busy."""
    quiet: list[tuple[int, int]]
    """Spans without events."""
    restarts: list[tuple[int, int]]
    """(when the process dies, how long it is down)."""
    gaps: list[tuple[int, int]]
    """(first second without scrapes, how long)."""
    relabelled: list[int]
    """When the target's labels change."""
    expires: bool
    """Whether the exporter drops a series after five minutes without an event."""
    tells_start: bool
    born: int = 0
    """No errors happen before it."""
    replica: int | None = None
    """How many seconds later a second server scrapes, if there is one."""
    replica_gaps: list[tuple[int, int]] = field(default_factory=list)
    neighbour: int | None = None
    """Since when another target with the same job and instance is scraped: one of a second cluster."""

    def __post_init__(self):
        self.first = self.scrapes(7 % self.interval, self.gaps)
        self.second = None if self.replica is None else self.scrapes(self.replica, self.replica_gaps)

    def scrapes(self, offset, gaps):
        times = np.arange(offset, END, self.interval)
        for start, seconds in (*gaps, *self.restarts):
            times = times[(times < start) | (times >= start + seconds)]
        return times

    @property
    def every_scrape(self):
        return self.first if self.second is None else np.union1d(self.first, self.second)

    @property
    def neighbours_scrapes(self):
        return np.arange(self.neighbour + 11, END, self.interval)

    def events(self, code):
        seconds = np.arange(0, END, self.every[CODES.index(code)])
        if code == "500":
            seconds = seconds[seconds >= self.born]
        for start, length in (*self.quiet, *self.restarts):
            seconds = seconds[(seconds < start) | (seconds >= start + length)]
        return seconds

    def starts_of(self, times):
        """When the process of each time started."""
        starts = np.array([-9999, *sorted(death + down for death, down in self.restarts)])
        return starts[np.searchsorted(starts, times, "right") - 1]

    def series(self, code):
        """The samples of a code, by label set."""
        events, found = self.events(code), []
        for times, labels in self.servers():
            seen = np.searchsorted(events, times, "right")
            values = seen - np.searchsorted(events, np.maximum(self.starts_of(times), 0))
            latest = np.append(events, 0)[seen - 1]
            shown = (values > 0) & ~(self.expires & (times - latest > 300))
            found += self.labelled(times[shown], values[shown], labels | {"code": code})
        if self.neighbour is not None:
            times = self.neighbours_scrapes
            found.append(RawSeries(NEIGHBOUR | {"code": code}, times.astype(float), self.neighbours(code, times)))
        return found

    def servers(self):
        """Who scrapes the target, when, and with which labels."""
        if self.second is None:
            return [(self.first, TARGET)]
        return [(self.first, TARGET | {"replica": "x"}), (self.second, TARGET | {"replica": "y"})]

    def labelled(self, times, values, labels):
        """The samples by the labels that the target has at their times."""
        edges = [-1, *sorted(set(self.relabelled)), END]
        for since, until in pairwise(edges):
            inside = (times >= since) & (times < until)
            if inside.any():
                own = labels if since < 0 else labels | {"cluster": f"eu-{since}"}
                yield RawSeries(own, times[inside].astype(float), values[inside].astype(float))

    def neighbours(self, code, times):
        return (900_000 + times // self.every[CODES.index(code)]).astype(float)

    def processes(self):
        found = []
        for times, labels in self.servers():
            found += self.labelled(times, np.ones(len(times)), labels | {"__name__": UP})
            if self.tells_start:
                found += self.labelled(times, self.starts_of(times), labels | {"__name__": START_TIME})
        if self.neighbour is not None:
            times = self.neighbours_scrapes.astype(float)
            found.append(RawSeries(NEIGHBOUR | {"__name__": UP}, times, np.ones(len(times))))
            if self.tells_start:
                found.append(RawSeries(NEIGHBOUR | {"__name__": START_TIME}, times, np.full(len(times), -99_999.0)))
        return Processes.of(union(found, ("replica",)))

    def truth(self, code, start, end):
        first, last = (self.every_scrape[self.every_scrape <= time][-1] for time in (start, end))
        events = self.events(code)
        found = np.searchsorted(events, last, "right") - np.searchsorted(events, first, "right")
        return found + self.truth_of_neighbour(code, start, end)

    def truth_of_neighbour(self, code, start, end):
        if self.neighbour is None or not (self.neighbours_scrapes <= end).any():
            return 0
        before = self.neighbours_scrapes[self.neighbours_scrapes <= start]
        first = before[-1] if len(before) else self.neighbours_scrapes[0]
        last = self.neighbours_scrapes[self.neighbours_scrapes <= end][-1]
        return float(self.neighbours(code, last) - self.neighbours(code, first))

    def counted(self, code):
        other = CODES[1 - CODES.index(code)]
        return count(self.series(code), self.series(other), self.processes(), replica_labels=("replica",))


SPAN = st.tuples(st.integers(WARM, END - 1800), st.integers(1, 1500))


@st.composite
def worlds(draw):
    interval = draw(st.sampled_from([5, 15, 30, 60]))
    return World(
        interval,
        (draw(st.integers(1, 20)), draw(st.integers(1, 2000))),
        draw(st.lists(SPAN, max_size=3)),
        draw(st.lists(st.tuples(st.integers(WARM, END - 1800), st.integers(1, 200)), max_size=2)),
        draw(st.lists(SPAN, max_size=2)),
        draw(st.lists(st.integers(WARM, END), max_size=2)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.just(0) | st.integers(WARM, END)),
        draw(st.none() | st.integers(0, 4)),
        draw(st.lists(SPAN, max_size=1)),
        draw(st.none() | st.integers(0, END - 3600)),
    )


@FEW
@given(worlds(), st.sampled_from(CODES), st.integers(WARM, END - 3600), st.integers(300, 3600))
def test_the_truth_lies_within_the_bounds(world, code, start, length):
    found = world.counted(code).within(start, start + length)
    truth = world.truth(code, start, start + length)
    assert found.low <= truth <= found.high


def busiest(events_per_second):
    """Growth whose busiest span is known, and not taken from samples: more of them show no busier one."""

    class Known(Growth):
        def most(self, seconds):
            return float(math.ceil(seconds * events_per_second)) if seconds < math.inf else math.inf

    return Known


def counted_at_a_known_rate(world, code):
    rates = {code: 1 / every for code, every in zip(CODES, world.every, strict=True)}
    targets = 1 if world.neighbour is None else 2
    with (
        patch.object(chains, "Growth", busiest(rates[code])),
        patch.object(target, "Growth", busiest(targets * sum(rates.values()))),
    ):
        return world.counted(code)


@st.composite
def worlds_with_less_samples(draw):
    """A world, the same one with a gap more or with every second to sixth scrape only, and two scrapes of both.

    Restarts are known, or there is none. Where one may hide, each step from sample to sample has a bound of its own, so
    more samples may widen the sum. Of fewer scrapes only known processes are compared: a scrape that is missing shows
    only between scrapes that are closer.
    """
    world, every = draw(worlds()), draw(st.integers(1, 6))
    if every == 1 and draw(st.booleans()):
        world = replace(world, restarts=[])
    else:
        world = replace(world, tells_start=True, expires=False, relabelled=[], neighbour=None, replica=None, born=0)
    less = replace(world, gaps=[*world.gaps, draw(SPAN)] if every == 1 else world.gaps)
    less.first = less.first[::every]
    scrapes = less.every_scrape[less.every_scrape >= WARM]
    start = draw(st.integers(0, len(scrapes) - 2))
    end = draw(st.integers(start + 1, min(len(scrapes) - 1, start + 400)))
    return world, less, int(scrapes[start]), int(scrapes[end])


@given(worlds_with_less_samples(), st.sampled_from(CODES))
def test_more_samples_never_widen_the_bounds(found, code):
    world, less, start, end = found
    wide, narrow = (counted_at_a_known_rate(one, code).within(start, end) for one in (less, world))
    assert narrow.high - narrow.low <= wide.high - wide.low
