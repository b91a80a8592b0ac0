"""An SLO, judged: counts → windows, budget, alerts, now, forecast, statement, status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.compute.slo.alerts import alerts
from sresnap.compute.slo.budget import budget
from sresnap.compute.slo.corrections import (
    NO_EXCLUSIONS,
    Exclusions,
    as_counted,
    maintenance,
    of_period_ratio,
    uncorrected,
)
from sresnap.compute.slo.events import SloData, Total, corrected, over_period
from sresnap.compute.slo.first_days import known_since, provisional_of
from sresnap.compute.slo.forecast import LONG_PACE, Ahead, calmest, forecast
from sresnap.compute.slo.now import now_of
from sresnap.compute.slo.precision import precision
from sresnap.compute.slo.statement import statement
from sresnap.compute.slo.status import LEAST_COVERAGE, has_just_begun, is_low_traffic, is_plausible, judge
from sresnap.compute.slo.traffic import TRAFFIC_HOURS, traffic_by_hour
from sresnap.compute.slo.windows import totals, window_report
from sresnap.model.events import BurnPair, EventCount
from sresnap.model.forecast import Forecast
from sresnap.model.hours import Floats, HourlyCounts
from sresnap.model.now import Now
from sresnap.model.service import Basis, Slo
from sresnap.model.slo import Alert, Budget, CalendarReport, Flag, Provisional, SloReport, Uncorrected, WindowReport
from sresnap.model.status import Status
from sresnap.model.windows import HOUR, LONG_WINDOWS, SHORT_WINDOWS, CalendarWindow, Period, floor


def evaluate_slo(
    slo: Slo, measured: SloData, pairs: Sequence[BurnPair], exclusions: Exclusions = NO_EXCLUSIONS
) -> SloReport:
    """All windows, the budget, the alerts, the state now, the forecast, the statement and the status of one SLO.

    Corrections apply to windows that are summed from hours: a day and longer. Windows up to 6h, which alerts act on,
    stay as measured; an alert pair is withheld while its short window holds a correction.
    """
    counts = _measure(slo, measured, exclusions)
    return _record(counts, _judge(counts, pairs))


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was counted, by window and by hour."""

    slo: Slo
    data: SloData
    """With corrections."""
    period: Period
    exclusions: Exclusions
    totals: Mapping[str, Total]
    """By the window's name."""
    as_measured: Mapping[str, Total]
    """Without corrections, of the windows that hold one."""
    windows: Mapping[str, WindowReport]
    since: int | None
    """Start of the first hour that is known."""
    provisional: Provisional | None
    hours: HourlyCounts
    """Of the window."""
    before: HourlyCounts
    """Of the window before."""
    traffic: Floats
    """Usual events of each hour of the week."""

    @property
    def whole(self) -> Total:
        """Of the SLO window."""
        return self.totals[self.period.name]

    @property
    def seen(self) -> float:
        """The share of the window that was seen."""
        return 1.0 if self.provisional is None else self.provisional.share

    @property
    def rates(self) -> dict[str, float | None]:
        """Burn rates by the window's name."""
        return {name: window.burn_rate for name, window in self.windows.items()}


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the counts mean."""

    budget: Budget
    uncorrected: Uncorrected | None
    alerts: tuple[Alert, ...]
    forecast: Forecast
    status: Status
    reason: str
    flags: tuple[str, ...]
    now: Now


def _measure(slo: Slo, measured: SloData, exclusions: Exclusions) -> _Counts:
    period = slo.window.period(measured.at)
    data = corrected(measured, exclusions.events) if exclusions.events else measured
    found = totals(slo, data, period)
    since = known_since(measured.hours, measured.known_since)
    hours, before = data.hours.since(period.start), _before(data.hours, period, since)
    return _Counts(
        slo=slo,
        data=data,
        period=period,
        exclusions=exclusions,
        totals=found,
        as_measured=as_counted(slo, measured, period, exclusions),
        windows={name: window_report(total, slo.objective) for name, total in found.items()},
        since=since,
        provisional=provisional_of(since, period),
        hours=hours,
        before=before,
        traffic=traffic_by_hour(hours if period.resets_at is None else before.followed_by(hours)),
    )


def _judge(counts: _Counts, pairs: Sequence[BurnPair]) -> _Verdict:
    slo, data, period, provisional, rates = counts.slo, counts.data, counts.period, counts.provisional, counts.rates
    events, of_events = counts.whole.events, slo.basis is Basis.EVENTS
    left = budget(events, slo.objective, period.budget_seconds, in_events=of_events, seen=counts.seen)
    fired = _alerts(counts, pairs)
    late = data.hours.tail(LONG_PACE.hours)
    ahead = forecast(
        counts.hours,
        data.running,
        slo.objective,
        period,
        late,
        data.left_out,
        provisional,
        counts.traffic,
        in_events=of_events,
    )
    begun = _just_begun(slo, period, events)
    coverage = counts.whole.coverage if provisional is None else _coverage_since(data, period, provisional)
    few = is_low_traffic(events, slo.objective, in_events=of_events)
    status, reason = judge(events, coverage, left, rates, fired, ahead, data.at, period.name, begun, is_few=few)
    flags = _flags(events, is_few=few, just_begun=begun is not None)
    now = Now.unknown(reason) if Flag.IMPLAUSIBLE in flags else now_of(fired, rates, period.name)
    if provisional is not None and status.is_judged:
        reason = fmt.plain(
            f"{reason} Provisional: {fmt.part_of(provisional.seen_seconds, provisional.of_seconds)} seen."
        )
    raw = uncorrected(slo, counts.whole, counts.as_measured, data.left_out, period, counts.exclusions, counts.seen)
    if raw is not None and period.name in counts.as_measured:
        reason = _with_uncorrected(reason, counts.whole, raw, period, left)
    return _Verdict(left, raw, fired, ahead, status, reason, flags, now)


def _alerts(counts: _Counts, pairs: Sequence[BurnPair]) -> tuple[Alert, ...]:
    names = {window.seconds: window.name for window in (*SHORT_WINDOWS, *LONG_WINDOWS)}
    of_events, rates = counts.slo.basis is Basis.EVENTS, counts.rates
    return alerts(
        pairs,
        {seconds: rates[name] for seconds, name in names.items()},
        counts.period.length_seconds,
        bad=_bad(names, counts.totals) if of_events else None,
        total=_totals(names, counts.totals) if of_events else None,
        raw_bad=_bad(names, counts.as_measured),
        maintenance=maintenance(names, counts.exclusions, counts.data.at),
    )


def _record(counts: _Counts, verdict: _Verdict) -> SloReport:
    slo, data, period, hours = counts.slo, counts.data, counts.period, counts.hours
    return SloReport(
        name=slo.name,
        objective=slo.objective,
        basis=slo.basis.value,
        threshold_seconds=slo.threshold_seconds,
        window=period.name,
        status=verdict.status,
        reason=verdict.reason,
        flags=verdict.flags,
        windows=counts.windows,
        budget=verdict.budget,
        alerts=verdict.alerts,
        forecast=verdict.forecast,
        hours=hours.report(),
        kind=slo.kind.value,
        slice_seconds=slo.slice_seconds,
        slice_target=slo.slice_target,
        calendar=_calendar(slo, period, counts.whole.events, counts.seen),
        uncorrected=verdict.uncorrected,
        statement=statement(
            Ahead(hours, data.running, slo.objective, period, counts.provisional, counts.traffic),
            calmest(verdict.forecast),
            data.left_out,
        ),
        precision=precision(slo, hours),
        running=data.running,
        series=tuple(map(str, slo.series)),
        now=verdict.now,
        provisional=counts.provisional,
        earlier=counts.before.report(),
        known_since=counts.since,
    )


def _coverage_since(data: SloData, period: Period, provisional: Provisional) -> float | None:
    """The coverage to judge by: of the time since the first hour that is known, unless that has gaps."""
    found = over_period(data, replace(period, start=provisional.since)).coverage
    return found if found is not None and found >= LEAST_COVERAGE else over_period(data, period).coverage


def _before(hours: HourlyCounts, period: Period, since: int | None) -> HourlyCounts:
    """The hours of the window before, as far as they are known: a calendar window needs only their traffic."""
    length = period.length_seconds if period.resets_at is None else min(period.length_seconds, TRAFFIC_HOURS * HOUR)
    first = min(period.start, max(period.start - floor(length, HOUR), since or period.start))
    return hours.slice(hours.index(first), max(0, hours.index(period.start)))


def _just_begun(slo: Slo, period: Period, events: EventCount | None) -> int | None:
    """How long ago a calendar window began, while it is too early to judge."""
    age = period.end - period.start
    is_early = period.resets_at is not None and has_just_begun(events, age, slo.slice_seconds)
    return age if is_early else None


def _flags(events: EventCount | None, *, is_few: bool, just_begun: bool) -> tuple[str, ...]:
    if just_begun:
        return (Flag.JUST_BEGUN,)
    if events is None:
        return ()
    found = {
        Flag.NO_TRAFFIC: events.total <= 0,
        Flag.LOW_TRAFFIC: is_few,
        Flag.IMPLAUSIBLE: not is_plausible(events),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def _with_uncorrected(reason: str, whole: Total, raw: Uncorrected, period: Period, judged: Budget) -> str:
    """The reason, followed by the budget left without corrections if that reads differently."""
    left = raw.budget.remaining_ratio
    if left is None:
        return reason
    if whole.events is None:
        reason = f"Corrections leave out all data of {fmt.window_phrase(period.name)}."
    elif fmt.percent_signed(left) == fmt.percent_signed(judged.remaining_ratio):
        return reason
    return fmt.plain(f"{reason} Without corrections, {fmt.percent_signed(left)} of the budget is left.")


def _bad(names: Mapping[int, str], found: Mapping[str, Total]) -> dict[int, float]:
    events = {seconds: found[name].events for seconds, name in names.items() if name in found}
    return {seconds: count.bad for seconds, count in events.items() if count is not None}


def _totals(names: Mapping[int, str], found: Mapping[str, Total]) -> dict[int, float]:
    events = {seconds: found[name].events for seconds, name in names.items() if name in found}
    return {seconds: count.total for seconds, count in events.items() if count is not None}


def _calendar(slo: Slo, period: Period, events: EventCount | None, seen: float) -> CalendarReport | None:
    """A calendar window to date."""
    if not isinstance(slo.window, CalendarWindow) or period.resets_at is None:
        return None
    return CalendarReport(
        unit=slo.window.unit.value,
        timezone=slo.window.timezone,
        start=period.start,
        resets_at=period.resets_at,
        elapsed_ratio=period.elapsed_ratio,
        of_period_ratio=of_period_ratio(events, slo.objective, period, seen),
    )


def worst(statuses: Iterable[Status]) -> Status:
    """The worst status; NO_DATA without any."""
    return min(statuses, key=lambda status: status.rank, default=Status.NO_DATA)
