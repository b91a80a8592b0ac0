"""`sresnap check`."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.cli.publish_output import print_target
from sresnap.cli.query_output import sources_text
from sresnap.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sresnap.config.settings import Config

_BIRTHS = (
    "A counter of errors that first appears with an error hides that error. Prefer `total` and `good` from counters "
    "that exist from the start"
)


_MOST_LEAKS = 5


@click.command(
    epilog="""\b
Examples:
  sresnap check                        the file only: keys, labels, PromQL
  sresnap check --online               does every query find data?
  sresnap check --online --json | jq '.[] | select(.state != "ok")'

\b
Exit codes:
  2  the configuration has mistakes, or publish.target is public and the report would hold a token
     or a private address that publish.allow does not name
  3  a query found no data, or the query for bad events misses values that look like errors
  4  Prometheus is unreachable
  5  publish.target cannot be written to"""
)
@options.config_option
@options.url_option
@options.at_option
@click.option(
    "--online",
    is_flag=True,
    help="Send every query; report whether data came, and which values of labels count as errors.",
)
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="NAME",
    help="With --online: ask about this service only. May be repeated.",
)
@options.json_option
@options.common
def check(
    config_path: Path | None,
    prometheus_url: str | None,
    at: int | None,
    online: bool,
    services: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Check the configuration; report all mistakes at once.

    If publish.target is public, also check that the report may go there. With --online, also ask Prometheus, and try to
    write to publish.target.
    """
    from sresnap.app.publication_check import refuse_unpublishable

    config = options.load_config(config_path, prometheus_url)
    at = options.whole_minute(at, clock.now())
    refuse_unpublishable(config, at)
    if not online:
        if as_json:
            console.print_json([])
        elif not quiet:
            _print_config(config)
        return ExitCode.DONE
    from sresnap.app.check import check_queries
    from sresnap.app.check_target import check_target
    from sresnap.app.some_services import of_services
    from sresnap.cli.check_output import print_findings

    asked = of_services(config, services)
    with console.progress(quiet=quiet) as progress:
        result = check_queries(asked, at, progress)
        progress.hide()
        if as_json:
            console.print_json([asdict(finding) for finding in result.findings])
        elif not quiet:
            print_findings(asked, result)
            _print_hints(config)
        if config.target is not None:
            target = check_target(config.target, progress)
            progress.hide()
            if not quiet:
                print_target(target)
    return result.exit_code


def _print_config(config: Config) -> None:
    services, slos = len(config.services), sum(len(service.slos) for service in config.services)
    counts = f"{services} service{'s' * (services != 1)}, {slos} SLO{'s' * (slos != 1)}"
    click.echo(f"{config.path}: no mistakes")
    providers = Counter(service.provider for service in config.services)
    click.echo(f"  {counts} over {config.window.name}, {_presets(providers)}")
    queries = {key for service in config.services for key in service.queries}
    if queries:  # otherwise each SLO has its own
        click.echo(f"  queries: {', '.join(sorted(queries))}")
    click.echo(f"  Prometheus: {sources_text(config)} (not asked; use `sresnap check --online`)")
    _print_hints(config)


def _presets(providers: Mapping[str, int]) -> str:
    """`preset http`; `presets http (2 services), traefik (1)`."""
    if len(providers) == 1:
        return f"preset {next(iter(providers))}"
    some = [
        f"{name} ({count}{' service' * (not at)}{'s' * (not at and count > 1)})"
        for at, (name, count) in enumerate(providers.items())
    ]
    return f"presets {', '.join(some)}"


def _print_hints(config: Config) -> None:
    from sresnap.app.config_hints import (
        PAGES_BUILDS_AN_HOUR,
        filtered_totals,
        reports_beyond_pages,
        slos_missing_births,
        unasked_panels,
    )

    for lacking in unasked_panels(config):
        click.echo(f"  note: {lacking}")
    for name in config.sources.keys() - config.asked.keys():
        click.echo(f"  note: no service names the source {name}: it is not asked")
    if config.is_prometheus_given and config.prometheus.name not in config.asked:
        click.echo("  note: all services name a source: the section `prometheus:` is not asked")
    for key in config.without_effect:
        click.echo(f"  note: `{key}` has no effect yet: it is read and checked, and no page shows it")
    for origin in filtered_totals(config):
        click.echo(
            f"  note: {origin}: the filter around `total` is left out: an hour without traffic counts as 0 events"
        )

    _print_leaks(config)
    if planned := reports_beyond_pages(config):
        click.echo(
            f"  hint: {planned} reports an hour go to a branch. GitHub Pages builds a branch at most "
            f"{PAGES_BUILDS_AN_HOUR} times an hour: `schedule: 15m` there"
        )
    missing, countable = slos_missing_births(config)
    if missing:
        form = " or the form `counted`, which counts it" if countable == missing else ""
        if 0 < countable < missing:
            form = f" or, for {countable} of them, the form `counted`, which counts it"
        slos = sum(len(service.slos) for service in config.services)
        click.echo(f"  hint: {missing} of {slos} SLOs count only errors (`bad` without `good`). {_BIRTHS}{form}")


def _print_leaks(config: Config) -> None:
    from sresnap.app.config_hints import never_public

    unfit = never_public(config)
    for leak in unfit[:_MOST_LEAKS]:
        click.echo(f"  note: {leak}: no public target takes such a report. Revoke it, and take it out of the file")
    if len(unfit) > _MOST_LEAKS:
        click.echo(f"  note: {len(unfit) - _MOST_LEAKS} more texts hold what no public target takes")
