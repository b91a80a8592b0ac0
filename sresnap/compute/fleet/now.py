"""Whether services burn now, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sresnap.model.now import NOT_JUDGED, Now, worst_now
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.model.windows import HOUR

LONGEST_GAP = 6 * HOUR
"""Between two reports with the same state. It is the longest of the alerts' short windows: after a longer pause the
state may have been another one in between."""


def service_now(slos: Sequence[SloReport]) -> Now:
    """Whether one of the SLOs burns: the worst one's state."""
    parts = ((slo.urgency, slo.now.named(slo=slo.name)) for slo in slos)
    return worst_now(parts, none="No objective is configured.")


def fleet_now(services: Sequence[ServiceReport]) -> Now:
    """Whether one of the services burns: the worst one's state."""
    parts = ((service.urgency, service.now.named(service=service.name)) for service in services)
    return worst_now(parts, none="No service is configured.")


def continued(before: Snapshot, snapshot: Snapshot) -> Snapshot:
    """The report with the moment at which each state began, as far as the reports before it know.

    A state that the previous report has, too, began when that one says; any other began with this report.
    """
    if snapshot.at - before.at > LONGEST_GAP:
        return snapshot
    old = {service.name: service for service in before.services}
    services = tuple(_service(old.get(service.name), service, snapshot.at) for service in snapshot.services)
    return replace(snapshot, services=services, now=_since(before.now, snapshot.now, snapshot.at))


def _service(before: ServiceReport | None, service: ServiceReport, at: int) -> ServiceReport:
    if before is None:
        return service
    old: Mapping[str, Now] = {slo.name: slo.now for slo in before.slos}
    slos = tuple(replace(slo, now=_since(old.get(slo.name, NOT_JUDGED), slo.now, at)) for slo in service.slos)
    return replace(service, slos=slos, now=_since(before.now, service.now, at))


def _since(before: Now, now: Now, at: int) -> Now:
    if before == NOT_JUDGED:
        return now
    return replace(now, since=before.since if before.state is now.state else at)
