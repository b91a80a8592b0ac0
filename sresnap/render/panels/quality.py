"""Gaps in the data, and warnings of the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.audit.queries import for_one
from sresnap.documents.layout import QUERIES
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Purpose
from sresnap.model.snapshot import NamedSource, Problem, QueryRecord, ServiceReport, Snapshot
from sresnap.render.views import Link


@dataclass(frozen=True, slots=True)
class Gap:
    """A query that failed, or data that is missing."""

    where: str
    kind: str
    message: str
    count: str | None = None
    query: str | None = None
    """The query, for readers who want to try it, for one service: a large fleet's names all its services."""
    query_of: str | None = None
    """The service of the query, where the gap has several. None for a query as sent."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Gaps in the data, and warnings of the source."""

    gaps: tuple[Gap, ...]
    warnings: tuple[Gap, ...]
    summary: str
    links: tuple[Link, ...] = ()


_KIND_TEXTS: Mapping[str, str] = {
    ProblemKind.QUERY_FAILED: "query failed",
    ProblemKind.NO_SERIES: "no series",
    ProblemKind.TIMEOUT: "timed out",
    ProblemKind.UNREACHABLE: "not reachable",
    ProblemKind.BAD_ANSWER: "bad answer",
    ProblemKind.REFUSED: "refused",
    ProblemKind.DEADLINE: "deadline passed",
    ProblemKind.AMBIGUOUS: "several series",
    ProblemKind.NO_DATA: "no data",
    ProblemKind.INSUFFICIENT: "not enough data",
    ProblemKind.HISTORY_UNREADABLE: "history unreadable",
    ProblemKind.WARNING: "warning",
}
_ABOUT_QUERIES = {ProblemKind.NO_SERIES, ProblemKind.NO_DATA, ProblemKind.QUERY_FAILED, ProblemKind.AMBIGUOUS}
"""Kinds of problems for which the query is shown."""


def fleet_quality(snapshot: Snapshot, root: str | None) -> Quality:
    """The gaps and warnings of a report. Without a `root` the page has no links."""
    found = quality(snapshot.problems, snapshot.queries, snapshot.services, snapshot.sources)
    if root is None or not any(gap.query for gap in found.gaps):
        return found
    return replace(found, links=(Link(f"{root}{QUERIES.path()}", "All queries as sent"),))


def quality(
    problems: Sequence[Problem],
    queries: Sequence[QueryRecord],
    services: Sequence[ServiceReport] = (),
    sources: Sequence[NamedSource] = (),
) -> Quality:
    """The gaps and warnings of some services.

    Args:
        problems: of these services.
        queries: that were sent for them.
        services: whose panel it is.
        sources: of the report. One that cannot be reached is sent no query, so none of its queries has failed.
    """
    silent = _silent(sources, services)
    summary = " ".join(text for text in (_sent(queries, silent), _raw(queries)) if text)
    return Quality(_gaps(problems, _Queries.of(queries, services)), _infos(queries), summary)


def _silent(sources: Sequence[NamedSource], services: Sequence[ServiceReport]) -> str:
    """Which sources of some services answered nothing, in a sentence; empty where all answered."""
    asked = {service.source for service in services}
    names = [source.name for source in sources if source.failure is not None and source.name in asked]
    return f"{'Sources' if len(names) > 1 else 'Source'} {fmt.some(names)} answered nothing." if names else ""


def _sent(queries: Sequence[QueryRecord], silent: str) -> str:
    """How many queries were sent and failed, and which sources said nothing."""
    if not queries:
        return silent or "No query was sent."
    failed = sum(query.error is not None for query in queries)
    spent = sum(query.seconds for query in queries)
    amount = f"{fmt.count(len(queries), 'query', 'queries')}, {fmt.number(failed) if failed else 'none'} failed"
    sent = f"{amount}, answered in {fmt.duration(spent)}."
    return f"{sent} {silent}" if silent else sent


def _raw(queries: Sequence[QueryRecord]) -> str:
    """For how many services raw samples were counted; empty for none."""
    read = {name for query in queries if query.purpose == Purpose.RAW for name in query.services or ()}
    restarted = "where counters restarted, appeared or ended"
    return f"Raw samples were counted for {fmt.count(len(read), 'service')}, {restarted}." if read else ""


@dataclass(frozen=True, slots=True)
class _Queries:
    """The queries behind problems."""

    by_signal: Mapping[str, Sequence[QueryRecord]]
    """By what a problem names: a series or an objective."""
    services: Mapping[str, ServiceReport]

    @classmethod
    def of(cls, queries: Sequence[QueryRecord], services: Sequence[ServiceReport]) -> _Queries:
        found: dict[str, list[QueryRecord]] = {}
        for query in queries:
            found.setdefault(query.signal, []).append(query)
        for slo in (slo for service in services for slo in service.slos if slo.series):
            if slo.series[0] in found:
                found.setdefault(slo.name, found[slo.series[0]])
        return cls(found, {service.name: service for service in services})

    def of_gap(self, signal: str, names: Sequence[str]) -> tuple[str, str | None] | None:
        """A query of the first service that has the gap, and the service; None where none was sent.

        A query that is the same for all, such as of the host, is not of one service.
        """
        name = next(iter(names or self.services), None)
        service = None if name is None else self.services.get(name)
        if service is None:
            return None
        asked = (q for q in self.by_signal.get(signal, ()) if q.services is None or service.name in q.services)
        query = next(asked, None)
        if query is None:
            return None
        return for_one(query, service).promql, None if query.for_one is None else service.name


def _gaps(problems: Sequence[Problem], queries: _Queries) -> tuple[Gap, ...]:
    """Problems, one line for services that have the same one."""
    alike = Counter((problem.kind, problem.signal, problem.message) for problem in problems)
    found = []
    for (kind, signal, message), amount in alike.items():
        names = [p.service for p in problems if (p.kind, p.signal, p.message) == (kind, signal, message) and p.service]
        who = names[0] if len(names) == 1 else fmt.count(len(names), "service") if names else "all services"
        where = f"{who} · {signal}" if signal else who
        others = ", ".join(names) if amount > 1 and names else None
        query, of_one = (queries.of_gap(signal or "", names) if kind in _ABOUT_QUERIES else None) or (None, None)
        is_of_several = len(names) != 1 and len(queries.services) > 1
        found.append(Gap(where, kind_text(kind), message, others, query, of_one if is_of_several else None))
    return tuple(found)


def _infos(queries: Sequence[QueryRecord]) -> tuple[Gap, ...]:
    alike = Counter((query.signal, "info", text) for query in queries for text in query.infos)
    return tuple(
        Gap(signal, kind, text, fmt.count(amount, "query", "queries")) for (signal, kind, text), amount in alike.items()
    )


def kind_text(kind: str) -> str:
    """A kind of problem in words."""
    return _KIND_TEXTS.get(kind, kind.replace("_", " "))
