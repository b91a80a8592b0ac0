"""The index of all closed periods as data: the published contract of `reviews/index.json`; units as in `review.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from sresnap.model.instant import Instant
from sresnap.model.periods import NamedPeriod, PeriodName, PeriodUnit
from sresnap.model.review import Gap, Outcome
from sresnap.model.stored import STORED, Count, Real, Seconds, Sha256, TimeZone

INDEX_SCHEMA: Final = "sresnap/reviews/1"


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A closed period in the index."""

    period: PeriodName
    unit: PeriodUnit
    start: Instant
    end: Instant
    sha256: Sha256
    """Of its `review.json`."""
    outcomes: Mapping[Outcome, Count]
    """Number of objectives by outcome, as restated last."""
    coverage: Real
    corrections_sha256: Sha256
    """Of the times that corrections leave out, as last compared."""
    restatements: tuple[Sha256, ...] = ()
    """Of each restatement's file, in order."""
    late: tuple[Gap, ...] = ()
    """Hours that changed since and are in no restatement yet."""
    is_waiting: bool = False
    """Whether a restatement waits for files that the folder lacked. The next `restore` brings them."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """All closed periods: the whole of `reviews/index.json`."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/reviews/1"]
    timezone: TimeZone
    units: tuple[PeriodUnit, ...]
    """Those that builds close."""
    close_after_seconds: Seconds
    entries: tuple[ReviewEntry, ...]
    """In the order in which they were closed: by their end; of two that end together the shorter first."""

    @property
    def head(self) -> ReviewEntry | None:
        """The period that was closed last."""
        return self.entries[-1] if self.entries else None

    def may_close(self, period: NamedPeriod) -> bool:
        """Whether a build may still close a period: not before the last closed one, as reviews name the ones before."""
        head = self.head
        return head is None or (period.end, period.unit.rank) > (head.end, head.unit.rank)

    def until(self, period: NamedPeriod) -> Reviews:
        """The index as it was when a period was due: without it and those that are closed after it."""
        place = (period.end, period.unit.rank)
        return replace(self, entries=tuple(one for one in self.entries if (one.end, one.unit.rank) < place))

    def entry(self, period: str) -> ReviewEntry | None:
        """The entry of a period; None when it is not closed."""
        return next((one for one in self.entries if one.period == period), None)

    def with_entry(self, changed: ReviewEntry) -> Reviews:
        """The index with another entry in the place of a period's."""
        entries = tuple(changed if one.period == changed.period else one for one in self.entries)
        return replace(self, entries=entries)

    def newest(self, unit: PeriodUnit) -> ReviewEntry | None:
        """The last closed period of a unit."""
        return next((one for one in reversed(self.entries) if one.unit is unit), None)
