"""Where the numbers come from: what failed, what was missing, and each query as it was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sresnap import format as fmt
from sresnap.audit.parts import Part, facts, fleet_part, service_parts
from sresnap.audit.slo import Working
from sresnap.model.snapshot import Problem, QueryRecord, ServiceReport, Snapshot
from sresnap.render.clock import Clock
from sresnap.render.panels.provenance_models import Gap, NumberRow, Numbers, Provenance, Quality, QueryView
from sresnap.render.views import Badge, Link

_KINDS = {
    "query_failed": "query failed",
    "no_series": "no series",
    "timeout": "timed out",
    "unreachable": "not reachable",
    "bad_answer": "bad answer",
    "refused": "refused",
    "deadline": "deadline passed",
    "ambiguous": "several series",
    "no_data": "no data",
    "insufficient": "not enough data",
    "history_unreadable": "history unreadable",
    "warning": "warning",
}
_ABOUT_QUERIES = {"no_series", "no_data", "query_failed", "ambiguous"}
"""Kinds of problems whose query a reader wants to try."""
_ANSWERED = Badge("✓", "Answered", "ok")
_EMPTY = Badge("?", "No series", "nodata")
_FAILED = Badge("✕", "Failed", "bad")


def quality(
    problems: Sequence[Problem], queries: Sequence[QueryRecord], services: Sequence[ServiceReport] = ()
) -> Quality:
    """What a reader must know before trusting the page."""
    failed = sum(query.error is not None for query in queries)
    spent = sum(query.seconds for query in queries)
    facts = [f"{fmt.count(len(queries), 'query', 'queries')} sent", f"{fmt.number(failed)} failed"]
    facts.append(f"{fmt.duration(spent)} of answering in all")
    return Quality(_gaps(problems, _sent(queries, services)), _infos(queries), tuple(facts))


def _sent(queries: Sequence[QueryRecord], services: Sequence[ServiceReport]) -> Mapping[str, str]:
    """By what a problem names as its signal, a series or an objective: the query that was sent for it."""
    found: dict[str, str] = {}
    for query in queries:
        found.setdefault(query.signal, query.promql)
    for slo in (slo for service in services for slo in service.slos if slo.series):
        if slo.series[0] in found:
            found.setdefault(slo.name, found[slo.series[0]])
    return found


def _gaps(problems: Sequence[Problem], sent: Mapping[str, str]) -> tuple[Gap, ...]:
    """Problems; those of many services that say the same are put together."""
    together = Counter((problem.kind, problem.signal, problem.message) for problem in problems)
    found = []
    for (kind, signal, message), amount in together.items():
        names = [p.service for p in problems if (p.kind, p.signal, p.message) == (kind, signal, message) and p.service]
        who = names[0] if len(names) == 1 else fmt.count(len(names), "service") if names else "all services"
        where = f"{who} · {signal}" if signal else who
        others = ", ".join(names) if amount > 1 and names else None
        query = sent.get(signal or "") if kind in _ABOUT_QUERIES else None
        found.append(Gap(where, kind_text(kind), message, others, query))
    return tuple(found)


def _infos(queries: Sequence[QueryRecord]) -> tuple[Gap, ...]:
    told = Counter((query.signal, "info", text) for query in queries for text in query.infos)
    return tuple(
        Gap(signal, kind, text, fmt.count(amount, "query", "queries")) for (signal, kind, text), amount in told.items()
    )


def kind_text(kind: str) -> str:
    """A problem's kind in words."""
    return _KINDS.get(kind, kind.replace("_", " "))


def provenance(snapshot: Snapshot, service: ServiceReport, root: str, clock: Clock) -> Provenance:
    """How the numbers of a service were computed."""
    asked = [q for q in snapshot.queries if q.services is None or service.name in q.services]
    failed = sum(query.error is not None for query in asked)
    trouble = f", {fmt.number(failed)} failed" if failed else ""
    return Provenance(
        summary=f"{fmt.count(len(asked), 'query', 'queries')}{trouble}",
        queries=tuple(_query(query, clock) for query in asked),
        links=(Link(f"{root}snapshots/{snapshot.id}.json", f"this report as JSON ({snapshot.id})"),),
        source=_source(snapshot),
        numbers=tuple(_numbers(part) for part in service_parts(snapshot, service) if part.workings),
    )


def fleet_provenance(snapshot: Snapshot) -> Provenance:
    """How the fleet's numbers were computed; the queries stand on the services' pages, the JSON in the foot."""
    summary = f"{fmt.count(len(snapshot.queries), 'query', 'queries')}, told on the services' pages"
    numbers = (_numbers(fleet_part(snapshot)),)
    return Provenance(summary, (), (), _source(snapshot), numbers)


def _source(snapshot: Snapshot) -> str:
    source = snapshot.source
    version = f" {source.version}" if source.version else ""
    return f"{source.kind}{version} at {source.url}"


def _numbers(part: Part) -> Numbers:
    rows = [
        NumberRow(
            name=working.name,
            value=fmt.exact(working.value),
            formula=working.formula,
            filled=working.filled or working.why or "",
            facts=_facts(working),
        )
        for working in part.workings
    ]
    return Numbers(part.title, tuple(rows))


def _facts(working: Working) -> str:
    warnings = sum(len(query.warnings) for query in working.queries)
    parts = [facts(working), fmt.count(warnings, "warning") if warnings else ""]
    return "; ".join(part for part in parts if part)


def _query(query: QueryRecord, clock: Clock) -> QueryView:
    """Times are given as they were sent, in UTC, because they are part of the request."""
    facts = []
    if query.start is None:
        facts.append(("time", query.time))
    else:
        facts.append(("range", f"{query.start} to {query.time}"))
        facts.append(("step", fmt.duration(query.step_seconds)))
    facts.append(("local", clock.moment(query.time).text))
    facts.append(("series", fmt.number(query.series)))
    facts.append(("took", fmt.duration(query.seconds)))
    badge = _FAILED if query.error is not None else _ANSWERED if query.series else _EMPTY
    notes = [query.error] if query.error is not None else []
    notes += [f"warning: {text}" for text in query.warnings] + [f"info: {text}" for text in query.infos]
    title = f"{query.signal} · {query.purpose.replace('_', ' ')} · {query.window}"
    return QueryView(title, query.promql, tuple(facts), badge, tuple(notes))
