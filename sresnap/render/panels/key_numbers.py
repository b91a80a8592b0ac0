"""Key numbers: of the fleet, and of each objective of a service."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.render.charts.bars import budget_bar
from sresnap.render.clock import Clock
from sresnap.render.panels.corrections import beside, raw_events, raw_outage
from sresnap.render.panels.groups import composite_notes, composite_value
from sresnap.render.panels.signals import signal_value
from sresnap.render.panels.slo_values import budget_value, burn_value, burn_windows, notes, outage_text, sli_value
from sresnap.render.slo_text import bad_units, span_judged
from sresnap.render.views import Link, Tile, Value


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Tiles of one service or one objective."""

    title: str
    tiles: tuple[Tile, ...]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class KeyNumbers:
    """The key numbers in groups."""

    groups: tuple[TileGroup, ...]
    note: str | None = None
    """Which service a page of several shows in detail."""


_HEADLINES = (
    ("request_rate", "Requests", "traffic"),
    ("latency_p99", "Latency p99", "latency"),
    ("error_rate", "Errors", "errors"),
)


def fleet_numbers(snapshot: Snapshot, default: ServiceReport | None, link: Link | None) -> KeyNumbers:
    """The fleet's budget and mean SLI, and the default service's traffic, latency and errors."""
    groups = [TileGroup("All services", (_composite_tile(snapshot), _mean_sli(snapshot)))]
    if default is not None:
        known = [headline for headline in _HEADLINES if headline[0] in default.signals]
        tiles = tuple(Tile(label, signal_value(default, key), term=term) for key, label, term in known)
        groups.append(TileGroup(default.name, tiles, link))
    note = None
    if default is not None and len(snapshot.services) > 1:
        note = (
            f"This page shows {default.name} in detail, the site's default service; the others have pages of their own."
        )
    return KeyNumbers(tuple(groups), note)


def _composite_tile(snapshot: Snapshot) -> Tile:
    """The fleet's budget."""
    whole = snapshot.composite
    value = composite_value(whole)
    bar = budget_bar(whole.remaining_ratio, value.tone or "plain")
    return Tile("Error budget left", value, composite_notes(whole), bar, "composite")


def _mean_sli(snapshot: Snapshot) -> Tile:
    mean, raw = snapshot.composite.mean_sli, snapshot.composite.raw_mean_sli
    why = None if mean is not None else "no service has an SLI"
    value = Value(fmt.percent(mean, 2), why, raw=None if raw is None else fmt.percent(raw, 2))
    spans = {span_judged(slo) for service in snapshot.services for slo in service.slos[:1]}
    over = spans.pop() if len(spans) == 1 else "own windows"
    return Tile(f"Mean SLI, {over}", value, term="mean_sli")


def service_numbers(service: ServiceReport, link: Link, clock: Clock) -> KeyNumbers:
    """SLI, budget and burn rates of each objective of a service."""
    return KeyNumbers(tuple(_slo_group(slo, link, clock) for slo in service.slos))


def _slo_group(slo: SloReport, link: Link, clock: Clock) -> TileGroup:
    budget = budget_value(slo)
    left = slo.budget
    windows = dict.fromkeys(burn_windows(slo))
    burns = tuple(Tile(f"Burn {fmt.window(window)}", burn_value(slo, window), term="burn_rate") for window in windows)
    about = (f"objective {fmt.objective(slo.objective)}", *notes(slo, clock))
    tiles = (
        Tile(f"SLI, {span_judged(slo)}", sli_value(slo), about, term="sli"),
        Tile("Error budget left", budget, _left(slo), budget_bar(left.remaining_ratio, budget.tone), "budget_left"),
        *burns,
    )
    return TileGroup(slo.name, tiles, link)


def _left(slo: SloReport) -> tuple[str, ...]:
    """The budget left as outage and as events: `37 min of full outage left, of 3 h 21 min`, `26 736 bad requests left`.

    An overspent budget says by how much. With a raw number beside it, both keep their sign: one may be positive.
    """
    seconds, events, raw = slo.budget.remaining_seconds, slo.budget.remaining_events, raw_outage(slo)
    lines = []
    if seconds is not None:
        if seconds < 0 and raw is None:
            lines.append(f"over by {fmt.duration(-seconds)} of full outage, {outage_text(slo)}")
        else:
            lines.append(f"{beside(fmt.duration(seconds), raw)} of full outage left, {outage_text(slo)}")
    if events is not None:
        if events < 0 and raw is None:
            lines.append(f"{bad_units(slo, fmt.number(-events))} too many")
        else:
            lines.append(f"{bad_units(slo, beside(fmt.number(events), raw_events(slo)))} left")
    return tuple(lines)
