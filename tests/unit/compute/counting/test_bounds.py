"""The bounds hold the truth for any events of a target.

A target counts events at known seconds. What sresnap assumes is true of it: the busiest interval that was seen
was at least as busy as any interval that was lost.
"""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sresnap.compute.counting import ProcessSamples, count
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
    relabelled: int | None
    expires: bool
    """Whether the exporter drops a series after five minutes without an event."""
    tells_start: bool
    scrapes: np.ndarray = field(init=False)

    def __post_init__(self):
        times = np.arange(7 % self.interval, END, self.interval)
        for start, seconds in (*self.gaps, *self.restarts):
            times = times[(times < start) | (times >= start + seconds)]
        self.scrapes = times

    def events(self, code):
        seconds = np.arange(0, END, self.every[CODES.index(code)])
        for start, length in (*self.quiet, *self.restarts):
            seconds = seconds[(seconds < start) | (seconds >= start + length)]
        return seconds

    def start_of(self, time):
        return max([-9999, *(death + down for death, down in self.restarts if death + down <= time)])

    def series(self, code):
        """The samples of a code, by label set."""
        events, found = self.events(code), {}
        for time in self.scrapes:
            start = self.start_of(time)
            value = np.searchsorted(events, time, "right") - np.searchsorted(events, max(start, 0))
            latest = events[np.searchsorted(events, time, "right") - 1] if value else None
            if latest is None or (self.expires and time - latest > 300):
                continue
            labels = {"job": "a", "instance": "b", "code": code}
            if self.relabelled is not None and time >= self.relabelled:
                labels["cluster"] = "eu"
            found.setdefault(tuple(labels.items()), []).append((time, value))
        return [raw(dict(labels), points) for labels, points in found.items()]

    def processes(self):
        starts = raw({}, [(time, self.start_of(time)) for time in self.scrapes]) if self.tells_start else None
        return {("a", "b"): ProcessSamples(raw({}, [(time, 1) for time in self.scrapes]), starts)}

    def truth(self, code, start, end):
        first, last = (self.scrapes[self.scrapes <= time][-1] for time in (start, end))
        events = self.events(code)
        return np.searchsorted(events, last, "right") - np.searchsorted(events, first, "right")

    def counted(self, code):
        other = CODES[1 - CODES.index(code)]
        return count(self.series(code), self.series(other), self.processes())


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
        draw(st.none() | st.integers(WARM, END)),
        draw(st.booleans()),
        draw(st.booleans()),
    )


@given(worlds(), st.sampled_from(CODES), st.integers(WARM, END - 3600), st.integers(300, 3600))
def test_the_truth_lies_within_the_bounds(world, code, start, length):
    found = world.counted(code).within(start, start + length)
    truth = world.truth(code, start, start + length)
    assert found.low <= truth <= found.high
