"""`sresnap explain`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.number_output import QueryList, print_numbers
from sresnap.cli.query_output import answer_fields, print_answers, source_text
from sresnap.errors import ExitCode, UsageError
from sresnap.model.windows import iso


@click.command(
    epilog="""\b
Examples:
  sresnap explain api
  sresnap explain api error_rate
  sresnap explain api total --json
  sresnap explain api availability --site public      every number of the SLO, worked out
  sresnap explain api forecast --site public          when the budget runs out, and the hours behind the forecast
  sresnap explain api --site https://status.example"""
)
@click.argument("service")
@click.argument("signal", required=False)
@options.config_option
@options.url_option
@options.at_option
@click.option(
    "--site",
    metavar="TARGET",
    help="Explain the numbers of the report published there: in a folder, at an http(s) address, or at a target as for "
    "`publish`. SIGNAL is then an SLO, a signal or capacity such as "
    "error_rate or vps_cpu, or a part: slos, forecast, statement, signals, capacity, fleet.",
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
    quiet: bool,  # noqa: ARG001 - the command only prints
) -> int:
    """Show where a service's numbers come from.

    Without --site: each query of the service with its PromQL, its time range and its answer now. Ends with 3 if a query
    fails.

    With --site: each number of the service and of the fleet, as a formula with the numbers filled in, its window,
    coverage and queries. Nothing is asked of Prometheus. Ends with 10 if there is no report that can be read within 2
    minutes.
    """
    if site is not None:
        given = {"--config": config_path, "--prometheus-url": prometheus_url, "--at": at}
        unused = [name for name, value in given.items() if value is not None]
        if unused:
            raise UsageError(
                f"--site cannot be combined with {' and '.join(unused)}",
                "a published report has its own queries, source and time",
            )
        return _explain_published(site, service, signal, as_json=as_json)
    from sresnap.app.explain import ExplainRequest, explain_queries

    config = options.load_config(config_path, prometheus_url)
    request = ExplainRequest(config, service, signal, options.whole_minute(at, clock.now()))
    explained = explain_queries(request)
    if as_json:
        console.print_json([answer_fields(answer) for answer in explained.answers])
    else:
        print_answers(service, explained.answers)
        source = source_text(explained.settings)
        click.echo(f"{len(explained.answers)} queries to {source}; values are in the query's unit")
    return explained.exit_code


def _explain_published(site: str, service: str, name: str | None, *, as_json: bool) -> ExitCode:
    from sresnap.app.explain_published import explain_published

    explained = explain_published(site, service, name)
    snapshot = explained.snapshot
    if as_json:
        from pydantic import TypeAdapter

        from sresnap.audit.slo import Derivation

        numbers = TypeAdapter(dict[str, Sequence[Derivation]]).dump_python(dict(explained.numbers), mode="json")
        console.print_json({"id": snapshot.id, "at": iso(snapshot.at), "numbers": numbers})
        return ExitCode.DONE
    queries = QueryList()
    for title, derivations in explained.numbers.items():
        click.secho(title, bold=True)
        print_numbers(derivations, queries)
    queries.print()
    own = next(each.source for each in snapshot.services if each.name == service)
    where = f"source {own}" if own is not None else f"{snapshot.source.kind} at {snapshot.source.url}"
    click.echo(f"report {snapshot.id} from {where}")
    return ExitCode.DONE
