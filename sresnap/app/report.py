"""Answers → snapshot: every number of a report, and how it differs from the report before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sresnap.app.query_records import query_records
from sresnap.compute.fleet.changes import changes
from sresnap.compute.fleet.composite import composite, groups
from sresnap.compute.fleet.now import continued, fleet_now
from sresnap.compute.fleet.redact import redacted
from sresnap.compute.fleet.restated import corrected, late_data
from sresnap.compute.problems import problems
from sresnap.compute.service_report import ReportInput, fleet_status, service_report
from sresnap.config.settings import Config
from sresnap.documents import snapshots
from sresnap.documents.history import LoadedHistory, unreadable_path
from sresnap.documents.layout import SNAPSHOT
from sresnap.errors import UsageError
from sresnap.model.history import History
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.snapshot import (
    HIDDEN,
    SCHEMA,
    NamedSource,
    Problem,
    ServiceReport,
    SiteSettings,
    Snapshot,
    Source,
)
from sresnap.model.windows import slot, snapshot_id
from sresnap.progress import Progress
from sresnap.prometheus import ServerInfo


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """Which report to make, and where."""

    config: Config
    out: Path
    """The site's folder."""
    at: int
    """The report's moment, whole minutes, seconds since the epoch."""
    generated_at: int
    """The time of the build."""
    reconstructed: bool = False
    """Whether a backfill makes the report after its time."""

    @property
    def id(self) -> str:
        """The report's id."""
        return snapshot_id(self.at)


def compute_report(
    request: BuildRequest,
    gathered: ReportInput,
    servers: Mapping[str, ServerInfo],
    before: LoadedHistory,
    favicon: str | None,
    progress: Progress,
) -> Snapshot:
    """The report as data.

    Args:
        request: which report.
        gathered: answers, and the history completed by them.
        servers: by name, the sources that answered.
        before: the history as it was stored.
        favicon: the icon's path in the site, or an http(s) URL.
        progress: is advanced by one for each service.
    """
    config = request.config
    services = tuple(_service_reports(gathered, progress))
    weights = {service.name: service.weight for service in services}
    snapshot = Snapshot(
        schema=SCHEMA,
        id=request.id,
        at=request.at,
        generated_at=request.generated_at,
        previous=snapshots.previous(request.out, request.id),
        site=_site_settings(config, favicon),
        source=_source(config, servers),
        status=fleet_status(services),
        problems=(*_unreadable_days(request, before.unreadable), *problems(gathered, services)),
        composite=composite(services, weights, config.composite_method),
        services=services,
        queries=query_records(gathered.answers.results, len(services), names_sources=config.names_sources),
        groups=groups(services, config.groups),
        reconstructed=request.reconstructed,
        scheduled_at=slot(request.at, config.schedule_seconds),
        now=fleet_now(services),
        sources=_sources(config, gathered, servers),
    )
    return redacted(_with_changes(request.out, snapshot, before.history, gathered), config.hide)


def _source(config: Config, servers: Mapping[str, ServerInfo]) -> Source:
    """The source of a report, without an address where there are several."""
    if config.names_sources:
        return Source(config.kind, None, HIDDEN, None)
    server = servers.get(config.prometheus.name, ServerInfo(None, None))
    return Source(config.kind, server.version, config.prometheus.url, server.retention_seconds)


def _sources(config: Config, gathered: ReportInput, servers: Mapping[str, ServerInfo]) -> tuple[NamedSource, ...]:
    if not config.names_sources:
        return ()
    found = []
    for name in config.asked:
        server, failure = servers.get(name, ServerInfo(None, None)), gathered.failed_sources.get(name)
        message = None if failure is None else failure.message
        found.append(NamedSource(name, server.version, server.retention_seconds, message))
    return tuple(found)


def _service_reports(gathered: ReportInput, progress: Progress) -> Iterator[ServiceReport]:
    progress.stage("computing", len(gathered.services))
    for service in gathered.services:
        yield service_report(gathered, service)
        progress.advance()


def _with_changes(out: Path, snapshot: Snapshot, before: History, gathered: ReportInput) -> Snapshot:
    """The snapshot with its differences from the previous report, if that one can be read."""
    if snapshot.previous is None:
        return snapshot
    try:
        previous = snapshots.read(out / SNAPSHOT.path(snapshot.previous.id))
    except UsageError:
        return snapshot
    snapshot = continued(previous, snapshot)
    late = late_data(before, gathered.history, gathered.definitions, previous.at)
    return replace(
        snapshot,
        changes=changes(previous, snapshot.services),
        restated=(*late, *corrected(previous, snapshot.services)),
    )


def _unreadable_days(request: BuildRequest, reasons: Mapping[str, str]) -> list[Problem]:
    """A problem for each day of the history that could not be read."""
    return [
        Problem(
            ProblemKind.HISTORY_UNREADABLE,
            f"The history of {day} could not be read: {reason}. It was queried again; the old file is kept as "
            f"{unreadable_path(request.out, day, request.id).relative_to(request.out)}.",
        )
        for day, reason in sorted(reasons.items())
    ]


def _site_settings(config: Config, favicon: str | None) -> SiteSettings:
    return SiteSettings(
        title=config.title,
        timezone=config.timezone,
        schedule_seconds=config.schedule_seconds,
        window=config.window.name,
        provider=config.provider,
        default_service=config.default_service,
        accent=config.accent,
        favicon=favicon,
        base_url=config.base_url,
    )
