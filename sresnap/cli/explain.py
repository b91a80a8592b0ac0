"""`sresnap explain`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sresnap.cli import options
from sresnap.cli.explain_published import explain_published
from sresnap.errors import ExitCode, UsageError
from sresnap.model.windows import format_duration, iso

if TYPE_CHECKING:
    from sresnap.config.settings import Config
    from sresnap.model.query import Query, Result


@click.command(
    epilog="""\b
Examples:
  sresnap explain api
  sresnap explain api error_rate
  sresnap explain api total --json
  sresnap explain api availability --site public      every number of the published report, worked out
  sresnap explain api forecast --site public          when the budget is spent, and by which hours
  sresnap explain api --site https://status.example"""
)
@click.argument("service")
@click.argument("signal", required=False)
@options.config_option
@options.url_option
@options.at_option
@click.option(
    "--site",
    metavar="URL|DIR",
    help="Explain the numbers of the report that is published there, from its JSON alone: formulas with the numbers "
    "filled in, windows, coverage, queries. SIGNAL is then the name of an SLO, of a signal or capacity such as "
    "error_rate or vps_cpu, or one of slos, forecast, statement, signals, capacity, fleet.",
)
@options.json_option
@options.common
def explain(
    service: str,
    signal: str | None,
    config_path: Path | None,
    prometheus_url: str | None,
    at: int | None,
    site: str | None,
    as_json: bool,
    quiet: bool,  # noqa: ARG001 - printing is all that it does
) -> int:
    """Show what is asked for a service, or how the numbers of a published report were made.

    Each query with its PromQL, its time range, and its result now; of all signals, or of one. With --site nothing is
    asked: every number of the service, and of the fleet, with its formula.
    """
    if site is not None:
        given = {"--config": config_path, "--prometheus-url": prometheus_url, "--at": at}
        unused = [name for name, value in given.items() if value is not None]
        if unused:
            message = f"--site asks nobody, so it does not go together with {' and '.join(unused)}"
            raise UsageError(message, "a published report has its own queries, source and moment")
        return explain_published(site, service, signal, as_json=as_json)
    config = options.load_config(config_path, prometheus_url)
    moment = options.moment(at, options.now())
    queries = _queries_of(config, service, signal, moment)
    rows = [_row(result, service) for result in asyncio.run(_ask(config, queries))]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _tell(config, service, rows)
    return ExitCode.INCOMPLETE if any(row["error"] for row in rows) else ExitCode.DONE


def _queries_of(config: Config, service: str, signal: str | None, at: int) -> list[Query]:
    """The queries of a build with an empty history, for this service alone."""
    import dataclasses

    from sresnap.config import nearest
    from sresnap.model.history import History
    from sresnap.plan import plan

    names = [known.name for known in config.services]
    if service not in names:
        hint = nearest(service, names)
        raise UsageError(f"there is no service {service!r}", hint or f"there are: {', '.join(names)}")
    alone = tuple(known for known in config.services if known.name == service)
    queries = plan(dataclasses.replace(config, services=alone), History(), at).queries
    if signal is None:
        return list(queries)
    keys = list(dict.fromkeys(query.template.key for query in queries))
    if signal not in keys:
        hint = nearest(signal, keys)
        raise UsageError(f"nothing is asked under the name {signal!r}", hint or f"there are: {', '.join(keys)}")
    return [query for query in queries if query.template.key == signal]


async def _ask(config: Config, queries: list[Query]) -> list[Result]:
    from sresnap.prometheus import PrometheusClient, fetch

    async with PrometheusClient(config.prometheus) as client:
        return await fetch(client, queries, deadline_seconds=config.prometheus.deadline_seconds)


def _row(result: Result, service: str) -> dict[str, Any]:
    from sresnap import promql

    query = result.query
    series = result.values.get(service)
    failure = result.failures.get(service)
    values = () if series is None else series.values
    return {
        "signal": query.series_key,
        "purpose": query.purpose.value,
        "window": query.window,
        "origin": query.template.origin,
        "promql": promql.render(query),
        "start": None if query.grid.is_instant else iso(query.grid.start),
        "time": iso(query.grid.end),
        "step_seconds": query.grid.step or None,
        "points": query.grid.count,
        "points_with_data": sum(value is not None for value in values),
        "series": sum(run.series for run in result.runs),
        "last": values[-1] if values else None,
        "seconds": sum(run.seconds for run in result.runs),
        "warnings": [warning for run in result.runs for warning in run.warnings],
        "error": None if failure is None else failure.message,
    }


def _tell(config: Config, service: str, rows: list[dict[str, Any]]) -> None:
    signal = None
    for row in rows:
        if row["signal"] != signal:
            signal = row["signal"]
            click.secho(f"{service} · {signal}", bold=True, nl=False)
            click.echo(f"  ({row['origin']})")
        click.echo(f"  {row['promql']}")
        click.echo(f"    {row['purpose']}, {row['window']}: {_when(row)}")
        click.echo(f"    → {_outcome(row)}")
        for warning in row["warnings"]:
            click.secho(f"      warning: {warning}", fg="yellow")
    click.echo(f"{len(rows)} queries to {config.prometheus.url}; values are as Prometheus answers, in the query's unit")


def _when(row: dict[str, Any]) -> str:
    if row["start"] is None:
        return f"at {row['time']}"
    return f"{row['start']} to {row['time']} by {format_duration(row['step_seconds'])}"


def _outcome(row: dict[str, Any]) -> str:
    if row["error"]:
        return f"failed: {row['error']}"
    if not row["points_with_data"]:
        return "no data" if row["series"] == 0 else "no value (NaN)"
    last = "no value at the end" if row["last"] is None else f"{row['last']:.10g}"
    if row["start"] is None:
        return last
    return f"{last} at the end; {row['points_with_data']} of {row['points']} points have data"
