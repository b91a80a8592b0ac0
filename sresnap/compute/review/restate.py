"""What a closed period comes to now, by the objectives and the queries that it was judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sresnap.compute.review.counts import PeriodCounts, Stored
from sresnap.compute.review.result import result, same
from sresnap.model.history import Column, ColumnKey, History, HistoryDay
from sresnap.model.periods import NamedPeriod
from sresnap.model.review import Gap, Outcome, PeriodResult, RestatedResult, Restatement, Review, SloReview
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.signals import is_counted
from sresnap.model.windows import HOUR, day_start

Results = Mapping[tuple[str, str], PeriodResult]
"""By (service, objective)."""
_EMPTY = Column("")
_NO_DAY = HistoryDay()


def stated(review: Review, restatements: Iterable[Restatement]) -> Results:
    """The results as they were stated last."""
    found = {(service.name, slo.name): slo.result for service in review.services for slo in service.slos}
    for restatement in restatements:
        found |= {(one.service, one.slo): one.now for one in restatement.results}
    return found


def results_now(review: Review, stored: Stored, before: Results) -> Results:
    """The results from the history as it is now.

    Args:
        review: the period as it was closed.
        stored: its history now. A doubt that arose since says nothing about the period, so only a series that was not
            known then may be doubted.
        before: the results as they were stated last.
    """
    found: dict[tuple[str, str], PeriodResult] = {}
    for service in review.services:
        for slo in service.slos:
            was_known = before[service.name, slo.name].outcome is not Outcome.NO_DATA
            read = replace(stored, doubted=frozenset()) if was_known else stored
            found[service.name, slo.name] = result(PeriodCounts.of(read, service.name, _objective(slo)))
    return found


def changed_results(before: Results, after: Results) -> tuple[RestatedResult, ...]:
    """The objectives whose numbers differ, with both."""
    return tuple(
        RestatedResult(service, slo, was, after[service, slo])
        for (service, slo), was in before.items()
        if not same(was, after[service, slo])
    )


def judged_by(review: Review) -> dict[ColumnKey, str]:
    """By (service, series), the definitions that a period was judged by."""
    return {
        (service.name, SeriesKey.parse(key)): definition
        for service in review.services
        for slo in service.slos
        for key, definition in slo.definitions.items()
    }


def touched_hours(before: History, after: History) -> frozenset[int]:
    """The hours in which a build has changed a count of an SLO's series, by any query.

    Args:
        before: the days that the build has loaded.
        after: the same with its answers.
    """
    found: set[int] = set()
    for day, content in after.days.items():
        was = before.days.get(day)
        if was is content:
            continue
        midnight = day_start(day)
        for key, column in content.columns.items():
            old = _EMPTY if was is None else was.column(key, column.definition)
            if is_counted(key[1]) and (old.values, old.high) != (column.values, column.high):
                found.update(midnight + hour * HOUR for hour in _differing(old, column))
    return frozenset(found)


def _differing(old: Column, new: Column) -> Iterator[int]:
    for hour, (was, now) in enumerate(zip(old.values, new.values, strict=True)):
        if was != now or old.high.get(hour, was) != new.high.get(hour, now):
            yield hour


def changed_hours(
    before: History, after: History, definitions: Mapping[ColumnKey, str], period: NamedPeriod
) -> tuple[Gap, ...]:
    """The hours of a period in which a build has changed a count, as runs.

    Args:
        before: the days that the build has loaded.
        after: the same with its answers.
        definitions: the columns to compare.
        period: the closed period.
    """
    found: set[int] = set()
    for day in (day for day, content in after.days.items() if before.days.get(day) is not content):
        pairs = (
            (before.days.get(day, _NO_DAY).column(key, each), after.days[day].column(key, each))
            for key, each in definitions.items()
            if is_counted(key[1])
        )
        found.update(day_start(day) + hour * HOUR for old, new in pairs for hour in _differing(old, new))
    return runs(hour for hour in found if period.start <= hour < period.end)


def runs(hours: Iterable[int]) -> tuple[Gap, ...]:
    """Hours by their start, as runs of consecutive ones."""
    found: list[Gap] = []
    for hour in sorted(set(hours)):
        is_next = found and found[-1].end == hour
        start = found.pop().start if is_next else hour
        found.append(Gap(start, hour + HOUR))
    return tuple(found)


def joined(*lists: Sequence[Gap]) -> tuple[Gap, ...]:
    """All hours of some lists of runs."""
    return runs(hour for gaps in lists for gap in gaps for hour in range(gap.start, gap.end, HOUR))


def _objective(slo: SloReview) -> Slo:
    """The objective as it was promised then."""
    keys = [SeriesKey.parse(text) for text in slo.definitions]
    whole = [key for key in keys if key.part is None]
    total = next((key for key in whole if key.role in ("total", "slices_total")), None)
    bad = next((key for key in whole if key.role == "bad"), None)
    good = next((key for key in whole if key not in (total, bad)), None)
    return Slo(
        slo.name,
        slo.objective,
        Basis(slo.basis),
        total,
        good,
        bad,
        slo.threshold_seconds,
        slice_seconds=slo.slice_seconds,
        slice_target=slo.slice_target,
    )
