"""Explain a published report: how each of its numbers was worked out, from its JSON only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sresnap.audit.parts import fleet_part, service_parts
from sresnap.audit.slo import Derivation
from sresnap.config import choices
from sresnap.errors import UsageError
from sresnap.model.signals import CAPACITY_NAMES
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.printable import quotable
from sresnap.publish.newest import read_newest


@dataclass(frozen=True, slots=True)
class ExplainedReport:
    """Numbers of a report by title, such as `api/availability, forecast`."""

    snapshot: Snapshot
    numbers: Mapping[str, Sequence[Derivation]]


def explain_published(site: str, service: str, name: str | None) -> ExplainedReport:
    """The numbers of a service and of the fleet, each with its formula and queries.

    Args:
        site: the site's folder or address.
        service: the service's name.
        name: an SLO, a signal, a capacity, or a part of the page such as `forecast`; None for everything.

    Raises:
        NoReport: the site cannot be read or has no report.
        UsageError: the address is invalid, or the report has no such service or number.
    """
    snapshot = read_newest(site)
    return ExplainedReport(snapshot, _chosen(snapshot, _service(snapshot, service), name))


def _service(snapshot: Snapshot, name: str) -> ServiceReport:
    known = {service.name: service for service in snapshot.services}
    if name not in known:
        raise UsageError(f"the report has no service {quotable(name)!r}", _hint(name, known))
    return known[name]


def _chosen(snapshot: Snapshot, service: ServiceReport, name: str | None) -> Mapping[str, Sequence[Derivation]]:
    parts = [*service_parts(snapshot, service), fleet_part(snapshot)]
    if name is None:
        return {part.title: part.derivations for part in parts}
    found = {part.title: part.derivations for part in parts if name == part.slo}
    found = found or {part.title: part.derivations for part in parts if name == part.kind}
    if not found:
        key = CAPACITY_NAMES.get(name, name)
        found = {part.title: [part.by_name[key]] for part in parts if key in part.by_name}
    if not found:
        names = [known for part in parts for known in (part.slo, part.kind, *part.by_name) if known]
        raise UsageError(f"the report has nothing named {quotable(name)!r} for {service.name}", _hint(name, names))
    return found


def _hint(name: str, known: Iterable[str]) -> str:
    return choices(name, known, "it has none: was it built with another configuration?")
