"""Numbers of a report as text: formula, filled formula, queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from sresnap import format as fmt
from sresnap.model.windows import format_duration, iso

if TYPE_CHECKING:
    from sresnap.audit.slo import Derivation
    from sresnap.model.snapshot import QueryRecord


@dataclass(frozen=True, slots=True)
class QueryList:
    """The queries of all numbers. They are long and most numbers share theirs, so each is printed once, at the end."""

    _queries: dict[tuple[str, int | None, int], QueryRecord] = field(default_factory=dict)

    def marks(self, queries: Iterable[QueryRecord]) -> str:
        """The numbers of queries in the list, `[1] [2]`; new ones are added."""
        # The same text is sent as an instant query, and as a range for the hours before.
        by_key = {(query.promql, query.start, query.time): query for query in queries}
        self._queries.update({key: query for key, query in by_key.items() if key not in self._queries})
        known = list(self._queries)
        return " ".join(f"[{known.index(key) + 1}]" for key in by_key)

    def print(self) -> None:
        """Print each query with its number, what it is for, its time and what it found."""
        if self._queries:
            click.secho("queries", bold=True)
        for number, query in enumerate(self._queries.values(), start=1):
            _print_query(number, query)


def print_numbers(numbers: Iterable[Derivation], queries: QueryList) -> None:
    """Print each number with how it was worked out and the numbers of its queries in the list."""
    from sresnap.audit.parts import facts

    for number in numbers:
        click.echo(f"  {number.name} = {fmt.exact(number.value)}")
        click.echo(f"    = {number.formula}")
        click.echo(f"    = {number.filled}" if number.filled else f"    {number.why}")
        if about := facts(number):
            click.echo(f"    {about}")
        if number.queries:
            click.echo(f"    queries {queries.marks(number.queries)}")


def _print_query(number: int, query: QueryRecord) -> None:
    when = f"at {iso(query.time)}"
    if query.start is not None:
        when = f"from {iso(query.start)} to {iso(query.time)}"
        when += f" by {format_duration(query.step_seconds)}" if query.step_seconds else ""
    click.echo(f"  [{number}] {query.title} {when}, {fmt.count(query.series, 'series', 'series')}")
    click.echo(f"      {query.promql}")
    for warning in query.warnings:
        click.secho(f"      warning: {warning}", fg="yellow")
