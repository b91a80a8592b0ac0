"""An SLO, judged: what was counted → windows, budget, alerts, forecast, statement, status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap.compute.budget import budget, remaining_ratio
from sresnap.compute.burn import alerts, burn_rate
from sresnap.compute.events import SloData, Total, corrected, hours_of, over, over_period
from sresnap.compute.forecast import LONG_PACE, forecast
from sresnap.compute.precision import precision
from sresnap.compute.statement import statement
from sresnap.compute.status import has_just_begun, is_plausible, judge
from sresnap.model.corrections import Correction, Cut
from sresnap.model.events import BurnPair, EventCount
from sresnap.model.service import Basis, Slo
from sresnap.model.snapshot import (
    AppliedCorrection,
    CalendarReport,
    Hours,
    SloReport,
    Status,
    Uncorrected,
    WindowReport,
)
from sresnap.model.windows import LONG_WINDOWS, SHORT_WINDOWS, CalendarWindow, Period, iso


@dataclass(frozen=True, slots=True)
class Removed:
    """What corrections take out of an SLO."""

    corrections: Sequence[Correction] = ()
    """Those that concern its service."""
    events: Mapping[Cut, EventCount | None] = field(default_factory=dict)
    """What was counted in each part of an hour that is left out; None where that is unknown."""

    def within(self, start: int, end: int) -> list[Correction]:
        return [c for c in self.corrections if c.start < end and c.end > start]


NOTHING_REMOVED = Removed()


def evaluate_slo(
    slo: Slo, measured: SloData, pairs: Sequence[BurnPair], removed: Removed = NOTHING_REMOVED
) -> SloReport:
    """All windows, the budget, the alerts, the forecast, the statement and the status of one SLO.

    Corrections count in what is added up from hours: the windows of a day and longer. The windows up to 6h, which
    alerts act on, stay as measured; a pair is withheld while its short window holds a correction.
    """
    period = slo.window.period(measured.at)
    data = corrected(measured, removed.events) if removed.events else measured
    totals = _totals(slo, data, period)
    whole = totals[period.name]
    rates = {name: burn_rate(total.events, slo.objective) for name, total in totals.items()}
    by_seconds = {w.seconds: w.name for w in (*SHORT_WINDOWS, *LONG_WINDOWS)}
    of_events = slo.basis is Basis.EVENTS
    left = budget(whole.events, slo.objective, _budget_seconds(period, data.at), in_events=of_events)
    fired = alerts(
        pairs,
        {seconds: rates[name] for seconds, name in by_seconds.items()},
        period.length_seconds,
        bad=_bad(by_seconds, totals) if of_events else None,
        maintenance=_maintenance(by_seconds, removed, data.at),
    )
    hours = hours_of(data, period)
    late = data.hours[-LONG_PACE.hours :]
    ahead = forecast(hours, data.running, slo.objective, data.at, period, late, data.left_out)
    young = _young(slo, period, whole.events)
    status, reason = judge(whole.events, whole.coverage, left, rates, fired, ahead, data.at, period.name, young)
    return SloReport(
        name=slo.name,
        objective=slo.objective,
        basis=slo.basis.value,
        threshold_seconds=slo.threshold_seconds,
        window=period.name,
        status=status,
        reason=reason,
        flags=_flags(whole.events, is_young=young is not None),
        windows={name: _window_report(total, rates[name]) for name, total in totals.items()},
        budget=left,
        alerts=fired,
        forecast=ahead,
        hours=Hours(
            start=iso(period.start),
            good=tuple(None if hour is None else hour.good for hour in hours),
            total=tuple(None if hour is None else hour.total for hour in hours),
        ),
        kind=slo.kind.value,
        slice_seconds=slo.slice_seconds,
        slice_target=slo.slice_target,
        calendar=_calendar(slo, period, whole.events),
        uncorrected=_uncorrected(slo, measured, data, period, removed),
        statement=statement(hours, data.running, slo.objective, data.at, period, late, data.left_out),
        precision=precision(slo, hours),
        series=slo.series,
    )


def _budget_seconds(period: Period, at: int) -> int:
    """The time that the budget is a share of; of a calendar window what has passed, as its budget is to date."""
    return period.length_seconds if period.resets_at is None else at - period.start


def _young(slo: Slo, period: Period, events: EventCount | None) -> int | None:
    """How long ago a calendar window began, while that is too short to judge it."""
    age = period.end - period.start
    is_young = period.resets_at is not None and has_just_begun(events, age, slo.slice_seconds)
    return age if is_young else None


def _flags(events: EventCount | None, *, is_young: bool) -> tuple[str, ...]:
    if is_young:
        return ("just_begun",)
    if events is None:
        return ()
    found = {"no_traffic": events.total <= 0, "implausible": not is_plausible(events)}
    return tuple(name for name, is_so in found.items() if is_so)


def _totals(slo: Slo, data: SloData, period: Period) -> dict[str, Total]:
    """By window, shortest first; a calendar window comes last."""
    rolling = {w.seconds: w for w in (*SHORT_WINDOWS, *LONG_WINDOWS)}
    if not isinstance(slo.window, CalendarWindow):
        rolling[slo.window.seconds] = slo.window
    totals = {rolling[seconds].name: over(data, rolling[seconds]) for seconds in sorted(rolling)}
    return totals if period.name in totals else {**totals, period.name: over_period(data, period)}


def _bad(names: Mapping[int, str], totals: Mapping[str, Total]) -> dict[int, float]:
    found = {seconds: totals[name].events for seconds, name in names.items()}
    return {seconds: events.bad for seconds, events in found.items() if events is not None}


def _maintenance(names: Iterable[int], removed: Removed, at: int) -> dict[int, str]:
    """By window: the reason of a correction that lies in it."""
    found = {seconds: removed.within(at - seconds, at) for seconds in names}
    return {seconds: corrections[-1].reason for seconds, corrections in found.items() if corrections}


def _calendar(slo: Slo, period: Period, events: EventCount | None) -> CalendarReport | None:
    """A calendar window to date.

    30 % of the budget consumed by the events so far, 10 days into 30: if traffic goes on as so far, they are
    0.3 × 10 / 30 = 10 % of what the whole month allows, and 90 % are left.
    """
    if not isinstance(slo.window, CalendarWindow) or period.resets_at is None:
        return None
    elapsed = (period.end - period.start) / period.length_seconds
    consumed = None if events is None else 1 - remaining_ratio(events, slo.objective)
    return CalendarReport(
        unit=slo.window.unit.value,
        timezone=slo.window.timezone,
        start=iso(period.start),
        resets_at=iso(period.resets_at),
        elapsed_ratio=elapsed,
        of_period_ratio=None if consumed is None else 1 - consumed * elapsed,
    )


def _uncorrected(slo: Slo, measured: SloData, data: SloData, period: Period, removed: Removed) -> Uncorrected | None:
    applied = removed.within(period.start, period.end)
    if not applied:
        return None
    whole = over_period(measured, period)
    return Uncorrected(
        window=_window_report(whole, burn_rate(whole.events, slo.objective)),
        budget=budget(
            whole.events, slo.objective, _budget_seconds(period, measured.at), in_events=slo.basis is Basis.EVENTS
        ),
        excluded_seconds=sum(seconds for hour, seconds in data.left_out.items() if hour >= period.start),
        applied=tuple(AppliedCorrection(c.reason, iso(c.start), iso(c.end)) for c in applied),
    )


def _window_report(total: Total, rate: float | None) -> WindowReport:
    events = total.events
    return WindowReport(
        start=iso(total.start),
        end=iso(total.end),
        good=None if events is None else events.good,
        total=None if events is None else events.total,
        sli=None if events is None else events.sli,
        burn_rate=rate,
        coverage=total.coverage,
    )


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of them; NO_DATA of none."""
    return min(statuses, key=lambda status: status.rank, default=Status.NO_DATA)
