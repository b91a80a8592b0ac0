"""Config + history + at → the queries to send.

What is asked for, and how (all times aligned to the step, one `at` for everything):

* golden signals: 1h by minutes, 6h by `step`, and by hours what the history lacks, with each hour's peak beside it;
* SLIs: short windows by one instant each, the running hour by one instant over the time elapsed, whole hours for the
  history, and the last 6h in steps of five minutes to see which part of a short window has data;
* capacity: one instant each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sresnap import promql
from sresnap.config.settings import Config
from sresnap.model.history import History, Span
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.signals import CAPACITY, GOLDEN, SIGNALS, peak_key
from sresnap.model.windows import DAY, HOUR, MINUTE, SHORT_WINDOWS, ceil, floor, format_duration

SEEN_STEP = 5 * MINUTE
"""Grain at which the coverage of short windows is known."""

_RATE = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Plan:
    """The queries of one report."""

    at: int
    hours: Span
    """The whole hours that the SLO window and the 3d and 1d windows are summed from."""
    queries: tuple[Query, ...]
    definitions: Mapping[tuple[str, str], str]
    """(service, series) → definition, for all that is kept in the history."""


def history_hours(at: int, window_seconds: int) -> Span:
    """The whole hours within the longest window: from the first whole hour at or after its start."""
    longest = max(window_seconds, 3 * DAY)
    return Span(ceil(at - longest, HOUR), floor(at, HOUR))


def plan(config: Config, history: History, at: int) -> Plan:
    """All queries that a report at `at` needs and the history does not answer."""
    hours = history_hours(at, config.window.seconds)
    series = [*_signal_series(config), *_slo_series(config)]
    hourly = [use for use in series if use.hourly]
    definitions = {(m.service, use.key): _definition(config, use, m) for use in hourly for m in use.members}
    queries = [
        *_signal_queries(config, at),
        *_sli_queries(config, at),
        *_capacity_queries(config, at),
        *(q for use in hourly for q in _hourly_queries(config, use, history, hours, definitions)),
    ]
    return Plan(at, hours, tuple(queries), definitions)


@dataclass(frozen=True, slots=True)
class _Series:
    """A series that queries are made for, and the services that need it."""

    key: str
    template: QueryTemplate
    members: tuple[Member, ...]
    variables: Mapping[str, str]
    purpose: Purpose
    divisor: float
    hourly: bool = True
    denominator: bool = False


def _members(config: Config) -> tuple[Member, ...]:
    return tuple(Member(service.name, service.labels) for service in config.services)


def _signal_series(config: Config) -> Iterator[_Series]:
    for signal in GOLDEN:
        template = config.templates.get(signal.key)
        if template is None:
            continue
        divisor = _divisor(config, signal.key)
        yield _Series(signal.key, template, _members(config), _over(HOUR), Purpose.HOURLY, divisor)
        peak = peak_key(signal.key)
        yield _Series(peak, template, _members(config), _over(_RATE), Purpose.PEAK, divisor)


def _slo_series(config: Config) -> Iterator[_Series]:
    """Every series that some SLO is made from, once, with the services that need it."""
    users: dict[str, dict[str, Member]] = {}
    denominators: set[str] = set()
    for service in config.services:
        for slo in service.slos:
            for key in slo.series:
                users.setdefault(key, {})[service.name] = Member(service.name, service.labels)
            denominators.add(slo.series[0])
    for key, members in users.items():
        template_key, _, threshold = key.partition("@")
        yield _Series(
            key,
            config.templates[template_key],
            tuple(members.values()),
            _over(HOUR) | ({"threshold": threshold} if threshold else {}),
            Purpose.HOURLY,
            _divisor(config, template_key),
            denominator=key in denominators,
        )


def _divisor(config: Config, key: str) -> float:
    if key == "latency_p99":
        return 1000.0 if config.latency_unit == "milliseconds" else 1.0
    return 100.0 if SIGNALS[key].percent else 1.0


def _definition(config: Config, use: _Series, member: Member) -> str:
    """12 hex digits that change when the meaning of a service's hourly numbers does.

    The kind of source is part of it: made-up numbers are never those of a real history.
    """
    names = {*promql.placeholders(use.template.promql), use.template.by or ""}
    labels = {name: member.labels.get(name, "") for name in names}
    parts = [use.template.promql, use.template.by, sorted(labels.items()), sorted(use.variables.items()), use.divisor]
    return hashlib.sha256(repr([config.kind, *parts, use.purpose.value]).encode()).hexdigest()[:12]


def _queries(
    use: _Series, grid: Grid, window: str, *, purpose: Purpose | None = None, over: int | None = None
) -> Iterator[Query]:
    """One query for all members when grouped; else one for each distinct text.

    `over` sets {window} and {rate}, in seconds.
    """
    purpose = purpose or use.purpose
    variables = use.variables if over is None else {**use.variables, **_over(over)}
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
    for use in _signal_series(config):
        if use.purpose is Purpose.HOURLY:
            yield from _queries(use, hour, "1h", purpose=Purpose.SIGNAL, over=_RATE)
            yield from _queries(use, six, "6h", purpose=Purpose.SIGNAL, over=max(_RATE, step))


def _sli_queries(config: Config, at: int) -> Iterator[Query]:
    elapsed = at - floor(at, HOUR)
    end = floor(at, SEEN_STEP)
    for use in _slo_series(config):
        for window in SHORT_WINDOWS:
            yield from _queries(use, Grid.instant(at), window.name, purpose=Purpose.SLI, over=window.seconds)
        if elapsed:
            yield from _queries(use, Grid.instant(at), "running", purpose=Purpose.RUNNING_HOUR, over=elapsed)
        if use.denominator:
            seen = Grid.spanning(end - 6 * HOUR + SEEN_STEP, end, SEEN_STEP)
            yield from _queries(use, seen, "6h", purpose=Purpose.SEEN, over=SEEN_STEP)


def _over(seconds: int) -> dict[str, str]:
    text = format_duration(seconds)
    return {"window": text, "rate": text}


def _capacity_queries(config: Config, at: int) -> Iterator[Query]:
    for signal in CAPACITY:
        template = config.templates.get(signal.key)
        if template is not None:
            variables = _over(_RATE)
            divisor = _divisor(config, signal.key)
            use = _Series(signal.key, template, _members(config), variables, Purpose.CAPACITY, divisor, hourly=False)
            yield from _queries(use, Grid.instant(at), "now")


def trial(config: Config, at: int) -> tuple[Query, ...]:
    """Every query of the configuration once, over the last hour: what `check --online` sends."""
    instant = Grid.instant(at)
    queries = [*_capacity_queries(config, at)]
    for use in _signal_series(config):
        if use.purpose is Purpose.HOURLY:
            queries += _queries(use, instant, "now", purpose=Purpose.SIGNAL, over=_RATE)
    for use in _slo_series(config):
        queries += _queries(use, instant, "1h", purpose=Purpose.SLI, over=HOUR)
    return tuple(queries)


def _hourly_queries(
    config: Config, use: _Series, history: History, hours: Span, definitions: Mapping[tuple[str, str], str]
) -> Iterator[Query]:
    """What the history lacks: services that lack the same stretch share a query."""
    lacking: dict[Span, list[Member]] = {}
    for member in use.members:
        key = (member.service, use.key)
        for span in history.unsealed(key, definitions[key], hours):
            lacking.setdefault(span, []).append(member)
    for span, members in lacking.items():
        # An hour is asked for at its end.
        grid = Grid.spanning(span.start + HOUR, span.end, HOUR)
        part = _Series(use.key, use.template, tuple(members), use.variables, use.purpose, use.divisor)
        yield from _queries(part, grid, config.window.name)
