"""All formulas of a report by subject, for the pages and for `sresnap explain --site`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap import format as fmt
from sresnap.audit.forecast import forecast_workings
from sresnap.audit.signals import capacity_workings, signal_workings
from sresnap.audit.slo import Working, composite_workings, slo_workings
from sresnap.audit.statement import statement_workings
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.windows import iso


@dataclass(frozen=True, slots=True)
class Part:
    """Some numbers under a title, with the names that a user asks for them by."""

    title: str
    workings: Sequence[Working]
    kind: str
    slo: str | None = None
    by_name: Mapping[str, Working] = field(default_factory=dict)


def service_parts(snapshot: Snapshot, service: ServiceReport) -> Iterator[Part]:
    """Every number of a service."""
    for slo in service.slos:
        title = f"{service.name}/{slo.name}"
        yield Part(title, slo_workings(snapshot, service, slo), "slos", slo.name)
        yield Part(f"{title}, forecast", forecast_workings(snapshot, slo), "forecast", slo.name)
        yield Part(f"{title}, statement", statement_workings(snapshot, slo), "statement", slo.name)
    signals, capacity = signal_workings(snapshot, service), capacity_workings(snapshot, service)
    yield Part(f"{service.name}, signals", list(signals.values()), "signals", by_name=signals)
    yield Part(f"{service.name}, capacity", list(capacity.values()), "capacity", by_name=capacity)


def fleet_part(snapshot: Snapshot) -> Part:
    """The composites of the fleet and of its groups."""
    return Part("fleet", composite_workings(snapshot), "fleet")


def facts(working: Working) -> str:
    """A number's window, coverage and samples. Times are shown in UTC, as they were sent to Prometheus."""
    parts = [] if working.start is None or working.end is None else [f"{iso(working.start)} to {iso(working.end)}"]
    parts += [] if working.coverage is None else [f"coverage {fmt.exact(working.coverage)}"]
    parts += [] if working.samples is None else [working.samples]
    return "; ".join(parts)
