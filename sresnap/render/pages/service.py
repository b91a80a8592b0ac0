"""`services/<slug>/index.html`: one service."""

from __future__ import annotations

from collections.abc import Container

from sresnap.audit.queries import queries_of
from sresnap.documents.layout import root_of
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.render.charts.drawing import Charts
from sresnap.render.links import ReportDays, crumbs, service_path
from sresnap.render.pages.fleet import pointer, signal_panels
from sresnap.render.panels.budgets import budgets
from sresnap.render.panels.freshness import freshness
from sresnap.render.panels.key_numbers import service_numbers
from sresnap.render.panels.people import service_people
from sresnap.render.panels.policy import policy
from sresnap.render.panels.provenance import provenance
from sresnap.render.panels.quality import quality
from sresnap.render.panels.restated import restated_panels
from sresnap.render.panels.slos import slo_table
from sresnap.render.panels.statement import statements
from sresnap.render.panels.verdict import service_verdict
from sresnap.render.status_badges import lead, problems_of, service_badge
from sresnap.render.views import Link, Page, Panel


def service_page(snapshot: Snapshot, service: ServiceReport, charts: Charts, days: Container[str] = ()) -> Page:
    """`services/<slug>/index.html`; `days` are the UTC days whose reports the archive keeps."""
    path = service_path(service)
    window = snapshot.site.window
    link = Link("", service.name)
    problems = problems_of(snapshot.problems, service.name)
    queries = queries_of(snapshot, service)
    what_to_do = policy(service, incomplete=bool(problems))
    where = pointer(snapshot, service)
    panels = (
        Panel("freshness", "Freshness", "freshness", freshness(snapshot, (service,), charts)),
        Panel("verdict", "Verdict", "verdict", service_verdict(snapshot, service, what_to_do)),
        *_people(service, root_of(path)),
        Panel("key_numbers", "Key numbers", "key_numbers", service_numbers(service, link, charts.clock)),
        Panel("slos", "Objectives, worst first", "slos", slo_table([(link, service)], charts), "objective"),
        Panel(
            "budgets",
            "Error budget",
            "budgets",
            budgets(service, None, charts, where, ReportDays(path, days)),
            "error_budget",
        ),
        Panel("statement", "Where the error budget went", "statement", statements(service, charts.clock), "episode"),
        *signal_panels(service, window, charts, where),
        *restated_panels(snapshot, charts.clock, service.name),
        Panel(
            "quality",
            "Data quality",
            "quality",
            quality(problems, queries, (service,), snapshot.sources),
            "data_quality",
        ),
        Panel(
            "provenance",
            "How this was computed",
            "provenance",
            provenance(snapshot, service, root_of(path), charts.clock),
        ),
    )
    return Page(
        path=path,
        title=f"{service.name} · {snapshot.site.title}",
        heading=service.name,
        status=service_badge(service, snapshot.problems),
        lead=lead(service.now),
        panels=panels,
        crumbs=crumbs(snapshot.site.title, path),
    )


def _people(service: ServiceReport, root: str) -> list[Panel]:
    """Who looks after the service, where the report says so."""
    if service.people is None:
        return []
    return [Panel("people", "About this service", "people", service_people(service.people, root))]
