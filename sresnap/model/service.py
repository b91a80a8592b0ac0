"""Services, and the objectives that they promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sresnap.model.people import People
from sresnap.model.query import DEFAULT_SOURCE, QueryTemplate
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import DAY, SloWindow, Window

FOUR_WEEKS = Window(28 * DAY)
"""The default SLO window. Four weeks hold the same days of the week wherever they begin."""


class Basis(StrEnum):
    """The unit of an SLI's ratio, which is also its weight."""

    EVENTS = "events"
    """Good events to all events."""
    SLICES = "slices"
    """Good slices of time to the slices that had events."""
    TIME = "time"
    """Seconds available to all seconds: the seed's `availability` query."""


class Kind(StrEnum):
    """How an SLI is measured, in OpenSLO's words where it has them (openslo.com, SLO.spec.budgetingMethod)."""

    OCCURRENCES = "occurrences"
    TIMESLICES = "timeslices"
    TIME = "time"


KIND_OF_BASIS = {Basis.EVENTS: Kind.OCCURRENCES, Basis.SLICES: Kind.TIMESLICES, Basis.TIME: Kind.TIME}


@dataclass(frozen=True, slots=True)
class Slo:
    """One objective of a service, and the series that its SLI is made from.

    Series are named as in the history: `total`, `bad`, `latency_good@0.3`, `availability`.
    """

    name: str
    objective: float
    """Ratio in (0, 1): 0.995."""
    basis: Basis
    total: SeriesKey | None
    """Series of all events; None when the basis is time."""
    good: SeriesKey | None
    """Series of good events, or with basis time the share of time that was good."""
    bad: SeriesKey | None
    """Series of bad events; exactly one of good and bad is set."""
    threshold_seconds: float | None = None
    """A latency SLO's threshold: an event under it is good."""
    window: SloWindow = FOUR_WEEKS
    slice_seconds: int | None = None
    """Length of a slice; only of timeslices."""
    slice_target: float | None = None
    """The least ratio of good events in a good slice."""

    @property
    def series(self) -> tuple[SeriesKey, ...]:
        return tuple(key for key in (self.total, self.good, self.bad) if key is not None)

    @property
    def kind(self) -> Kind:
        return KIND_OF_BASIS[self.basis]


@dataclass(frozen=True, slots=True)
class SliSeries:
    """A series that SLIs are made from: its name in the history, and the query that it comes from."""

    key: SeriesKey
    """With a scope when the series is an SLO's own."""
    template: QueryTemplate
    variables: Mapping[str, str] = field(default_factory=dict)
    """Beside {window}: {threshold}, {slo}, {slice}, {slice_target}."""
    percent: bool = False
    """Whether the query answers in percent."""
    events: SliSeries | None = None
    """Of slices: the series of the events in them, all or the ones that decide whether a slice is good."""


class Method(StrEnum):
    """How a composite is made of its members."""

    BUDGET = "budget"
    """Weighted mean of the consumed budgets."""
    POOLED = "pooled"
    """All members' bad events, as a share of all bad events that their objectives allow."""


@dataclass(frozen=True, slots=True)
class Group:
    """Services that are judged as one."""

    name: str
    services: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    """By service; overrides its own weight."""
    method: Method = Method.BUDGET


@dataclass(frozen=True, slots=True)
class PolicyText:
    """What the team does at a status."""

    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the configuration."""

    name: str
    slug: str
    """Its folder under `services/`; unique, safe in URLs and file names, made from the name only."""
    labels: Mapping[str, str]
    slos: tuple[Slo, ...]
    weight: float = 1.0
    """In composites."""
    provider: str = ""
    """The preset that its queries come from, `custom`, or a path."""
    queries: Mapping[str, QueryTemplate] = field(default_factory=dict)
    """By key, its preset's queries with the file's, its group's and its own over them."""
    series: Mapping[SeriesKey, SliSeries] = field(default_factory=dict)
    """Every series that its SLOs name, by its key."""
    off: frozenset[str] = frozenset()
    """Keys of queries that are switched off with null for it. Their panels are left out."""
    people: People | None = None
    """Who looks after it; None where the configuration says nothing."""
    source: str = DEFAULT_SOURCE
    """The name of the Prometheus that it is asked of."""
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By key of a panel of its preset, the labels that the query needs and it does not set. They are not asked."""
