"""Counts of good and bad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sresnap.model.stored import Real, Seconds


@dataclass(frozen=True, slots=True)
class EventCount:
    """Good and total, in events or, with basis time, in seconds. Counts add up; ratios are derived."""

    good: Real
    total: Real

    def __add__(self, other: EventCount) -> EventCount:
        return EventCount(self.good + other.good, self.total + other.total)

    @property
    def bad(self) -> float:
        return self.total - self.good

    @property
    def sli(self) -> float | None:
        """The ratio good / total; None when nothing happened."""
        return self.good / self.total if self.total > 0 else None


@dataclass(frozen=True, slots=True)
class MeanHour:
    """The mean of some hours: their sums, and how many hours they are."""

    good: Real
    total: Real
    hours: Annotated[Real, Field(gt=0)]
    """Weighted by the time that has data: the running hour, or one that a correction cuts, counts in part."""

    @property
    def arriving(self) -> EventCount:
        """The counts of one mean hour."""
        return EventCount(self.good / self.hours, self.total / self.hours)


PAGE = "page"
"""The severity that wakes a person; any other is a ticket."""


@dataclass(frozen=True, slots=True)
class BurnPair:
    """A multi-window burn-rate rule: it fires when both windows burn faster than the threshold."""

    severity: str
    """`page` or `ticket`."""
    budget_share: Real
    """Share of the SLO window's budget that the long window may spend before it fires."""
    long_seconds: Seconds
    short_seconds: Seconds
