"""Counts by hour for tests, from a list of counts."""

from collections.abc import Sequence

from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.windows import HOUR, floor


def hours_until(at: int, counts: Sequence[EventCount | None]) -> HourlyCounts:
    """The whole hours before a moment."""
    return HourlyCounts.of(floor(at, HOUR) - len(counts) * HOUR, counts)
