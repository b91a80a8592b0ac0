"""`index.html`: the fleet."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from sresnap.documents.layout import FLEET_PAGE
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.render.charts.drawing import Charts
from sresnap.render.links import service_link
from sresnap.render.panels.attention import attention
from sresnap.render.panels.budgets import Budgets, budgets
from sresnap.render.panels.capacity import capacities
from sresnap.render.panels.changes import changes
from sresnap.render.panels.freshness import freshness
from sresnap.render.panels.groups import groups
from sresnap.render.panels.key_numbers import fleet_numbers
from sresnap.render.panels.policy import policy
from sresnap.render.panels.provenance import fleet_provenance
from sresnap.render.panels.quality import fleet_quality
from sresnap.render.panels.restated import restated_panels
from sresnap.render.panels.signals import signals
from sresnap.render.panels.slos import SloTable, slo_table
from sresnap.render.panels.teams import teams_view
from sresnap.render.panels.verdict import fleet_verdict
from sresnap.render.status_badges import lead, problems_of, verdict_badge
from sresnap.render.views import Badge, Link, Page, Panel


def fleet_page(snapshot: Snapshot, charts: Charts) -> Page:
    """`index.html`."""
    title = snapshot.site.title
    panels = fleet_panels(snapshot, charts)
    return Page(FLEET_PAGE.path(), title, title, fleet_badge(snapshot), panels, lead=lead(snapshot.now))


def fleet_badge(snapshot: Snapshot) -> Badge:
    """The verdict on all services."""
    return verdict_badge(snapshot.now.state, snapshot.status, incomplete=bool(snapshot.problems))


def fleet_panels(snapshot: Snapshot, charts: Charts, root: str | None = "./") -> tuple[Panel, ...]:
    """The panels of the fleet. Without a `root` they have no links to services and downloads, which change later."""
    links = {
        service.name: Link("", service.name) if root is None else service_link(service, root)
        for service in snapshot.services
    }
    pairs = [(links[service.name], service) for service in snapshot.services]
    default = next((s for s in snapshot.services if s.name == snapshot.site.default_service), None)
    link = links[default.name] if default is not None else None
    table = slo_table(pairs, charts, with_teams=True)
    return (
        Panel("freshness", "Freshness", "freshness", freshness(snapshot, snapshot.services, charts)),
        Panel("verdict", "Verdict", "verdict", fleet_verdict(snapshot)),
        Panel("attention", "Needs attention", "attention", attention(snapshot, links)),
        Panel("key_numbers", "Key numbers", "key_numbers", fleet_numbers(snapshot, default, link)),
        *([Panel("groups", "Groups, worst first", "groups", groups(snapshot))] if snapshot.groups else []),
        *_teams(snapshot, root),
        Panel("slos", "Objectives, worst first", "slos", _without_files(table, root), "objective"),
        *(_default_service(snapshot, default, charts, root) if default is not None else []),
        Panel("changes", "Since the previous report", "changes", changes(snapshot, links, charts)),
        *restated_panels(snapshot, charts.clock),
        Panel("quality", "Data quality", "quality", fleet_quality(snapshot, root), "data_quality"),
        Panel("provenance", "How this was computed", "provenance", fleet_provenance(snapshot, root)),
    )


def _teams(snapshot: Snapshot, root: str | None) -> list[Panel]:
    """The teams. A report that names none has no such panel."""
    found = teams_view(snapshot, root)
    return [] if found is None else [Panel("teams", "Teams, worst first", "teams", found)]


def _default_service(snapshot: Snapshot, service: ServiceReport, charts: Charts, root: str | None) -> list[Panel]:
    """The panels of the service that the fleet's page shows in detail."""
    where = pointer(snapshot, service)
    what_to_do = policy(service, incomplete=bool(problems_of(snapshot.problems, service.name)))
    budget = _without_files(budgets(service, what_to_do, charts, where), root)
    return [
        Panel("budgets", f"Error budget: {service.name}", "budgets", budget, "error_budget"),
        *signal_panels(service, snapshot.site.window, charts, where, f": {service.name}"),
    ]


def signal_panels(service: ServiceReport, window: str, charts: Charts, where: str, of_service: str = "") -> list[Panel]:
    """Golden signals and capacity. A panel goes when all its queries are switched off."""
    golden = charts.once(("signals", where), lambda: signals(service, window, charts, where))
    levels = charts.once(("capacity", where), lambda: capacities(service, charts, where))
    panels = []
    if golden.rows:
        panels.append(Panel("signals", f"Golden signals{of_service}", "signals", golden))
    if levels.tiles:
        panels.append(Panel("capacity", f"Capacity{of_service}", "capacity", levels, "capacity"))
    return panels


_WithFiles = TypeVar("_WithFiles", SloTable, Budgets)


def _without_files(view: _WithFiles, root: str | None) -> _WithFiles:
    """Drop the downloads on a page that has none beside it."""
    return view if root is not None else replace(view, files=())


def pointer(snapshot: Snapshot, service: ServiceReport) -> str:
    """The position of a service in the snapshot (JSON Pointer, RFC 6901)."""
    return f"/services/{next(index for index, found in enumerate(snapshot.services) if found is service)}"
