"""The requests of a report as its snapshot has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sresnap.model.query import Query, Result, Run
from sresnap.model.snapshot import QueryRecord
from sresnap.promql.one_of_many import one_of_many


def query_records(results: Sequence[Result], services: int, *, names_sources: bool = False) -> tuple[QueryRecord, ...]:
    """Every request as sent.

    Args:
        results: with the requests.
        services: how many services the report has.
        names_sources: whether each request says which source it was sent to.
    """
    records = (_query_record(result.query, run, services) for result in results for run in result.runs)
    if not names_sources:
        return tuple(records)
    sources = (result.query.source for result in results for _ in result.runs)
    return tuple(replace(record, source=source) for record, source in zip(records, sources, strict=True))


def _query_record(query: Query, run: Run, everyone: int) -> QueryRecord:
    grid, members, form = run.grid, query.members, None
    by = query.template.by
    if by and len(members) > 1:
        form = one_of_many(run.promql, {name: {member.labels.get(name, "") for member in members} for name in by})
        # A part of a query that was too long names some of its services.
        members = tuple(m for m in members if form is None or form.is_of(m.labels))
    names = tuple(member.service for member in members)
    return QueryRecord(
        promql=run.promql,
        time=grid.end,
        start=None if grid.is_instant else grid.start,
        step_seconds=None if grid.is_instant else grid.step,
        signal=str(query.series_key),
        purpose=query.purpose.value,
        window=query.window,
        services=None if len(names) == everyone else names,
        series=run.series,
        seconds=run.seconds,
        warnings=run.warnings,
        infos=run.infos,
        error=None if run.failure is None else run.failure.message,
        for_one=None if form is None else form.template,
    )
