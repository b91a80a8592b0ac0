"""`archive/2026-11/index.html`, …: the reports of a month."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sresnap import format as fmt
from sresnap.documents.layout import MONTH_PAGE, relative, root_of
from sresnap.model.archive import Index
from sresnap.model.windows import month_of_id
from sresnap.render.clock import Clock
from sresnap.render.links import crumbs
from sresnap.render.panels.months import UTC_CLOCK, newest_first
from sresnap.render.panels.nav import months_nav
from sresnap.render.panels.reports import Reports, report_rows
from sresnap.render.status_badges import NO_STATUS
from sresnap.render.views import Link, Page, Panel


def month_pages(index: Index) -> Iterator[Page]:
    """`archive/2026-11/index.html`, …: the kept reports of each month, by day."""
    clock = Clock.of(index.timezone)
    kept = {
        month: list(found)
        for month, found in groupby(newest_first(index.entries), key=lambda entry: month_of_id(entry.id))
    }
    months_thinned = {day.rpartition("-")[0] for day, count in index.thinned.items() if count}
    months = sorted({*kept, *months_thinned}, reverse=True)
    for month in months:
        found, path = kept.get(month, []), MONTH_PAGE.path(month)
        days = groupby(found, key=lambda entry: UTC_CLOCK.day(entry.at))
        groups = tuple((day, report_rows(list(reports), index, clock, path)) for day, reports in days)
        name = fmt.month_name(month)
        gone = "".join(
            f" {fmt.count(count, 'report')} of this month {'was' if count == 1 else 'were'} {what}."
            for count, what in index.not_kept(month)
        )
        yield Page(
            path=path,
            title=f"{name} · {index.title}",
            heading=name,
            status=NO_STATUS,
            panels=(
                Panel(
                    "reports",
                    "Reports, newest first",
                    "reports",
                    Reports(
                        groups,
                        "No report of this month is kept.",
                        legend=f"{fmt.count(len(found), 'report')} kept.{gone} Days begin at midnight UTC.",
                        around=_around(months, month, path),
                    ),
                ),
            ),
            crumbs=crumbs(index.title, path, in_archive=True),
            description=f"The kept reports of {name}.",
            is_live=False,
            side=Panel("nav", "Pages and months", "nav", months_nav(months, root_of(path), path)),
        )


def _around(months: list[str], month: str, page: str) -> tuple[Link, ...]:
    """Links to the months before and after one; months without a page are passed over."""
    place = months.index(month)
    earlier, later = months[place + 1 : place + 2], months[max(0, place - 1) : place]
    return tuple(
        Link(relative(MONTH_PAGE.path(name), page), text.format(fmt.month_name(name)))
        for names, text in ((earlier, "← {}"), (later, "{} →"))
        for name in names
    )
