"""A resolved configuration: plain data for everything above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import SecretStr

from sresnap.config.corrections import CorrectionRule, occurrences
from sresnap.config.default_wording import default_wording
from sresnap.model.archive import Keep
from sresnap.model.corrections import Correction
from sresnap.model.periods import Closing
from sresnap.model.query import DEFAULT_SOURCE, QueryTemplate
from sresnap.model.service import Group, Method, PolicyText, Service
from sresnap.model.snapshot import SourceKind
from sresnap.model.trap import Trap
from sresnap.model.windows import Window
from sresnap.model.wording import Wording


def url_variable(source: str) -> str:
    """The environment variable with the URL of a source: PROMETHEUS_URL_EU_WEST of eu-west."""
    own = "" if source == DEFAULT_SOURCE else f"_{source.upper().replace('-', '_')}"
    return f"PROMETHEUS_URL{own}"


@dataclass(frozen=True, slots=True)
class PrometheusSettings:
    """How Prometheus is reached. Secrets are `SecretStr`, so no `repr` shows them."""

    url: str
    """Base URL without credentials and without a trailing slash."""
    timeout_seconds: float = 30.0
    """For one request."""
    deadline_seconds: float = 300.0
    """For all querying of a build."""
    concurrency: int = 8
    raw_samples: int = 5_000_000
    """The most samples that a build reads to count what queries leave open."""
    dialect: str = "promql"
    """`promql`, or `metricsql`: no syntax check, and shorter queries."""
    headers: Mapping[str, SecretStr] = field(default_factory=dict)
    """Sent with every request, including `Authorization: Bearer …`."""
    basic_auth: tuple[str, SecretStr] | None = None
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    verify: bool = True
    """False: TLS certificates are not checked (`insecure_skip_verify: true`)."""
    secrets: Mapping[str, SecretStr] = field(default_factory=dict)
    """Every secret that was read, used or not, by the key that names it."""
    name: str = DEFAULT_SOURCE
    """Of the source, by which services choose it."""

    @property
    def key(self) -> str:
        """Where the file has these settings."""
        return self.name if self.name == DEFAULT_SOURCE else f"sources.{self.name}"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a build needs to know."""

    path: Path | None
    """The configuration file; None for a text."""
    title: str
    timezone: str
    window: Window
    """The SLO window."""
    step_seconds: int
    """Step of the 6h charts (`step`, SRE_STEP); {rate} is never shorter."""
    schedule_seconds: int
    provider: str
    """Of services that name none."""
    default_service: str
    services: tuple[Service, ...]
    templates: Mapping[str, QueryTemplate]
    """By key, the preset's queries with the file's over them: of services that have none of their own."""
    prometheus: PrometheusSettings
    """The source of services that name none."""
    accent: str | None = None
    favicon: str | None = None
    """As configured: a file's path or an http(s) URL."""
    theme: Path | None = None
    """A folder whose templates replace the shipped ones."""
    base_url: str | None = None
    """Where the site is published, with a slash at its end."""
    target: str | None = None
    """Where `sresnap publish` sends the site, as configured; it may carry credentials."""
    is_private: bool = False
    """Whether the target is in a private network, so that private addresses may go there."""
    groups: tuple[Group, ...] = ()
    composite_method: Method = Method.BUDGET
    policy: Mapping[str, PolicyText] = field(default_factory=dict)
    """The team's own texts, by status."""
    correction_rules: tuple[CorrectionRule, ...] = ()
    """Stretches of time that SLIs leave out, once or repeatedly."""
    keep: Keep = field(default_factory=Keep)
    """How long the archive keeps reports."""
    closing: Closing = field(default_factory=Closing)
    """Which weeks, months, quarters and years are closed, and when."""
    hide: frozenset[str] = frozenset()
    """The parts that pages and snapshots leave out: `promql`, `labels`, `source`, `people`."""
    without_effect: tuple[str, ...] = ()
    """Keys of the file that are read and checked, but used by a later version only."""
    allow: frozenset[str] = frozenset()
    """Private addresses and hosts that may go to a public target."""
    secrets: Mapping[str, SecretStr] = field(default_factory=dict)
    """Every secret that was read, by the key that names it. No published file may hold one."""
    traps: Mapping[str, tuple[Trap, ...]] = field(default_factory=dict)
    """By service, what its preset says of its source."""
    wording: Wording = field(default_factory=default_wording)
    """What the review says, and which of its rules."""
    kind: SourceKind = SourceKind.PROMETHEUS
    """The kind of source in the snapshot: `demo` for made-up numbers, which never mix with real ones."""

    sources: Mapping[str, PrometheusSettings] = field(default_factory=dict)
    """The others, by name, used or not."""
    is_prometheus_given: bool = False
    """Whether the file has a section `prometheus:`."""

    @property
    def asked(self) -> Mapping[str, PrometheusSettings]:
        """The sources that services are asked of, by name."""
        used = {service.source for service in self.services}
        return {s.name: s for s in (self.prometheus, *self.sources.values()) if s.name in used}

    @property
    def names_sources(self) -> bool:
        """Whether a report says which source its numbers come from, and leaves addresses out."""
        return any(service.source != DEFAULT_SOURCE for service in self.services)

    def of_source(self, name: str) -> Config:
        """The same for the services of one source only."""
        return replace(self, services=tuple(service for service in self.services if service.source == name))

    def corrections(self, start: int, end: int) -> tuple[Correction, ...]:
        """The corrections that overlap start to end, seconds since the epoch, ordered by their start."""
        return occurrences(self.correction_rules, start, end, self.timezone)
