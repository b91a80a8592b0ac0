"""What failed, what was missing, what the source warned of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.snapshot import Problem, QueryRecord, ServiceReport


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that failed or is missing."""

    where: str
    kind: str
    message: str
    count: str | None = None
    query: str | None = None
    """What was asked, to be tried."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What failed, what was missing, what the source warned of."""

    gaps: tuple[Gap, ...]
    warnings: tuple[Gap, ...]
    facts: tuple[str, ...]


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
