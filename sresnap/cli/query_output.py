"""Queries as text and as JSON: for `build --dry-run` and `explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sresnap.model.query import DEFAULT_SOURCE
from sresnap.model.windows import format_duration, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sresnap.app.explain import QueryAnswer
    from sresnap.config.settings import Config, PrometheusSettings
    from sresnap.model.query import Query


def source_text(settings: PrometheusSettings) -> str:
    """Where queries go: the address, and the name where it has one."""
    return settings.url if settings.name == DEFAULT_SOURCE else f"source {settings.name} ({settings.url})"


def sources_text(config: Config) -> str:
    """The same of all sources that services are asked of."""
    return ", ".join(map(source_text, config.asked.values()))


def query_fields(query: Query) -> dict[str, Any]:
    """A query for --json. `start` is null for an instant query."""
    from sresnap import promql

    return {
        "signal": str(query.series_key),
        "purpose": query.purpose.value,
        "window": query.window,
        "origin": query.template.origin,
        "promql": promql.render(query),
        "start": None if query.grid.is_instant else iso(query.grid.start),
        "time": iso(query.grid.end),
        "step_seconds": query.grid.step or None,
        "services": [member.service for member in query.members],
        "source": query.source,
    }


def answer_fields(answer: QueryAnswer) -> dict[str, Any]:
    """A query and its answer for --json."""
    return {
        **query_fields(answer.query),
        "points": answer.query.grid.count,
        "points_with_data": answer.points_with_data,
        "series": answer.series,
        "last": answer.last,
        "seconds": answer.seconds,
        "warnings": list(answer.warnings),
        "error": answer.error,
    }


def print_queries(queries: Iterable[Query]) -> None:
    """Print the queries that a build would send."""
    for query in queries:
        fields = query_fields(query)
        where = "" if query.source == DEFAULT_SOURCE else f", source {query.source}"
        click.echo(f"{query.series_key} ({fields['purpose']}, {query.window}{where}) {_when(fields)}")
        click.echo(f"    {fields['promql']}")


def print_answers(service: str, answers: Sequence[QueryAnswer]) -> None:
    """Print each query of a service with its answer, under the signal's name."""
    signal = None
    for answer in answers:
        fields = query_fields(answer.query)
        if fields["signal"] != signal:
            signal = fields["signal"]
            click.secho(f"{service} · {signal}", bold=True, nl=False)
            click.echo(f"  ({fields['origin']})")
        click.echo(f"  {fields['promql']}")
        click.echo(f"    {fields['purpose']}, {fields['window']}: {_when(fields)}")
        click.echo(f"    → {_outcome(answer)}")
        for warning in answer.warnings:
            click.secho(f"      warning: {warning}", fg="yellow")


def _when(fields: dict[str, Any]) -> str:
    if fields["start"] is None:
        return f"at {fields['time']}"
    return f"{fields['start']} to {fields['time']}, one point every {format_duration(fields['step_seconds'])}"


def _outcome(answer: QueryAnswer) -> str:
    if answer.error:
        return f"failed: {answer.error}"
    if not answer.points_with_data:
        return "no data" if answer.series == 0 else "no value (NaN)"
    last = "no value at the end" if answer.last is None else f"{answer.last:.10g}"
    if answer.query.grid.is_instant:
        return last
    return f"{last} at the end; {answer.points_with_data} of {answer.query.grid.count} points have data"
