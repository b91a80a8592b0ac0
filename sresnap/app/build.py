"""The steps of a build, in order: plan → fetch → history → compute → snapshot → render → write.

All data is gathered and every page rendered before the first file is replaced, and files go in place in an order that
ends with `latest.json`, so that a build that fails or is killed leaves the last site whole.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from sresnap.app.write_site import Built, refuse_mixing, rendered, write
from sresnap.archive import continuity
from sresnap.archive.filing import Filing, file_report, with_settings
from sresnap.compute.fleet.changes import changes
from sresnap.compute.fleet.composite import composite, groups
from sresnap.compute.fleet.redact import redacted
from sresnap.compute.fleet.restated import corrected, late_data
from sresnap.compute.gather import Answers, merge_answers
from sresnap.compute.report import Gathered, fleet_status, problems, query_records, service_report
from sresnap.config import burn_pairs, default_policy
from sresnap.config.settings import Config
from sresnap.documents import archive_index, folder_state, snapshots, thinned_lists
from sresnap.documents import files as site_files
from sresnap.documents import history as day_files
from sresnap.documents.layout import ASSET, FROZEN_PAGE, SNAPSHOT
from sresnap.errors import ClockAhead, UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.refusal import refuse_if_any
from sresnap.leaks.scan import leaks_in_file
from sresnap.model.archive import Filed, Index
from sresnap.model.composite import Composite, GroupReport
from sresnap.model.history import ColumnKey, History
from sresnap.model.query import Query, Result
from sresnap.model.snapshot import SCHEMA, Problem, QueryRecord, ServiceReport, SiteSettings, Snapshot, Source
from sresnap.model.status import Status
from sresnap.model.windows import HOUR, MINUTE, iso, slot, snapshot_id
from sresnap.plan import Plan, history_hours, plan
from sresnap.progress import Progress, Quiet
from sresnap.prometheus import PrometheusClient, ServerInfo, fetch
from sresnap.prometheus.diagnose import causes_of_nothing

SEAL_AFTER = 3 * HOUR
"""Hours older than this are final: late samples have arrived by then."""


FARTHEST_AHEAD = 2 * MINUTE
"""By how much a report's moment may be after the source's own time. Samples are stamped with that time, so of what is
after it there are none, and the shortest window that is judged is one of five minutes."""


def planned(config: Config, out: Path, at: int) -> Plan:
    """What a build at `at` would ask for, given the history in `out`."""
    loaded = day_files.load(out, history_hours(config, at))
    return plan(config, loaded.history, at)


def build(
    config: Config,
    out: Path,
    at: int,
    generated_at: int,
    *,
    progress: Progress | None = None,
    reconstructed: bool = False,
    rules: PublicationRules | None = None,
) -> Built:
    """Make a report of `at` and put it into `out`.

    Args:
        config: what to measure and where to ask.
        out: the site's folder; its history is read and added to.
        at: the report's moment, whole minutes, seconds since the epoch.
        generated_at: the time of the build.
        progress: who is told.
        reconstructed: it is made in the place of one that a late or failed schedule missed; the pages go on showing
            what they show.
        rules: for a report that will go to a public place: what may. What is filed is never changed, so it is looked
            through before. None: it stays here.

    Raises:
        PrometheusUnreachable: nothing was answered; nothing is written.
        ClockAhead: the moment has not come yet by the source's own time; nothing is written.
        UsageError: the folder cannot be used, holds reports of another kind, or an archive that cannot be gone on
            from; or the report must not be public.
        BuildInProgress: another build holds the folder.
        SresnapError: a file cannot be written.
    """
    progress = progress or Quiet()
    with site_files.hold(out):
        refuse_mixing(out, config.kind)
        site_files.remove_leftovers(out)
        index = continuity.index(out) or Index()
        loaded = day_files.load(out, history_hours(config, at))
        # What is made afterwards is of the past, but a wrong clock would see reports as missed that are not due yet.
        latest = generated_at if reconstructed else None
        gathered, server = _gather(config, loaded.history, at, progress, latest)
        icon, icon_files = _favicon(config.favicon)
        snapshot = Snapshot(
            schema=SCHEMA,
            id=snapshot_id(at),
            at=at,
            generated_at=generated_at,
            previous=snapshots.previous(out, snapshot_id(at)),
            site=_site_settings(config, icon),
            source=Source(config.kind, server.version, config.prometheus.url, server.retention_seconds),
            **_judged(config, gathered, _unreadable(out, loaded.unreadable, snapshot_id(at)), progress),
            reconstructed=reconstructed,
            scheduled_at=slot(at, config.schedule_seconds),
        )
        snapshot = redacted(_compared(out, snapshot, loaded.history, gathered), config.hide)
        index = with_settings(index, snapshot, config.keep)
        shown = snapshots.latest_id(out)
        # A report of the past fills the history; it must not look like the newest to whoever has the page open.
        is_past = reconstructed or (shown is not None and shown > snapshot.id)
        thinned = thinned_lists.load(out, archive_index.day_of_id(snapshot.id))
        if not archive_index.may_file(index, snapshot.id, thinned, is_sent=folder_state.may_be_read(out, snapshot.id)):
            day_files.save(out, loaded, gathered.history, snapshot.id)
            became = archive_index.gone(index, snapshot.id, thinned)
            return Built(snapshot, out, 0, newer=shown, is_archived=False, gone=became)
        filings: list[Filing] = []

        def file(html: bytes) -> Filed:
            filings.append(file_report(out, index, snapshot, html))
            return filings[0].filed

        site = rendered(snapshot, progress, config.theme, file=file, is_past=is_past)
        if rules is not None:
            page = FROZEN_PAGE.path(snapshot.id)
            frozen = {SNAPSHOT.path(snapshot.id): snapshots.encode(snapshot), page: site.files[page]}
            refuse_if_any(
                [leak for name, content in frozen.items() for leak in leaks_in_file(name, content, rules)], "written"
            )
        day_files.save(out, loaded, gathered.history, snapshot.id)
        written, outlived = write(out, snapshot, site, {**icon_files, **filings[0].files}, is_past=is_past)
        left = filings[0].finish(out, site.summaries)
        entries = filings[0].result.index.entries
        return Built(
            snapshot,
            out,
            written,
            newer=shown if is_past else None,
            left=left,
            thinned=filings[0].result.leaving,
            kept=len(entries),
            outlived=outlived,
        )


def _gather(
    config: Config, history: History, at: int, progress: Progress, latest: int | None = None
) -> tuple[Gathered, ServerInfo]:
    """Everything that the report is computed from: the answers, and the history with them in it.

    `latest` is the moment that must have come by the source's own time; without it, the report's.
    """
    todo = plan(config, history, at)
    progress.stage("querying", len(todo.queries))
    server, results, causes = asyncio.run(_ask(config, todo.queries, progress, at if latest is None else latest))
    gathered = Gathered(
        at=at,
        window=config.window,
        services=config.services,
        templates=config.templates,
        provider=config.provider,
        pairs=burn_pairs(),
        hours=todo.hours,
        answers=Answers.of(results),
        history=merge_answers(history, results, todo.definitions, todo.totals, seal_until=at - SEAL_AFTER),
        definitions=todo.definitions,
        corrections=todo.corrections,
        policies=config.policy,
        default_policies=default_policy(),
        causes=causes,
    )
    return gathered, server


class _Judgement(TypedDict):
    """The computed part of a snapshot."""

    status: Status
    problems: tuple[Problem, ...]
    composite: Composite
    services: tuple[ServiceReport, ...]
    queries: tuple[QueryRecord, ...]
    groups: tuple[GroupReport, ...]


def _judged(config: Config, gathered: Gathered, doubts: Sequence[Problem], progress: Progress) -> _Judgement:
    progress.stage("computing", len(gathered.services))
    services = []
    for service in gathered.services:
        services.append(service_report(gathered, service))
        progress.advance()
    return _Judgement(
        status=fleet_status(services),
        problems=(*doubts, *problems(gathered, services)),
        composite=composite(services, {service.name: service.weight for service in services}, config.composite_method),
        services=tuple(services),
        queries=query_records(gathered),
        groups=groups(services, config.groups),
    )


async def _ask(
    config: Config, queries: Sequence[Query], progress: Progress, latest: int
) -> tuple[ServerInfo, list[Result], Mapping[ColumnKey, str]]:
    """Send queries over one client, within the deadline; and why series found nothing, where that is so."""
    deadline = config.prometheus.deadline_seconds
    async with PrometheusClient(config.prometheus) as client:
        results = await fetch(client, queries, deadline_seconds=deadline, on_result=lambda _: progress.advance())
        _refuse_future(latest, client.clock, config.prometheus.url)
        return client.info, results, await causes_of_nothing(client, results, deadline)


def _refuse_future(latest: int, clock: int | None, url: str) -> None:
    """A report of a moment to come would be empty, and the newest one until that moment. No `Date`, no judgement."""
    if clock is None or latest <= clock + FARTHEST_AHEAD:
        return
    message = (
        f"the report would be of {iso(latest)}, but by Prometheus at {url} it is {iso(clock)}: nothing was written"
    )
    hint = "set this machine's clock (timedatectl), or that of Prometheus if it is the wrong one, and run it again"
    raise ClockAhead(message, hint)


def _compared(out: Path, snapshot: Snapshot, history: History, gathered: Gathered) -> Snapshot:
    """With what is different from the report before; an unreadable one is as good as none."""
    if snapshot.previous is None:
        return snapshot
    try:
        before = snapshots.read(out / SNAPSHOT.path(snapshot.previous.id))
    except UsageError:
        return snapshot
    late = late_data(history, gathered.history, gathered.definitions, before.at)
    return dataclasses.replace(
        snapshot,
        changes=changes(before, snapshot.services),
        restated=(*late, *corrected(before, snapshot.services)),
    )


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


def _favicon(configured: str | None) -> tuple[str | None, dict[str, bytes]]:
    """The icon's address in the site, and its file where it is one of ours."""
    if configured is None or configured.startswith(("http://", "https://")):
        return configured, {}
    path = Path(configured)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the favicon {path}: {error.strerror}", "see favicon or SRE_FAVICON") from error
    name = ASSET.path(
        "favicon", hashlib.sha256(content).hexdigest()[:10], path.suffix.lower().removeprefix(".") or "ico"
    )
    return name, {name: content}


def _unreadable(out: Path, days: Mapping[str, str], stamp: str) -> list[Problem]:
    return [
        Problem(
            "history_unreadable",
            f"The history of {day} could not be read: {reason}. It was asked for again; the old file is kept as "
            f"{day_files.aside_path(out, day, stamp).relative_to(out)}.",
        )
        for day, reason in sorted(days.items())
    ]
