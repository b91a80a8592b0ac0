"""`sresnap explain --site`: the numbers of a published report, worked out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from sresnap import format as fmt
from sresnap.errors import ExitCode, UsageError
from sresnap.model.signals import CAPACITY_NAMES
from sresnap.model.windows import format_duration, iso

if TYPE_CHECKING:
    from sresnap.audit.slo import Working
    from sresnap.model.snapshot import QueryRecord, ServiceReport, Snapshot


def explain_published(site: str, service: str, name: str | None, *, as_json: bool) -> ExitCode:
    """Print every number of a service and of the fleet, or those of one name.

    Raises:
        NoReport: the site shows no report.
        UsageError: it has no such service, or nothing of that name.
    """
    from pydantic import TypeAdapter

    from sresnap.audit.slo import Working
    from sresnap.publish.newest import read_newest

    snapshot = read_newest(site)
    parts = _chosen(snapshot, _service(snapshot, service), name)
    if as_json:
        numbers = TypeAdapter(dict[str, Sequence[Working]]).dump_python(parts, mode="json")
        report = {"id": snapshot.id, "at": iso(snapshot.at), "numbers": numbers}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for title, workings in parts.items():
            click.secho(title, bold=True)
            _tell(workings)
        click.echo(f"report {snapshot.id} of {snapshot.source.kind} at {snapshot.source.url}")
    return ExitCode.DONE


def _service(snapshot: Snapshot, name: str) -> ServiceReport:
    known = {service.name: service for service in snapshot.services}
    if name not in known:
        raise UsageError(f"the report has no service {name!r}", _hint(name, known))
    return known[name]


def _chosen(snapshot: Snapshot, service: ServiceReport, name: str | None) -> dict[str, Sequence[Working]]:
    """The numbers by their title. A name is that of an SLO, a signal, a capacity, or of a part of the page."""
    from sresnap.audit.parts import fleet_part, service_parts

    parts = [*service_parts(snapshot, service), fleet_part(snapshot)]
    if name is None:
        return {part.title: part.workings for part in parts}
    found = {part.title: part.workings for part in parts if name == part.slo}
    found = found or {part.title: part.workings for part in parts if name == part.kind}
    if not found:
        key = CAPACITY_NAMES.get(name, name)
        found = {part.title: [part.by_name[key]] for part in parts if key in part.by_name}
    if not found:
        names = [known for part in parts for known in (part.slo, part.kind, *part.by_name) if known]
        raise UsageError(f"{service.name} has no number of the name {name!r} in the report", _hint(name, names))
    return found


def _hint(name: str, known: Iterable[str]) -> str:
    from sresnap.config import nearest

    names = list(dict.fromkeys(known))
    return nearest(name, names) or f"there are: {', '.join(names)}"


def _tell(workings: Iterable[Working]) -> None:
    from sresnap.audit.parts import facts

    told: set[tuple[str, int | None, int]] = set()
    for working in workings:
        click.echo(f"  {working.name} = {fmt.exact(working.value)}")
        click.echo(f"    = {working.formula}")
        click.echo(f"    = {working.filled}" if working.filled else f"    {working.why}")
        if about := facts(working):
            click.echo(f"    {about}")
        for query in working.queries:
            # The hour's query is sent as an instant and, for the hours before, as a range.
            sent = (query.promql, query.start, query.time)
            if sent not in told:
                told.add(sent)
                _tell_query(query)


def _tell_query(query: QueryRecord) -> None:
    click.echo(f"    asked: {query.promql}")
    when = f"at {iso(query.time)}"
    if query.start is not None:
        when = f"from {iso(query.start)} to {iso(query.time)}"
        when += f" by {format_duration(query.step_seconds)}" if query.step_seconds else ""
    click.echo(f"      {query.purpose} {when}, {fmt.count(query.series, 'series', 'series')}")
    for warning in query.warnings:
        click.secho(f"      warning: {warning}", fg="yellow")
