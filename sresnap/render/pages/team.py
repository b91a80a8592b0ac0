"""`teams/<slug>/index.html`: the services of one team."""

from __future__ import annotations

from dataclasses import replace

from sresnap.compute.fleet.teams import Team, part_of
from sresnap.documents.layout import TEAM_FEED, TEAM_PAGE, root_of
from sresnap.model.snapshot import Snapshot
from sresnap.render.charts.drawing import Charts
from sresnap.render.links import crumbs, service_link
from sresnap.render.pages.fleet import fleet_badge
from sresnap.render.panels.attention import attention
from sresnap.render.panels.episodes import episodes
from sresnap.render.panels.freshness import freshness
from sresnap.render.panels.quality import quality
from sresnap.render.panels.slos import slo_table
from sresnap.render.panels.teams import team_view
from sresnap.render.panels.verdict import fleet_verdict
from sresnap.render.status_badges import lead
from sresnap.render.views import Page, Panel


def team_page(snapshot: Snapshot, team: Team, charts: Charts) -> Page:
    """`teams/<slug>/index.html`: the fleet's page, of the team's services only."""
    path = TEAM_PAGE.path(team.slug)
    root = root_of(path)
    part = part_of(snapshot, team.services)
    links = {service.name: service_link(service, root) for service in team.services}
    # The files beside the fleet's page have the services of all teams.
    table = replace(slo_table([(links[one.name], one) for one in team.services], charts), files=())
    asked = [query for query in snapshot.queries if query.services is None or links.keys() & set(query.services)]
    panels = (
        Panel("freshness", "Freshness", "freshness", freshness(snapshot, team.services, charts)),
        Panel("verdict", "Verdict", "verdict", fleet_verdict(part)),
        Panel("team", "About this team", "team", team_view(team, root)),
        Panel("attention", "Needs attention", "attention", attention(part, links)),
        Panel("slos", "Objectives, worst first", "slos", table, "objective"),
        Panel(
            "episodes",
            "Burn episodes, newest first",
            "episodes",
            episodes(team.services, links, charts.clock),
            "episode",
        ),
        Panel(
            "quality",
            "Data quality",
            "quality",
            quality(part.problems, asked, team.services, snapshot.sources),
            "data_quality",
        ),
    )
    return Page(
        path=path,
        title=f"{team.name} · {snapshot.site.title}",
        heading=team.name,
        status=fleet_badge(part),
        lead=lead(part.now),
        panels=panels,
        crumbs=crumbs(snapshot.site.title, path),
        feed=TEAM_FEED.path(team.slug),
    )
