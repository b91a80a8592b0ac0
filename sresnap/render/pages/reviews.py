"""`reviews/index.html`: all closed periods."""

from __future__ import annotations

from sresnap import format as fmt
from sresnap.documents.layout import FLEET_PAGE, REVIEWS_PAGE, relative
from sresnap.model.periods import NamedPeriod, period_of
from sresnap.model.review_index import Reviews
from sresnap.model.snapshot import Snapshot
from sresnap.render.clock import Clock
from sresnap.render.panels.comparison import NoComparison
from sresnap.render.panels.nav import UNIT_HEADINGS
from sresnap.render.panels.periods import periods
from sresnap.render.status_badges import NO_STATUS
from sresnap.render.views import Link, Page, Panel


def reviews_page(snapshot: Snapshot, index: Reviews | None) -> Page:
    """`reviews/index.html`; without an index, nothing is closed yet."""
    path, title = REVIEWS_PAGE.path(), snapshot.site.title
    units = {unit: [one for one in index.entries if one.unit is unit] for unit in UNIT_HEADINGS} if index else {}
    panels = [
        Panel(unit.value, UNIT_HEADINGS[unit], "periods", periods(unit, found, path))
        for unit, found in units.items()
        if found
    ]
    if not panels:
        panels = [Panel("periods", "No closed period", "nothing", NoComparison(_nothing(snapshot, index)))]
    return Page(
        path=path,
        title=f"Closed periods · {title}",
        heading="Closed periods",
        status=NO_STATUS,
        panels=tuple(panels),
        crumbs=(Link(relative(FLEET_PAGE.path(), path), title),),
        description="Weeks, months, quarters and years that are closed: their results are final.",
    )


def _nothing(snapshot: Snapshot, index: Reviews | None) -> str:
    """Why none is closed, and when the first one will be."""
    if index is None or not index.units:
        return "No period is closed. `periods` in the configuration says which ones builds close."
    clock = Clock.of(index.timezone)
    running = (period_of(unit, index.timezone, snapshot.at) for unit in index.units)
    first: NamedPeriod = min(running, key=lambda period: (period.end, period.unit.rank))
    closes = clock.moment(first.end + index.close_after_seconds).text
    return f"No period is closed yet. {fmt.period_name(first.name)} closes with the first build from {closes} on."
