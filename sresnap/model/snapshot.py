"""One report as data: everything that its pages are made from.

The names are the published contract (`sresnap schema snapshot`). Ratios are 0..1, times RFC 3339 in UTC, durations and
latencies seconds, rates per second. A missing number is None, never 0. Its parts lie in `slo.py`, `forecast.py`,
`statement.py`, `golden.py`, `composite.py`, `people.py` and `changes.py` beside this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from sresnap.model.changes import Changes, Restated
from sresnap.model.composite import Composite, GroupReport
from sresnap.model.golden import CapacityTrend, SignalReport
from sresnap.model.instant import Instant
from sresnap.model.now import NOT_JUDGED, Now, Urgency, urgency
from sresnap.model.people import People
from sresnap.model.slo import SloReport
from sresnap.model.status import Status
from sresnap.model.stored import STORED, Count, Real, ReportId, Sha256, Span, TimeZone

SCHEMA: Final = "sresnap/snapshot/1"
HIDDEN = "(hidden)"
"""Replaces text that `publish.hide` leaves out."""


def _is_unknown(value: object) -> bool:
    return value is None


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """The report that this one follows."""

    id: ReportId
    sha256: Sha256


class SourceKind(StrEnum):
    """Where numbers come from."""

    PROMETHEUS = "prometheus"
    DEMO = "demo"
    """Made-up services."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers come from."""

    kind: str
    """One of `SourceKind`."""
    version: str | None
    url: str
    """Without credentials."""
    retention_seconds: Count | None


@dataclass(frozen=True, slots=True)
class NamedSource:
    """One of several sources. Reports have its name, and neither its address nor its credentials."""

    name: str
    """`prometheus`, or its name under `sources:` of the configuration."""
    version: str | None
    """None where it does not say so, and where it failed."""
    retention_seconds: Count | None
    failure: str | None = None
    """Why it answered nothing."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The part of the configuration that pages need, so that a snapshot renders without it."""

    title: str
    timezone: TimeZone
    """IANA name."""
    schedule_seconds: Span
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
    """Missing or doubtful data in this report."""

    kind: str
    """One of `ProblemKind`, or one that a later version added."""
    message: str
    service: str | None = None
    """None when it concerns all services."""
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the team does at this status."""

    text: str
    link: str | None
    source: str
    """`config`, or `default` for the workbook's."""


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """One service, with the verdict on its worst SLO."""

    name: str
    slug: str
    status: Status
    slos: tuple[SloReport, ...]
    signals: Mapping[str, SignalReport]
    """By key: latency_p99, request_rate, error_rate, saturation."""
    capacity: Mapping[str, Real | None]
    """By name: vps_cpu, vps_memory, vps_disk, container_cpu, container_memory; 0..1, over 1 when overcommitted."""
    capacity_absent: Mapping[str, str]
    """By name: why a capacity has no value."""
    policy: Policy | None = None
    """The action at this status."""
    weight: Real = 1.0
    """In composites."""
    capacity_trends: Mapping[str, CapacityTrend] = field(default_factory=dict)
    """By name, those that have a history."""
    now: Now = NOT_JUDGED
    """Whether one of its SLOs burns now: the worst one's."""
    selected_by: Mapping[str, str] = field(default_factory=dict)
    """Its values of the labels by which queries select several services."""
    provider: str | None = None
    """The preset that its queries come from, `custom`, or a path; None in older reports: the site's."""
    people: Annotated[People | None, Field(exclude_if=_is_unknown)] = None
    """Who looked after it; left out where the configuration said nothing."""
    source: str | None = None
    """The name of its source; None where the report has one source only, `source`."""

    @property
    def worst_slo(self) -> SloReport:
        """The SLO that speaks for the service: the most urgent one."""
        return min(self.slos, key=lambda slo: slo.urgency)

    @property
    def urgency(self) -> Urgency:
        """Its place in every list: its worst SLO's."""
        return min((slo.urgency for slo in self.slos), default=urgency(self.now, self.status, None))


@dataclass(frozen=True, slots=True)
class QueryRecord:
    """One request as sent."""

    promql: str
    time: Instant
    """The instant, or a range's end."""
    start: Instant | None
    """A range's start; None for an instant."""
    step_seconds: Span | None
    signal: str
    purpose: str
    window: str
    services: tuple[str, ...] | None
    """None: all of them."""
    series: Count
    seconds: Real
    warnings: tuple[str, ...]
    infos: tuple[str, ...]
    error: str | None
    for_one: str | None = None
    """Where the text names several services: the same text for one of them, as a template. `{service}`, or another
    label, is where the service's value of that label goes (`selected_by`); literal braces are doubled."""
    source: str | None = None
    """The name of the source that it was sent to; None where the report has one source only."""

    @property
    def title(self) -> str:
        """`total · sli · 1h`."""
        return f"{self.signal} · {self.purpose.replace('_', ' ')} · {self.window}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What went wrong, and what the source said about it."""
        failed = () if self.error is None else (self.error,)
        return (*failed, *(f"warning: {text}" for text in self.warnings), *(f"info: {text}" for text in self.infos))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One report."""

    __pydantic_config__ = STORED

    schema: Literal["sresnap/snapshot/1"]
    id: ReportId
    at: Instant
    """The moment that the report is about."""
    generated_at: Instant
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
    """Whether a backfill made it, in place of a report that a late or failed schedule missed."""
    scheduled_at: Instant | None = None
    """The latest scheduled time at or before `at`; None in older reports. The build started at `generated_at`."""
    now: Now = NOT_JUDGED
    """Whether a service burns now: the worst one's."""
    sources: tuple[NamedSource, ...] = ()
    """Where services are asked of several Prometheus servers, or of one under `sources:`: each of them. `source` then
    has neither an address nor a version."""
