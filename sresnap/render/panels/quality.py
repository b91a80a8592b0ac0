"""Gaps in the data, and warnings of the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Purpose
from sresnap.model.snapshot import Problem, QueryRecord, ServiceReport


@dataclass(frozen=True, slots=True)
class Gap:
    """A query that failed, or data that is missing."""

    where: str
    kind: str
    message: str
    count: str | None = None
    query: str | None = None
    """The query, for readers who want to try it."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Gaps in the data, and warnings of the source."""

    gaps: tuple[Gap, ...]
    warnings: tuple[Gap, ...]
    summary: str


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


def quality(
    problems: Sequence[Problem], queries: Sequence[QueryRecord], services: Sequence[ServiceReport] = ()
) -> Quality:
    """The gaps and warnings of a report, or of one service's part of it."""
    failed = sum(query.error is not None for query in queries)
    spent = sum(query.seconds for query in queries)
    amount = f"{fmt.count(len(queries), 'query', 'queries')}, {fmt.number(failed) if failed else 'none'} failed"
    summary = f"{amount}, answered in {fmt.duration(spent)}." if queries else "No query was sent."
    open_ = {name for query in queries if query.purpose == Purpose.RAW for name in query.services or ()}
    if open_:
        restarted = "where counters restarted, appeared or ended"
        summary += f" Raw samples were counted for {fmt.count(len(open_), 'service')}, {restarted}."
    return Quality(_gaps(problems, _promql_by_signal(queries, services)), _infos(queries), summary)


def _promql_by_signal(queries: Sequence[QueryRecord], services: Sequence[ServiceReport]) -> Mapping[str, str]:
    """The query by the signal that a problem names: a series or an objective."""
    found: dict[str, str] = {}
    for query in queries:
        found.setdefault(query.signal, query.promql)
    for slo in (slo for service in services for slo in service.slos if slo.series):
        if slo.series[0] in found:
            found.setdefault(slo.name, found[slo.series[0]])
    return found


def _gaps(problems: Sequence[Problem], promql: Mapping[str, str]) -> tuple[Gap, ...]:
    """Problems, one line for services that have the same one."""
    alike = Counter((problem.kind, problem.signal, problem.message) for problem in problems)
    found = []
    for (kind, signal, message), amount in alike.items():
        names = [p.service for p in problems if (p.kind, p.signal, p.message) == (kind, signal, message) and p.service]
        who = names[0] if len(names) == 1 else fmt.count(len(names), "service") if names else "all services"
        where = f"{who} · {signal}" if signal else who
        others = ", ".join(names) if amount > 1 and names else None
        query = promql.get(signal or "") if kind in _ABOUT_QUERIES else None
        found.append(Gap(where, kind_text(kind), message, others, query))
    return tuple(found)


def _infos(queries: Sequence[QueryRecord]) -> tuple[Gap, ...]:
    alike = Counter((query.signal, "info", text) for query in queries for text in query.infos)
    return tuple(
        Gap(signal, kind, text, fmt.count(amount, "query", "queries")) for (signal, kind, text), amount in alike.items()
    )


def kind_text(kind: str) -> str:
    """A kind of problem in words."""
    return _KIND_TEXTS.get(kind, kind.replace("_", " "))
