"""What an objective allows, what an outage takes of it, how long a burn rate lets it last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.compute.slo.budget import error_budget
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.windows import DAY, MINUTE
from sresnap.render.slo_text import window_seconds
from sresnap.render.views import Table

_TARGETS = (0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999)
_SPANS = ((DAY, "a day"), (7 * DAY, "7 days"), (28 * DAY, "28 days"), (90 * DAY, "90 days"))
_BURNS = (1.0, 2.0, 6.0, 14.4, 50.0)


@dataclass(frozen=True, slots=True)
class Preset:
    """Starting values, from an objective of this site."""

    name: str
    target: str
    days: str
    outage: str
    burn: str


@dataclass(frozen=True, slots=True)
class Simulator:
    """The form, and tables of common values for readers without JavaScript."""

    presets: tuple[Preset, ...]
    allowed: Table
    lasting: Table


def simulator(snapshot: Snapshot) -> Simulator:
    """The simulator with this site's objectives as presets."""
    allowed = Table(
        ("objective", *(f"full outage in {name}" for _, name in _SPANS)),
        tuple(
            (fmt.objective(target), *(fmt.duration(error_budget(target) * seconds) for seconds, _ in _SPANS))
            for target in _TARGETS
        ),
    )
    lasting = Table(
        ("burn rate", "a 28-day budget lasts"),
        tuple((fmt.burn_rate(burn), fmt.duration(28 * DAY / burn)) for burn in _BURNS),
    )
    return Simulator(tuple(_presets(snapshot.services)), allowed, lasting)


def _presets(services: Sequence[ServiceReport]) -> list[Preset]:
    """The first objective of up to 12 services; the outage is the budget they have spent."""
    found = []
    for service in services[:12]:
        for slo in service.slos[:1]:
            seconds = window_seconds(slo)
            left, burn = slo.budget.remaining_ratio, slo.windows.get("6h")
            spent = 0.0 if left is None else (1 - left) * error_budget(slo.objective) * seconds / MINUTE
            rate = burn.burn_rate if burn is not None else None
            found.append(
                Preset(
                    name=f"{service.name}, {slo.name}",
                    target=f"{slo.objective * 100:.6g}",
                    days=f"{seconds / DAY:.4g}",
                    outage=f"{max(0.0, spent):.4g}",
                    burn=f"{rate if rate is not None else 1:.3g}",
                )
            )
    return found
