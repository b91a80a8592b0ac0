"""Headline numbers: the fleet's strip, a service's tiles, capacity; and the golden signals with their curves."""

from __future__ import annotations

from dataclasses import replace

from sresnap import format as fmt
from sresnap.model.signals import GOLDEN
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.windows import parse_time
from sresnap.render.charts.strips import budget_bar, capacity_spark, level_bar
from sresnap.render.charts.studio import Studio, reference_marks
from sresnap.render.clock import Clock
from sresnap.render.panels.composites import composite_tile
from sresnap.render.panels.corrections import beside, raw_events, raw_outage
from sresnap.render.panels.models import Capacities, SignalRow, Signals, TileGroup, Tiles
from sresnap.render.panels.objective_words import unit_of, window_name
from sresnap.render.panels.slos import burn_value, burn_windows, notes, outage_text, sli_value
from sresnap.render.panels.status import budget_value
from sresnap.render.views import Link, Tile, Value

_TERMS = {"latency_p99": "latency", "request_rate": "traffic", "error_rate": "errors", "saturation": "saturation"}
_FULL = 0.8
"""Capacity above this is amber: the seed's limit."""
_CAPACITY = (
    ("vps_cpu", "Host CPU"),
    ("vps_memory", "Host memory"),
    ("vps_disk", "Host disk"),
    ("container_cpu", "Container CPU"),
    ("container_memory", "Container memory"),
)
_HEADLINES = (
    ("request_rate", "Requests", "traffic"),
    ("latency_p99", "Latency p99", "latency"),
    ("error_rate", "Errors", "errors"),
)


def fleet_tiles(snapshot: Snapshot, default: ServiceReport | None, link: Link | None) -> Tiles:
    """The KPI strip: the fleet's budget, and the default service's traffic, latency and errors."""
    groups = [TileGroup("All services", (composite_tile(snapshot), _mean_sli(snapshot)))]
    if default is not None:
        tiles = tuple(Tile(label, signal_value(default, key), term=term) for key, label, term in _HEADLINES)
        groups.append(TileGroup(default.name, tiles, link))
    return Tiles(tuple(groups))


def _mean_sli(snapshot: Snapshot) -> Tile:
    mean, raw = snapshot.composite.mean_sli, snapshot.composite.raw_mean_sli
    why = None if mean is not None else "no service has an SLI"
    value = Value(fmt.percent(mean, 2), why, raw=None if raw is None else fmt.percent(raw, 2))
    windows = {window_name(slo) for service in snapshot.services for slo in service.slos[:1]}
    over = windows.pop() if len(windows) == 1 else "each over its window"
    return Tile(f"Composite SLO (mean SLI, {over})", value, ("hides a single breach; see the table",), term="mean_sli")


def signal_value(service: ServiceReport, key: str) -> Value:
    """A golden signal now."""
    report = service.signals.get(key)
    if report is None:
        return Value(fmt.NONE, "not part of this report")
    if report.value is None:
        return Value(fmt.NONE, report.absent or "no data at this moment")
    return Value(fmt.quantity(report.value, report.unit))


def service_tiles(service: ServiceReport, link: Link, clock: Clock) -> Tiles:
    """SLI, budget and burn rates of each objective of a service."""
    return Tiles(tuple(_slo_group(slo, link, clock) for slo in service.slos))


def _slo_group(slo: SloReport, link: Link, clock: Clock) -> TileGroup:
    budget = budget_value(slo)
    left = slo.budget
    lines = []
    if left.remaining_seconds is not None:
        outage = beside(fmt.duration(left.remaining_seconds), raw_outage(slo))
        lines.append(f"{outage} of full outage, {outage_text(slo)}")
    if left.remaining_events is not None:
        lines.append(f"{beside(fmt.number(left.remaining_events), raw_events(slo))} bad {unit_of(slo)}")
    windows = dict.fromkeys(burn_windows(slo))
    burns = tuple(Tile(f"Burn {fmt.window(window)}", burn_value(slo, window), term="burn_rate") for window in windows)
    about = (f"objective {fmt.objective(slo.objective)}", *notes(slo, clock))
    tiles = (
        Tile(f"SLI, {window_name(slo)}", sli_value(slo), about, term="sli"),
        Tile("Error budget left", budget, tuple(lines), budget_bar(left.remaining_ratio, budget.tone), "budget_left"),
        *burns,
    )
    return TileGroup(slo.name, tiles, link)


def capacities(service: ServiceReport, studio: Studio, pointer: str) -> Capacities:
    """How full host and container are, now and over the window. What has no value says why."""
    return Capacities(tuple(_capacity(service, name, label, studio, pointer) for name, label in _CAPACITY))


def _capacity(service: ServiceReport, name: str, label: str, studio: Studio, pointer: str) -> Tile:
    ratio = service.capacity.get(name)
    if ratio is None:
        return Tile(label, Value(fmt.NONE, service.capacity_absent.get(name, "no data at this moment")))
    tone = "risk" if ratio > _FULL else ""
    lines = [f"over {fmt.percent(_FULL)}"] if tone else []
    trend = service.capacity_trends.get(name)
    chart = None
    if trend is not None:
        chart = capacity_spark(studio, f"{service.slug}-{name}", label, trend.hours)
        chart = replace(chart, pointer=f"{pointer}/capacity_trends/{name}/hours")
    if name == "vps_disk" and trend is not None and trend.full_at is not None:
        lines.append(f"full on {studio.clock.day(parse_time(trend.full_at))} at last week's pace")
    bar = level_bar(ratio, tone or "plain", (0.7, 0.8, 0.9))
    return Tile(label, Value(fmt.percent(ratio, limit=_FULL), tone=tone), tuple(lines), bar, chart=chart)


def signals(service: ServiceReport, window: str, studio: Studio, pointer: str) -> Signals:
    """The four golden signals, a curve a window."""
    windows = ("1h", "6h", window)
    marks = reference_marks(service.slos)
    rows = []
    for signal in GOLDEN:
        report = service.signals.get(signal.key)
        name, where = f"{service.slug}-{signal.key}", f"{pointer}/signals/{signal.key}/windows"
        known = report is not None and any(
            value is not None for w in windows if w in report.windows for value in report.windows[w].values
        )
        charts = tuple(
            studio.signal(f"{name}-{index}", signal.title, report, w, marks.get(signal.key, ()), f"{where}/{w}")
            for index, w in enumerate(windows)
        )
        absent = None if known else (report.absent if report else None) or "No data in any window."
        value, term = signal_value(service, signal.key), _TERMS[signal.key]
        rows.append(SignalRow(signal.title, term, value, charts if known else (), absent))
    return Signals(windows, tuple(rows))
