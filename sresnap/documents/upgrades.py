"""What reports of earlier versions lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sresnap.compute.fleet.now import fleet_now, service_now
from sresnap.compute.slo.now import now_of
from sresnap.model.now import NOT_JUDGED
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot


def with_now(snapshot: Snapshot) -> Snapshot:
    """A report of an earlier version, which did not judge the present, with what its alerts say."""
    if snapshot.now != NOT_JUDGED or not snapshot.services:
        return snapshot
    services = tuple(_judged(service) for service in snapshot.services)
    return replace(snapshot, services=services, now=fleet_now(services))


def _judged(service: ServiceReport) -> ServiceReport:
    slos = tuple(replace(slo, now=now_of(slo.alerts, _burn_rates(slo), slo.window)) for slo in service.slos)
    return replace(service, slos=slos, now=service_now(slos))


def _burn_rates(slo: SloReport) -> Mapping[str, float | None]:
    return {name: window.burn_rate for name, window in slo.windows.items()}
