"""How fast a counter grows at most, from the steps that are beyond doubt, and which values continue it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from sresnap.model.hours import Floats

Span: TypeAlias = tuple[float, float]
"""From a time to another one, seconds since the epoch."""
_NEARLY = 0.9
"""Scrapes jitter: a span of at least this share of a length is used, scaled up."""
USUAL = 2.0
"""Where only the ends of a span were seen, a rise up to this factor of the busiest such span is usual."""
OF_VALUE = 0.01
"""A rise by this share of a counter's value is, too: no other counter has nearly the same value by chance."""
_DISTINCT = 0.25
"""A usual rise says which counter it is if it is at most this share of the value."""


def continues(before: float, after: float, most: float) -> bool:
    """Whether a value shows that the counter which had another one before it continued, without a restart in between.

    A restarted counter begins at 0. A storm of events may bring it to any value, but hardly to just the one that was
    expected. Small values are met by chance, so they show nothing. Example: 5,000 → 5,060 at 60 a minute continues;
    10 → 12 may be a restart with twelve events.

    Args:
        before: the earlier value.
        after: the later value.
        most: the most events that such a span held.
    """
    usual = max(USUAL * most if most < math.inf else 0.0, OF_VALUE * before)
    return before >= least_distinct(most) and 0 <= after - before <= usual


def least_distinct(most: float) -> float:
    """The least value that no restarted counter has by chance, of one that gains so much at most."""
    return max(1 / OF_VALUE, USUAL * most / _DISTINCT if most < math.inf else 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """The clear steps of a counter, one after another: no restart, no gap."""

    seconds: Floats
    """Where each step ends, counted from the first one's start; begins with 0."""
    events: Floats
    """What was counted until there."""

    @classmethod
    def of(cls, seconds: Floats, rises: Floats) -> Self:
        """Growth from the length and the rise of each clear step."""
        return cls(np.concatenate(([0.0], np.cumsum(seconds))), np.concatenate(([0.0], np.cumsum(rises))))

    def most(self, seconds: float) -> float:
        """The most events that any span of this length held, a whole number; infinite when nothing is known.

        A longer span than was seen is extrapolated by the mean. This is the bound for what no sample shows: an
        interval that was lost held at most what the busiest one that was seen did.
        """
        seen = float(self.seconds[-1])
        if seen <= 0 or seconds == math.inf:
            return math.inf
        if seconds <= 0:
            return 0.0
        ends = np.searchsorted(self.seconds, self.seconds + seconds * _NEARLY)
        inside = ends < len(self.seconds)
        if not inside.any():
            return float(np.ceil(self.events[-1] * seconds / seen))
        starts = np.flatnonzero(inside)
        ends = ends[inside]
        lengths = self.seconds[ends] - self.seconds[starts]
        rises = self.events[ends] - self.events[starts]
        return float(np.ceil(np.max(rises * np.maximum(1.0, seconds / lengths))))

    def most_in(self, spans: Sequence[Span]) -> float:
        """The most events that several spans, in order, may have held together.

        What two neighbours held is what the span of both held: where one event an hour is the most, ten lost minutes
        after one another have lost one event, and not ten. The same holds for the span from the first to the last.
        """
        if not spans:
            return 0.0
        together = sum(self.most(end - start) for start, end in _merged(spans))
        return min(together, self.most(spans[-1][1] - spans[0][0]))


def _merged(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans, with those that follow one another directly as one."""
    start, end = spans[0]
    for following in spans[1:]:
        if following[0] > end:
            yield start, end
            start = following[0]
        end = following[1]
    yield start, end
