"""Many services in one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sresnap.compute.fleet.now import fleet_now
from sresnap.compute.slo.budget import allowed_bad
from sresnap.compute.slo.corrections import as_measured, is_corrected
from sresnap.compute.slo.evaluate import worst
from sresnap.compute.slo.status import LEAST_COVERAGE
from sresnap.model.composite import Composite, GroupReport, Share
from sresnap.model.service import Basis, Group, Method
from sresnap.model.slo import Flag, SloReport
from sresnap.model.snapshot import ServiceReport


def composite(services: Sequence[ServiceReport], weights: Mapping[str, float], method: Method) -> Composite:
    """The budget of several services together, each counting by its SLO with the least budget left.

    `budget`: 1 − the weighted mean of what each has consumed. Consumed 0.2, 0.7 and 1.5 at equal weights:
    1 − 2.4 / 3 = 0.2, worst the third; the third at weight 2: 1 − (0.2 + 0.7 + 3) / 4 = 0.025.
    `pooled`: 1 − all bad events / all that the objectives allow. 90 bad of 10,000 at 0.99 and 0 of 10,000 at 0.999:
    1 − 90 / (100 + 10) = 0.182.

    A service without enough data (or, pooled, without events) is left out and makes it partial: with_data < members.
    `mean_sli` is the seed's: the plain mean of the SLIs.

    If a member's window holds a correction, the composite without corrections is computed too.
    """
    whole = _composite(services, weights, method)
    if not any(is_corrected(slo) for service in services for slo in service.slos):
        return whole
    measured = [replace(service, slos=tuple(as_measured(slo) for slo in service.slos)) for service in services]
    raw = _composite(measured, weights, method)
    return replace(whole, raw_remaining_ratio=raw.remaining_ratio, raw_mean_sli=raw.mean_sli, raw_shares=raw.shares)


def _composite(services: Sequence[ServiceReport], weights: Mapping[str, float], method: Method) -> Composite:
    found = {service.name: _share(service, weights.get(service.name, 1.0), method) for service in services}
    shares = tuple(share for share in found.values() if share is not None)
    slis = [sli for service in services if (sli := _first_sli(service)) is not None]
    return Composite(
        remaining_ratio=_remaining(shares, method),
        members=len(services),
        with_data=len(shares),
        worst=min(shares, key=lambda share: share.remaining_ratio).service if shares else None,
        mean_sli=sum(slis) / len(slis) if slis else None,
        method=method.value,
        shares=shares,
        missing=tuple(name for name, share in found.items() if share is None),
    )


def groups(services: Sequence[ServiceReport], configured: Sequence[Group]) -> tuple[GroupReport, ...]:
    """Each group, judged. A service's weight is the group's own or, without one, the service's."""
    by_name = {service.name: service for service in services}
    found = []
    for group in configured:
        members = [by_name[name] for name in group.services]
        weights = {service.name: group.weights.get(service.name, service.weight) for service in members}
        status = worst(service.status for service in members)
        whole = composite(members, weights, group.method)
        found.append(GroupReport(group.name, status, whole, fleet_now(members)))
    return tuple(found)


def _share(service: ServiceReport, weight: float, method: Method) -> Share | None:
    """The service's share: its SLO with the least budget left, among SLOs with enough data to judge."""
    pooled = method is Method.POOLED
    able = [slo for slo in service.slos if _judged(slo) and (slo.basis == Basis.EVENTS.value or not pooled)]
    left = [(slo.budget.remaining_ratio, slo) for slo in able if slo.budget.remaining_ratio is not None]
    if not left:
        return None
    remaining, slo = min(left, key=lambda pair: pair[0])
    window = slo.windows[slo.window]
    total = window.total if pooled else None
    return Share(
        service=service.name,
        slo=slo.name,
        weight=weight,
        remaining_ratio=remaining,
        good=window.good if pooled else None,
        total=total,
        allowed_bad=None if total is None else allowed_bad(total, slo.objective) / slo.seen_share,
    )


def _judged(slo: SloReport) -> bool:
    """Whether an SLO's counts are usable: plausible, not too few, and not of a window's first minutes."""
    if {Flag.IMPLAUSIBLE, Flag.JUST_BEGUN, Flag.LOW_TRAFFIC}.intersection(slo.flags):
        return False
    return slo.status.is_judged or (slo.windows[slo.window].coverage or 0) >= LEAST_COVERAGE


def _remaining(shares: Sequence[Share], method: Method) -> float | None:
    if not shares:
        return None
    if method is Method.BUDGET:
        consumed = sum(share.weight * (1 - share.remaining_ratio) for share in shares)
        return 1 - consumed / sum(share.weight for share in shares)
    allowed = sum(share.allowed_bad or 0.0 for share in shares)
    bad = sum((share.total or 0.0) - (share.good or 0.0) for share in shares)
    # No traffic spends nothing.
    return 1 - bad / allowed if allowed else 1.0


def _first_sli(service: ServiceReport) -> float | None:
    slo = service.slos[0]
    return None if Flag.IMPLAUSIBLE in slo.flags else slo.windows[slo.window].sli
