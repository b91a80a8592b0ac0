"""Config + history + at → the queries to send. All times are aligned to the step; all queries share one `at`.

* golden signals: 1h by minutes, 6h by `step`, and by hours what the history lacks, with each hour's peak;
* SLIs: short windows by one instant each, the running hour by one instant over the time elapsed, whole hours for the
  history, and the last 6h in steps of five minutes, which show the part of a short window that has data;
* capacity: one instant each, and by hours what the history lacks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from sresnap import promql
from sresnap.config.settings import Config
from sresnap.model.corrections import Correction, Cut, cuts, of_service
from sresnap.model.history import ColumnKey, History, Span
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Slo
from sresnap.model.signals import CAPACITY, GOLDEN, SIGNALS, peak_key, signal_key
from sresnap.model.windows import DAY, HOUR, MINUTE, SHORT_WINDOWS, ceil, floor, format_duration

SEEN_STEP = 5 * MINUTE
"""The step in which the coverage of short windows is measured."""

_RATE = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Plan:
    """The queries of one report."""

    at: int
    hours: Span
    """The whole hours that the longest window is summed from."""
    queries: tuple[Query, ...]
    definitions: Mapping[ColumnKey, str]
    """(service, series) → definition, for every series that the history keeps."""
    totals: Mapping[ColumnKey, SeriesKey]
    """(service, series of bad or good events) → the series of all events."""
    corrections: tuple[Correction, ...]
    """The corrections that lie in the earlier hours, in the hours, or in the running one."""
    earlier: Span
    """The hours before them, back to two windows: what is known of them is read, and never queried."""


def history_hours(config: Config, at: int) -> Span:
    """The whole hours of the longest window, of the charts or of an SLO."""
    slos = (slo for service in config.services for slo in service.slos)
    starts = [config.window.period(at).start, *(_slo_start(slo, at) for slo in slos)]
    return Span(min(starts), floor(at, HOUR))


def earlier_hours(config: Config, at: int) -> Span:
    """The hours before `history_hours`, back to two windows: they say what the budget was at each hour of a window."""
    end = history_hours(config, at).start
    return Span(min(end, *(_earlier_start(slo, at) for service in config.services for slo in service.slos)), end)


def _earlier_start(slo: Slo, at: int) -> int:
    """Where the window before an SLO's own begins."""
    period = slo.window.period(at)
    return period.start - ceil(period.length_seconds, HOUR)


def _slo_start(slo: Slo, at: int) -> int:
    """The first hour that an SLO needs: of its window, or of the three days for burn rate and pace."""
    return min(slo.window.period(at).start, ceil(at - 3 * DAY, HOUR))


def plan(config: Config, history: History, at: int) -> Plan:
    """All queries for a report at `at` that the history does not answer."""
    hours, earlier = history_hours(config, at), earlier_hours(config, at)
    corrections = config.corrections(earlier.start, at)
    series = [
        *_signal_series(config, at),
        *_capacity_series(config, at),
        *_slo_series(config, at),
        *_cut_series(config, corrections, at, hours.start),
    ]
    kept = [*series, *_cut_series(config, corrections, at, earlier.start, queried=False)]
    definitions = {(m.service, use.key): _definition(config, use, m) for use in kept for m in use.members}
    queries = [
        *_signal_queries(config, at),
        *_sli_queries(config, at),
        *_running_cut_queries(config, corrections, at),
        *_capacity_queries(config, at),
        *(q for use in series for q in _hourly_queries(config, use, history, definitions)),
    ]
    totals = {
        (s.name, part): slo.total
        for s in config.services
        for slo in s.slos
        for part in (slo.bad, slo.good)
        if part and slo.total
    }
    return Plan(at, hours, tuple(queries), definitions, totals, corrections, earlier)


@dataclass(frozen=True, slots=True)
class _Series:
    """A series to query, and the services that need it."""

    key: SeriesKey
    template: QueryTemplate
    members: tuple[Member, ...]
    variables: Mapping[str, str]
    purpose: Purpose
    divisor: float
    hours: Span
    """Of the history."""
    denominator: bool = False
    ends: int = 0
    """Where within its hour a value ends, in seconds; 0 for the hour's end."""


def _members(config: Config) -> tuple[Member, ...]:
    return tuple(Member(service.name, service.labels) for service in config.services)


def _signal_series(config: Config, at: int) -> Iterator[_Series]:
    hours = Span(config.window.period(at).start, floor(at, HOUR))
    for signal in GOLDEN:
        template = config.templates.get(signal.key)
        if template is None:
            continue
        divisor = _divisor(config, signal.key)
        yield _Series(
            signal_key(signal), template, _members(config), window_variables(HOUR), Purpose.HOURLY, divisor, hours
        )
        yield _Series(
            peak_key(signal), template, _members(config), window_variables(_RATE), Purpose.PEAK, divisor, hours
        )


def _capacity_series(config: Config, at: int) -> Iterator[_Series]:
    """How full things were at the end of each hour."""
    hours = Span(config.window.period(at).start, floor(at, HOUR))
    for signal in CAPACITY:
        template = config.templates.get(signal.key)
        if template is not None:
            divisor = _divisor(config, signal.key)
            yield _Series(
                signal_key(signal), template, _members(config), window_variables(_RATE), Purpose.HOURLY, divisor, hours
            )


def _slo_series(config: Config, at: int) -> Iterator[_Series]:
    """Every series of an SLO, once, with the services that need it."""
    users: dict[SeriesKey, dict[str, Member]] = {}
    starts: dict[SeriesKey, int] = {}
    denominators: set[SeriesKey] = set()
    for service in config.services:
        for slo in service.slos:
            for key in slo.series:
                users.setdefault(key, {})[service.name] = Member(service.name, service.labels)
                starts[key] = min(starts.get(key, at), _slo_start(slo, at))
            denominators.add(slo.series[0])
    for key, members in users.items():
        source = config.series[key]
        yield _Series(
            key,
            source.template,
            tuple(members.values()),
            {**window_variables(HOUR), **source.variables},
            Purpose.HOURLY,
            100.0 if source.percent else 1.0,
            Span(starts[key], floor(at, HOUR)),
            denominator=key in denominators,
        )


def _cut_series(
    config: Config, corrections: Iterable[Correction], at: int, since: int, *, queried: bool = True
) -> Iterator[_Series]:
    """The counts of the parts of hours that corrections leave out, from a whole hour on. Whole hours need no query.

    Of a series, those that are queried begin with its own hours; earlier ones may be in the history.
    """
    members_of: dict[tuple[SeriesKey, Cut], list[Member]] = {}
    series = {use.key: use for use in _slo_series(config, at)}
    for service in config.services:
        parts = cuts(of_service(corrections, service.name), since, floor(at, HOUR))
        for cut in (cut for cut in parts if not cut.is_whole):
            for key in dict.fromkeys(key for slo in service.slos for key in slo.series):
                if not queried or cut.hour >= series[key].hours.start:
                    members_of.setdefault((key, cut), []).append(Member(service.name, service.labels))
    alike = sorted(members_of, key=lambda item: (str(item[1].key(item[0])), item[1].hour))
    for name, group in groupby(alike, key=lambda item: item[1].key(item[0])):
        found = list(group)
        base, cut = found[0]
        members = {member.service: member for item in found for member in members_of[item]}
        yield replace(
            series[base],
            key=name,
            members=tuple(members.values()),
            variables={**series[base].variables, **window_variables(cut.seconds)},
            hours=Span(found[0][1].hour, found[-1][1].hour + HOUR),
            denominator=False,
            ends=cut.last % HOUR,
        )


def _running_cut_queries(config: Config, corrections: Iterable[Correction], at: int) -> Iterator[Query]:
    """The counts of the parts of the running hour that corrections leave out."""
    series = {use.key: use for use in _slo_series(config, at)}
    members_of: dict[tuple[SeriesKey, Cut], list[Member]] = {}
    for service in config.services:
        for cut in cuts(of_service(corrections, service.name), floor(at, HOUR), at):
            for key in dict.fromkeys(key for slo in service.slos for key in slo.series):
                members_of.setdefault((key, cut), []).append(Member(service.name, service.labels))
    for (key, cut), members in members_of.items():
        use = replace(series[key], key=cut.key(key), members=tuple(members))
        grid = Grid.instant(cut.hour + cut.last)
        yield from _queries(use, grid, "running", purpose=Purpose.RUNNING_HOUR, over=cut.seconds)


def _divisor(config: Config, key: str) -> float:
    if key == "latency_p99":
        return 1000.0 if config.latency_unit == "milliseconds" else 1.0
    return 100.0 if SIGNALS[key].percent else 1.0


def _definition(config: Config, use: _Series, member: Member) -> str:
    """12 hex digits that change when the meaning of a service's hourly numbers does.

    The kind of source is part of it, so synthetic numbers never count as a real history.
    """
    names = {*promql.placeholders(use.template.promql), use.template.by or ""}
    labels = {name: member.labels.get(name, "") for name in names}
    # {within} follows from {window}.
    variables = sorted((name, value) for name, value in use.variables.items() if name != "within")
    parts = [
        use.template.written or use.template.promql,
        use.template.by,
        sorted(labels.items()),
        variables,
        use.divisor,
    ]
    return hashlib.sha256(repr([config.kind.value, *parts, use.purpose.value]).encode()).hexdigest()[:12]


def _queries(
    use: _Series, grid: Grid, window: str, *, purpose: Purpose | None = None, over: int | None = None
) -> Iterator[Query]:
    """One query for all members when grouped, otherwise one for each distinct text.

    `over` sets {window} and {rate}, in seconds.
    """
    purpose = purpose or use.purpose
    variables = use.variables if over is None else {**use.variables, **window_variables(over)}
    for members in _alike(use, variables):
        yield Query(use.template, members, variables, grid, purpose, use.key, window, use.divisor)


def _alike(use: _Series, variables: Mapping[str, str]) -> Iterable[tuple[Member, ...]]:
    if use.template.by is not None:
        return [use.members]
    texts: dict[str, list[Member]] = {}
    for member in use.members:
        texts.setdefault(promql.render_member(use.template, member, variables), []).append(member)
    return [tuple(members) for members in texts.values()]


def _signal_queries(config: Config, at: int) -> Iterator[Query]:
    step = config.step_seconds
    hour = Grid.spanning(at - HOUR, at, MINUTE)
    end = floor(at, step)
    six = Grid.spanning(end - floor(6 * HOUR, step), end, step)
    for use in _signal_series(config, at):
        if use.purpose is Purpose.HOURLY:
            yield from _queries(use, hour, "1h", purpose=Purpose.SIGNAL, over=_RATE)
            yield from _queries(use, six, "6h", purpose=Purpose.SIGNAL, over=max(_RATE, step))


def _sli_queries(config: Config, at: int) -> Iterator[Query]:
    elapsed = at - floor(at, HOUR)
    end = floor(at, SEEN_STEP)
    for use in _slo_series(config, at):
        for window in SHORT_WINDOWS:
            yield from _queries(use, Grid.instant(at), window.name, purpose=Purpose.SLI, over=window.seconds)
        if elapsed:
            yield from _queries(use, Grid.instant(at), "running", purpose=Purpose.RUNNING_HOUR, over=elapsed)
        if use.denominator:
            seen = Grid.spanning(end - 6 * HOUR + SEEN_STEP, end, SEEN_STEP)
            yield from _queries(use, seen, "6h", purpose=Purpose.SEEN, over=SEEN_STEP)


def window_variables(seconds: int) -> dict[str, str]:
    """{window} and {rate}, and {within}: a millisecond less.

    {within} is for ranges with samples on their edges: Prometheus 2 includes both edges, Prometheus 3 one.
    """
    text = format_duration(seconds)
    return {"window": text, "rate": text, "within": f"{seconds * 1000 - 1}ms"}


def _capacity_queries(config: Config, at: int) -> Iterator[Query]:
    for use in _capacity_series(config, at):
        yield from _queries(replace(use, purpose=Purpose.CAPACITY), Grid.instant(at), "now")


def trial(config: Config, at: int) -> tuple[Query, ...]:
    """Every query of the configuration once, over the last hour: what `check --online` sends."""
    instant = Grid.instant(at)
    queries = [*_capacity_queries(config, at)]
    for use in _signal_series(config, at):
        if use.purpose is Purpose.HOURLY:
            queries += _queries(use, instant, "now", purpose=Purpose.SIGNAL, over=_RATE)
    for use in _slo_series(config, at):
        queries += _queries(use, instant, "1h", purpose=Purpose.SLI, over=HOUR)
    return tuple(queries)


def _hourly_queries(
    config: Config, use: _Series, history: History, definitions: Mapping[ColumnKey, str]
) -> Iterator[Query]:
    """The hours that the history lacks. Services that lack the same hours share a query."""
    lacking: dict[Span, list[Member]] = {}
    for member in use.members:
        key = (member.service, use.key)
        for span in history.unsealed(key, definitions[key], use.hours):
            lacking.setdefault(span, []).append(member)
    for span, members in lacking.items():
        # An hour is queried at its end, a part of an hour at the part's end.
        last = use.ends or HOUR
        grid = Grid.spanning(span.start + last, span.end - HOUR + last, HOUR)
        yield from _queries(replace(use, members=tuple(members)), grid, config.window.name)
