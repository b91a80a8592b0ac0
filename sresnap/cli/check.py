"""`sresnap check`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap.cli import console, options
from sresnap.errors import ExitCode
from sresnap.model.windows import MINUTE, floor

if TYPE_CHECKING:
    from sresnap.config.settings import Config
    from sresnap.model.query import Query, Result
    from sresnap.pipeline import Progress


@dataclass(frozen=True, slots=True)
class Finding:
    """What a query brought for a service."""

    service: str
    signal: str
    state: str
    """`ok`, `none happened`, `no value`, `no data` or `failed`."""
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

    With --online, ends with 3 when a query found no data, and with 4 when Prometheus answers nothing.
    """
    config = options.load_config(config_path, prometheus_url)
    if not online:
        if as_json:
            click.echo("[]")
        elif not quiet:
            _tell_config(config)
        return ExitCode.DONE
    with console.progress(quiet=quiet) as progress:
        findings = asyncio.run(_try(config, floor(options.now(), MINUTE) if at is None else at, progress))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    elif not quiet:
        _tell_findings(config, findings)
    return ExitCode.DONE if all(finding.good for finding in findings) else ExitCode.INCOMPLETE


def _tell_config(config: Config) -> None:
    slos = sum(len(service.slos) for service in config.services)
    click.echo(f"{config.path}: no mistakes")
    services = len(config.services)
    counts = f"{services} service{'s' * (services != 1)}, {slos} SLO{'s' * (slos != 1)}"
    click.echo(f"  {counts} over {config.window.name}, preset {config.provider}")
    click.echo(f"  queries: {', '.join(sorted(config.templates))}")
    click.echo(f"  Prometheus: {config.prometheus.url} (not asked; `sresnap check --online` does)")


async def _try(config: Config, at: int, progress: Progress) -> list[Finding]:
    """Send every query once, then look for the causes of those that found nothing."""
    from sresnap.compute.gather import Answers, absent_is_zero
    from sresnap.plan import trial
    from sresnap.prometheus import PrometheusClient, fetch
    from sresnap.prometheus.diagnose import diagnose

    queries = trial(config, at)
    progress.stage("querying", len(queries))
    async with PrometheusClient(config.prometheus) as client:
        deadline = config.prometheus.deadline_seconds
        results = await fetch(client, queries, deadline_seconds=deadline, on_result=lambda _: progress.advance())
        answers = Answers.of(results)
        progress.stage("diagnosing", len(results))
        findings = []
        for result in results:
            query = result.query
            for member in query.members:
                finding = _finding(result, member.service, absent_is_zero(query.series_key))
                if finding.state == "ok":
                    value = answers.value(member.service, query.purpose, query.series_key, query.window)
                    finding = Finding(finding.service, finding.signal, "ok", value, None)
                elif finding.state == "no data":
                    text = _text_for(query, member.service)
                    cause = await diagnose(client, text, at)
                    finding = Finding(finding.service, finding.signal, "no data", None, cause)
                findings.append(finding)
            progress.advance()
    order = {service.name: i for i, service in enumerate(config.services)}
    return sorted(findings, key=lambda finding: order[finding.service])


def _finding(result: Result, service: str, part_of_total: bool) -> Finding:
    signal = result.query.series_key
    if service in result.failures:
        return Finding(service, signal, "failed", None, result.failures[service].message)
    series = result.values.get(service)
    if series is None:
        return Finding(service, signal, "none happened" if part_of_total else "no data", None, None)
    if series.last is None:
        return Finding(service, signal, "no value", None, "the answer is NaN, as when there is no traffic")
    return Finding(service, signal, "ok", series.last, None)


def _text_for(query: Query, service: str) -> str:
    """The query as it is for one service alone."""
    import dataclasses

    from sresnap import promql

    members = tuple(member for member in query.members if member.service == service)
    return promql.render(dataclasses.replace(query, members=members))


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
        click.echo(f"{bad} of {len(findings)} found no data in {config.prometheus.url}")
        click.echo("  → mend the labels or the query; `sresnap explain SERVICE SIGNAL` shows what was asked;")
        click.echo("    a panel that you do not need is switched off with `queries: {saturation: null}`")
    else:
        click.echo(f"all {len(findings)} found data in {config.prometheus.url}")
