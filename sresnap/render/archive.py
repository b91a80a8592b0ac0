"""The archive's pages, made from its index alone: an overview, a page a month, a summary of each thinned report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.model.archive import Entry, Filed, Headline, Index, entry_of, headline
from sresnap.model.snapshot import Snapshot, Status
from sresnap.model.windows import parse_time
from sresnap.render.clock import Clock, Moment
from sresnap.render.pages import month_of
from sresnap.render.status import BADGES, badge
from sresnap.render.svg import Drawing, picture
from sresnap.render.views import Badge, Chart, Link, Page, Panel

_LATEST = 12
_CELL, _GAP, _HEIGHT = 8, 2, 24
_HEIGHTS = {"ok": 12, "nodata": 12, "idle": 2}
"""Of a cell, so that colour is not all that tells; a day without a report leaves a gap with a line under it."""
_MOST_DAYS = 31
_STILL = Badge("", "", "")
_UTC = Clock.of("UTC")
"""Of months and days: a report's address must not depend on a setting that may change."""


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
class MonthRow:
    """A month in the overview."""

    link: Link
    strip: Chart
    text: str


@dataclass(frozen=True, slots=True)
class Months:
    """The months, newest first."""

    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports, newest first, under headings where there are some."""

    groups: tuple[tuple[str, tuple[ReportRow, ...]], ...]
    empty: str = ""
    legend: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """How long reports are kept."""

    rows: tuple[tuple[str, str], ...]
    legend: str


@dataclass(frozen=True, slots=True)
class Reporter:
    """How punctual and how complete the reports themselves are."""

    facts: tuple[tuple[str, str], ...]
    legend: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What is left of a thinned report."""

    badge: Badge
    at: Moment
    facts: tuple[tuple[str, str], ...]
    nearest: tuple[tuple[str, Link], ...]
    month: str


def alone(snapshot: Snapshot) -> Index:
    """An index of one report, for pages that are rendered without an archive. It is never written."""
    entry = entry_of(headline(snapshot), number=1, html_sha256="", snapshot_sha256="", size=0, previous_sha256=None)
    site = snapshot.site
    return Index(title=site.title, timezone=site.timezone, schedule_seconds=site.schedule_seconds, entries=(entry,))


def archive_page(filed: Filed) -> Page:
    """`archive/index.html`."""
    index = filed.index
    clock = Clock.of(index.timezone)
    newest = _newest_first(index.entries)
    pinned = [entry for entry in newest if entry.id in _notes(index)]
    panels = [
        Panel("months", "Verdicts by month", "months", Months(tuple(_months(index)))),
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
                "None. `sresnap archive pin ID --note TEXT` keeps a report whatever its age.",
            ),
        ),
        Panel("reporter", "The reports themselves", "reporter", _reporter(index)),
        Panel("rules", "How long reports are kept", "rules", _rules(index)),
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
    """`archive/2026-11/index.html`, …: every kept report of a month, by day."""
    clock = Clock.of(index.timezone)
    newest = _newest_first(index.entries)
    for month, entries in groupby(newest, key=lambda entry: month_of(entry.id)):
        found = list(entries)
        days = groupby(found, key=lambda entry: _UTC.day(parse_time(entry.at)))
        groups = tuple((day, _rows(list(reports), index, clock, "../")) for day, reports in days)
        name = _month_name(month)
        thinned = sum(count for day, count in index.thinned.items() if day.startswith(month))
        gone = f" {fmt.count(thinned, 'report')} of this month were thinned out." if thinned else ""
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
                        groups, legend=f"{fmt.count(len(found), 'report')} kept.{gone} Days begin at midnight UTC."
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
    for entry in filed.thinned:
        at = clock.moment(entry.at)
        before = [other for other in kept if other.id < entry.id][-1:]
        after = [other for other in kept if other.id > entry.id][:1]
        nearest = [
            (word, Link(f"../{other.id}/index.html", clock.moment(other.at).text))
            for word, others in (("before it", before), ("after it", after))
            for other in others
        ]
        month = f"../{month_of(entry.id)}/index.html" if _has_month(filed.index, entry.id) else "../index.html"
        view = Summary(badge(entry.status, incomplete=entry.incomplete), at, _numbers(entry), tuple(nearest), month)
        yield Page(
            path=f"archive/{entry.id}/index.html",
            title=f"{at.text} · {filed.index.title}",
            heading=f"Report of {at.text}",
            status=view.badge,
            panels=(Panel("summary", "Thinned; summary kept", "summary", view),),
            crumbs=(Link("../../index.html", filed.index.title), Link("../index.html", "Archive")),
            description="The headline numbers of a report that is no longer kept whole.",
            is_live=False,
        )


def _has_month(index: Index, report: str) -> bool:
    return any(month_of(entry.id) == month_of(report) for entry in index.entries)


def _newest_first(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.id, reverse=True)


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


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _month_name(month: str) -> str:
    return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"


def _months(index: Index) -> Iterator[MonthRow]:
    for month, entries in groupby(_newest_first(index.entries), key=lambda entry: month_of(entry.id)):
        found = list(entries)
        thinned = sum(count for day, count in index.thinned.items() if day.startswith(month))
        gone = f", {fmt.number(thinned)} thinned out" if thinned else ""
        name = _month_name(month)
        yield MonthRow(
            Link(f"{month}/index.html", name),
            _strip(f"m{month}", name, found),
            f"{fmt.count(len(found), 'report')}{gone}",
        )


def _strip(name: str, title: str, entries: Sequence[Entry]) -> Chart:
    """A cell a day in the worst colour of its kept reports; a hatch where there is none."""
    days: dict[int, list[Badge]] = {}
    for entry in entries:
        day = _UTC.local(parse_time(entry.at)).day
        days.setdefault(day, []).append(badge(entry.status, incomplete=entry.incomplete))
    order = [one.tone for one in BADGES.values()]
    tones = {day: min((one.tone for one in found), key=order.index) for day, found in days.items()}
    cells: dict[str, list[str]] = {}
    for day in range(1, _MOST_DAYS + 1):
        tone = tones.get(day, "idle")
        height = _HEIGHTS.get(tone, _HEIGHT)
        cells.setdefault(tone, []).append(f"M{(day - 1) * (_CELL + _GAP)} {_HEIGHT}v-{height}h{_CELL}v{height}z")
    shapes = Markup("").join(
        Markup('<path class="{}"{} d="{}"/>').format(
            f"fill-{tone}", Markup(' fill="url(#hatch)"') if tone == "nodata" else "", "".join(found)
        )
        for tone, found in cells.items()
    )
    words = {"bad": "in breach", "risk": "at risk", "nodata": "without enough data", "ok": "healthy"}
    counted = [f"{list(tones.values()).count(tone)} {word}" for tone, word in words.items() if tone in tones.values()]
    summary = f"Days with a report: {len(tones)}; by the worst verdict of each day {', '.join(counted)}."
    size = (_MOST_DAYS * (_CELL + _GAP) - _GAP, _HEIGHT)
    return Chart(name, title, picture(name, title, summary, size, [Drawing(shapes, Markup(""))]), summary)


def _rules(index: Index) -> Rules:
    words = {
        "every": "every report",
        "hourly": "the last of each hour",
        "daily": "the last of each day",
        "weekly": "the last of each week",
        "monthly": "the last of each month",
    }
    rows = [(words[tier], fmt.duration(getattr(index.keep, tier))) for tier in words if getattr(index.keep, tier)]
    most = index.keep.max_bytes
    bound = ""
    if most is not None:
        size = fmt.number(most / 1e6)
        bound = f" All together take at most {size} MB; beyond that, all rules but the monthly one are shortened alike."
    legend = (
        "What no rule keeps is thinned out: its headline numbers stay in the archive, and its address goes on "
        f"answering. Pinned reports are kept whatever their age.{bound} Ages are reckoned from the newest report; "
        f"days, weeks and months are those of {index.timezone}."
    )
    return Rules(tuple(rows), legend)


_LOOKED_BACK = 7 * 86_400


def _reporter(index: Index) -> Reporter:
    """Of the kept reports of the last week before the newest one."""
    newest = index.newest
    if newest is None:
        return Reporter((), "There is no report yet.")
    end = parse_time(newest.at)
    found = sorted(
        (entry for entry in index.entries if end - parse_time(entry.at) <= _LOOKED_BACK), key=lambda entry: entry.id
    )
    made = [entry for entry in found if not entry.reconstructed and _is_of_its_time(entry, index.schedule_seconds)]
    late = [max(0, parse_time(entry.generated_at) - parse_time(entry.scheduled_at)) for entry in made]
    missed = sum(
        max(0, round((parse_time(b.scheduled_at) - parse_time(a.scheduled_at)) / index.schedule_seconds) - 1)
        for a, b in pairwise(made)
        if end - parse_time(a.at) <= index.keep.every
    )
    queries, failed = sum(entry.queries for entry in found), sum(entry.failed_queries for entry in found)
    share = f" ({fmt.percent(failed / queries)})" if queries else ""
    worst = fmt.duration(max(late)) if late else fmt.NONE
    facts = (
        ("Reports kept of the last 7 days", fmt.number(len(found))),
        ("Reconstructed", fmt.number(sum(entry.reconstructed for entry in found))),
        ("Runs missed", fmt.number(missed)),
        ("Latest start after its time", worst),
        ("Queries failed", f"{fmt.number(failed)} of {fmt.number(queries)}{share}"),
    )
    span = fmt.duration(index.keep.every)
    return Reporter(
        facts, f"Due every {fmt.duration(index.schedule_seconds)}; missed runs are counted over the last {span}."
    )


def _is_of_its_time(entry: Headline, schedule: int) -> bool:
    """Whether it was made when its moment was now; one of the past that was asked for by hand says nothing of a job."""
    return parse_time(entry.generated_at) - parse_time(entry.at) <= schedule
