"""Which closed periods the next build needs, and which days to close or restate others from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sresnap.documents.layout import HISTORY_DAY, RESTATEMENT, REVIEW, REVIEWS_INDEX
from sresnap.model.periods import NamedPeriod, PeriodUnit, after, period_of, year_before
from sresnap.model.review_index import ReviewEntry, Reviews
from sresnap.model.windows import DAY, HOUR, day_of, day_start, floor

_SOON = HOUR
"""The build comes some time after the restore."""


@dataclass(frozen=True, slots=True)
class ReviewSet:
    """What is needed of the published periods and of the history."""

    index: Reviews
    now: int
    """Seconds since the epoch."""

    def names(self, since: str) -> set[str]:
        """Site-relative paths.

        They are the index; of each unit the last review and the ones of a year before the next; those whose days are
        restored, as late data may change them; those that wait to be restated, with their days; and the days of the
        periods that are due.

        Args:
            since: the first day of the history that is restored.
        """
        found = {REVIEWS_INDEX}
        for unit in self.index.units:
            found |= self._of_unit(unit)
        for entry in self.index.entries:
            if entry.is_waiting or entry.end > day_start(since):
                found |= set(_files(entry))
            if entry.is_waiting:
                found |= set(_days(entry.start, entry.end))
        return found

    def _of_unit(self, unit: PeriodUnit) -> set[str]:
        newest = self.index.newest(unit)
        found = set() if newest is None else set(_files(newest))
        for period in self._next(unit):
            ago = year_before(period, self.index.timezone)
            entry = None if ago is None else self.index.entry(ago.name)
            found |= set() if entry is None else set(_files(entry))
            if self._is_due(period):
                found |= set(_days(period.start, period.end))
        return found

    def _next(self, unit: PeriodUnit) -> Iterator[NamedPeriod]:
        """The periods of a unit that are due, and the one after them."""
        newest, head = self.index.newest(unit), self.index.head
        if head is None:
            return
        last = head if newest is None else newest
        period = period_of(unit, self.index.timezone, last.end - HOUR)
        if newest is not None or (period.end, unit.rank) <= (head.end, head.unit.rank):
            period = after(period, self.index.timezone)
        while self._is_due(period):
            yield period
            period = after(period, self.index.timezone)
        yield period

    def _is_due(self, period: NamedPeriod) -> bool:
        return period.end + self.index.close_after_seconds <= self.now + _SOON


def _files(entry: ReviewEntry) -> Iterator[str]:
    yield REVIEW.path(entry.period)
    for number in range(1, len(entry.restatements) + 1):
        yield RESTATEMENT.path(entry.period, str(number))


def _days(start: int, end: int) -> Iterator[str]:
    """The files of the days that some hours touch."""
    return (HISTORY_DAY.path(day_of(midnight)) for midnight in range(floor(start, DAY), end, DAY))
