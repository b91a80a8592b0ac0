"""Gathers what a report is computed from: the history, and Prometheus's answers to what the history lacks."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sresnap.app.ask_sources import FromSources, ask_sources
from sresnap.app.recount import recount
from sresnap.app.zeros import Reasons, reasons_of_zeros
from sresnap.compute.answers import Answers, merge_answers
from sresnap.compute.service_report import Earlier, ReportInput
from sresnap.config import burn_pairs, default_policy
from sresnap.config.settings import Config
from sresnap.documents.history import load_history
from sresnap.errors import ClockAhead
from sresnap.model.history import ColumnKey, History
from sresnap.model.query import Failure, Result
from sresnap.model.windows import DAY, HOUR, MINUTE, iso
from sresnap.plan import Missed, Plan, history_hours, plan
from sresnap.progress import Progress
from sresnap.prometheus import PrometheusClient, ServerInfo, fetch
from sresnap.prometheus.asking import run
from sresnap.prometheus.assign import all_failed
from sresnap.prometheus.diagnose import causes_of_nothing
from sresnap.prometheus.naming import SourceNaming
from sresnap.prometheus.recording import LookUps

NO_HISTORY = History()
SEAL_AFTER = 3 * HOUR
"""Hours older than this are final: late samples have arrived by then."""
SEAL_NOTED_AFTER = DAY
"""The same for hours that were answered with an info."""
CLOCK_TOLERANCE = 2 * MINUTE
"""How far a report may be ahead of Prometheus's clock. Samples after that clock do not exist, and the shortest window
that is judged is five minutes."""


def planned_queries(config: Config, out: Path, at: int) -> Plan:
    """The queries that a build at `at` would send, given the history in `out`."""
    loaded = load_history(out, history_hours(config, at))
    return plan(config, loaded.history, at)


def gather(
    config: Config,
    history: History,
    at: int,
    progress: Progress,
    *,
    due: int | None = None,
    earlier: History = NO_HISTORY,
    missed: Missed | None = None,
) -> tuple[ReportInput, Mapping[str, ServerInfo]]:
    """Ask Prometheus for what the history lacks.

    Args:
        config: services, queries and where to ask.
        history: the hours known so far.
        at: the report's moment, seconds since the epoch.
        progress: is advanced by one for each answer.
        due: the moment that Prometheus's clock must have reached; the report's when left out.
        earlier: what is known of the hours before the longest window.
        missed: hours before the windows that are asked for, too.

    Returns:
        Answers and completed history, and by name what is known of each source that answered.

    Raises:
        PrometheusUnreachable: no source answered anything.
        ClockAhead: none did, and a clock has not reached the moment.
    """
    todo = plan(config, history, at, missed)
    progress.stage("querying", len(todo.queries))
    asking = _Asking(config, history, todo, at if due is None else due, progress)
    sources = run(ask_sources(config, asking.ask))
    found = sources.found.values()
    results = [*(result for one in found for result in one.results), *_unanswered(todo, sources)]
    causes = {key: text for one in found for key, text in one.causes.items()}
    reasons = Reasons.together([one.reasons for one in found])
    gathered = report_input(config, history, at, todo, results, causes, reasons, earlier)
    servers = {name: one.server for name, one in sources.found.items()}
    return replace(gathered, failed_sources=sources.failed), servers


def report_input(
    config: Config,
    history: History,
    at: int,
    todo: Plan,
    results: Sequence[Result],
    causes: Mapping[ColumnKey, str],
    reasons: Reasons | None = None,
    earlier: History = NO_HISTORY,
) -> ReportInput:
    """What a report is computed from, with the history completed by the results.

    Args:
        config: services and queries.
        history: the hours known so far.
        at: the report's moment, seconds since the epoch.
        todo: the queries.
        results: their answers.
        causes: why a series has no data, where the cause is known.
        reasons: what zeros mean.
        earlier: what is known of the hours before the longest window.
    """
    reasons = reasons or Reasons()
    unknown = reasons.doubts.keys() - reasons.undercounted
    return ReportInput(
        at=at,
        window=config.window,
        services=config.services,
        pairs=burn_pairs(),
        hours=todo.hours,
        answers=Answers.of(results, unknown),
        history=_completed(history, at, todo, results, reasons, unknown),
        definitions=todo.definitions,
        corrections=todo.corrections,
        policies=config.policy,
        default_policies=default_policy(),
        causes={**causes, **reasons.doubts},
        undercounted=reasons.undercounted,
        earlier=Earlier(todo.earlier, earlier),
        names_sources=config.names_sources,
    )


def _completed(
    history: History,
    at: int,
    todo: Plan,
    results: Sequence[Result],
    reasons: Reasons,
    unknown: Collection[ColumnKey],
) -> History:
    """The history with the whole hours of the results, and the zeros that were explained."""
    merged = merge_answers(
        history,
        results,
        todo.definitions,
        todo.totals,
        at - SEAL_AFTER,
        noted_until=at - SEAL_NOTED_AFTER,
        doubts=unknown,
        unsure=reasons.failed,
    )
    return merged.with_explained({key: todo.definitions[key] for key in reasons.explained}, at)


@dataclass(frozen=True, slots=True)
class _FromOne:
    """What one source brought."""

    server: ServerInfo
    results: Sequence[Result]
    causes: Mapping[ColumnKey, str]
    """Why a series has no data, where the cause is known."""
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class _Asking:
    config: Config
    history: History
    todo: Plan
    due: int
    progress: Progress

    async def ask(self, client: PrometheusClient) -> _FromOne:
        """Send the queries of a source within its deadline."""
        settings = client.settings
        deadline = settings.deadline_seconds
        until = asyncio.get_running_loop().time() + deadline
        queries = self.todo.of_source(settings.name)
        results = await fetch(client, queries, deadline_seconds=deadline, on_result=lambda _: self.progress.advance())
        _check_clock(self.due, client.clock, settings.url)
        results, readings = await recount(client, results, until=until, limit=settings.raw_samples)
        sent: LookUps = {}
        reasons = await reasons_of_zeros(client, results, self.history, self.todo, until, sent)
        causes, asked = await causes_of_nothing(client, results, deadline, sent)
        found = _FromOne(client.info, [*results, *readings, *reasons.asked, *asked], causes, reasons)
        return _named(found, SourceNaming(settings)) if self.config.names_sources else found


def _named(found: _FromOne, naming: SourceNaming) -> _FromOne:
    """The same with messages that name the source."""
    causes = {key: naming.text(text) for key, text in found.causes.items()}
    doubts = {key: naming.text(text) for key, text in found.reasons.doubts.items()}
    results = [naming.result(result) for result in found.results]
    return _FromOne(found.server, results, causes, replace(found.reasons, doubts=doubts))


def _unanswered(todo: Plan, sources: FromSources[_FromOne]) -> Iterator[Result]:
    """The queries of sources that failed, with what was sent."""
    runs = {id(result.query): result.runs for results in sources.sent.values() for result in results}
    for query in todo.queries:
        failure: Failure | None = sources.failed.get(query.source)
        if failure is not None:
            yield all_failed(query, failure, runs.get(id(query), ()))


def _check_clock(due: int, clock: int | None, url: str) -> None:
    """Refuse a report of the future: it would be empty, and would stay the newest one until its time comes.

    A server that sends no `Date` header is not checked.
    """
    if clock is None or due <= clock + CLOCK_TOLERANCE:
        return
    message = f"the report's time is {iso(due)}, but Prometheus at {url} says it is {iso(clock)}; nothing was written"
    hint = "set this machine's clock (timedatectl), or Prometheus's if that one is wrong, and run it again"
    raise ClockAhead(message, hint)
