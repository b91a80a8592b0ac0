"""The line at the top of every page."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.snapshot import Snapshot
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Moment
from sresnap.render.links import service_path
from sresnap.render.panels.nav import NavLink, nav_link
from sresnap.render.status_badges import badge
from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class Bar:
    """The line at the top of every page."""

    home: str
    badge: Badge
    """Of the whole fleet."""
    selected: NavLink | None
    """The service that the page is about."""
    problems: str | None
    quality: str
    """Where they are listed."""
    generated: Moment
    zone: str
    badges: tuple[str, ...]
    """The window, and the resolution of the charts."""


def bar(snapshot: Snapshot, root: str, studio: Studio, current: str) -> Bar:
    """The state of the fleet and of the page's service, how old the report is, what it covers."""
    problems = len(snapshot.problems)
    steps = [w.step_seconds for s in snapshot.services for r in s.signals.values() if (w := r.windows.get("6h"))]
    resolution = (f"step {fmt.duration(steps[0])}",) if steps else ()
    return Bar(
        home=f"{root}index.html",
        badge=badge(snapshot.status, incomplete=bool(snapshot.problems)),
        selected=next(
            (nav_link(snapshot, s, root, current) for s in snapshot.services if service_path(s) == current), None
        ),
        problems=fmt.count(problems, "problem") if problems else None,
        quality=f"{root}index.html#p-quality",
        generated=studio.clock.moment(snapshot.generated_at),
        zone=snapshot.site.timezone,
        badges=(f"window {snapshot.site.window}", *resolution),
    )
