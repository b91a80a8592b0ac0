"""View models of the panels about where the numbers come from: `quality` and `provenance` of `templates/panels/`."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that failed or is missing."""

    where: str
    kind: str
    message: str
    count: str | None = None
    query: str | None = None
    """What was asked, to be tried."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What failed, what was missing, what the source warned of."""

    gaps: tuple[Gap, ...]
    warnings: tuple[Gap, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryView:
    """A request as it was sent."""

    title: str
    promql: str
    facts: tuple[tuple[str, str], ...]
    badge: Badge
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number, unrounded."""

    name: str
    value: str
    formula: str
    filled: str
    """The formula with its numbers, or why there is none."""
    facts: str
    """Its window, coverage and samples."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one objective, each with its formula."""

    title: str
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the numbers were computed."""

    summary: str
    queries: tuple[QueryView, ...]
    links: tuple[Link, ...]
    source: str
    numbers: tuple[Numbers, ...] = ()
    """Of each objective."""
