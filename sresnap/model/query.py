"""A query as planned, and its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Self

from sresnap.model.problem_kind import ProblemKind
from sresnap.model.series import Grid, Series
from sresnap.model.series_key import SeriesKey

DEFAULT_SOURCE = "prometheus"
"""The source of services that name none: the section `prometheus:`."""


class LatencyUnit(StrEnum):
    """The unit in which a source has a latency."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"

    @property
    def per_second(self) -> int:
        """How many of it are a second."""
        return 1000 if self is LatencyUnit.MILLISECONDS else 1

    @property
    def suffix(self) -> str:
        """After a number in a message. Boundaries in seconds are shown as the source has them, without one."""
        return "ms" if self is LatencyUnit.MILLISECONDS else ""

    def written(self, seconds: float) -> str:
        """A latency as Prometheus writes a bucket's bound in this unit: 0.3, 300."""
        if self is LatencyUnit.SECONDS:
            return repr(seconds).removesuffix(".0")
        # Through the decimal text, because 0.3 and 1000 are exact there.
        text = f"{Decimal(repr(seconds)) * self.per_second:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class QueryTemplate:
    """A query of a preset or of the user's `queries:`, with placeholders."""

    key: str
    """The signal: `request_rate`, `total`, …"""
    promql: str
    """Text with `{placeholders}`; literal braces are doubled."""
    by: tuple[str, ...]
    """The labels whose values of all services fill their placeholders; empty for one query per service."""
    origin: str = field(compare=False)
    """Where it is defined, for messages: `presets/http.yaml`, `sresnap.yaml:12`. Equal queries share their requests."""
    raw: str | None = None
    """The counters themselves: where the query answers +Inf, their samples are read and counted."""
    around: str | None = None
    """Counters of the same targets that exist from a target's start."""
    parts: tuple[str, ...] = ()
    """Where it adds up several metrics: the counters of each. `raw` and `around` then have `or` between selectors."""
    around_parts: tuple[str, ...] = ()
    """The same of `around`."""
    rules: str | None = None
    """The query where no samples can be read: in recording rules and in slices. Its error is bounded."""
    once: str | None = None
    """The query where series that differ only in the replica labels are copies of one counter."""
    least: str | None = None
    """A lower bound of its answer, where no more samples may be read."""
    most: str | None = None
    """An upper bound."""
    replica_labels: tuple[str, ...] = ()
    """Labels in which copies of one counter differ."""
    part: str | None = None
    """Of slices: the events that decide whether a slice is good."""
    unit: LatencyUnit | None = None
    """Of a latency: the unit of the answer, and of {threshold} in it. None: seconds."""
    written: str | None = None
    """The query in its file, where a filter was taken off: the history still goes by it."""

    @property
    def counters(self) -> tuple[str, ...]:
        """Selectors of its counters, each of one metric."""
        return self.parts or ((self.raw,) if self.raw is not None else ())

    @property
    def counters_around(self) -> tuple[str, ...]:
        """Selectors of counters of the same targets."""
        return self.around_parts or ((self.around,) if self.around is not None else self.counters)

    @property
    def per_second(self) -> int:
        """What its answer is divided by to be in seconds. `latency_good` has a unit, too, but counts events."""
        return self.unit.per_second if self.key == "latency_p99" and self.unit is not None else 1

    @property
    def by_itself(self) -> QueryTemplate:
        """The query for a place where its answer is final."""
        return self if self.rules is None else QueryTemplate(self.key, self.rules, self.by, self.origin)


@dataclass(frozen=True, slots=True)
class Member:
    """The part of a service that a query needs."""

    service: str
    labels: Mapping[str, str]

    def values(self, names: Sequence[str]) -> tuple[str, ...]:
        """Its values of some labels, by which the series of an answer are its own; empty text for a missing one."""
        return tuple(self.labels.get(name, "") for name in names)


class Purpose(StrEnum):
    """The purpose of an answer."""

    SIGNAL = "signal"
    """A golden signal's curve over 1h or 6h."""
    SLI = "sli"
    """Events over a short window, one instant."""
    RUNNING_HOUR = "running_hour"
    """Events since the last whole hour, one instant."""
    SEEN = "seen"
    """Events in steps of five minutes over 6h: which parts of the short windows have data."""
    HOURLY = "hourly"
    """One point an hour for the history."""
    PEAK = "peak"
    """The hour's highest five minutes of a signal, for the history."""
    RAW = "raw"
    """Samples of counters that restarted, appeared or ended."""
    COPIES = "copies"
    """Whether series that differ in replica labels only are copies of one counter."""
    LOOK_UP = "look_up"
    """Which series exist, where an answer is empty or may miss errors."""
    CAPACITY = "capacity"
    """How full a resource is, one instant."""


@dataclass(frozen=True, slots=True)
class Query:
    """One request to Prometheus, for one or many services. `promql.render` gives its text."""

    template: QueryTemplate
    members: tuple[Member, ...]
    variables: Mapping[str, str]
    """Values of `{window}`, `{rate}`, `{threshold}`."""
    grid: Grid
    purpose: Purpose
    series_key: SeriesKey
    """The name of the series in the history and the report."""
    window: str
    """The report's window that it serves: `5m` … `28d`."""
    divisor: float = 1.0
    """Answers are divided by it to get the unit used inside: 100 for percent, 1000 for milliseconds."""
    source: str = DEFAULT_SOURCE
    """The name of the Prometheus that it is sent to. It is sent for services of that source only."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a query failed for a service."""

    kind: ProblemKind
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """One request as sent: the provenance of its numbers."""

    promql: str
    grid: Grid
    series: int
    seconds: float
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a query, by service.

    A service in neither mapping was queried and has no series, which is an answer too.
    """

    query: Query
    values: Mapping[str, Series] = field(default_factory=dict)
    failures: Mapping[str, Failure] = field(default_factory=dict)
    """Services whose answer failed in whole or in part; the part that arrived is in `values`."""
    runs: tuple[Run, ...] = ()
    unsure: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By service, the times whose request failed or was answered with warnings: the history does not seal them."""

    def with_answer(self, answer: Result) -> Self:
        """This result with what another query answered for some of its services, in place of the values here.

        What is unsure of either answer is unsure of the whole.
        """
        unsure = dict(self.unsure)
        for service, times in answer.unsure.items():
            unsure[service] = unsure.get(service, frozenset()) | times
        return replace(
            self,
            values={**self.values, **answer.values},
            failures={**self.failures, **answer.failures},
            runs=(*self.runs, *answer.runs),
            unsure=unsure,
        )
