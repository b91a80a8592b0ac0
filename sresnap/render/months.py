"""The months of the archive: a strip of verdicts each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from sresnap import format as fmt
from sresnap.model.archive import Entry, Index
from sresnap.model.windows import parse_time
from sresnap.render.clock import Clock
from sresnap.render.pages import month_of
from sresnap.render.status import BADGES, badge
from sresnap.render.svg import Drawing, picture
from sresnap.render.views import Badge, Chart, Link

_CELL, _GAP, _HEIGHT = 8, 2, 24
_HEIGHTS = {"ok": 12, "nodata": 12, "idle": 2}
"""Of a cell, so that colour is not all that tells; a day without a report leaves a gap with a line under it."""
_MOST_DAYS = 31
UTC_CLOCK = Clock.of("UTC")
"""Of months and days: a report's address must not depend on a setting that may change."""


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


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """By their moment, not by when they were made."""
    return sorted(entries, key=lambda entry: entry.id, reverse=True)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def month_name(month: str) -> str:
    """`2026-11` → `November 2026`."""
    return f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}"


def months(index: Index) -> Iterator[MonthRow]:
    """The months that have a report, newest first."""
    for month, entries in groupby(newest_first(index.entries), key=lambda entry: month_of(entry.id)):
        found = list(entries)
        thinned = sum(count for day, count in index.thinned.items() if day.startswith(month))
        gone = f", {fmt.number(thinned)} thinned out" if thinned else ""
        name = month_name(month)
        yield MonthRow(
            Link(f"{month}/index.html", name),
            _strip(f"m{month}", name, found),
            f"{fmt.count(len(found), 'report')}{gone}",
        )


def _strip(name: str, title: str, entries: Sequence[Entry]) -> Chart:
    """A cell a day in the worst colour of its kept reports; a hatch where there is none."""
    days: dict[int, list[Badge]] = {}
    for entry in entries:
        day = UTC_CLOCK.local(parse_time(entry.at)).day
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
