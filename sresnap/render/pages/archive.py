"""The archive's pages, made from its index alone: an overview, a page a month, a summary of each thinned report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.model.archive import Entry, Filed, Headline, Index, entry_of, headline
from sresnap.model.snapshot import Snapshot
from sresnap.model.status import Status
from sresnap.model.windows import parse_time
from sresnap.render.clock import Clock, Moment
from sresnap.render.pages.months import UTC_CLOCK, Months, month_name, months, newest_first
from sresnap.render.pages.report import month_of
from sresnap.render.panels.archive_health import reporter, rules
from sresnap.render.panels.status import BADGES, badge
from sresnap.render.views import Badge, Link, Page, Panel

_LATEST = 12
_STILL = Badge("", "", "")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in a list."""

    id: str
    link: Link
    badge: Badge
    at: Moment
    facts: tuple[str, ...]
    note: str | None = None
    """What it was pinned for."""
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports, newest first, under headings where there are some."""

    groups: tuple[tuple[str, tuple[ReportRow, ...]], ...]
    empty: str | Markup = ""
    legend: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is left of a thinned report."""

    badge: Badge
    at: Moment
    facts: tuple[tuple[str, str], ...]
    nearest: tuple[tuple[str, Link], ...]
    """As it was when it was thinned: the page is never made again, and they may be thinned later."""
    month: Link
    """This page is made by every build."""
    withdrawn: str | None = None
    """Why, where it was taken out by hand."""


def alone(snapshot: Snapshot) -> Index:
    """An index of one report, for pages that are rendered without an archive. It is never written."""
    entry = entry_of(headline(snapshot), number=1, html_sha256="", snapshot_sha256="", size=0, previous_sha256=None)
    site = snapshot.site
    return Index(title=site.title, timezone=site.timezone, schedule_seconds=site.schedule_seconds, entries=(entry,))


def archive_page(filed: Filed) -> Page:
    """`archive/index.html`."""
    index = filed.index
    clock = Clock.of(index.timezone)
    newest = newest_first(index.entries)
    pinned = [entry for entry in newest if entry.id in _notes(index)]
    panels = [
        Panel("months", "Verdicts by month", "months", Months(tuple(months(index)))),
        Panel(
            "latest",
            "Latest reports",
            "reports",
            Reports(
                (("", _rows(newest[:_LATEST], index, clock, "")),),
                link=Link("compare/index.html", "The newest report compared with the one before and a week ago"),
            ),
        ),
        Panel(
            "pinned",
            "Pinned reports",
            "reports",
            Reports(
                (("", _rows(pinned, index, clock, "")),) if pinned else (),
                Markup("None. <code>sresnap archive pin ID --note TEXT</code> keeps a report whatever its age."),
            ),
        ),
        Panel("reporter", "The reports themselves", "reporter", reporter(index)),
        Panel("rules", "How long reports are kept", "rules", rules(index)),
    ]
    return Page(
        path="archive/index.html",
        title=f"Archive · {index.title}",
        heading="Archive",
        status=_STILL,
        panels=tuple(panels),
        crumbs=(Link("../index.html", index.title),),
        description="Every report that is kept.",
    )


def month_pages(index: Index) -> Iterator[Page]:
    """`archive/2026-11/index.html`, …: every kept report of a month, by day; a month of which none is kept says so."""
    clock = Clock.of(index.timezone)
    kept = {
        month: list(found)
        for month, found in groupby(newest_first(index.entries), key=lambda entry: month_of(entry.id))
    }
    months_thinned = {day.rpartition("-")[0] for day, count in index.thinned.items() if count}
    for month in sorted({*kept, *months_thinned}, reverse=True):
        found = kept.get(month, [])
        days = groupby(found, key=lambda entry: UTC_CLOCK.day(parse_time(entry.at)))
        groups = tuple((day, _rows(list(reports), index, clock, "../")) for day, reports in days)
        name = month_name(month)
        gone = "".join(
            f" {fmt.count(count, 'report')} of this month {'was' if count == 1 else 'were'} {what}."
            for count, what in index.not_kept(month)
        )
        yield Page(
            path=f"archive/{month}/index.html",
            title=f"{name} · {index.title}",
            heading=name,
            status=_STILL,
            panels=(
                Panel(
                    "reports",
                    "Reports, newest first",
                    "reports",
                    Reports(
                        groups,
                        "None of this month is kept any more.",
                        legend=f"{fmt.count(len(found), 'report')} kept.{gone} Days begin at midnight UTC.",
                    ),
                ),
            ),
            crumbs=(Link("../../index.html", index.title), Link("../index.html", "Archive")),
            description=f"The reports of {name} that are kept.",
            is_live=False,
        )


def summary_pages(filed: Filed) -> Iterator[Page]:
    """`archive/<id>/index.html` of reports that were thinned out: their address goes on answering."""
    clock = Clock.of(filed.index.timezone)
    kept = sorted(filed.index.entries, key=lambda entry: entry.id)
    reasons = {report.id: report.reason for report in filed.index.withdrawn}
    for entry in filed.thinned:
        at = clock.moment(entry.at)
        before = [other for other in kept if other.id < entry.id][-1:]
        after = [other for other in kept if other.id > entry.id][:1]
        nearest = [
            (word, Link(f"../{other.id}/index.html", clock.moment(other.at).text))
            for word, others in (("before", before), ("after", after))
            for other in others
        ]
        month = Link(f"../{month_of(entry.id)}/index.html", month_name(month_of(entry.id)))
        reason = reasons.get(entry.id)
        verdict = badge(entry.status, incomplete=entry.incomplete)
        view = Summary(verdict, at, _numbers(entry), tuple(nearest), month, reason)
        title = "Thinned; summary kept" if reason is None else "Withdrawn; summary kept"
        yield Page(
            path=f"archive/{entry.id}/index.html",
            title=f"{at.text} · {filed.index.title}",
            heading=f"Report of {at.text}",
            status=view.badge,
            panels=(Panel("summary", title, "summary", view),),
            crumbs=(Link("../../index.html", filed.index.title), Link("../index.html", "Archive")),
            description="The headline numbers of a report that is no longer kept whole.",
            is_live=False,
        )


def _notes(index: Index) -> Mapping[str, str]:
    return {pin.id: pin.note for pin in index.pins}


def _rows(entries: Sequence[Entry], index: Index, clock: Clock, up: str) -> tuple[ReportRow, ...]:
    notes = _notes(index)
    return tuple(
        ReportRow(
            id=entry.id,
            link=Link(f"{up}{entry.id}/index.html", clock.moment(entry.at).text),
            badge=badge(entry.status, incomplete=entry.incomplete),
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
        facts.append(f"{fmt.percent(entry.remaining_ratio)} of the budget left")
    unwell = sum(count for status, count in entry.services.items() if status != Status.HEALTHY)
    if unwell:
        facts.append(f"{fmt.number(unwell)} of {fmt.count(sum(entry.services.values()), 'service')} not healthy")
    if entry.problems:
        facts.append(fmt.count(entry.problems, "problem"))
    if entry.restated:
        facts.append(fmt.count(entry.restated, "past number restated", "past numbers restated"))
    if entry.reconstructed:
        facts.append("reconstructed")
    return tuple(facts)


def _numbers(entry: Headline) -> tuple[tuple[str, str], ...]:
    services = ", ".join(f"{fmt.number(count)} {BADGES[Status(name)].word}" for name, count in entry.services.items())
    left = fmt.NONE if entry.remaining_ratio is None else fmt.percent(entry.remaining_ratio)
    facts = [("Budget left", left), ("Services", services or fmt.NONE), ("Worst", entry.worst or fmt.NONE)]
    facts.append(("Problems", fmt.number(entry.problems)))
    return tuple(facts)
