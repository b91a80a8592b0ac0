"""What `check --online` prints: a row for each query and service, each value with its unit, names as in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import click

from sresnap import format as fmt
from sresnap.app.findings import CheckResult, Finding, State
from sresnap.cli.query_output import sources_text
from sresnap.config.settings import Config
from sresnap.discovery.hints import Hint

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A finding, with the services that it is about."""

    services: tuple[str, ...]
    finding: Finding


def rows(findings: Sequence[Finding]) -> list[Row]:
    """The findings, with one row for an answer that several services share, as the load of their host."""
    found: list[Row] = []
    places: dict[Finding, int] = {}
    for finding in findings:
        alike = replace(finding, service="", slos=(), hints=())
        place = places.get(alike) if finding.shared else None
        if place is None:
            places[alike] = len(found)
            found.append(Row((finding.service,), finding))
        else:
            found[place] = replace(found[place], services=(*found[place].services, finding.service))
    return found


def print_findings(config: Config, result: CheckResult) -> None:
    """Print all findings, and what to do about those that need attention."""
    shown = rows(result.findings)
    names = [_names(row, len(config.services)) for row in shown]
    if config.names_sources:
        names = [f"{name} (source {row.finding.source})" for name, row in zip(names, shown, strict=True)]
    queries = [_query(row.finding) for row in shown]
    name_width, query_width = max(map(len, names)), max(map(len, queries))
    for row, name, query in zip(shown, names, queries, strict=True):
        finding = row.finding
        mark, colour = _mark(finding.state)
        notes = [value_text(finding), *([finding.cause] if finding.cause else []), *map(str, finding.labels)]
        details = "".join(f"  {note}" for note in notes if note)
        state = click.style(f"{mark} {finding.state}", fg=colour)
        click.echo(f"  {name:<{name_width}}  {query:<{query_width}}  {state}{details}")
    _print_hints(result.findings)
    for note in result.notes:
        click.echo(f"  note: {note}")
    _print_end(config, [row.finding for row in shown])


def value_text(finding: Finding) -> str:
    """The value in its unit; empty without one.

    `1 234 events in 1h`, `12.4/s`, `42 %`.
    """
    value, unit = finding.value, finding.unit
    if value is None:
        return ""
    if unit in ("events", "slices"):
        return fmt.plain(f"{fmt.count_of(value, unit.removesuffix('s'))} in 1h")
    return fmt.plain(f"{value:.6g}" if unit is None else fmt.quantity(value, unit))


def _print_end(config: Config, findings: Sequence[Finding]) -> None:
    bad = sum(not finding.state.is_good for finding in findings)
    missing = sum(finding.state is State.MISSES for finding in findings)
    if missing:
        click.echo(f"{missing} of {len(findings)} queries do not take values that look like errors")
    if bad > missing:
        click.echo(f"{bad - missing} of {len(findings)} queries found no data, or only part, in {sources_text(config)}")
        click.echo("  → correct the labels or the query; `sresnap explain SERVICE SIGNAL` shows what was sent.")
        click.echo("    To switch off a panel that you do not need: `queries: {saturation: null}`")
    if not bad:
        each = "the query" if len(findings) == 1 else f"all {len(findings)} queries"
        click.echo(f"{each} found data in {sources_text(config)}")


def _print_hints(findings: Sequence[Finding]) -> None:
    """Each hint once, with the services and the queries that it is about."""
    of_hint: dict[Hint, list[Finding]] = {}
    for finding in findings:
        for hint in finding.hints:
            of_hint.setdefault(hint, []).append(finding)
    for hint, about in of_hint.items():
        services = fmt.some(list(dict.fromkeys(finding.service for finding in about)), _MOST_NAMES)
        queries = fmt.some(list(dict.fromkeys(finding.query for finding in about)), _MOST_NAMES)
        click.echo(f"  hint: {hint.text} ({services}: {queries})")


def _names(row: Row, of_all: int) -> str:
    """The services of a row."""
    return "all services" if 1 < len(row.services) == of_all else fmt.some(row.services, _MOST_NAMES)


def _query(finding: Finding) -> str:
    """A query as the file calls it, after the objectives that it decides: `availability, latency: total`."""
    query = finding.query or finding.signal
    return f"{fmt.some(finding.slos, _MOST_NAMES)}: {query}" if finding.slos else query


def _mark(state: State) -> tuple[str, str | None]:
    """A state's mark and its colour."""
    if state.is_good:
        return ("·", None) if state is state.NO_VALUE else ("✓", "green")
    return ("✕", "red")
