"""Detect: from a Prometheus to a sresnap.yaml with the services that it knows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sresnap.app.check import check_queries
from sresnap.app.detect_counts import DAYS, counts, latencies
from sresnap.app.detect_proof import proven
from sresnap.app.detect_services import Found, services_of
from sresnap.config import loads
from sresnap.config.preset_files import every_preset
from sresnap.config.preset_path import PresetFolder
from sresnap.config.settings import Config, PrometheusSettings
from sresnap.discovery import objectives
from sresnap.discovery.config_text import Entry, Head, config_text
from sresnap.discovery.latency import Buckets
from sresnap.discovery.names import alike_names
from sresnap.discovery.naming import Named
from sresnap.discovery.objectives import Proposal, Seen
from sresnap.discovery.panels import PANELS, off
from sresnap.discovery.same_requests import settled
from sresnap.errors import ExitCode
from sresnap.model.query import DEFAULT_SOURCE
from sresnap.model.windows import DAY, HOUR
from sresnap.progress import Progress
from sresnap.prometheus import PrometheusClient, asking
from sresnap.prometheus.client import unreachable
from sresnap.prometheus.errors import QueryError

_FEW = 100
"""Requests a day. With fewer, one failure weighs more than a percent."""


@dataclass(frozen=True, slots=True)
class DetectRequest:
    """Where to ask, and what is there already."""

    prometheus: PrometheusSettings
    at: int
    known: Config | None = None
    """The configuration that services are added to."""
    preset_folders: tuple[PresetFolder, ...] = ()
    """Where presets of the user's own are."""
    file_folder: Path = Path()
    """The folder of the file, from which its paths begin."""


@dataclass(frozen=True, slots=True)
class DetectedService:
    """A service as the table shows it."""

    entry: Entry
    seen: Seen


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found."""

    services: tuple[DetectedService, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    requests: int
    presets: tuple[str, ...] = ()
    """The presets that were looked for."""
    alike: tuple[str, ...] = ()
    """Where nothing was found: names of what this Prometheus counts."""
    text: str = ""
    """The configuration; empty where nothing was found."""
    entries: tuple[Entry, ...] = ()
    is_whole: bool = False
    """Whether services are added to a file. Where none is active, the file has all that can be judged."""

    @property
    def exit_code(self) -> ExitCode:
        """INCOMPLETE when no service was found."""
        return ExitCode.DONE if self.active or self.is_whole else ExitCode.INCOMPLETE

    @property
    def active(self) -> int:
        """How many services are written. Others are comments."""
        return sum(entry.is_active for entry in self.entries)


def detect(request: DetectRequest, progress: Progress) -> Detected:
    """Ask a Prometheus what it has. In the end each query is sent once, as `check --online` does.

    Raises:
        PrometheusUnreachable: it answered nothing.
    """
    found, known = asking.run(_detect(request, progress))
    active = [entry for entry in found.entries if entry.is_active]
    if not active:
        return found
    checked = check_queries(_config(active, request), request.at, progress)
    seen = {**known, **{one.entry.named.name: one.seen for one in found.services}}
    entries = settled(proven(found.entries, checked.findings), seen)
    services = tuple(replace(one, entry=entry) for one, entry in zip(found.services, entries, strict=True))
    found = replace(found, services=services, entries=entries)
    if not found.active:
        return found
    remarks = (*found.notes, *(f"Left out: {text}." for text in found.left_out))
    paths = tuple(os.path.relpath(one.path, request.file_folder) for one in request.preset_folders)
    head = Head(request.prometheus.url, remarks=remarks, preset_path=paths)
    return replace(found, text=config_text(head, entries))


async def _detect(request: DetectRequest, progress: Progress) -> tuple[Detected, dict[str, Seen]]:
    """What was found, and what those services of the file did that may count the same requests."""
    async with PrometheusClient(request.prometheus) as client:
        await client.server_info()  # raises where nothing answers
        try:
            presets = every_preset(request.preset_folders)
            found = await services_of(client, request.at, request.known, presets, progress)
            asks_alike = not found.services and request.known is None
            alike = await alike_names(client, request.at) if asks_alike else ()
        except QueryError as error:
            raise unreachable(request.prometheus.url, error.message) from None
        if not found.services:
            whole = request.known is not None
            return Detected((), found.left_out, (), found.requests + 1, found.presets, alike, is_whole=whole), {}
        return await _measured(client, request, found, progress)


async def _measured(
    client: PrometheusClient, request: DetectRequest, found: Found, progress: Progress
) -> tuple[Detected, dict[str, Seen]]:
    drafts = [_draft(one) for one in found.services]
    config = _config(drafts, request)
    seen, results = await counts(client, config, request.at, progress)
    buckets, asked = await latencies(client, config, request.at, progress)
    services = tuple(_service(draft, seen[draft.named.name], buckets.get(draft.named.name)) for draft in drafts)
    entries = tuple(service.entry for service in services)
    known: dict[str, Seen] = {}
    compared = _compared(request.known, found, client.settings.name)
    if compared is not None:
        known, more = await counts(client, compared, request.at, progress)
        results += more
    requests = found.requests + asked + sum(len(result.runs) for result in results)
    whole = request.known is not None
    every = Detected(services, found.left_out, found.notes, requests, found.presets, entries=entries, is_whole=whole)
    return every, known


def _compared(known: Config | None, found: Found, source: str) -> Config | None:
    """The services of the file that may count the same requests as one that was found; None where none does."""
    if known is None:
        return None
    names = {name for one in found.services for name in one.nearer}
    services = tuple(one for one in known.of_source(source).services if one.name in names)
    return replace(known, services=services) if services else None


def _config(entries: Sequence[Entry], request: DetectRequest) -> Config:
    """The configuration of what was found, as a report reads it."""
    head = Head(request.prometheus.url, preset_path=tuple(str(one.path.absolute()) for one in request.preset_folders))
    config = loads(config_text(head, entries), "the detected configuration", {}, cwd=Path())
    return replace(config, prometheus=replace(request.prometheus, name=DEFAULT_SOURCE))


def _draft(one: Named) -> Entry:
    """The service before anything is known of its events."""
    return Entry(one, off(one.chosen), Proposal(objectives.DEFAULT, ""), None, one.chosen.notes)


def _service(draft: Entry, seen: Seen, buckets: Buckets | None) -> DetectedService:
    """The service with objectives from what was seen. Where nothing was, it is a comment with the reason."""
    lacking = objectives.unseen(seen, DAYS)
    if lacking is not None:
        return DetectedService(replace(draft, availability=objectives.availability(seen), lacking=lacking), seen)
    missing = [_few(seen)] if _few(seen) else []
    if seen.seconds < DAYS * DAY:
        missing += [_short(seen)]
    proposal, panels = None, draft.off
    if draft.named.chosen.candidate.events:
        found = _latency(buckets, seen)
        if isinstance(found, Proposal):
            proposal = found
        else:
            missing.append(found)
        templates = draft.named.chosen.candidate.templates
        if buckets is None and "latency_good" in templates and "latency_p99" in templates:
            panels = tuple(key for key in PANELS if key in {*draft.off, "latency_p99"})
    notes = (*draft.notes, *missing)
    entry = replace(draft, off=panels, availability=objectives.availability(seen), latency=proposal, notes=notes)
    return DetectedService(entry, seen)


def _few(seen: Seen) -> str:
    few = seen.day is not None and seen.day < _FEW
    return f"fewer than {_FEW} requests a day: one failure weighs much" if few else ""


def _short(seen: Seen) -> str:
    return f"data in {-(-seen.seconds // HOUR)} of the last {DAYS * DAY // HOUR} hours"


def _latency(buckets: Buckets | None, seen: Seen) -> Proposal | str:
    if buckets is None:
        return "no latency: there is no histogram for it"
    return objectives.latency(buckets.events, buckets.written, seen)
