"""The line at the top of every page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.documents.layout import FLEET_PAGE, SERVICE_PAGE
from sresnap.model.now import NowState
from sresnap.model.snapshot import Snapshot
from sresnap.model.status import Status
from sresnap.render.charts.drawing import Charts
from sresnap.render.clock import Moment
from sresnap.render.panels.nav import NavLink, nav_link
from sresnap.render.status_badges import verdict_badge
from sresnap.render.verdict_text import every_service
from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class Bar:
    """The line at the top of every page."""

    home: str
    badge: Badge
    """The whole fleet: `1 of 3 services overspent`."""
    selected: NavLink | None
    """The service of the page; None on other pages."""
    problems: str | None
    quality: str
    """Where the gaps are listed."""
    until: Moment
    """Up to when it has data: its age is the report's, even if the file is new."""
    zone: str
    badges: tuple[str, ...]
    """The window and the step of the charts."""


def bar(snapshot: Snapshot, root: str, charts: Charts, current: str) -> Bar:
    """The state of the fleet and of the page's service, the report's age and window."""
    problems = len(snapshot.problems)
    windows = (signal.windows.get("6h") for service in snapshot.services for signal in service.signals.values())
    step = next((window.step_seconds for window in windows if window is not None), None)
    resolution = () if step is None else (f"step {fmt.duration(step)}",)
    own = SERVICE_PAGE.value(current)
    return Bar(
        home=f"{root}{FLEET_PAGE.path()}",
        badge=_fleet_badge(snapshot),
        selected=next((nav_link(snapshot, s, root, current) for s in snapshot.services if s.slug == own), None),
        problems=fmt.count(problems, "gap") if problems else None,
        quality=f"{root}{FLEET_PAGE.path()}#p-quality",
        until=charts.clock.moment(snapshot.at),
        zone=snapshot.site.timezone,
        badges=(f"window {snapshot.site.window}", *resolution),
    )


_COUNTED = {
    Status.EXHAUSTED: "overspent",
    Status.CRITICAL: "critical",
    Status.AT_RISK: "at risk",
    Status.NO_DATA: "without data",
    Status.INSUFFICIENT: "without enough data",
}
_BURNING = {NowState.PAGING: ("paging", "paging"), NowState.TICKET: ("needs a ticket", "need a ticket")}
"""Of one service, and of several."""


def _fleet_badge(snapshot: Snapshot) -> Badge:
    """How many services have the worst verdict; with one service, or where all are well, the plain badge."""
    found = verdict_badge(snapshot.now.state, snapshot.status, incomplete=bool(snapshot.problems))
    services, total = snapshot.services, len(snapshot.services)
    if total == 1:
        return found
    parts: list[tuple[int, str | None]] = []
    if snapshot.now.is_burning:
        burning = sum(service.now.state is snapshot.now.state for service in services)
        parts.append((burning, _BURNING[snapshot.now.state][burning > 1]))
    if not snapshot.now.is_burning or snapshot.status is Status.EXHAUSTED:
        parts.append((sum(one.status is snapshot.status for one in services), _COUNTED.get(snapshot.status)))
    shown = [(amount, word) for amount, word in parts if word is not None and amount]
    if not shown:
        return replace(found, word=f"{every_service(total)} healthy") if found.tone == "ok" else found
    (first, what), *others = shown
    texts = [f"{fmt.number(first)} of {fmt.count(total, 'service')} {what}"]
    texts += [f"{fmt.number(amount)} {word}" for amount, word in others]
    return replace(found, word=", ".join(texts))
