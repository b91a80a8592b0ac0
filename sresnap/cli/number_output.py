"""Numbers of a report as text: formula, filled formula, queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from sresnap import format as fmt
from sresnap.model.windows import format_duration, iso

if TYPE_CHECKING:
    from sresnap.audit.slo import Derivation
    from sresnap.model.snapshot import QueryRecord


def print_numbers(numbers: Iterable[Derivation]) -> None:
    """Print each number with how it was worked out, and each query once."""
    from sresnap.audit.parts import facts

    printed: set[tuple[str, int | None, int]] = set()
    for number in numbers:
        click.echo(f"  {number.name} = {fmt.exact(number.value)}")
        click.echo(f"    = {number.formula}")
        click.echo(f"    = {number.filled}" if number.filled else f"    {number.why}")
        if about := facts(number):
            click.echo(f"    {about}")
        for query in number.queries:
            # The same text is sent as an instant query, and as a range for the hours before.
            key = (query.promql, query.start, query.time)
            if key not in printed:
                printed.add(key)
                _print_query(query)


def _print_query(query: QueryRecord) -> None:
    click.echo(f"    query: {query.promql}")
    when = f"at {iso(query.time)}"
    if query.start is not None:
        when = f"from {iso(query.start)} to {iso(query.time)}"
        when += f" by {format_duration(query.step_seconds)}" if query.step_seconds else ""
    click.echo(f"      {query.purpose} {when}, {fmt.count(query.series, 'series', 'series')}")
    for warning in query.warnings:
        click.secho(f"      warning: {warning}", fg="yellow")
