"""Check: does every query find data, and if not, why?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sresnap import promql
from sresnap.app.ask_sources import ask_sources
from sresnap.app.check_lookups import look_for_hints
from sresnap.app.check_reach import look_back, retention_note
from sresnap.app.findings import CheckResult, Finding, State, begun
from sresnap.app.first_days import provisional_notes, reached
from sresnap.app.recount import recount
from sresnap.app.zeros import may_take_errors
from sresnap.compute.answers import Answers
from sresnap.compute.slo.doubts import NOT_PERCENT
from sresnap.compute.zeros import absent_is_zero, doubt
from sresnap.config.settings import Config
from sresnap.model.evidence import Evidence
from sresnap.model.query import Purpose, Query, Result
from sresnap.model.series_key import is_of_bad
from sresnap.plan import trial
from sresnap.progress import Progress
from sresnap.prometheus import PrometheusClient, asking, fetch
from sresnap.prometheus.assign import all_failed
from sresnap.prometheus.diagnose import diagnose
from sresnap.prometheus.evidence import Wanted, look_up
from sresnap.prometheus.naming import SourceNaming
from sresnap.prometheus.partial import partial_buckets


def check_queries(config: Config, at: int, progress: Progress) -> CheckResult:
    """Send every query once, then look for the causes of those that found nothing.

    Args:
        config: what to measure and where to ask.
        at: the time to ask for, seconds since the epoch.
        progress: shows how far it has come.

    Raises:
        PrometheusUnreachable: no source answered a query.
    """
    return asking.run(_find(config, at, progress))


async def _find(config: Config, at: int, progress: Progress) -> CheckResult:
    queries = trial(config, at)
    progress.stage("querying", len(queries))
    sources = await ask_sources(config, _Asking(config, at, queries, progress).ask)
    found = sources.found.values()
    findings = [finding for one in found for finding in one.findings]
    unanswered = ((query, sources.failed.get(query.source)) for query in queries)
    failed = [all_failed(query, failure, ()) for query, failure in unanswered if failure is not None]
    findings += _findings(config, failed)
    order = {service.name: i for i, service in enumerate(config.services)}
    notes = dict.fromkeys(note for one in found for note in one.notes)
    reach_results = [result for one in found for result in one.reach]
    return CheckResult(
        tuple(sorted(findings, key=lambda finding: order[finding.service])),
        (*notes, *provisional_notes(reached(config, reach_results, at))),
        sum(one.requests for one in found),
        {name: failure.message for name, failure in sources.failed.items()},
    )


@dataclass(frozen=True, slots=True)
class _FromOne:
    """What one source brought."""

    findings: Sequence[Finding]
    reach: Sequence[Result]
    notes: Sequence[str]
    requests: int


@dataclass(frozen=True, slots=True)
class _Asking:
    config: Config
    at: int
    queries: Sequence[Query]
    progress: Progress

    async def ask(self, client: PrometheusClient) -> _FromOne:
        """The findings of a source."""
        settings, at, progress = client.settings, self.at, self.progress
        config, deadline = self.config.of_source(settings.name), settings.deadline_seconds
        queries = [query for query in self.queries if query.source == settings.name]
        until = asyncio.get_running_loop().time() + deadline
        asked = await fetch(client, queries, deadline_seconds=deadline, on_result=lambda _: progress.advance())
        results, readings = await recount(client, asked, until=until, limit=settings.raw_samples)
        if self.config.names_sources:
            results, readings = ([SourceNaming(settings).result(each) for each in some] for some in (results, readings))
        findings = _findings(config, results)
        reach_results = await look_back(client, config, at, deadline)
        evidence, _ = await look_up(client, list(_wanted(config, results)), at, until)
        progress.stage("diagnosing", len(findings))
        with contextlib.suppress(TimeoutError):  # Findings not diagnosed by then stay without a cause.
            async with asyncio.timeout(deadline):
                for i, (finding, query) in enumerate(zip(findings, _queries(results), strict=True)):
                    reason = evidence.get((finding.service, query.series_key))
                    findings[i] = await _diagnosed(client, finding, query, at, reason)
                    progress.advance()
                findings = await _in_part(client, findings, _queries(results), at)
        findings = [_without_errors(finding, findings) for finding in findings]
        if self.config.names_sources:
            findings = [_named(finding, SourceNaming(settings)) for finding in findings]
        copies = [reading for reading in readings if reading.query.purpose is Purpose.COPIES]
        notes = [note for one in copies for run in one.runs for note in run.infos]
        kept = await retention_note(client, config, reach_results, at)
        notes += [] if kept is None else [SourceNaming(settings).text(kept) if self.config.names_sources else kept]
        findings, left_out = await look_for_hints(client, config, findings, _queries(results), at, progress)
        notes += left_out
        return _FromOne(findings, reach_results, notes, client.requests)


def _named(finding: Finding, naming: SourceNaming) -> Finding:
    return finding if finding.cause is None else replace(finding, cause=naming.text(finding.cause))


def _findings(config: Config, results: Sequence[Result]) -> list[Finding]:
    answers = Answers.of(results)
    services = {service.name: service for service in config.services}
    return [
        _finding(answers, result, begun(result.query, services[member.service]))
        for result in results
        for member in result.query.members
    ]


def _wanted(config: Config, results: Sequence[Result]) -> Iterator[Wanted]:
    """The queries of bad and good events."""
    queries = {(m.service, r.query.series_key): r.query for r in results for m in r.query.members}
    totals = {
        (service.name, key): slo.total for service in config.services for slo in service.slos for key in slo.series
    }
    for result in results:
        key, members = result.query.series_key, result.query.members
        if is_of_bad(key) or may_take_errors(key):
            total = {member.service: totals[member.service, key] for member in members}
            found = {name: None if of_all is None else queries[name, of_all] for name, of_all in total.items()}
            yield from Wanted.by_total(result.query, members, found)


def _queries(results: list[Result]) -> list[Query]:
    """The query of each finding, for its service only."""
    return [replace(result.query, members=(member,)) for result in results for member in result.query.members]


def _finding(answers: Answers, result: Result, begun: Finding) -> Finding:
    query, service = result.query, begun.service
    if service in result.failures:
        return replace(begun, state=State.FAILED, cause=result.failures[service].message)
    series = result.values.get(service)
    if series is None:
        return replace(begun, state=State.NONE_HAPPENED if absent_is_zero(query.series_key) else State.NO_DATA)
    if series.last is None:
        return replace(begun, state=State.NO_VALUE, cause="the answer is NaN, as when there is no traffic")
    value = answers.value(service, query.purpose, query.series_key, query.window)
    if query.series_key.role == "availability" and value is not None and 0 < value <= 1 / query.divisor:
        return replace(begun, state=State.NOT_PERCENT, value=value, cause=NOT_PERCENT)
    return replace(begun, state=State.OK, value=value)


async def _diagnosed(
    client: PrometheusClient, finding: Finding, query: Query, at: int, evidence: Evidence | None
) -> Finding:
    """The finding with its likely cause. An absent series of errors is good news only if its labels exist."""
    if evidence is not None and finding.state is not State.FAILED:
        finding = _by_evidence(replace(finding, labels=evidence.labels), query, evidence)
    if finding.state is not State.NO_DATA or finding.cause is not None:
        return finding
    cause = await diagnose(client, promql.render(query), at, query.template)
    return replace(finding, cause=None if cause is None else cause.text)


async def _in_part(
    client: PrometheusClient, findings: Sequence[Finding], queries: Sequence[Query], at: int
) -> list[Finding]:
    """The findings, where some instances lack the bucket of a latency: their events would count as slow."""
    found = list(findings)
    places = [
        place
        for place, (finding, query) in enumerate(zip(findings, queries, strict=True))
        if finding.state is State.OK and query.series_key.events_role == "latency_good"
    ]
    asked = [(promql.render(queries[place]), queries[place].template.unit) for place in places]
    for place, cause in zip(places, await partial_buckets(client, asked, at), strict=True):
        if cause is not None:
            found[place] = replace(found[place], state=State.IN_PART, cause=cause.text)
    return found


def _without_errors(finding: Finding, findings: Sequence[Finding]) -> Finding:
    """A rate of no errors means nothing while the bad events, which it is the rate of, are not found."""
    if finding.query != "error_rate" or finding.state is not State.OK or finding.value:
        return finding
    bad = [one for one in findings if (one.service, one.query) == (finding.service, "bad") and not one.state.is_good]
    return replace(finding, state=bad[0].state, value=None, cause="bad events are not known") if bad else finding


def _by_evidence(finding: Finding, query: Query, evidence: Evidence) -> Finding:
    """The finding by what exists. A zero is good news only if the query could have found an error."""
    if evidence.missed is not None:
        return replace(finding, state=State.MISSES, cause=evidence.missed)
    reason = doubt(evidence, query.series_key, finding.value)
    return finding if reason is None else replace(finding, state=State.NO_DATA, cause=reason)
