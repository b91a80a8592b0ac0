"""Where the numbers come from: formulas, queries and the source."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.audit.parts import Part, facts, fleet_part, service_parts
from sresnap.audit.queries import queries_of
from sresnap.audit.slo import Derivation
from sresnap.documents.layout import QUERIES, SNAPSHOT
from sresnap.model.snapshot import NamedSource, QueryRecord, ServiceReport, Snapshot
from sresnap.model.windows import iso
from sresnap.render.clock import Clock
from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class QueryView:
    """A query with its time and its answer."""

    title: str
    promql: str
    facts: tuple[tuple[str, str], ...]
    badge: Badge
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number, unrounded."""

    name: str
    value: str
    formula: str
    filled: str
    """The formula with numbers filled in, or why the value is missing."""
    facts: str
    """Its window, coverage and samples."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one objective, each with its formula."""

    title: str
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the numbers were computed."""

    summary: str
    queries: tuple[QueryView, ...]
    links: tuple[Link, ...]
    source: str
    numbers: tuple[Numbers, ...] = ()
    """By objective."""


_ANSWERED = Badge("✓", "Answered", "ok")
_EMPTY = Badge("?", "No series", "nodata")
_FAILED = Badge("✕", "Failed", "bad")


def provenance(snapshot: Snapshot, service: ServiceReport, root: str, clock: Clock) -> Provenance:
    """How the numbers of a service were computed."""
    queries = queries_of(snapshot, service)
    failed = sum(query.error is not None for query in queries)
    trouble = f", {fmt.number(failed)} failed" if failed else ""
    many = len(snapshot.services) > 1
    amount = fmt.count(len(queries), "query", "queries")
    return Provenance(
        summary=f"{amount}{trouble}{', shown for this service only' if many else ''}",
        queries=tuple(_query(query, clock, len(snapshot.services)) for query in queries),
        links=(
            Link(f"{root}{SNAPSHOT.path(snapshot.id)}", "This report as JSON"),
            *([Link(f"{root}{QUERIES.path()}", "All queries as sent")] if many else []),
        ),
        source=_source_of(snapshot, service),
        numbers=tuple(_numbers(part) for part in service_parts(snapshot, service) if part.derivations),
    )


def fleet_provenance(snapshot: Snapshot, root: str | None) -> Provenance:
    """How the fleet's numbers were computed. A service's page has its own queries, a file has all as they were sent.

    Without a `root` the page has no links.
    """
    amount = fmt.count(len(snapshot.queries), "query", "queries")
    place = "this report's JSON" if root is None else QUERIES.path()
    summary = f"{amount}: each service's page shows its own, and {place} has all as they were sent"
    links = () if root is None else (Link(f"{root}{QUERIES.path()}", "All queries as sent"),)
    return Provenance(summary, (), links, _source(snapshot), (_numbers(fleet_part(snapshot)),))


def _source(snapshot: Snapshot) -> str:
    if snapshot.sources:
        return "; ".join(map(_named, snapshot.sources))
    source = snapshot.source
    version = f" {source.version}" if source.version else ""
    return f"{source.kind}{version} at {source.url}"


def _source_of(snapshot: Snapshot, service: ServiceReport) -> str:
    """Of several sources, the service's own."""
    return next((_named(each) for each in snapshot.sources if each.name == service.source), _source(snapshot))


def _named(source: NamedSource) -> str:
    """`eu (2.42.0)`; without a version `eu`."""
    if source.failure is not None:
        return f"{source.name} (no answer)"
    return f"{source.name} ({source.version})" if source.version else source.name


def _numbers(part: Part) -> Numbers:
    rows = [
        NumberRow(
            name=derivation.name,
            value=fmt.exact(derivation.value),
            formula=derivation.formula,
            filled=derivation.filled or derivation.why or "",
            facts=_facts(derivation),
        )
        for derivation in part.derivations
    ]
    return Numbers(part.title, tuple(rows))


def _facts(derivation: Derivation) -> str:
    warnings = sum(len(query.warnings) for query in derivation.queries)
    parts = [facts(derivation), fmt.count(warnings, "warning") if warnings else ""]
    return "; ".join(part for part in parts if part)


def _query(query: QueryRecord, clock: Clock, everyone: int) -> QueryView:
    """A query with its times in UTC, as in the request."""
    facts = []
    if query.start is None:
        facts.append(("time", iso(query.time)))
    else:
        facts.append(("range", f"{iso(query.start)} to {iso(query.time)}"))
        facts.append(("step", fmt.duration(query.step_seconds)))
    facts.append(("local", clock.moment(query.time).text))
    asked = everyone if query.services is None else len(query.services)
    shared = f" for {fmt.count(asked, 'service')}" if asked > 1 else ""
    facts.append(("series", f"{fmt.number(query.series)}{shared}"))
    facts.append(("took", fmt.duration(query.seconds)))
    if query.source is not None:
        facts.append(("source", query.source))
    badge = _FAILED if query.error is not None else _ANSWERED if query.series else _EMPTY
    return QueryView(query.title, query.promql, tuple(facts), badge, query.notes)
