"""Computes the services of a snapshot, and its problems, from everything that was gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sresnap.compute.answers import Answers
from sresnap.compute.fleet.now import service_now
from sresnap.compute.signals.capacity import capacity_trend
from sresnap.compute.signals.golden import capacity, curve, hourly_curve, signal_report
from sresnap.compute.slo.bounds import evaluate_between
from sresnap.compute.slo.corrections import Exclusions
from sresnap.compute.slo.doubts import NOT_PERCENT, looks_like_ratio, with_doubts
from sresnap.compute.slo.evaluate import worst
from sresnap.compute.slo.events import SloData, count, count_hours
from sresnap.compute.slo.policy import policy
from sresnap.compute.zeros import says_nothing
from sresnap.model.corrections import Correction, Cut, cuts, of_service
from sresnap.model.events import BurnPair, EventCount
from sresnap.model.golden import CapacityTrend, SignalReport
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.query import DEFAULT_SOURCE, Failure, Purpose
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import PolicyText, Service, Slo
from sresnap.model.signals import CAPACITY, CAPACITY_NAMES, GOLDEN, Signal, peak_key, signal_key
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport
from sresnap.model.status import Status
from sresnap.model.windows import HOUR, SHORT_WINDOWS, Window, floor

_SIGNAL_PURPOSES = (Purpose.SIGNAL, Purpose.HOURLY)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The hours before the report's: they say what the budget was at each hour of a window."""

    hours: Span
    history: History
    """Of the series of SLOs."""


@dataclass(frozen=True, slots=True)
class ReportInput:
    """The input of a report."""

    at: int
    window: Window
    """Of the charts."""
    services: Sequence[Service]
    pairs: Sequence[BurnPair]
    hours: Span
    answers: Answers
    history: History
    definitions: Mapping[ColumnKey, str]
    corrections: Sequence[Correction]
    policies: Mapping[str, PolicyText]
    """The team's own, by status."""
    default_policies: Mapping[str, PolicyText]
    causes: Mapping[ColumnKey, str]
    """By (service, series): why the series of an SLO found nothing, where the cause is known."""
    earlier: Earlier
    undercounted: frozenset[ColumnKey] = frozenset()
    """Series whose numbers stand, though errors are missing in them."""
    ever_known: Mapping[ColumnKey, int] = field(default_factory=dict)
    """By (service, series): start of the first hour that was ever known."""
    failed_sources: Mapping[str, Failure] = field(default_factory=dict)
    """By name, sources that answered nothing, and why."""
    names_sources: bool = False
    """Whether the report says which source a number came from."""

    @property
    def known_since(self) -> int:
        """Start of the first hour that may be known: of the earlier ones, or of the report's."""
        return min(self.earlier.hours.start, self.hours.start)

    def with_earlier(self, service: str, key: SeriesKey, *, upper: bool = False) -> tuple[float | None, ...]:
        """A series' whole hours, after those before them."""
        span, history = Span(self.known_since, self.hours.start), self.earlier.history
        kept = history.upper if upper else history.values
        definition = self.definitions.get((service, key), "")
        found = (*kept((service, key), definition, span), *self.hourly(service, key, upper=upper))
        return self._trusted(service, key, found)

    def hourly(self, service: str, key: SeriesKey, *, upper: bool = False) -> tuple[float | None, ...]:
        """A series' whole hours, or their upper bounds; all None where it is not kept."""
        definition = self.definitions.get((service, key))
        if definition is None:
            return (None,) * ((self.hours.end - self.hours.start) // HOUR)
        kept = self.history.upper if upper else self.history.values
        return self._trusted(service, key, kept((service, key), definition, self.hours))

    def _trusted(self, service: str, key: SeriesKey, values: tuple[float | None, ...]) -> tuple[float | None, ...]:
        """The values, none of a doubted series that has found nothing at all: its zeros may be another build's."""
        if (service, key.whole) not in self.answers.doubts:
            return values
        return (None,) * len(values) if all(says_nothing(key, value) for value in values) else values


def service_report(gathered: ReportInput, service: Service) -> ServiceReport:
    """One service with all its panels."""
    failure = gathered.failed_sources.get(service.source)
    slos = tuple(_of_source(_slo_report(gathered, service.name, slo), service.source, failure) for slo in service.slos)
    status = worst(slo.status for slo in slos)
    values, absent = {}, {}
    shown = [signal for signal in CAPACITY if signal.key not in service.off]
    for signal in shown:
        values[signal.key] = gathered.answers.value(service.name, Purpose.CAPACITY, signal_key(signal), "now")
        reason = _absent(gathered, service, signal, (Purpose.CAPACITY,))
        if reason is not None:
            absent[signal.key] = reason
    known, missing = capacity(values, absent)
    trends = {CAPACITY_NAMES[signal.key]: _trend(gathered, service.name, signal) for signal in shown}
    return ServiceReport(
        name=service.name,
        slug=service.slug,
        status=status,
        slos=slos,
        signals={signal.key: _signal(gathered, service, signal) for signal in GOLDEN if signal.key not in service.off},
        capacity=known,
        capacity_absent=missing,
        policy=policy(slos, status, gathered.policies, gathered.default_policies),
        weight=service.weight,
        capacity_trends={name: trend for name, trend in trends.items() if trend is not None},
        now=service_now(slos),
        selected_by={by: service.labels[by] for by in sorted(gathered.answers.grouped_by) if by in service.labels},
        provider=service.provider,
        people=service.people,
        source=service.source if gathered.names_sources else None,
    )


def _slo_report(gathered: ReportInput, service: str, slo: Slo) -> SloReport:
    """An SLO, judged. Where it has no data, its reason gives the cause if it is known."""
    proved, possible = (_slo_data(gathered, service, slo, upper=upper) for upper in (False, True))
    exclusions = _exclusions(gathered, service, slo)
    report = evaluate_between(slo, proved, possible, gathered.pairs, exclusions)
    if looks_like_ratio(slo, gathered.hourly(service, slo.series[0])):
        report = replace(report, reason=f"{report.reason.removesuffix('.')}. {NOT_PERCENT}")
    causes = {key: text for key in slo.series if (text := gathered.causes.get((service, key)))}
    unknown, undercounted = gathered.answers.doubts, gathered.undercounted
    doubted = {key for key in causes if (service, key) in unknown or (service, key) in undercounted}
    return with_doubts(report, slo, causes, doubted, gathered.answers.warning(service, slo.series))


def _of_source(report: SloReport, source: str, failure: Failure | None) -> SloReport:
    """The report of an SLO whose source may have failed: what is unknown is so for that reason, which is given once."""
    if failure is None:
        return report
    if report.status.is_judged:
        now = replace(report.now, reason=f"{report.now.reason} Source {source} answered nothing.")
        return replace(report, now=now)
    reason = f"{report.reason.removesuffix('.')}: {failure.message}."
    return replace(report, reason=reason, cause=failure.message)


def _slo_data(gathered: ReportInput, service: str, slo: Slo, *, upper: bool) -> SloData:
    """An SLO's counts: those that the samples prove, or those with all that they cannot rule out."""
    columns = {key: gathered.with_earlier(service, key, upper=upper) for key in slo.series}
    proven = {key: _has_value(gathered.hourly(service, key)) for key in columns}

    def instant(purpose: Purpose, window: str, seconds: int) -> EventCount | None:
        values = {
            key: gathered.answers.value(service, purpose, key, window, is_proven=proven[key], upper=upper)
            for key in slo.series
        }
        return count(slo, values, seconds)

    first = gathered.known_since
    return SloData(
        at=gathered.at,
        short={w.seconds: instant(Purpose.SLI, w.name, w.seconds) for w in SHORT_WINDOWS},
        running=instant(Purpose.RUNNING_HOUR, "running", gathered.at - floor(gathered.at, HOUR)),
        hours=count_hours(slo, columns, first, (gathered.hours.end - first) // HOUR),
        seen=_seen(gathered, service, slo.series[0]),
        known_since=_ever_known(gathered, service, slo),
    )


def _ever_known(gathered: ReportInput, service: str, slo: Slo) -> int | None:
    """Start of the first hour that all series of an SLO may have been known in."""
    found = [gathered.ever_known.get((service, key)) for key in slo.series]
    known = [since for since in found if since is not None]
    return max(known) if len(known) == len(found) else None


def _has_value(column: Sequence[float | None]) -> bool:
    """Whether a query has found anything in the hours of the report."""
    return any(value is not None for value in column)


def _exclusions(gathered: ReportInput, service: str, slo: Slo) -> Exclusions:
    """The corrections of a service, with the counts of each part of an hour that they cut out."""
    corrections = of_service(gathered.corrections, service)
    parts = cuts(corrections, gathered.known_since, gathered.at)
    return Exclusions(corrections, {cut: _cut_counts(gathered, service, slo, cut) for cut in parts})


def _cut_counts(gathered: ReportInput, service: str, slo: Slo, cut: Cut) -> EventCount | None:
    """The counts of a part of an hour; None for a whole hour, whose counts are not needed."""
    if cut.is_whole:
        return None
    keys = {key: cut.key(key) for key in slo.series}
    if cut.hour == gathered.hours.end:
        values = {
            key: gathered.answers.value(
                service, Purpose.RUNNING_HOUR, part, "running", is_proven=_has_value(gathered.hourly(service, key))
            )
            for key, part in keys.items()
        }
    else:
        index = (cut.hour - gathered.known_since) // HOUR
        values = {key: gathered.with_earlier(service, part)[index] for key, part in keys.items()}
    return count(slo, values, cut.seconds)


def _seen(gathered: ReportInput, service: str, key: SeriesKey) -> list[bool] | None:
    """Which five minutes of the last six hours had data; None when the query failed."""
    series = gathered.answers.series(service, Purpose.SEEN, key, "6h")
    if gathered.answers.failure(service, key, [Purpose.SEEN]):
        return None
    if series is None:
        return [False]
    points = zip(series.grid.times(), series.values, strict=True)
    return [value is not None or time in series.unclear for time, value in points]


def _trend(gathered: ReportInput, service: str, signal: Signal) -> CapacityTrend | None:
    start = gathered.window.period(gathered.at).start
    first = (start - gathered.hours.start) // HOUR
    return capacity_trend(start, gathered.hourly(service, signal_key(signal))[first:])


def _signal(gathered: ReportInput, service: Service, signal: Signal) -> SignalReport:
    windows = {}
    for name in ("1h", "6h"):
        series = gathered.answers.series(service.name, Purpose.SIGNAL, signal_key(signal), name)
        if series is not None:
            windows[name] = curve(series)
    start = gathered.window.period(gathered.at).start
    first = (start - gathered.hours.start) // HOUR
    hours, peaks = (gathered.hourly(service.name, key)[first:] for key in (signal_key(signal), peak_key(signal)))
    if any(value is not None for value in (*hours, *peaks)):
        windows[gathered.window.name] = hourly_curve(start, hours, peaks)
    found = [value for window in windows.values() for value in window.values]
    if signal.key == "error_rate" and not any(found) and (doubt := _doubt_of_errors(gathered, service.name)):
        return signal_report(signal, {}, None, f"Bad events are unknown: {doubt}.")
    known = any(value is not None for value in found)
    absent = None if known else _absent(gathered, service, signal, _SIGNAL_PURPOSES)
    hour = gathered.answers.series(service.name, Purpose.SIGNAL, signal_key(signal), "1h")
    return signal_report(signal, windows, hour, absent)


def _doubt_of_errors(gathered: ReportInput, service: str) -> str | None:
    """Why no errors may mean that they are not found: presets take the rate of the same series as the bad events."""
    key = (service, SeriesKey("bad"))
    return gathered.causes.get(key) if key in gathered.answers.doubts else None


def _absent(gathered: ReportInput, service: Service, signal: Signal, purposes: Sequence[Purpose]) -> str | None:
    """Why a signal has no value, in one sentence; None when a query returned one."""
    if labels := service.lacking.get(signal.key):
        named = f"label{'s' * (len(labels) > 1)} {', '.join(labels)}"
        return f"Its query needs the {named}, which this service does not set under `labels`."
    if signal.key not in service.queries:
        return f"The preset {service.provider} has no query {signal.key}. Add one under `queries`."
    failure = gathered.answers.failure(service.name, signal_key(signal), purposes)
    if failure is not None:
        return failure.message
    if gathered.answers.has_series(service.name, signal_key(signal), purposes):
        return None
    who = "Prometheus" if service.source == DEFAULT_SOURCE else f"Source {service.source}"
    return f"{who} has no series for this query."


def fleet_status(reports: Sequence[ServiceReport]) -> Status:
    """The worst service's."""
    return worst(service.status for service in reports)
