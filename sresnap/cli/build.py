"""`sresnap build`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.build_output import build_fields, print_reports
from sresnap.cli.publish_output import print_published, print_restored
from sresnap.cli.query_output import print_queries, query_fields, sources_text
from sresnap.errors import ExitCode

if TYPE_CHECKING:
    from sresnap.app.job import JobRequest, JobResult, Step
    from sresnap.cli.console import ConsoleProgress


@click.command(
    epilog="""\b
Examples:
  sresnap build
  sresnap build --config sre.yaml --prometheus-url http://prometheus:9090
  sresnap build --at 2026-11-22T21:00:00Z --out public
  sresnap build --backfill             also build the reports that were missed
  sresnap build --restore --publish    the whole job, on a machine that keeps nothing
  sresnap build --dry-run              list the queries, send none

\b
Exit codes:
  1  a file cannot be written (the disk is full or read-only)
  2  wrong usage or config; the report's time is in Prometheus's future; or publish.target is
     public and the report holds a token or a private address that publish.allow does not name
  3  built, but some data is missing
  4  Prometheus is unreachable, nothing written
  5  restoring or publishing failed
  6  another build or publisher was first; the next run includes its reports"""
)
@options.config_option
@options.out_option
@options.at_option
@options.url_option
@click.option(
    "--backfill",
    is_flag=True,
    help="First build the reports that the schedule missed since the newest one, each for its own time.",
)
@click.option("--restore", "restores", is_flag=True, help="Before the build, `restore` from publish.target.")
@click.option("--publish", "publishes", is_flag=True, help="After the build, `publish` to publish.target.")
@click.option(
    "--first",
    is_flag=True,
    help="With --restore: continue although the target is empty, or has lost its pointer or manifest.",
)
@options.dry_run_option("List the queries and the target; send and write nothing.")
@options.json_option
@options.common
@options.work
def build(
    config_path: Path | None,
    out: Path,
    at: int | None,
    prometheus_url: str | None,
    backfill: bool,
    restores: bool,
    publishes: bool,
    first: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Query Prometheus and write the report.

    Only data that the history in the output folder lacks is queried. The archive keeps every report unchanged. A report
    of the past (--at) fills the history; the pages still show the newer report. Reports made by --backfill are marked
    as reconstructed.

    With --restore and --publish, the build continues from the published site and publishes the result.
    """
    config = options.load_config(config_path, prometheus_url)
    # After the configuration: a mistake there is reported before the import, which takes longer.
    from sresnap.app.job import JobRequest, run_job

    now = clock.now()
    request = JobRequest(
        config, out, options.whole_minute(at, now), now,
        backfill=backfill, restore=restores, publish=publishes, first=first,
    )  # fmt: skip
    if dry_run:
        _print_plan(request, as_json=as_json)
        return ExitCode.DONE
    with console.progress(quiet=quiet) as progress:
        result = run_job(
            request, progress, lambda step: _print_step(step, request, progress, quiet=quiet, as_json=as_json)
        )
    if as_json:
        console.print_json(_fields(result))
        if result.published is not None and not quiet:
            for note in result.published.notes:
                console.note(note)
    return result.exit_code


def _print_step(step: Step, request: JobRequest, progress: ConsoleProgress, *, quiet: bool, as_json: bool) -> None:
    from sresnap.app.job import Reports
    from sresnap.app.restore import RestoreResult

    progress.hide()
    if isinstance(step, Reports):
        print_reports(step, backfill=request.backfill, quiet=quiet, as_json=as_json)
    elif quiet or as_json:
        return
    elif isinstance(step, RestoreResult):
        print_restored(step, request.out)
    else:
        print_published(step)


def _fields(result: JobResult) -> dict[str, object]:
    fields = build_fields(result.reports.built)
    return fields if result.published is None else {**fields, "published": asdict(result.published)}


def _print_plan(request: JobRequest, *, as_json: bool) -> None:
    from sresnap.app.job import plan_job

    plan = plan_job(request)
    if as_json:
        console.print_json([query_fields(query) for query in plan.queries])
    else:
        print_queries(plan.queries)
        where = sources_text(request.config)
        click.echo(f"{len(plan.queries)} queries to {where}; nothing was sent or written")
    if plan.restores_from is not None:
        click.echo(
            f"before the build, would restore from {plan.restores_from}; with the history that this brings, fewer "
            "queries are needed than listed above",
            err=as_json,
        )
    if plan.publishes_to is not None:
        click.echo(f"after the build, would publish to {plan.publishes_to}", err=as_json)
