"""The bounds hold the truth for any events of a target.

A target counts events at known seconds. What sresnap assumes is true of it: the busiest interval that was seen
was at least as busy as any interval that was lost.
"""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sresnap.compute.counting import START_TIME, Processes, count, union
from sresnap.model.raw import RawSeries

END = 6 * 3600
WARM = 2 * 3600
"""The first hours are busy and undisturbed."""
CODES = ("200", "500")


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

    def start_of(self, time):
        return max([-9999, *(death + down for death, down in self.restarts if death + down <= time)])

    def series(self, code):
        """The samples of a code, by label set."""
        events, found = self.events(code), {}
        servers = [(self.first, {})]
        if self.second is not None:
            servers = [(self.first, {"replica": "x"}), (self.second, {"replica": "y"})]
        for scrapes, server in servers:
            for time in scrapes:
                start = self.start_of(time)
                value = np.searchsorted(events, time, "right") - np.searchsorted(events, max(start, 0))
                latest = events[np.searchsorted(events, time, "right") - 1] if value else None
                if latest is None or (self.expires and time - latest > 300):
                    continue
                labels = self.labels(time) | {"code": code} | server
                found.setdefault(tuple(labels.items()), []).append((time, value))
        if self.neighbour is not None:
            labels = {"job": "a", "instance": "b", "code": code, "cluster": "other"}
            values = [(time, self.neighbours(code, time)) for time in self.neighbours_scrapes]
            found[tuple(labels.items())] = values
        return [raw(dict(labels), points) for labels, points in found.items() if points]

    def neighbours(self, code, time):
        return 900_000 + time // self.every[CODES.index(code)]

    def labels(self, time):
        """The target's own labels."""
        changes = [since for since in self.relabelled if time >= since]
        return {"job": "a", "instance": "b"} | ({"cluster": f"eu-{max(changes)}"} if changes else {})

    def processes(self):
        servers = [(self.first, {})]
        if self.second is not None:
            servers = [(self.first, {"replica": "x"}), (self.second, {"replica": "y"})]
        found = {}
        for scrapes, server in servers:
            for time in scrapes:
                labels = self.labels(time) | server
                found.setdefault(("up", *labels.items()), []).append((time, 1))
                if self.tells_start:
                    found.setdefault((START_TIME, *labels.items()), []).append((time, self.start_of(time)))
        if self.neighbour is not None:
            labels = {"job": "a", "instance": "b", "cluster": "other"}
            found["up", *labels.items()] = [(time, 1) for time in self.neighbours_scrapes]
            if self.tells_start:
                found[START_TIME, *labels.items()] = [(time, -99_999) for time in self.neighbours_scrapes]
        series = [
            raw({"__name__": name, **dict(labels)}, points) for (name, *labels), points in found.items() if points
        ]
        return Processes.of(union(series, ("replica",)))

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
        return self.neighbours(code, last) - self.neighbours(code, first)

    def counted(self, code):
        other = CODES[1 - CODES.index(code)]
        return count(self.series(code), self.series(other), self.processes(), replica_labels=("replica",))


def raw(labels, points):
    return RawSeries(labels, *np.array(points, dtype=float).T)


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


@given(worlds(), st.sampled_from(CODES), st.integers(WARM, END - 3600), st.integers(300, 3600))
def test_the_truth_lies_within_the_bounds(world, code, start, length):
    found = world.counted(code).within(start, start + length)
    truth = world.truth(code, start, start + length)
    assert found.low <= truth <= found.high
