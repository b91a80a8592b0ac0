"""`sresnap check`."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.cli.publish import try_place
from sresnap.errors import ExitCode

if TYPE_CHECKING:
    from sresnap.compute.gather import Answers
    from sresnap.config.settings import Config
    from sresnap.model.query import Query, Result
    from sresnap.model.service import Slo
    from sresnap.progress import Progress
    from sresnap.prometheus import PrometheusClient

_BIRTHS = (
    "a series of errors that is born at its first error misses that increment; prefer total minus good, from counters "
    "that are there from the start, or the preset's form `counted`, which counts births"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a query brought for a service."""

    service: str
    signal: str
    state: str
    """`ok`, `none happened`, `no value`, `in part`, `no data` or `failed`."""
    value: float | None
    cause: str | None

    @property
    def good(self) -> bool:
        return self.state in ("ok", "none happened", "no value")


@click.command(
    epilog="""\b
Examples:
  sresnap check                        the file alone: keys, labels, PromQL
  sresnap check --online               and does every query find data?
  sresnap check --online --json | jq '.[] | select(.state != "ok")'"""
)
@options.config_option
@options.url_option
@options.at_option
@click.option("--online", is_flag=True, help="Send every query, and tell per service and signal whether data came.")
@options.json_option
@options.common
def check(
    config_path: Path | None, prometheus_url: str | None, at: int | None, online: bool, as_json: bool, quiet: bool
) -> int:
    """Check the configuration; report every mistake at once.

    With --online, ends with 3 when a query found no data, with 4 when Prometheus answers nothing, and with 5 when
    publish.target cannot be written to.
    """
    config = options.load_config(config_path, prometheus_url)
    if not online:
        if as_json:
            click.echo("[]")
        elif not quiet:
            _tell_config(config)
        return ExitCode.DONE
    with console.progress(quiet=quiet) as progress:
        findings = asyncio.run(_try(config, options.moment(at, options.now()), progress))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    elif not quiet:
        _tell_findings(config, findings)
    if config.target is not None:
        try_place(config.target, quiet=quiet)
    return ExitCode.DONE if all(finding.good for finding in findings) else ExitCode.INCOMPLETE


def _tell_config(config: Config) -> None:
    slos = sum(len(service.slos) for service in config.services)
    click.echo(f"{config.path}: no mistakes")
    services = len(config.services)
    counts = f"{services} service{'s' * (services != 1)}, {slos} SLO{'s' * (slos != 1)}"
    click.echo(f"  {counts} over {config.window.name}, preset {config.provider}")
    click.echo(f"  queries: {', '.join(sorted(config.templates))}")
    click.echo(f"  Prometheus: {config.prometheus.url} (not asked; `sresnap check --online` does)")
    _tell_births(config)


def _tell_births(config: Config) -> None:
    """That SLOs are made from errors alone, by a query that misses those that a series of errors is born with."""
    slos = [slo for service in config.services for slo in service.slos]
    by_errors = sum(_misses_births(config, slo) for slo in slos)
    if by_errors:
        click.echo(f"  hint: {by_errors} of {len(slos)} SLOs count errors by `bad`, without a `good`: {_BIRTHS}")


def _misses_births(config: Config, slo: Slo) -> bool:
    """Whether bad events are what is counted, in the SLO's own series or in those that its slices are made of.

    The form `counted` tells a born series by the number of its samples.
    """
    from sresnap.model.service import Basis

    if config.provider == "recorded":
        return False  # whether births count was decided where the rules were written
    by_errors = slo.bad is not None or (slo.basis is Basis.SLICES and "#bad" in (slo.good or ""))
    return by_errors and "count_over_time" not in config.series[slo.bad or slo.good or ""].template.promql


async def _try(config: Config, at: int, progress: Progress) -> list[Finding]:
    """Send every query once, then look for the causes of those that found nothing."""
    from sresnap.compute.gather import Answers
    from sresnap.plan import trial
    from sresnap.prometheus import PrometheusClient, fetch

    queries = trial(config, at)
    deadline = config.prometheus.deadline_seconds
    progress.stage("querying", len(queries))
    async with PrometheusClient(config.prometheus) as client:
        results = await fetch(client, queries, deadline_seconds=deadline, on_result=lambda _: progress.advance())
        answers = Answers.of(results)
        findings = [_finding(answers, result, member.service) for result in results for member in result.query.members]
        progress.stage("diagnosing", len(findings))
        with contextlib.suppress(TimeoutError):  # what was not found out by then stays without a cause
            async with asyncio.timeout(deadline):
                for i, (finding, query) in enumerate(zip(findings, _queries(results), strict=True)):
                    findings[i] = await _explained(client, finding, query, at)
                    progress.advance()
    order = {service.name: i for i, service in enumerate(config.services)}
    return sorted(findings, key=lambda finding: order[finding.service])


def _queries(results: list[Result]) -> list[Query]:
    """The query of each finding, as it is for its service alone."""
    return [
        dataclasses.replace(result.query, members=(member,)) for result in results for member in result.query.members
    ]


def _finding(answers: Answers, result: Result, service: str) -> Finding:
    from sresnap.compute.gather import absent_is_zero

    query = result.query
    if service in result.failures:
        return Finding(service, query.series_key, "failed", None, result.failures[service].message)
    series = result.values.get(service)
    if series is None:
        state = "none happened" if absent_is_zero(query.series_key) else "no data"
        return Finding(service, query.series_key, state, None, None)
    if series.last is None:
        cause = "the answer is NaN, as when there is no traffic"
        return Finding(service, query.series_key, "no value", None, cause)
    value = answers.value(service, query.purpose, query.series_key, query.window)
    return Finding(service, query.series_key, "ok", value, None)


async def _explained(client: PrometheusClient, finding: Finding, query: Query, at: int) -> Finding:
    """The finding with its likely cause. No series of errors is good news only if its labels exist."""
    from sresnap import promql
    from sresnap.prometheus.diagnose import diagnose, partial_bucket

    if finding.state == "ok" and "latency_good" in finding.signal:
        cause = await partial_bucket(client, promql.render(query), at)
        return finding if cause is None else dataclasses.replace(finding, state="in part", cause=cause.text)
    if finding.state not in ("no data", "none happened"):
        return finding
    cause = await diagnose(client, promql.render(query), at)
    if finding.state == "none happened" and (cause is None or cause.by_value):
        return finding
    return dataclasses.replace(finding, state="no data", cause=None if cause is None else cause.text)


def _tell_findings(config: Config, findings: list[Finding]) -> None:
    wide = max(len(finding.service) for finding in findings)
    signals = max(len(finding.signal) for finding in findings)
    marks = {"ok": ("✓", "green"), "none happened": ("✓", "green"), "no value": ("·", None)}
    for finding in findings:
        mark, colour = marks.get(finding.state, ("✕", "red"))
        value = "" if finding.value is None else f"  {finding.value:.6g}"
        cause = f"  {finding.cause}" if finding.cause else ""
        state = click.style(f"{mark} {finding.state}", fg=colour)
        click.echo(f"  {finding.service:<{wide}}  {finding.signal:<{signals}}  {state}{value}{cause}")
    bad = sum(not finding.good for finding in findings)
    if bad:
        click.echo(f"{bad} of {len(findings)} found no data, or not all, in {config.prometheus.url}")
        click.echo("  → mend the labels or the query; `sresnap explain SERVICE SIGNAL` shows what was asked;")
        click.echo("    a panel that you do not need is switched off with `queries: {saturation: null}`")
    else:
        click.echo(f"all {len(findings)} found data in {config.prometheus.url}")
    _tell_births(config)
