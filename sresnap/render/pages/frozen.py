"""`archive/<id>/index.html`: a report as it was."""

from __future__ import annotations

from sresnap.documents.layout import FROZEN_PAGE
from sresnap.model.snapshot import Snapshot
from sresnap.render.charts.drawing import Charts
from sresnap.render.links import crumbs
from sresnap.render.pages.fleet import fleet_badge, fleet_panels
from sresnap.render.panels.frozen import frozen
from sresnap.render.panels.people import fleet_people
from sresnap.render.status_badges import lead
from sresnap.render.views import Page, Panel


def frozen_page(snapshot: Snapshot, charts: Charts) -> Page:
    """`archive/<id>/index.html`: the fleet as it was, without links to pages that show another time.

    The page never changes, so it cannot link to the next report: it links to the page of its month.
    """
    at = charts.clock.moment(snapshot.at)
    path = FROZEN_PAGE.path(snapshot.id)
    banner = frozen(snapshot, charts.clock)
    return Page(
        path=path,
        title=f"{at.text} · {snapshot.site.title}",
        heading=f"Report of {at.text}",
        status=fleet_badge(snapshot),
        panels=(
            Panel("frozen", "Archived report", "frozen", banner),
            *fleet_panels(snapshot, charts, None),
            *_people(snapshot),
        ),
        crumbs=crumbs(snapshot.site.title, path, in_archive=True),
        is_live=False,
        lead=lead(snapshot.now),
    )


def _people(snapshot: Snapshot) -> list[Panel]:
    """Who looked after the services then: their own pages show who does now."""
    found = fleet_people(snapshot.services)
    return [] if found is None else [Panel("people", "Who looked after the services", "people", found)]
