"""How full the host and the container are."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.snapshot import ServiceReport
from sresnap.render.charts.bars import level_bar
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.row_charts import capacity_chart
from sresnap.render.views import Tile, Value


@dataclass(frozen=True, slots=True)
class Capacities:
    """How full the host and the container are."""

    tiles: tuple[Tile, ...]


_FULL = 0.8
"""Capacity above this is amber."""
_CAPACITY = (
    ("vps_cpu", "Host CPU"),
    ("vps_memory", "Host memory"),
    ("vps_disk", "Host disk"),
    ("container_cpu", "Container CPU"),
    ("container_memory", "Container memory"),
)


def capacities(service: ServiceReport, charts: Charts, pointer: str) -> Capacities:
    """How full the host and the container are, now and over the window, where the report says so.

    A missing value says why.
    """
    return Capacities(
        tuple(_capacity(service, *each, charts, pointer) for each in _CAPACITY if each[0] in service.capacity)
    )


def _capacity(service: ServiceReport, name: str, label: str, charts: Charts, pointer: str) -> Tile:
    ratio = service.capacity.get(name)
    if ratio is None:
        return Tile(label, Value(fmt.NONE, service.capacity_absent.get(name, "no data now")))
    tone = "risk" if ratio > _FULL else ""
    lines = [f"over {fmt.percent(_FULL)}"] if tone else []
    trend = service.capacity_trends.get(name)
    chart = None
    if trend is not None:
        where = f"{pointer}/capacity_trends/{name}/hours"
        chart = capacity_chart(charts, f"{service.slug}-{name}", label, trend.hours, where)
    if name == "vps_disk" and trend is not None and trend.full_at is not None:
        lines.append(f"full on {charts.clock.day(trend.full_at)} at last week's pace")
    bar = level_bar(ratio, tone or "plain", (0.7, 0.8, 0.9))
    return Tile(label, Value(fmt.percent(ratio, limit=_FULL), tone=tone), tuple(lines), bar, chart=chart)
