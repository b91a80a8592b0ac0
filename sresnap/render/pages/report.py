"""Snapshot → pages: which panels a page has, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.status import Status
from sresnap.model.windows import iso, parse_time
from sresnap.render.charts.studio import Studio
from sresnap.render.pages.frame import service_link, service_path
from sresnap.render.panels import status
from sresnap.render.panels.changes import changes
from sresnap.render.panels.composites import groups
from sresnap.render.panels.models import Attention, Concern, Delivery, Freshness, Frozen, PolicyView, Verdict
from sresnap.render.panels.provenance import fleet_provenance, provenance, quality
from sresnap.render.panels.restated import restated_panels
from sresnap.render.panels.slo_models import Budgets, SloTable
from sresnap.render.panels.slos import budgets, slo_table
from sresnap.render.panels.statements import statements
from sresnap.render.panels.tiles import capacities, fleet_tiles, service_tiles, signals
from sresnap.render.views import Badge, Link, Page, Panel

DELIVERY = Delivery(
    ("Deployment frequency", "Lead time for changes", "Change failure rate", "Time to restore"),
    "Not configured: this report asks for no deployments and no incidents, so it says nothing about them.",
)
"""Its numbers come with a later version; unmeasured is neither zero nor low."""


def fleet_page(snapshot: Snapshot, studio: Studio) -> Page:
    """`index.html`."""
    title = snapshot.site.title
    return Page("index.html", title, title, _badge(snapshot), fleet_panels(snapshot, studio))


def _badge(snapshot: Snapshot) -> Badge:
    return status.badge(snapshot.status, incomplete=bool(snapshot.problems))


def frozen_page(snapshot: Snapshot, studio: Studio) -> Page:
    """`archive/<id>/index.html`: the fleet as it was. It links to nothing that shows another moment as if it were this.

    What comes after it is not known yet when it is made, and it is never altered: the month's page leads on.
    """
    at = studio.clock.moment(snapshot.at)
    root = "../../"
    banner = Frozen(
        at=at,
        made=studio.clock.moment(snapshot.generated_at),
        newest=f"{root}index.html",
        previous=None if snapshot.previous is None else f"../{snapshot.previous.id}/index.html",
        later=f"../{month_of(snapshot.id)}/index.html#r{snapshot.id}",
        data=f"{root}snapshots/{snapshot.id}.json",
        is_reconstructed=snapshot.reconstructed,
    )
    return Page(
        path=f"archive/{snapshot.id}/index.html",
        title=f"{at.text} · {snapshot.site.title}",
        heading=f"Report of {at.text}",
        status=_badge(snapshot),
        panels=(Panel("frozen", "A report from the archive", "frozen", banner), *fleet_panels(snapshot, studio, None)),
        crumbs=(Link(f"{root}index.html", snapshot.site.title), Link("../index.html", "Archive")),
        is_live=False,
    )


def month_of(report: str) -> str:
    """The folder of a report's month below `archive/`: `20261122T213000Z` → `2026-11`."""
    return f"{report[:4]}-{report[4:6]}"


def fleet_panels(snapshot: Snapshot, studio: Studio, root: str | None = "./") -> tuple[Panel, ...]:
    """The panels of the fleet. Without a `root` they link to no service's page and to no file: those change."""
    window = snapshot.site.window
    links = {
        service.name: Link("", service.name) if root is None else service_link(service, root)
        for service in snapshot.services
    }
    pairs = [(links[service.name], service) for service in snapshot.services]
    default = next((s for s in snapshot.services if s.name == snapshot.site.default_service), None)
    link = links[default.name] if default is not None else None
    panels = [
        Panel("freshness", "Freshness", "freshness", freshness(snapshot, snapshot.services, studio)),
        Panel("verdict", "Verdict", "verdict", fleet_verdict(snapshot)),
        Panel("attention", "Needs attention", "attention", _attention(snapshot, links)),
        Panel("tiles", "Key numbers", "tiles", fleet_tiles(snapshot, default, link)),
        Panel("slos", "Objectives, worst first", "slos", _alone(slo_table(pairs, studio), root), "objective"),
    ]
    if snapshot.groups:
        panels.insert(-1, Panel("groups", "Groups, worst first", "groups", groups(snapshot)))
    if default is not None:
        where = pointer(snapshot, default)
        policy = status.policy(default, incomplete=bool(status.concerning(snapshot.problems, default.name)))
        panels += [
            Panel(
                "budget",
                f"Error budget burn: {default.name}",
                "budgets",
                _alone(budgets(default, policy, studio, where, in_full=False), root),
                "error_budget",
            ),
            Panel("signals", f"Golden signals: {default.name}", "signals", signals(default, window, studio, where)),
            Panel(
                "capacity",
                f"Capacity: {default.name}",
                "capacity",
                capacities(default, studio, where),
                "capacity",
            ),
        ]
    panels.append(Panel("delivery", "Delivery", "delivery", DELIVERY, "dora"))
    panels.append(Panel("changes", "Since the last report", "changes", changes(snapshot, links, studio)))
    panels += restated_panels(snapshot, studio.clock)
    panels.append(
        Panel(
            "quality",
            "Data quality",
            "quality",
            quality(snapshot.problems, snapshot.queries, snapshot.services),
            "data_quality",
        )
    )
    panels.append(Panel("provenance", "How this was computed", "provenance", fleet_provenance(snapshot)))
    return tuple(panels)


_Filed = TypeVar("_Filed", SloTable, Budgets)


def _alone(view: _Filed, root: str | None) -> _Filed:
    """Without the files beside the page where it is not theirs."""
    return view if root is not None else replace(view, files=())


def service_page(snapshot: Snapshot, service: ServiceReport, studio: Studio) -> Page:
    """`services/<slug>/index.html`."""
    root = "../../"
    window = snapshot.site.window
    link = Link("", service.name)
    problems = status.concerning(snapshot.problems, service.name)
    asked = [query for query in snapshot.queries if query.services is None or service.name in query.services]
    policy = status.policy(service, incomplete=bool(problems))
    where = pointer(snapshot, service)
    panels = (
        Panel("freshness", "Freshness", "freshness", freshness(snapshot, (service,), studio)),
        Panel("verdict", "Verdict", "verdict", service_verdict(snapshot, service, policy)),
        Panel("tiles", "Key numbers", "tiles", service_tiles(service, link, studio.clock)),
        Panel("slos", "Objectives, worst first", "slos", slo_table([(link, service)], studio), "objective"),
        Panel(
            "budget",
            "Error budget",
            "budgets",
            budgets(service, None, studio, where, in_full=True),
            "error_budget",
        ),
        Panel("statement", "Where the error budget went", "statement", statements(service, studio.clock), "episode"),
        Panel("signals", "Golden signals", "signals", signals(service, window, studio, where)),
        Panel("capacity", "Capacity", "capacity", capacities(service, studio, where), "capacity"),
        *restated_panels(snapshot, studio.clock, service.name),
        Panel("quality", "Data quality", "quality", quality(problems, asked, (service,)), "data_quality"),
        Panel("provenance", "How this was computed", "provenance", provenance(snapshot, service, root, studio.clock)),
    )
    return Page(
        path=service_path(service),
        title=f"{service.name} · {snapshot.site.title}",
        heading=service.name,
        status=status.badge(service.status, incomplete=bool(problems)),
        panels=panels,
        crumbs=(Link(f"{root}index.html", snapshot.site.title),),
    )


def pointer(snapshot: Snapshot, service: ServiceReport) -> str:
    """Where a service stands in the snapshot."""
    return f"/services/{next(index for index, found in enumerate(snapshot.services) if found is service)}"


def freshness(snapshot: Snapshot, services: Sequence[ServiceReport], studio: Studio) -> Freshness:
    """When the report was made and what it covers. How long ago that is, the script says."""
    schedule = snapshot.site.schedule_seconds
    due = iso(parse_time(snapshot.generated_at) + schedule)
    return Freshness(
        generated=studio.clock.moment(snapshot.generated_at),
        until=studio.clock.moment(snapshot.at),
        due=studio.clock.moment(due),
        schedule=fmt.duration(schedule),
        synthetic=snapshot.source.kind == "demo",
        coverage=_coverage(services),
    )


def _coverage(services: Sequence[ServiceReport]) -> str | None:
    """How much of the SLO windows has data, of the objective that has least."""
    found = [slo.windows[slo.window].coverage for service in services for slo in service.slos]
    known = [coverage for coverage in found if coverage is not None]
    return fmt.percent_floor(min(known)) if known else None


_MOST_CONCERNS = 12
"""In full; a page that lists hundreds is read by nobody."""
_SAID = {
    Status.EXHAUSTED: ("has spent its error budget", "have spent their error budgets"),
    Status.CRITICAL: ("burns its budget critically fast", "burn their budgets critically fast"),
    Status.AT_RISK: ("is at risk", "are at risk"),
    Status.NO_DATA: ("has no data", "have no data"),
    Status.INSUFFICIENT: ("has too little data to judge", "have too little data to judge"),
    Status.HEALTHY: ("is healthy", "are healthy"),
}


def fleet_verdict(snapshot: Snapshot) -> Verdict:
    """The state of the fleet in one sentence with counts."""
    services = snapshot.services
    parts = []
    for state, (one, many) in _SAID.items():
        amount = sum(service.status is state for service in services)
        if amount:
            parts.append(f"{fmt.number(amount)} {one if amount == 1 else many}")
    total = fmt.count(len(services), "service")
    only = parts[0] if len(parts) == 1 else ""
    sentence = f"Of {total}, {', '.join(parts)}."
    if only:
        said = _SAID[services[0].status]
        sentence = f"The only service {said[0]}." if len(services) == 1 else f"All {total} {said[1]}."
    if snapshot.problems and snapshot.status is Status.HEALTHY:
        sentence = f"As far as is known: {sentence[0].lower()}{sentence[1:]}"
    return Verdict(
        badge=status.badge(snapshot.status, incomplete=bool(snapshot.problems)),
        sentence=sentence if services else "No service is configured.",
        chips=status.chips(services, snapshot.problems),
        incomplete=status.incomplete(snapshot.problems),
    )


def service_verdict(snapshot: Snapshot, service: ServiceReport, policy: PolicyView) -> Verdict:
    """The state of a service, why, and what follows for deploys."""
    problems = status.concerning(snapshot.problems, service.name)
    doubt = "As far as is known, " if problems and service.status is Status.HEALTHY else ""
    return Verdict(
        badge=status.badge(service.status, incomplete=bool(problems)),
        sentence=f"{doubt}{service.name} {_SAID[service.status][0]}.",
        reasons=tuple(f"{slo.name}: {slo.reason}" for slo in _worst_first(service.slos)),
        policy=policy,
        incomplete=status.incomplete(problems),
    )


def _worst_first(slos: Sequence[SloReport]) -> list[SloReport]:
    return sorted(slos, key=lambda slo: slo.status.rank)


def _attention(snapshot: Snapshot, links: Mapping[str, Link]) -> Attention:
    """Each service that is not healthy, and why."""
    unwell = sorted((s for s in snapshot.services if s.status is not Status.HEALTHY), key=lambda s: s.status.rank)
    concerns = tuple(
        Concern(
            links[service.name],
            status.badge(service.status),
            tuple(
                f"{slo.name}: {slo.reason}" for slo in _worst_first(service.slos) if slo.status is not Status.HEALTHY
            ),
        )
        for service in unwell[:_MOST_CONCERNS]
    )
    rest = len(unwell) - len(concerns)
    more = f"and {fmt.count(rest, 'more service')}, in the table below" if rest else None
    calm = (
        "No service needs attention, as far as the data goes." if snapshot.problems else "No service needs attention."
    )
    return Attention(concerns, calm, more)
