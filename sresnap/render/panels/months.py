"""The months of the archive: a strip of verdicts each."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.documents.layout import ARCHIVE_PAGE, MONTH_PAGE, relative
from sresnap.model.archive import Entry, Index
from sresnap.model.windows import day_of, month_of_id
from sresnap.render.charts.cells import STRIP_HEIGHT, CellLink, cell_chart, day_cell, strip_size
from sresnap.render.charts.svg import text
from sresnap.render.clock import Clock
from sresnap.render.links import day_href, report_href
from sresnap.render.status_badges import BADGES, verdict_badge
from sresnap.render.views import Chart, Link

_THINNED, _NONE = "thinned", "idle"
_HEIGHTS = {"ok": 12, "nodata": 12, _THINNED: 6, _NONE: 2}
"""Heights of cells, so that colour is not the only sign; a day without a report is a thin line."""
_WORDS = {
    "bad": "paging, critical or budget spent",
    "risk": "ticket or at risk",
    "nodata": "without enough data",
    "ok": "healthy",
}
_MOST_DAYS = 31
_NUMBERED = (1, 10, 20, 30)
"""Days whose number is under the strip, so that a lone cell has a date."""
_CENTRE, _BELOW = 4, 14
"""Pixels from a cell's left edge to its middle, and under the strip for the numbers."""
UTC_CLOCK = Clock.of("UTC")
"""Months and days are in UTC: a report's address must not depend on a setting that may change."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month in the overview."""

    name: str
    href: str | None
    """The page of its reports; None where none is kept."""
    strip: Chart
    text: str
    last: Link | None = None
    """Its last kept report."""


@dataclass(frozen=True, slots=True)
class Months:
    """The months, newest first."""

    rows: tuple[MonthRow, ...]


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Reports by the time of their data, newest first."""
    return sorted(entries, key=lambda entry: entry.id, reverse=True)


def months(index: Index) -> Iterator[MonthRow]:
    """Each calendar month from the oldest report to the newest, newest first.

    Thinned and withdrawn reports count: they were made, and their summaries are kept.
    """
    kept, clock = _tones(index.entries), Clock.of(index.timezone)
    gone = {day: count for day, count in index.thinned.items() if count}
    known = sorted({*kept, *gone})
    for month in reversed(_between(known[0][:7], known[-1][:7]) if known else []):
        reports = [entry for entry in newest_first(index.entries) if month_of_id(entry.id) == month]
        days = [day for day in _days(month) if known[0] <= day <= known[-1]]
        tones = [(day, kept.get(day, _THINNED if day in gone else _NONE)) for day in days]
        name = fmt.month_name(month)
        yield MonthRow(
            name,
            relative(MONTH_PAGE.path(month), ARCHIVE_PAGE.path()) if reports else None,
            _strip(f"m{month}", name, tones, len(_days(month)), kept.keys()),
            _counts(len(reports), index.not_kept(month)),
            _last(reports[0], clock) if reports else None,
        )


def _last(report: Entry, clock: Clock) -> Link:
    """The report that a month is remembered by."""
    return Link(report_href(report.id, ARCHIVE_PAGE.path()), f"Last report: {clock.moment(report.at).text}")


def _counts(reports: int, gone: list[tuple[int, str]]) -> str:
    none = "none kept" if gone else "no report"
    kept = fmt.count(reports, "report") if reports else none
    return ", ".join([kept, *(f"{fmt.number(count)} {what}" for count, what in gone)])


def _tones(entries: Sequence[Entry]) -> dict[str, str]:
    """The worst verdict of the kept reports of each UTC day."""
    order = [one.tone for one in BADGES.values()]
    found: dict[str, str] = {}
    for entry in entries:
        day, tone = day_of(entry.at), verdict_badge(entry.now, entry.status, incomplete=entry.incomplete).tone
        found[day] = min(found.get(day, tone), tone, key=order.index)
    return found


def _between(first: str, last: str) -> list[str]:
    """The calendar months from `2026-11` to `2027-02`, both included."""
    start, end = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def _days(month: str) -> list[str]:
    """The UTC days of a month: 28 to 31."""
    length = monthrange(int(month[:4]), int(month[5:]))[1]
    return [f"{month}-{day:02}" for day in range(1, length + 1)]


def _strip(name: str, title: str, days: Sequence[tuple[str, str]], length: int, kept: Container[str]) -> Chart:
    """A cell for each day of the month; colour and height show the verdict. Days with a kept report are links.

    Days before the first report of the archive and after the newest one have no cell: no report was due.
    """
    cells = [day_cell(int(day[8:]) - 1, _HEIGHTS.get(tone, STRIP_HEIGHT), tone) for day, tone in days]
    summary = _sentence(Counter(tone for _, tone in days))
    width, height = strip_size(_MOST_DAYS)
    texts = Markup("").join(
        text(100 * (day_cell(day - 1, 0, "").left + _CENTRE) / width, height + _BELOW - 2, str(day), "time", "middle")
        for day in _NUMBERED
        if day <= length
    )
    links = [
        CellLink(cell.left, cell.width, day_href(day, ARCHIVE_PAGE.path()), f"Reports of {int(day[8:])} {title}")
        for cell, (day, _) in zip(cells, days, strict=True)
        if day in kept
    ]
    return cell_chart(name, title, summary, (width, height), cells, texts=texts, below=_BELOW, links=links)


def _sentence(counts: Mapping[str, int]) -> str:
    """What the cells show, in numbers."""
    verdicts = [f"{counts[tone]} {word}" for tone, word in _WORDS.items() if tone in counts]
    days = sum(counts.values())
    kept = days - counts.get(_THINNED, 0) - counts.get(_NONE, 0)
    judged = f" (worst verdicts: {', '.join(verdicts)})" if verdicts else ""
    return (
        f"{fmt.count(days, 'day')}: {kept} with a kept report{judged}, {counts.get(_THINNED, 0)} with a summary, "
        f"{counts.get(_NONE, 0)} without a report."
    )
