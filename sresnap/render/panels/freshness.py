"""When the report was made and what it covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.snapshot import ServiceReport, Snapshot, SourceKind
from sresnap.render.charts.drawing import Charts
from sresnap.render.clock import Moment


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the report was made, what it covers, and when the next one is due."""

    generated: Moment
    until: Moment
    due: Moment
    schedule: str
    synthetic: bool
    coverage: str | None = None
    """The lowest coverage of the objectives that have data, and how many have none; None without objectives."""


def freshness(snapshot: Snapshot, services: Sequence[ServiceReport], charts: Charts) -> Freshness:
    """When the report was made and what it covers. The script in the page adds its age."""
    schedule = snapshot.site.schedule_seconds
    due = snapshot.generated_at + schedule
    return Freshness(
        generated=charts.clock.moment(snapshot.generated_at),
        until=charts.clock.moment(snapshot.at),
        due=charts.clock.moment(due),
        schedule=fmt.every(schedule),
        synthetic=snapshot.source.kind == SourceKind.DEMO,
        coverage=_coverage(services),
    )


def _coverage(services: Sequence[ServiceReport]) -> str | None:
    """`97 %`, or `97 % or more, 2 of 17 objectives without data`: one without data says nothing of the others."""
    found = [slo.windows[slo.window].coverage for service in services for slo in service.slos]
    known = [coverage for coverage in found if coverage]
    if not found:
        return None
    lacking = f"{fmt.number(len(found) - len(known))} of {fmt.count(len(found), 'objective')} without data"
    if not known:
        return lacking
    least = fmt.percent_floor(min(known))
    return least if len(known) == len(found) else f"{least} or more, {lacking}"
