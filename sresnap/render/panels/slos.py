"""The table of objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.compute.fleet.teams import team_of
from sresnap.documents.layout import FLEET_PAGE, relative
from sresnap.model.service import Basis
from sresnap.model.slo import Flag, SloReport
from sresnap.model.snapshot import ServiceReport
from sresnap.model.status import Status
from sresnap.render.charts.bars import budget_bar
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.row_charts import day_strip, sparkline
from sresnap.render.clock import Clock
from sresnap.render.downloads.objectives import objective_paths
from sresnap.render.panels.slo_values import (
    BURN_WINDOWS,
    budget_value,
    burn_value,
    burn_windows,
    coverage_note,
    first_days_note,
    sli_value,
)
from sresnap.render.slo_text import kind_of, span_judged, unit_of, window_name
from sresnap.render.status_badges import BADGES, NOW_BADGES
from sresnap.render.views import Badge, Bar, Chart, Link, Value


@dataclass(frozen=True, slots=True)
class SloRow:
    """One objective of one service."""

    service: Link
    name: str
    now: Badge
    badge: Badge
    objective: str
    sli: Value
    notes: tuple[str, ...]
    """How it is measured, coverage under 100 %, flags."""
    budget: Value
    bar: Bar | None
    burns: tuple[Value, ...]
    spark: Chart
    strip: Chart
    window: str = ""
    """The SLO's own: `28d`, `this month`."""
    span: str = ""
    """What its SLI is over: its window, in the first days `15 of 28 days`."""
    team: str = ""
    """Its service's, where the table has services of several."""


@dataclass(frozen=True, slots=True)
class SloTable:
    """Objectives, worst first."""

    burn_windows: tuple[str, ...]
    """The columns before the SLOs' own window."""
    window: str
    """The SLOs' own; `own window` when they differ."""
    span: str
    """What all SLIs are over; the window when that differs."""
    rows: tuple[SloRow, ...]
    folded: tuple[SloRow, ...] = ()
    """Further rows of a large fleet, folded."""
    rest: str = ""
    """What the folded rows are."""
    files: tuple[Link, ...] = ()
    """Downloads with all their numbers."""


FILES = tuple(
    Link(relative(path, FLEET_PAGE.path()), text) for path, text in zip(objective_paths(), ("CSV", "JSON"), strict=True)
)
"""A service's files have the same names beside its page."""
_MOST_ROWS = 40
"""Rows beyond this are folded."""


def slo_table(pairs: Sequence[tuple[Link, ServiceReport]], charts: Charts, *, with_teams: bool = False) -> SloTable:
    """All objectives of some services, worst first."""
    rows = [(slo, service, link, index) for link, service in pairs for index, slo in enumerate(service.slos)]
    rows.sort(key=lambda row: row[0].urgency)
    views = tuple(_row(slo, service, link, index, charts) for slo, service, link, index in rows)
    if with_teams:
        views = tuple(replace(view, team=team_of(row[1]) or "") for view, row in zip(views, rows, strict=True))
    window = _only({view.window for view in views}, "own window")
    span = _only({view.span for view in views}, window)
    return SloTable(BURN_WINDOWS, window, span, views[:_MOST_ROWS], views[_MOST_ROWS:], _rest(rows[_MOST_ROWS:]), FILES)


def _only(found: set[str], otherwise: str) -> str:
    return found.pop() if len(found) == 1 else otherwise


def _rest(rows: Sequence[tuple[SloReport, ServiceReport, Link, int]]) -> str:
    """What the folded rows are: `460 more objectives, all healthy`."""
    unhealthy = sum(slo.status is not Status.HEALTHY for slo, *_ in rows)
    state = f"{fmt.number(unhealthy)} not healthy" if unhealthy else "all healthy"
    return f"{fmt.count(len(rows), 'more objective')}, {state}" if rows else ""


def _row(slo: SloReport, service: ServiceReport, link: Link, index: int, charts: Charts) -> SloRow:
    budget = budget_value(slo)
    name = f"slo-{service.slug}-{index}"
    return SloRow(
        service=link,
        name=slo.name,
        now=NOW_BADGES[slo.now.state],
        badge=BADGES[slo.status],
        objective=fmt.objective(slo.objective),
        sli=sli_value(slo),
        notes=_short_notes(slo, charts.clock),
        budget=budget,
        bar=budget_bar(slo.budget.remaining_ratio, budget.tone),
        burns=tuple(burn_value(slo, window) for window in burn_windows(slo)),
        spark=sparkline(charts, f"{name}-spark", slo),
        strip=day_strip(f"{name}-days", slo, charts.clock),
        window=window_name(slo),
        span=span_judged(slo),
    )


def _short_notes(slo: SloReport, clock: Clock) -> tuple[str, ...]:
    """How the SLI is measured where that is not by request, and what is missing. The service's page says it in full."""
    found = [kind_of(slo)] if slo.basis != Basis.EVENTS or slo.threshold_seconds is not None else []
    found += ["no traffic"] if Flag.NO_TRAFFIC in slo.flags else []
    window = slo.windows.get(slo.window)
    if Flag.LOW_TRAFFIC in slo.flags and window is not None and window.total is not None:
        found.append(f"{fmt.count_of(window.total, unit_of(slo).removesuffix('s'))}, too few to judge")
    return (*found, *first_days_note(slo, clock), *coverage_note(slo))
