"""What the history knows of one objective in a period that is over."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from sresnap.compute.slo.corrections import Exclusions
from sresnap.compute.slo.events import SloData, corrected, count, count_hours
from sresnap.compute.zeros import says_nothing
from sresnap.model.corrections import Correction, Cut, cuts, of_service
from sresnap.model.events import EventCount
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.hours import HourlyCounts
from sresnap.model.periods import NamedPeriod
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Slo
from sresnap.model.windows import HOUR, Period, floor


@dataclass(frozen=True, slots=True)
class Stored:
    """The history of a period, and what it means."""

    period: NamedPeriod
    history: History
    definitions: Mapping[ColumnKey, str]
    """By (service, series): which of the columns of that name to read."""
    corrections: Sequence[Correction]
    doubted: Container[ColumnKey] = frozenset()
    """Series whose zeros are not known to be zero."""
    undercounted: Container[ColumnKey] = frozenset()
    """Series whose query misses errors that it could find."""
    ever_known: Mapping[ColumnKey, int] | None = None
    """By (service, series): start of the first hour that was ever known."""

    @property
    def span(self) -> Span:
        """The period's hours."""
        return Span(self.period.start, self.period.end)

    def column(self, service: str, key: SeriesKey, *, upper: bool = False) -> tuple[float | None, ...]:
        """A series by the hour, none of a doubted one that has found nothing at all."""
        read = self.history.upper if upper else self.history.values
        values = read((service, key), self.definitions.get((service, key), ""), self.span)
        is_doubted = (service, key.whole) in self.doubted and all(says_nothing(key, value) for value in values)
        return (None,) * len(values) if is_doubted else values

    def since(self, service: str, slo: Slo) -> int | None:
        """Start of the first hour in which all series of an SLO may have been known."""
        found = [(self.ever_known or {}).get((service, key)) for key in slo.series]
        known = [since for since in found if since is not None]
        return max(known) if len(known) == len(found) else None


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """The counts of one objective in a period, at both ends of what its samples leave open."""

    slo: Slo
    period: Period
    proved: SloData
    """With the bad events that the samples prove."""
    possible: SloData
    """With all that they cannot rule out."""
    exclusions: Exclusions
    """What corrections leave out; not applied."""
    definitions: Mapping[str, str]
    """By series, the hash of the query that filled it."""
    misses_errors: bool = False
    """Whether a query misses errors that it could find: good news is not known to be true then."""

    @classmethod
    def of(cls, stored: Stored, service: str, slo: Slo) -> PeriodCounts:
        """The counts of an objective of a service."""
        corrections = of_service(stored.corrections, service)
        parts = cuts(corrections, stored.period.start, stored.period.end)
        keys = dict.fromkeys((*slo.series, *(cut.key(key) for cut in parts if not cut.is_whole for key in slo.series)))
        read = {str(key): stored.definitions.get((service, key)) for key in keys}
        return cls(
            slo=slo,
            period=as_window(stored.period),
            proved=_data(stored, service, slo, upper=False),
            possible=_data(stored, service, slo, upper=True),
            exclusions=Exclusions(corrections, {cut: _removed(stored, service, slo, cut) for cut in parts}),
            definitions={key: definition for key, definition in read.items() if definition is not None},
            misses_errors=any((service, key) in stored.undercounted for key in slo.series),
        )

    @property
    def known(self) -> HourlyCounts:
        """The hours as measured."""
        return self.proved.hours

    @property
    def judged(self) -> SloData:
        """What the samples prove, with corrections."""
        return corrected(self.proved, self.exclusions.events)


def as_window(period: NamedPeriod) -> Period:
    """A period as the window of a report at its very end."""
    return Period(period.name, period.start, period.end, period.end - period.start, resets_at=period.end)


def _data(stored: Stored, service: str, slo: Slo, *, upper: bool) -> SloData:
    columns = {key: stored.column(service, key, upper=upper) for key in slo.series}
    hours = count_hours(slo, columns, stored.period.start, stored.period.hours)
    return SloData(stored.period.end, {}, None, hours, None, known_since=stored.since(service, slo))


def _removed(stored: Stored, service: str, slo: Slo, cut: Cut) -> EventCount | None:
    """The counts of a part of an hour; None for a whole hour, whose counts are not needed."""
    if cut.is_whole:
        return None
    index = (floor(cut.hour, HOUR) - stored.period.start) // HOUR
    values = {key: stored.column(service, cut.key(key))[index] for key in slo.series}
    return count(slo, values, cut.seconds)
