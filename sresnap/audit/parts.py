"""All formulas of a report by subject, for the pages and for `sresnap explain --site`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap import format as fmt
from sresnap.audit.forecast import forecast_derivations
from sresnap.audit.signals import capacity_derivations, signal_derivations
from sresnap.audit.slo import Derivation, composite_derivations, slo_derivations
from sresnap.audit.statement import statement_derivations
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.windows import iso


@dataclass(frozen=True, slots=True)
class Part:
    """Some numbers under a title, with the names that a user asks for them by."""

    title: str
    derivations: Sequence[Derivation]
    kind: str
    slo: str | None = None
    by_name: Mapping[str, Derivation] = field(default_factory=dict)


def service_parts(snapshot: Snapshot, service: ServiceReport) -> Iterator[Part]:
    """Every number of a service."""
    for slo in service.slos:
        title = f"{service.name}/{slo.name}"
        yield Part(title, slo_derivations(snapshot, service, slo), "slos", slo.name)
        yield Part(f"{title}, forecast", forecast_derivations(snapshot, slo), "forecast", slo.name)
        yield Part(f"{title}, statement", statement_derivations(snapshot, slo), "statement", slo.name)
    signals, capacity = signal_derivations(snapshot, service), capacity_derivations(snapshot, service)
    yield Part(f"{service.name}, signals", list(signals.values()), "signals", by_name=signals)
    yield Part(f"{service.name}, capacity", list(capacity.values()), "capacity", by_name=capacity)


def fleet_part(snapshot: Snapshot) -> Part:
    """The composites of the fleet and of its groups."""
    return Part("fleet", composite_derivations(snapshot), "fleet")


def facts(derivation: Derivation) -> str:
    """A number's window, coverage and samples. Times are shown in UTC, as they were sent to Prometheus."""
    parts = (
        []
        if derivation.start is None or derivation.end is None
        else [f"{iso(derivation.start)} to {iso(derivation.end)}"]
    )
    parts += [] if derivation.coverage is None else [f"coverage {fmt.exact(derivation.coverage)}"]
    parts += [] if derivation.samples is None else [derivation.samples]
    return "; ".join(parts)
