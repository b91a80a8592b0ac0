"""Lists of reports in the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.model.archive import Entry, Headline, Index
from sresnap.model.status import Status
from sresnap.render.clock import Clock, Moment
from sresnap.render.links import report_href
from sresnap.render.status_badges import verdict_badge
from sresnap.render.views import Badge, Link


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in a list."""

    id: str
    link: Link
    badge: Badge
    at: Moment
    facts: tuple[str, ...]
    note: str | None = None
    """Why it was pinned."""
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports, newest first, with optional headings."""

    groups: tuple[tuple[str, tuple[ReportRow, ...]], ...]
    empty: str | Markup = ""
    legend: str = ""
    link: Link | None = None
    around: tuple[Link, ...] = ()
    """The lists before and after this one."""


def pin_notes(index: Index) -> Mapping[str, str]:
    return {pin.id: pin.note for pin in index.pins}


def report_rows(entries: Sequence[Entry], index: Index, clock: Clock, page: str) -> tuple[ReportRow, ...]:
    notes = pin_notes(index)
    return tuple(
        ReportRow(
            id=entry.id,
            link=Link(report_href(entry.id, page), clock.moment(entry.at).text),
            badge=verdict_badge(entry.now, entry.status, incomplete=entry.incomplete, in_full=True),
            at=clock.moment(entry.at),
            facts=_facts(entry),
            note=notes.get(entry.id) or None,
            is_pinned=entry.id in notes,
        )
        for entry in entries
    )


def _facts(entry: Headline) -> tuple[str, ...]:
    facts = []
    if entry.remaining_ratio is not None:
        facts.append(f"{fmt.percent_signed(entry.remaining_ratio)} budget left of all together")
    unhealthy = sum(count for status, count in entry.services.items() if status != Status.HEALTHY)
    if unhealthy:
        facts.append(f"{fmt.number(unhealthy)} of {fmt.count(sum(entry.services.values()), 'service')} not healthy")
    if entry.problems:
        facts.append(f"{fmt.count(entry.problems, 'gap')} in the data")
    if entry.restated:
        facts.append(fmt.count(entry.restated, "past number restated", "past numbers restated"))
    if entry.reconstructed:
        facts.append("backfilled")
    return tuple(facts)
