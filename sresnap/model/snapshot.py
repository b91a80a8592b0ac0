"""One report as data: everything that its pages are made from.

The names are the published contract (`sresnap schema snapshot`). Ratios are 0..1, times RFC 3339 in UTC, durations and
latencies seconds, rates per second. A missing number is None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SCHEMA = "sresnap/snapshot/1"
HIDDEN = "(hidden)"
"""Stands where `publish.hide` has left something out."""


class Status(StrEnum):
    """The verdict on an SLO, a service or the fleet."""

    EXHAUSTED = "EXHAUSTED"
    CRITICAL = "CRITICAL"
    AT_RISK = "AT_RISK"
    NO_DATA = "NO_DATA"
    INSUFFICIENT = "INSUFFICIENT"
    HEALTHY = "HEALTHY"

    @property
    def rank(self) -> int:
        """0 is worst. Not knowing is worse than being healthy and better than being in breach."""
        return list(Status).index(self)


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """The report that this one follows."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers come from."""

    kind: str
    """`prometheus`, or `demo` for synthetic data."""
    version: str | None
    url: str
    """Without credentials."""
    retention_seconds: int | None


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What a page needs of the configuration, so that a snapshot renders without it."""

    title: str
    timezone: str
    """IANA name."""
    schedule_seconds: int
    """How often a report is meant to be made."""
    window: str
    """The SLO window: `28d`."""
    provider: str
    default_service: str
    """Name of the service that the fleet page shows in full."""
    accent: str | None
    """`#rrggbb`."""
    favicon: str | None
    """Site-relative path of the icon asset, or an http(s) URL; None for the shipped one."""
    base_url: str | None = None
    """Where the site is published, with a slash at its end."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is missing or doubtful in this report."""

    kind: str
    message: str
    service: str | None = None
    """None when it concerns all services."""
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class Composite:
    """The fleet in a few numbers."""

    remaining_ratio: float | None
    """1 − the mean of the members' consumed budget; may be negative."""
    members: int
    with_data: int
    """Members that the mean is taken over; fewer than members means that it is partial."""
    worst: str | None
    """The service with the least budget remaining."""
    mean_sli: float | None
    """The seed's composite: the plain mean of the services' SLIs."""
    method: str = "budget"
    """`budget`: weighted mean of the consumed budgets; `pooled`: all events against all that is allowed."""
    shares: tuple[Share, ...] = ()
    """The members with enough data, in the order of the configuration."""
    missing: tuple[str, ...] = ()
    """The members that lack data."""
    raw_remaining_ratio: float | None = None
    """What `remaining_ratio` is without corrections; None when no member's window holds one."""
    raw_mean_sli: float | None = None
    raw_shares: tuple[Share, ...] = ()
    """What `raw_remaining_ratio` is made of: each member by its SLO with the least budget left without corrections."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a service brings into a composite: its SLO with the least budget left."""

    service: str
    slo: str
    weight: float
    remaining_ratio: float
    good: float | None = None
    """Pooled only."""
    total: float | None = None
    allowed_bad: float | None = None
    """(1 − objective) × total; pooled only."""


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A group of services, judged: as good as its worst member."""

    name: str
    status: Status
    composite: Composite


@dataclass(frozen=True, slots=True)
class Policy:
    """What the team does at this status."""

    text: str
    link: str | None
    source: str
    """`config`, or `default` for the workbook's."""


@dataclass(frozen=True, slots=True)
class WindowReport:
    """An SLI over one window."""

    start: str
    end: str
    good: float | None
    total: float | None
    """Events, or seconds when the basis is time. None when nothing was seen."""
    sli: float | None
    burn_rate: float | None
    """(1 − SLI) / (1 − objective); None without an SLI; 0 without traffic."""
    coverage: float | None
    """Share of the window that has data, 0..1; None when it cannot be told."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The error budget of the SLO window. Negative when overspent."""

    remaining_ratio: float | None
    remaining_seconds: float | None
    """The same as minutes of full outage: remaining_ratio × (1 − objective) × window."""
    remaining_events: float | None
    """Bad events that the objective still allows at this window's traffic; None when the basis is time."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A multi-window burn-rate pair of the SRE workbook."""

    severity: str
    long: str
    short: str
    threshold: float
    long_burn_rate: float | None
    short_burn_rate: float | None
    firing: bool | None
    """None when a window has no data: unknown is not calm. False while it is withheld."""
    withheld: str | None = None
    """Why a pair whose two windows exceed the threshold is not taken for firing: too few bad events, maintenance."""
    long_bad: float | None = None
    """Bad events in the long window; None when the basis is not events."""


@dataclass(frozen=True, slots=True)
class PaceForecast:
    """The window simulated forward hour by hour, its mean hour of late arriving again and again."""

    pace: str
    """The window whose mean hour is taken to go on: `6h`, `3d`."""
    burn_rate: float | None
    """At which that mean hour spends; None when nothing arrives."""
    exhausted_at: str | None
    """First hour at whose end nothing is left; None: not at this pace."""
    recovers_at: str | None
    """Of a spent budget: first hour from which on something is left again; None: not at this pace."""
    end_remaining_ratio: float | None
    """What is left when one window (or a calendar window's rest) has gone by."""
    daily_remaining_ratios: tuple[float, ...] = ()
    """What is left 24 hours on, 48 hours on, …"""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the error budget will be spent, or is there again, if events go on arriving as of late."""

    exhausted_at: str | None
    """The earliest of the paces'; None when not at these paces, or when it cannot be told."""
    pace: str | None
    """The pace that `exhausted_at` is by, else the longest; None when there is no forecast."""
    outcome: str = "unknown"
    """`exhausted`: within the range below; `lasts`: not at this pace; `recovers`: spent, above zero again at
    `recovers_at`; `stays_spent`; `unknown`."""
    latest_exhausted_at: str | None = None
    """The later end of the range; None when one pace lasts."""
    recovers_at: str | None = None
    """The latest of the paces', so that nothing is promised that one of them does not hold."""
    horizon: str | None = None
    """How far was simulated: one window on, or to a calendar window's reset."""
    paces: tuple[PaceForecast, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of hours in which the budget was spent faster than it lasts, or what is left beside those."""

    start: str
    end: str
    bad: float
    """Bad events, slices or seconds."""
    minutes: float
    """Its length, only time with data counted."""
    outage_minutes: float
    """What it cost, as minutes of full outage: budget_share × (1 − objective) × window."""
    budget_share: float
    """Of the whole window's error budget."""
    spent_share: float
    """Of what was spent; all episodes and the background add up to 1."""
    peak_burn_rate: float
    """Its fastest hour's."""
    ongoing: bool = False
    leaves_at: str | None = None
    """When its last hour has left a rolling window, or a calendar window is reset."""
    remaining_after: float | None = None
    """The budget then, if events go on arriving as in the last 3 days; None without a forecast."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Where the error budget went. `episodes` and `background` add up to `bad`, to the event."""

    bad: float
    total: float
    budget_share: float
    """Of the error budget, spent in all; over 1 when overspent."""
    episodes: tuple[Episode, ...]
    """Oldest first."""
    background: Episode
    """All hours that belong to no episode."""


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """A calendar window, to date."""

    unit: str
    timezone: str
    start: str
    resets_at: str
    elapsed_ratio: float
    """Of the window's length."""
    of_period_ratio: float | None
    """Budget of the *whole* window left, if traffic goes on as so far: 1 − consumed × elapsed."""


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """A stretch that was left out of this SLO's window."""

    reason: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """The long windows as they were measured, before corrections."""

    window: WindowReport
    """The SLO window; as it is judged when only another window holds a correction."""
    budget: Budget
    excluded_seconds: int
    """Of the SLO window; where that holds no correction, of the longest window that does. As `applied`."""
    applied: tuple[AppliedCorrection, ...]
    windows: Mapping[str, WindowReport] = field(default_factory=dict)
    """By name, those that hold a correction: 1d, 3d, the SLO window. Older reports have none, and mean the last."""
    of_period_ratio: float | None = None
    """As in `calendar`."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How exactly the events of the SLO window were counted."""

    exact_hours: int
    """Hours with data whose counts are whole: differences of counters."""
    estimated_hours: int
    """Hours whose counts `increase` had to estimate: a restart, a birth or an end of a counter lies in them."""
    within_events: float
    """Bad events that the estimates may be off by."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Good and total by hour over the SLO window's whole hours."""

    start: str
    """Start of the first hour."""
    good: tuple[float | None, ...]
    total: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class SloReport:
    """One objective, judged."""

    name: str
    objective: float
    basis: str
    """`events`, `slices` or `time`."""
    threshold_seconds: float | None
    window: str
    """Key of the SLO window in `windows`."""
    status: Status
    reason: str
    """Why it has this status, in one sentence with the numbers."""
    flags: tuple[str, ...]
    """`no_traffic`: not one event in the SLO window; `low_traffic`: too few to allow one bad one; `implausible`: counts
    that cannot be; `just_begun`: a calendar window in its first minutes."""
    windows: Mapping[str, WindowReport]
    budget: Budget
    alerts: tuple[Alert, ...]
    forecast: Forecast
    hours: Hours
    kind: str = "occurrences"
    """`occurrences`, `timeslices` or `time`; `basis` says what it is weighted by."""
    slice_seconds: int | None = None
    slice_target: float | None = None
    calendar: CalendarReport | None = None
    """None for a rolling window."""
    uncorrected: Uncorrected | None = None
    """What `windows` and `budget` would say without corrections; None when no long window holds one."""
    statement: Statement | None = None
    """None when the window has no data."""
    precision: Precision | None = None
    """None when the basis is not events."""
    series: tuple[str, ...] = ()
    """What it is made from, as the queries name it in `signal`."""


@dataclass(frozen=True, slots=True)
class SignalWindow:
    """A signal's curve over one window."""

    start: str
    """Time of the first value. An hourly value is that of the hour that ends at its time."""
    step_seconds: int
    values: tuple[float | None, ...]
    peaks: tuple[float | None, ...] | None = None
    """Of the 28d window: each hour's highest five minutes."""


@dataclass(frozen=True, slots=True)
class SignalReport:
    """A golden signal."""

    unit: str
    """`seconds`, `per_second` or `ratio`."""
    value: float | None
    """At `at`; None when that very moment has no data."""
    windows: Mapping[str, SignalWindow]
    absent: str | None = None
    """Why there is nothing at all: no query in the preset, the query failed, no series came."""


@dataclass(frozen=True, slots=True)
class CapacityTrend:
    """How full something was over the window."""

    hours: SignalWindow
    full_at: str | None = None
    """When it is full if it goes on as over the last week; None when it does not within a year, or cannot be told."""


@dataclass(frozen=True, slots=True)
class SloChange:
    """What became of an objective between two reports."""

    service: str
    slo: str
    status_before: Status | None
    """None: it is new."""
    status: Status | None
    """None: it is gone."""
    remaining_before: float | None
    remaining: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the report before."""

    since: str
    """That report's moment."""
    slos: tuple[SloChange, ...]
    """Those with another status, new and gone ones, and those whose budget moved by a thousandth or more."""


@dataclass(frozen=True, slots=True)
class Restated:
    """A past number that this report gives anew; the reports that said the old one stay as they were."""

    service: str
    what: str
    """A series of the history (`total`, `bad`), or an SLO."""
    cause: str
    """`late_data`: the source answers differently for hours that an earlier report has used; `correction`: the
    configuration leaves out, or leaves in again, time that an earlier report had judged."""
    start: str
    end: str
    """The stretch of time that it is about."""
    before: float | None
    """Events in the stretch; of a correction the budget left, 0..1. None: it was unknown."""
    after: float | None
    reason: str | None = None
    """Of a correction."""


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """One service, judged: as good as its worst SLO."""

    name: str
    slug: str
    status: Status
    slos: tuple[SloReport, ...]
    signals: Mapping[str, SignalReport]
    """By key: latency_p99, request_rate, error_rate, saturation."""
    capacity: Mapping[str, float | None]
    """By name: vps_cpu, vps_memory, vps_disk, container_cpu, container_memory; 0..1, over 1 when overcommitted."""
    capacity_absent: Mapping[str, str]
    """By name: why a capacity has no value."""
    policy: Policy | None = None
    """What follows from the status."""
    weight: float = 1.0
    """In composites."""
    capacity_trends: Mapping[str, CapacityTrend] = field(default_factory=dict)
    """By name, those that have a history."""


@dataclass(frozen=True, slots=True)
class QueryRecord:
    """One request as it was sent."""

    promql: str
    time: str
    """The instant, or a range's end."""
    start: str | None
    """A range's start; None for an instant."""
    step_seconds: int | None
    signal: str
    purpose: str
    window: str
    services: tuple[str, ...] | None
    """None: all of them."""
    series: int
    seconds: float
    warnings: tuple[str, ...]
    infos: tuple[str, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One report."""

    schema: str
    id: str
    at: str
    """The moment that the report is about."""
    generated_at: str
    previous: PreviousReport | None
    status: Status
    site: SiteSettings
    source: Source
    problems: tuple[Problem, ...]
    composite: Composite
    services: tuple[ServiceReport, ...]
    """In the order of the configuration."""
    queries: tuple[QueryRecord, ...]
    groups: tuple[GroupReport, ...] = ()
    changes: Changes | None = None
    """None: there is no report before, or it could not be read."""
    restated: tuple[Restated, ...] = ()
    """Past numbers that are different from what an earlier report said."""
    reconstructed: bool = False
    """Whether it was made after its time, for one that a late or failed schedule missed."""
    scheduled_at: str | None = None
    """The slot of the schedule that it stands for, the last one that is not after `at`; older reports have none. It was
    started at `generated_at`, and has data until `at`."""
