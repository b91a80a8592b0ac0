"""One report as data: everything that its pages are made from.

The names are the published contract (`sresnap schema snapshot`). Ratios are 0..1, times RFC 3339 in UTC, durations and
latencies seconds, rates per second. A missing number is None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SCHEMA = "sresnap/snapshot/1"


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
    """None when a window has no data: unknown is not calm."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the budget is spent if events go on arriving as in the last days."""

    exhausted_at: str | None
    """None when not within one SLO window at this pace, or when it cannot be told."""
    pace: str | None
    """The window whose mean hour is taken to go on, e.g. `3d`; None when there is no forecast."""


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
    """`events` or `time`."""
    threshold_seconds: float | None
    window: str
    """Key of the SLO window in `windows`."""
    status: Status
    reason: str
    """Why it has this status, in one sentence with the numbers."""
    flags: tuple[str, ...]
    """`no_traffic`: not one event in the SLO window."""
    windows: Mapping[str, WindowReport]
    budget: Budget
    alerts: tuple[Alert, ...]
    forecast: Forecast
    hours: Hours


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
