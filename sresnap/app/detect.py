"""Detect: from a Prometheus to a sresnap.yaml with the services that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sresnap.app.check import check_queries
from sresnap.app.detect_counts import DAYS, counts, latencies
from sresnap.app.detect_proof import proven
from sresnap.app.detect_services import Found, services_of
from sresnap.config import loads
from sresnap.config.settings import Config, PrometheusSettings
from sresnap.discovery import objectives
from sresnap.discovery.config_text import Entry, Head, config_text
from sresnap.discovery.latency import Buckets
from sresnap.discovery.names import alike_names
from sresnap.discovery.naming import Named
from sresnap.discovery.objectives import Proposal, Seen
from sresnap.discovery.panels import PANELS, off
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
    """Whether the file that services should be added to has all of them."""

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
    found = asking.run(_detect(request, progress))
    active = [entry for entry in found.entries if entry.is_active]
    if not active:
        return found
    checked = check_queries(_config(Head(request.prometheus.url), active, request), request.at, progress)
    entries = proven(found.entries, checked.findings)
    services = tuple(replace(one, entry=entry) for one, entry in zip(found.services, entries, strict=True))
    remarks = (*found.notes, *(f"Left out: {text}." for text in found.left_out))
    text = config_text(Head(request.prometheus.url, remarks=remarks), entries)
    return replace(found, services=services, entries=entries, text=text)


async def _detect(request: DetectRequest, progress: Progress) -> Detected:
    async with PrometheusClient(request.prometheus) as client:
        await client.server_info()  # raises where nothing answers
        try:
            found = await services_of(client, request.at, request.known, progress)
            is_new = any(one.counted_by is None for one in found.services)
            alike = () if is_new or request.known is not None else await alike_names(client, request.at)
        except QueryError as error:
            raise unreachable(request.prometheus.url, error.message) from None
        if not is_new:
            whole = request.known is not None
            return Detected((), found.left_out, (), found.requests + 1, found.presets, alike, is_whole=whole)
        return await _measured(client, request, found, progress)


async def _measured(client: PrometheusClient, request: DetectRequest, found: Found, progress: Progress) -> Detected:
    head = Head(request.prometheus.url)
    drafts = [_draft(one) for one in found.services]
    config = _config(head, drafts, request)
    seen, results = await counts(client, config, request.at, progress)
    buckets, asked = await latencies(client, config, request.at, progress)
    services = tuple(_service(draft, seen.get(draft.named.name), buckets.get(draft.named.name)) for draft in drafts)
    entries = tuple(service.entry for service in services)
    requests = found.requests + asked + sum(len(result.runs) for result in results)
    return Detected(services, found.left_out, found.notes, requests, found.presets, entries=entries)


def _config(head: Head, entries: Sequence[Entry], request: DetectRequest) -> Config:
    """The configuration of what was found, as a report reads it."""
    config = loads(config_text(head, entries), "the detected configuration", {}, cwd=Path())
    return replace(config, prometheus=replace(request.prometheus, name=DEFAULT_SOURCE))


def _draft(one: Named) -> Entry:
    """The service before anything is known of its events. One that is counted elsewhere is not measured."""
    reason = "" if one.counted_by is None else f"not counted, because {one.counted_by} has the same requests"
    return Entry(one, off(one.chosen), Proposal(objectives.DEFAULT, reason), None, _notes(one))


def _notes(one: Named) -> tuple[str, ...]:
    if one.counted_by is None:
        return one.chosen.notes
    return (f"{one.counted_by} counts the same requests, nearer to the user. Use one of them.", *one.chosen.notes)


def _service(draft: Entry, seen: Seen | None, buckets: Buckets | None) -> DetectedService:
    """The service with objectives from what was seen."""
    if seen is None:
        return DetectedService(draft, Seen(0))
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
