"""Closes a period: counts by the hour → the review of a week, month, quarter or year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sresnap.compute.review.counts import PeriodCounts, Stored
from sresnap.compute.review.objective import objective_review, past_result
from sresnap.model.corrections import Correction
from sresnap.model.hours import Bools
from sresnap.model.periods import NamedPeriod
from sresnap.model.review import (
    SCHEMA,
    CorrectedTime,
    Gap,
    PastResult,
    PreviousReview,
    Review,
    ServiceReview,
    SloReview,
)
from sresnap.model.service import Service, Slo
from sresnap.model.signals import is_counted
from sresnap.model.windows import HOUR, ceil, day_start


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier reviews that a new one names."""

    previous: PreviousReview | None = None
    """The one that was closed before."""
    newest: Review | None = None
    """The last one of the same unit."""
    year_before: Review | None = None
    """Of the same period a year before."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What a period is closed by."""

    title: str
    timezone: str
    after_seconds: int
    services: Sequence[Service]
    stored: Stored
    past: Past


def close(closed: Closed) -> Review:
    """The review of a period. It holds nothing of the moment at which it is made.

    Args:
        closed: the history of the period, and what was promised.
    """
    stored, period = closed.stored, closed.stored.period
    counts = {(s.name, slo.name): PeriodCounts.of(stored, s.name, slo) for s in closed.services for slo in s.slos}
    known = _any_known(period, counts.values())
    return Review(
        schema=SCHEMA,
        period=period.name,
        unit=period.unit,
        timezone=closed.timezone,
        start=period.start,
        end=period.end,
        closes_at=period.end + closed.after_seconds,
        title=closed.title,
        previous=closed.past.previous,
        coverage=float(known.sum()) / period.hours,
        gaps=tuple(_gaps(period, known | _counted(stored), _beginning(stored))),
        corrections=corrected_times(stored.corrections),
        services=tuple(
            ServiceReview(
                service.name,
                service.slug,
                tuple(_objective(closed, service.name, slo, counts[service.name, slo.name]) for slo in service.slos),
            )
            for service in closed.services
        ),
    )


def corrected_times(corrections: Sequence[Correction]) -> tuple[CorrectedTime, ...]:
    """Corrections as reviews name them."""
    return tuple(
        CorrectedTime(one.reason, one.start, one.end, None if one.services is None else tuple(sorted(one.services)))
        for one in corrections
    )


def _objective(closed: Closed, service: str, slo: Slo, counts: PeriodCounts) -> SloReview:
    past = closed.past
    newest = None if past.newest is None else past.newest.objective(service, slo.name)
    year_before = None if past.year_before is None else past.year_before.objective(service, slo.name)
    a_year_ago = None
    if past.year_before is not None and year_before is not None:
        a_year_ago = past_result(past.year_before.period, year_before.objective, year_before.result)
    earlier: tuple[PastResult, ...] = () if newest is None else newest.last
    return objective_review(counts, closed.timezone, earlier, a_year_ago)


def _any_known(period: NamedPeriod, counts: Iterable[PeriodCounts]) -> Bools:
    """The hours in which any objective is known."""
    found = np.zeros(period.hours, dtype=np.bool_)
    for one in counts:
        found |= one.known.known
    return found


def _counted(stored: Stored) -> Bools:
    """The hours that a report has counted by any query, also by one that was replaced since."""
    found = np.zeros(stored.period.hours, dtype=np.bool_)
    for day, content in stored.history.days.items():
        kept = [*content.columns.items(), *(((old.service, old.series), old.column) for old in content.superseded)]
        first = (day_start(day) - stored.period.start) // HOUR
        for column in (column for (_, key), column in kept if is_counted(key)):
            places = [first + hour for hour, value in enumerate(column.values) if value is not None]
            found[[place for place in places if 0 <= place < len(found)]] = True
    return found


def _beginning(stored: Stored) -> int:
    """Start of the first hour that was ever known: what lies before it is not a gap."""
    return min((stored.ever_known or {}).values(), default=stored.period.start)


def _gaps(period: NamedPeriod, known: Bools, beginning: int) -> Iterator[Gap]:
    """Runs of hours that are not known."""
    first = max(0, ceil(beginning - period.start, HOUR) // HOUR)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~known[first:], [False]]).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield Gap(period.start + (first + start) * HOUR, period.start + (first + end) * HOUR)
