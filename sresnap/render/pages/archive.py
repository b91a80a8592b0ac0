"""`archive/index.html`: the overview of the archive, made from its index only."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from sresnap.documents.layout import ARCHIVE_PAGE, COMPARE_PAGE, relative
from sresnap.model.archive import ArchiveState, Index, empty_index, entry_of, headline
from sresnap.model.snapshot import Snapshot
from sresnap.render.clock import Clock
from sresnap.render.links import crumbs
from sresnap.render.panels.months import Months, months, newest_first
from sresnap.render.panels.report_health import report_health
from sresnap.render.panels.reports import Reports, pin_notes, report_rows
from sresnap.render.panels.retention import retention
from sresnap.render.status_badges import NO_STATUS
from sresnap.render.views import Link, Page, Panel

_LATEST = 12


def index_of_one(snapshot: Snapshot) -> Index:
    """An index of one report, for pages that are rendered without an archive. It is never written."""
    entry = entry_of(headline(snapshot), number=1, html_sha256="", snapshot_sha256="", size=0, previous_sha256=None)
    site = snapshot.site
    return replace(
        empty_index(),
        title=site.title,
        timezone=site.timezone,
        schedule_seconds=site.schedule_seconds,
        entries=(entry,),
    )


def archive_page(archive: ArchiveState) -> Page:
    """`archive/index.html`."""
    index, path = archive.index, ARCHIVE_PAGE.path()
    clock = Clock.of(index.timezone)
    newest = newest_first(index.entries)
    pinned = [entry for entry in newest if entry.id in pin_notes(index)]
    panels = [
        Panel("months", "Verdicts by month", "months", Months(tuple(months(index)))),
        Panel(
            "latest",
            "Latest reports",
            "reports",
            Reports(
                (("", report_rows(newest[:_LATEST], index, clock, path)),),
                link=Link(
                    relative(COMPARE_PAGE.path(), path),
                    "Compare the newest report with the previous one and with last week",
                )
                if len(newest) > 1
                else None,
            ),
        ),
        Panel(
            "pinned",
            "Pinned reports",
            "reports",
            Reports(
                (("", report_rows(pinned, index, clock, path)),) if pinned else (),
                Markup("None. <code>sresnap archive pin ID --note TEXT</code> keeps a report for good."),
            ),
        ),
        Panel("report_health", "Health of the reports", "report_health", report_health(index)),
        Panel("retention", "How long reports are kept", "retention", retention(index)),
    ]
    return Page(
        path=path,
        title=f"Archive · {index.title}",
        heading="Archive",
        status=NO_STATUS,
        panels=tuple(panels),
        crumbs=crumbs(index.title, path),
        description="All reports that are kept.",
    )
