"""How full host and container are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.model.snapshot import ServiceReport
from sresnap.render.charts.strips import capacity_spark, level_bar
from sresnap.render.charts.studio import Studio
from sresnap.render.views import Tile, Value


@dataclass(frozen=True, slots=True)
class Capacities:
    """How full host and container are."""

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


def capacities(service: ServiceReport, studio: Studio, pointer: str) -> Capacities:
    """How full host and container are, now and over the window. A missing value says why."""
    return Capacities(tuple(_capacity(service, name, label, studio, pointer) for name, label in _CAPACITY))


def _capacity(service: ServiceReport, name: str, label: str, studio: Studio, pointer: str) -> Tile:
    ratio = service.capacity.get(name)
    if ratio is None:
        return Tile(label, Value(fmt.NONE, service.capacity_absent.get(name, "no data now")))
    tone = "risk" if ratio > _FULL else ""
    lines = [f"over {fmt.percent(_FULL)}"] if tone else []
    trend = service.capacity_trends.get(name)
    chart = None
    if trend is not None:
        chart = capacity_spark(studio, f"{service.slug}-{name}", label, trend.hours)
        chart = replace(chart, pointer=f"{pointer}/capacity_trends/{name}/hours")
    if name == "vps_disk" and trend is not None and trend.full_at is not None:
        lines.append(f"full on {studio.clock.day(trend.full_at)} at the pace of last week")
    bar = level_bar(ratio, tone or "plain", (0.7, 0.8, 0.9))
    return Tile(label, Value(fmt.percent(ratio, limit=_FULL), tone=tone), tuple(lines), bar, chart=chart)
