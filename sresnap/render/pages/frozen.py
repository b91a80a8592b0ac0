"""`archive/<id>/index.html`: a report as it was."""

from __future__ import annotations

from sresnap.model.snapshot import Snapshot
from sresnap.render.charts.studio import Studio
from sresnap.render.pages.fleet import fleet_badge, fleet_panels
from sresnap.render.panels.frozen import frozen
from sresnap.render.views import Link, Page, Panel


def frozen_page(snapshot: Snapshot, studio: Studio) -> Page:
    """`archive/<id>/index.html`: the fleet as it was. It links to nothing that shows another moment as if it were this.

    What comes after it is not known yet when it is made, and it is never altered: the month's page leads on.
    """
    at = studio.clock.moment(snapshot.at)
    root = "../../"
    banner = frozen(snapshot, root, studio.clock)
    return Page(
        path=f"archive/{snapshot.id}/index.html",
        title=f"{at.text} · {snapshot.site.title}",
        heading=f"Report of {at.text}",
        status=fleet_badge(snapshot),
        panels=(Panel("frozen", "A report from the archive", "frozen", banner), *fleet_panels(snapshot, studio, None)),
        crumbs=(Link(f"{root}index.html", snapshot.site.title), Link("../index.html", "Archive")),
        is_live=False,
    )
