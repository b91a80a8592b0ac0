"""Past numbers that differ from an earlier report: late data, and corrections made afterwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap.model.changes import Restated, RestatedCause
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.signals import is_counted
from sresnap.model.slo import AppliedCorrection, SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.windows import DAY, HOUR, day_start, floor

_SAME = 1e-9
"""Prometheus adds fractions in no fixed order, so numbers that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class _Hour:
    start: int
    before: float | None
    after: float


def late_data(
    before: History, after: History, definitions: Mapping[ColumnKey, str], previous_at: int
) -> tuple[Restated, ...]:
    """Whole hours that the previous report used and whose counts have changed.

    An hour that was unknown counts when its series was known at all: a new series restates nothing.

    Args:
        before: the history at the start of the build.
        after: with the answers of this build.
        definitions: of the series that the report uses.
        previous_at: the moment of the previous report, seconds since the epoch.
    """
    return tuple(
        _restated(key, run)
        for key, definition in definitions.items()
        if is_counted(key[1]) and before.has_value(key, definition)
        for run in _runs(_changed(before, after, key, definition, previous_at))
    )


def _changed(before: History, after: History, key: ColumnKey, definition: str, previous_at: int) -> Iterator[_Hour]:
    for day in sorted(set(before.days) & set(after.days)):
        if before.days[day] is after.days[day]:
            continue
        midnight = day_start(day)
        span = Span(midnight, midnight + DAY)
        pairs = zip(before.values(key, definition, span), after.values(key, definition, span), strict=True)
        for index, (old, new) in enumerate(pairs):
            start = midnight + index * HOUR
            if start + HOUR > floor(previous_at, HOUR) or new is None:
                continue
            if old is None or not math.isclose(old, new, rel_tol=_SAME, abs_tol=_SAME):
                yield _Hour(start, old, new)


def _runs(hours: Iterable[_Hour]) -> Iterator[list[_Hour]]:
    """Runs of consecutive hours. Hours that were unknown and hours that were known are in separate runs."""
    run: list[_Hour] = []
    for hour in hours:
        if run and (hour.start != run[-1].start + HOUR or (hour.before is None) != (run[-1].before is None)):
            yield run
            run = []
        run.append(hour)
    if run:
        yield run


def _restated(key: ColumnKey, run: Sequence[_Hour]) -> Restated:
    """Events are summed; shares of time are averaged."""
    share = len(run) if key[1].role == "availability" else 1
    known = [hour.before for hour in run if hour.before is not None]
    return Restated(
        service=key[0],
        what=str(key[1]),
        cause=RestatedCause.LATE_DATA,
        start=run[0].start,
        end=run[-1].start + HOUR,
        before=sum(known) / share if known else None,
        after=sum(hour.after for hour in run) / share,
    )


def corrected(before: Snapshot, services: Sequence[ServiceReport]) -> tuple[Restated, ...]:
    """Corrections of time that the previous report has judged: new ones, and ones that were taken back."""
    old = {(service.name, slo.name): slo for service in before.services for slo in service.slos}
    until = before.at
    return tuple(
        found
        for service in services
        for slo in service.slos
        if (service.name, slo.name) in old
        for found in _corrected(service.name, old[service.name, slo.name], slo, until)
    )


def _corrected(service: str, old: SloReport, new: SloReport, until: int) -> Iterator[Restated]:
    added, taken_back = changed_corrections(old, new, until)
    raw = new.uncorrected.budget.remaining_ratio if new.uncorrected is not None else new.budget.remaining_ratio
    left = new.budget.remaining_ratio
    about = Restated(service, new.name, RestatedCause.CORRECTION, 0, 0, None, None)
    for one in added:
        yield replace(about, start=one.start, end=one.end, before=raw, after=left, reason=one.reason)
    for one in taken_back:
        before, reason = old.budget.remaining_ratio, f"taken back: {one.reason}"
        yield replace(about, start=one.start, end=one.end, before=before, after=left, reason=reason)


def changed_corrections(
    old: SloReport, new: SloReport, until: int
) -> tuple[list[AppliedCorrection], list[AppliedCorrection]]:
    """The corrections of time before `until`, the older report's moment: the new ones, and the ones that are gone."""
    was, now = _applied(old, until), _applied(new, until)
    since = new.windows[new.window].start
    # A correction that ended before the window has left it; it was not taken back.
    gone = (one for one in was - now if one.end > since)
    return sorted(now - was, key=_start), sorted(gone, key=_start)


def _start(one: AppliedCorrection) -> int:
    return one.start


def _applied(slo: SloReport, until: int) -> set[AppliedCorrection]:
    found = slo.uncorrected.applied if slo.uncorrected is not None else ()
    return {one for one in found if one.start < until}
