"""What `check --online` prints: a row for each query and service, each value with its unit, names as in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import click

from sresnap import format as fmt
from sresnap.app.findings import CheckResult, Finding, State
from sresnap.cli.query_output import source_text
from sresnap.config.settings import Config
from sresnap.discovery.hints import Hint

_MOST_NAMES = 3
_MOST_VALUES = 3
_SCREEN = 30
"""Rows that fit on a screen, with what follows them."""


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
    """Print all findings, and what to do about those that need attention.

    Where they do not fit on a screen, a service whose queries are all in order has one line, and many such services
    share one.
    """
    shown = rows([finding for finding in result.findings if finding.source not in result.unreached])
    folded = _folded(shown)
    _print_folded(folded)
    _print_rows(config, [row for row in shown if len(row.services) > 1 or row.services[0] not in folded])
    for name, message in result.unreached.items():
        services = [service.name for service in config.services if service.source == name]
        asked = f"{fmt.count(len(services), 'service')} not checked: {fmt.some(services, _MOST_NAMES)}"
        click.echo(f"  {click.style('✕', fg='red')} {message}; {asked}")
    _print_hints(result.findings)
    for note in result.notes:
        click.echo(f"  note: {note}")
    _print_end(config, result, [row.finding for row in shown])


def _print_rows(config: Config, shown: Sequence[Row]) -> None:
    names = [_names(row, len(config.services)) for row in shown]
    if config.names_sources:
        names = [f"{name} (source {row.finding.source})" for name, row in zip(names, shown, strict=True)]
    queries = [_query(row.finding) for row in shown]
    name_width, query_width = max(map(len, names), default=0), max(map(len, queries), default=0)
    for row, name, query in zip(shown, names, queries, strict=True):
        finding = row.finding
        mark, colour = _mark(finding.state)
        notes = [value_text(finding), *([finding.cause] if finding.cause else []), *map(str, finding.labels)]
        details = "".join(f"  {note}" for note in notes if note)
        state = click.style(f"{mark} {finding.state}", fg=colour)
        click.echo(f"  {name:<{name_width}}  {query:<{query_width}}  {state}{details}")


def _folded(shown: Sequence[Row]) -> dict[str, list[Finding]]:
    """The findings of services that have one line."""
    if len(shown) <= _SCREEN:
        return {}
    of_service: dict[str, list[Finding]] = {}
    for row in shown:
        if len(row.services) == 1:
            of_service.setdefault(row.services[0], []).append(row.finding)
    return {name: some for name, some in of_service.items() if all(finding.state.is_good for finding in some)}


def _print_folded(folded: Mapping[str, Sequence[Finding]]) -> None:
    ok = click.style("✓", fg="green")
    if len(folded) > _SCREEN:
        queries = fmt.count(sum(map(len, folded.values())), "query", "queries")
        click.echo(fmt.plain(f"  {ok} {fmt.count(len(folded), 'service')}: all {queries} are in order"))
    else:
        width = max(map(len, folded), default=0)
        for name, some in folded.items():
            values = [f"{one.query} {value_text(one)}" for one in some if not one.slos and value_text(one)]
            queries = fmt.count(len(some), "query", "queries")
            click.echo(f"  {name:<{width}}  {ok} {queries}{'  ' if values else ''}{', '.join(values[:_MOST_VALUES])}")
    if folded:
        click.echo("  `--service NAME` shows each query of a service.")


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


def _print_end(config: Config, result: CheckResult, findings: Sequence[Finding]) -> None:
    asked = ", ".join(source_text(one) for name, one in config.asked.items() if name not in result.unreached)
    bad = sum(not finding.state.is_good for finding in findings)
    missing = sum(finding.state is State.MISSES for finding in findings)
    if missing:
        click.echo(f"{missing} of {len(findings)} queries do not take values that look like errors")
    if bad > missing:
        click.echo(f"{bad - missing} of {len(findings)} queries found no data, or only part, in {asked}")
        click.echo("  → correct the labels or the query; `sresnap explain SERVICE SIGNAL` shows what was sent.")
        click.echo("    To switch off a panel that you do not need: `queries: {saturation: null}`")
    if result.unreached:
        click.echo("  → look at " + ", ".join(f"`{config.asked[name].key}.url`" for name in result.unreached))
    if not bad and findings:
        each = "the query" if len(findings) == 1 else f"all {len(findings)} queries"
        click.echo(f"{each} found data in {asked}")
    in_order = f"{fmt.count(len(findings) - bad, 'ok', 'ok')}" if bad else "all ok"
    look = f", {fmt.count(bad, 'to look at', 'to look at')}" if bad else ""
    down = f", {fmt.count(len(result.unreached), 'source')} not reached" if result.unreached else ""
    counts = f"{fmt.count(len(config.services), 'service')}, {fmt.count(len(findings), 'query', 'queries')}"
    click.echo(fmt.plain(f"{counts}: {in_order}{look}{down} ({fmt.count(result.requests, 'request')})"))


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
