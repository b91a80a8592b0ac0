"""`archive/<id>/index.html` of thinned and withdrawn reports."""

from __future__ import annotations

from collections.abc import Iterator

from sresnap import format as fmt
from sresnap.documents.layout import ARCHIVE_PAGE, FROZEN_PAGE, relative
from sresnap.model.archive import ArchiveState
from sresnap.model.windows import month_of_id
from sresnap.render.clock import Clock
from sresnap.render.links import crumbs, month_href, report_href
from sresnap.render.panels.summary import Summary, headline_facts
from sresnap.render.status_badges import verdict_badge
from sresnap.render.views import Link, Page, Panel


def summary_pages(archive: ArchiveState) -> Iterator[Page]:
    """`archive/<id>/index.html` of thinned and withdrawn reports, so that their links keep working."""
    clock = Clock.of(archive.index.timezone)
    kept = sorted(archive.index.entries, key=lambda entry: entry.id)
    reasons = {report.id: report.reason for report in archive.index.withdrawn}
    for entry in archive.thinned:
        at, path = clock.moment(entry.at), FROZEN_PAGE.path(entry.id)
        before = [other for other in kept if other.id < entry.id][-1:]
        after = [other for other in kept if other.id > entry.id][:1]
        nearest = [
            (word, Link(report_href(other.id, path), clock.moment(other.at).text))
            for word, others in (("before", before), ("after", after))
            for other in others
        ]
        month = Link(month_href(entry.id, path), fmt.month_name(month_of_id(entry.id)))
        archive_page = relative(ARCHIVE_PAGE.path(), path)
        reason = reasons.get(entry.id)
        verdict = verdict_badge(entry.now, entry.status, incomplete=entry.incomplete, in_full=True)
        view = Summary(verdict, at, headline_facts(entry), tuple(nearest), month, archive_page, reason)
        title = "Thinned out, summary kept" if reason is None else "Withdrawn, summary kept"
        yield Page(
            path=path,
            title=f"{at.text} · {archive.index.title}",
            heading=f"Report of {at.text}",
            status=view.badge,
            panels=(Panel("summary", title, "summary", view),),
            crumbs=crumbs(archive.index.title, path, in_archive=True),
            description="Summary of a report that is no longer kept in full.",
            is_live=False,
        )
