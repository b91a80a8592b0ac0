"""`sresnap explain --site`: the numbers of a published report, worked out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sresnap import format as fmt
from sresnap.errors import ExitCode, UsageError
from sresnap.model.windows import format_duration

if TYPE_CHECKING:
    from sresnap.model.snapshot import QueryRecord, ServiceReport, SloReport, Snapshot
    from sresnap.render.workings import Working


def explain_published(site: str, service: str, slo: str | None, *, as_json: bool) -> ExitCode:
    """Print every number of a service's SLOs, or of one of them, and of the fleet.

    Raises:
        NoReport: the site shows no report.
        UsageError: it has no such service or SLO.
    """
    from sresnap.render.workings import composite_workings, slo_workings
    from sresnap.store.published import published

    snapshot = published(site)
    found = _service(snapshot, service)
    parts = {f"{service}/{one.name}": slo_workings(snapshot, found, one) for one in _slos(found, slo)}
    if slo is None:
        parts["fleet"] = composite_workings(snapshot)
    if as_json:
        report = {name: [asdict(working) for working in workings] for name, workings in parts.items()}
        click.echo(json.dumps({"id": snapshot.id, "at": snapshot.at, "numbers": report}, ensure_ascii=False, indent=2))
    else:
        for name, workings in parts.items():
            click.secho(name, bold=True)
            _tell(workings)
        click.echo(f"report {snapshot.id} of {snapshot.source.kind} at {snapshot.source.url}")
    return ExitCode.DONE


def _service(snapshot: Snapshot, name: str) -> ServiceReport:
    known = {service.name: service for service in snapshot.services}
    if name not in known:
        raise UsageError(f"the report has no service {name!r}", _hint(name, known))
    return known[name]


def _slos(service: ServiceReport, name: str | None) -> Iterable[SloReport]:
    known = {slo.name: slo for slo in service.slos}
    if name is not None and name not in known:
        raise UsageError(f"{service.name} has no SLO {name!r} in the report", _hint(name, known))
    return [slo for slo in service.slos if name in {None, slo.name}]


def _hint(name: str, known: Iterable[str]) -> str:
    from sresnap.config import nearest

    return nearest(name, known) or f"there are: {', '.join(known)}"


def _tell(workings: Iterable[Working]) -> None:
    told: set[tuple[str, str | None, str]] = set()
    for working in workings:
        click.echo(f"  {working.name} = {fmt.exact(working.value)}")
        click.echo(f"    = {working.formula}")
        click.echo(f"    = {working.filled}" if working.filled else f"    {working.why}")
        facts = [] if working.start is None else [f"{working.start} to {working.end}"]
        facts += [] if working.coverage is None else [f"coverage {fmt.exact(working.coverage)}"]
        facts += [] if working.samples is None else [working.samples]
        if facts:
            click.echo(f"    {'; '.join(facts)}")
        for query in working.queries:
            # The hour's query is sent as an instant and, for the hours before, as a range.
            sent = (query.promql, query.start, query.time)
            if sent not in told:
                told.add(sent)
                _tell_query(query)


def _tell_query(query: QueryRecord) -> None:
    click.echo(f"    asked: {query.promql}")
    when = f"at {query.time}"
    if query.start is not None:
        when = f"from {query.start} to {query.time}"
        when += f" by {format_duration(query.step_seconds)}" if query.step_seconds else ""
    click.echo(f"      {query.purpose} {when}, {fmt.count(query.series, 'series', 'series')}")
    for warning in query.warnings:
        click.secho(f"      warning: {warning}", fg="yellow")
