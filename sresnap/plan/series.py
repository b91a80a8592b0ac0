"""The series that the history keeps, and the services that need them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from sresnap import promql
from sresnap.config.settings import Config
from sresnap.model.corrections import Correction, Cut, cuts, of_service
from sresnap.model.history import ColumnKey, Span
from sresnap.model.query import DEFAULT_SOURCE, Member, Purpose, QueryTemplate
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Service, SliSeries
from sresnap.model.signals import CAPACITY, GOLDEN, SIGNALS, peak_key, signal_key
from sresnap.model.windows import HOUR, MINUTE, floor, format_duration
from sresnap.plan.hours import slo_start

RATE = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class PlannedSeries:
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
    source: str = DEFAULT_SOURCE
    """The Prometheus that its services are asked of."""


def _member(service: Service) -> Member:
    return Member(service.name, service.labels)


def _templates(config: Config, key: str) -> Iterable[tuple[QueryTemplate, str, tuple[Member, ...]]]:
    """The queries of a signal, each with a source and the services of that source that have it."""
    found: dict[tuple[QueryTemplate, str], list[Member]] = {}
    for service in config.services:
        template = service.queries.get(key)
        if template is not None:
            found.setdefault((template, service.source), []).append(_member(service))
    return ((template, source, tuple(members)) for (template, source), members in found.items())


def signal_series(config: Config, at: int) -> Iterator[PlannedSeries]:
    hours = Span(config.window.period(at).start, floor(at, HOUR))
    for signal in GOLDEN:
        for template, source, members in _templates(config, signal.key):
            hourly = PlannedSeries(
                signal_key(signal),
                template,
                members,
                window_variables(HOUR),
                Purpose.HOURLY,
                _divisor(template),
                hours,
                source=source,
            )
            yield hourly
            yield replace(hourly, key=peak_key(signal), variables=window_variables(RATE), purpose=Purpose.PEAK)


def capacity_series(config: Config, at: int) -> Iterator[PlannedSeries]:
    """How full things were at the end of each hour."""
    hours = Span(config.window.period(at).start, floor(at, HOUR))
    for signal in CAPACITY:
        for template, source, members in _templates(config, signal.key):
            yield PlannedSeries(
                signal_key(signal),
                template,
                members,
                window_variables(RATE),
                Purpose.HOURLY,
                _divisor(template),
                hours,
                source=source,
            )


def slo_series(config: Config, at: int) -> Iterator[PlannedSeries]:
    """Every series of an SLO, once for each query that it comes from, with the services that need it."""
    found: dict[tuple[object, ...], _Users] = {}
    for service in config.services:
        for slo in service.slos:
            for key in slo.series:
                made = service.series[key]
                alike = (key, service.source, made.template, tuple(sorted(made.variables.items())))
                users = found.setdefault(alike, _Users(made, service.source, at))
                users.members[service.name] = _member(service)
                users.start = min(users.start, slo_start(slo, at))
                users.is_denominator |= key == slo.series[0]
    for users in found.values():
        made = users.series
        yield PlannedSeries(
            made.key,
            made.template,
            tuple(users.members.values()),
            {**window_variables(HOUR), **made.variables},
            Purpose.HOURLY,
            100.0 if made.percent else 1.0,
            Span(users.start, floor(at, HOUR)),
            denominator=users.is_denominator,
            source=users.source,
        )


@dataclass
class _Users:
    """The services of a source that need a series, and since when."""

    series: SliSeries
    source: str
    start: int
    is_denominator: bool = False
    members: dict[str, Member] = field(default_factory=dict)


def cut_series(
    config: Config, corrections: Iterable[Correction], at: int, since: int, *, queried: bool = True
) -> Iterator[PlannedSeries]:
    """The counts of the parts of hours that corrections leave out, from a whole hour on. Whole hours need no query.

    Of a series, those that are queried begin with its own hours; earlier ones may be in the history.
    """
    members_of: dict[tuple[int, Cut], list[Member]] = {}
    uses, of_column = by_column(slo_series(config, at))
    for service in config.services:
        parts = cuts(of_service(corrections, service.name), since, floor(at, HOUR))
        for cut in (cut for cut in parts if not cut.is_whole):
            for key in dict.fromkeys(key for slo in service.slos for key in slo.series):
                use = of_column[service.name, key]
                if not queried or cut.hour >= uses[use].hours.start:
                    members_of.setdefault((use, cut), []).append(_member(service))

    def name_of(item: tuple[int, Cut]) -> tuple[str, int]:
        use, cut = item
        return str(cut.key(uses[use].key)), use

    for (_, use), group in groupby(sorted(members_of, key=lambda item: (*name_of(item), item[1].hour)), key=name_of):
        found = list(group)
        cut = found[0][1]
        members = {member.service: member for item in found for member in members_of[item]}
        yield replace(
            uses[use],
            key=cut.key(uses[use].key),
            members=tuple(members.values()),
            variables={**uses[use].variables, **window_variables(cut.seconds)},
            hours=Span(found[0][1].hour, found[-1][1].hour + HOUR),
            denominator=False,
            ends=cut.last % HOUR,
        )


def by_column(series: Iterable[PlannedSeries]) -> tuple[list[PlannedSeries], dict[ColumnKey, int]]:
    """Series as a list, and by service and key the place of each."""
    uses = list(series)
    return uses, {(member.service, use.key): place for place, use in enumerate(uses) for member in use.members}


def _divisor(template: QueryTemplate) -> float:
    return 100.0 if SIGNALS[template.key].percent else float(template.per_second)


def definition(config: Config, use: PlannedSeries, member: Member) -> str:
    """12 hex digits that change when the meaning of a service's hourly numbers does.

    The kind of source is part of it, so synthetic numbers never count as a real history; and so is the name of a source
    under `sources:`, because another server has other numbers. `prometheus:` has no name in it, as before there were
    several.
    """
    by = use.template.by
    names = {*promql.placeholders(use.template.promql), *(by or ("",))}
    labels = {name: member.labels.get(name, "") for name in names}
    # {within} follows from {window}.
    variables = sorted((name, value) for name, value in use.variables.items() if name != "within")
    parts = [
        use.template.written or use.template.promql,
        # As it was written when a query had one label at most, so that old histories keep their meaning.
        by if len(by) > 1 else next(iter(by), None),
        sorted(labels.items()),
        variables,
        use.divisor,
    ]
    source = [] if use.source == DEFAULT_SOURCE else [f"source {use.source}"]
    return hashlib.sha256(repr([config.kind.value, *parts, use.purpose.value, *source]).encode()).hexdigest()[:12]


def window_variables(seconds: int) -> dict[str, str]:
    """{window} and {rate}, and {within}: a millisecond less.

    {within} is for ranges with samples on their edges: Prometheus 2 includes both edges, Prometheus 3 one.
    """
    text = format_duration(seconds)
    return {"window": text, "rate": text, "within": f"{seconds * 1000 - 1}ms"}
