"""A verdict in a sentence: what burns now, and what the window has spent."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap import format as fmt
from sresnap.model.events import PAGE
from sresnap.model.now import Now, NowState
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport
from sresnap.model.status import Status

_PHRASES = {
    Status.EXHAUSTED: ("has overspent its error budget", "have overspent their error budgets"),
    Status.CRITICAL: ("is burning its budget critically fast", "are burning their budgets critically fast"),
    Status.AT_RISK: ("is at risk", "are at risk"),
    Status.NO_DATA: ("has no data", "have no data"),
    Status.INSUFFICIENT: ("has too little data to judge", "have too little data to judge"),
    Status.HEALTHY: ("is healthy", "are healthy"),
}

_QUIET = "No alert fires now."
_UNKNOWN = "Whether an alert fires now is unknown."


def service_sentence(service: ServiceReport) -> str:
    """A service in one sentence, such as `Budget spent, and burning now: 71× over 1h, page.`."""
    now, status = service.now, service.status
    if now.is_burning:
        rate = burning_at(now, with_slo=len(service.slos) > 1)
        if status is Status.EXHAUSTED:
            return f"Budget spent, and burning now: {rate}."
        if not status.is_judged:
            return f"Burning now: {rate}; there is too little data to judge the window."
        left = service.worst_slo.budget.remaining_ratio
        return f"Burning now: {rate}; {fmt.percent(left)} of the budget is left."
    phrase = f"{service.name} {_PHRASES[status][0]}"
    if now.state is NowState.QUIET:
        return f"{phrase}; no alert fires now."
    return f"{phrase}." if status is Status.NO_DATA else f"{phrase}. {_UNKNOWN}"


def burning_at(now: Now, *, with_slo: bool = False) -> str:
    """How fast it burns: `71× over 1h, page`, of several SLOs with the name of the one that burns."""
    pair = now.pairs[0]
    severity = pair.severity if pair.severity == PAGE else "ticket"
    of = f" ({pair.slo})" if with_slo and pair.slo is not None else ""
    return f"{fmt.burn_rate(pair.long_burn_rate, pair.threshold)} over {fmt.window(pair.long)}, {severity}{of}"


def fleet_sentence(services: Sequence[ServiceReport]) -> str:
    """The fleet: the service that burns fastest, and how many services have which status."""
    if not services:
        return "No service is configured."
    burning = sorted((service for service in services if service.now.is_burning), key=lambda found: found.urgency)
    first = f"{burning[0].name}: {service_sentence(burning[0])}" if burning else ""
    if len(services) == 1:
        return first or service_sentence(services[0])
    if not burning:
        return f"{_counts(services)} {_calm(services)}".rstrip()
    more = len(burning) - 1
    others = f" {fmt.count(more, 'more service burns', 'more services burn')} now." if more else ""
    return f"{first}{others} {_counts(services)}"


def every_service(total: int) -> str:
    """All services of a fleet of several: `Both services`, `All 3 services`."""
    return "Both services" if total == 2 else f"All {fmt.count(total, 'service')}"  # noqa: PLR2004 - two are both


def doubted(sentence: str) -> str:
    """A good verdict on a report with gaps: `As far as known: all 3 services are healthy. …`."""
    for first in ("All ", "Both "):
        sentence = sentence.replace(first, first.lower(), 1) if sentence.startswith(first) else sentence
    return f"As far as known: {sentence}"


def _counts(services: Sequence[ServiceReport]) -> str:
    counts = {state: sum(service.status is state for service in services) for state in _PHRASES}
    parts = [f"{fmt.number(n)} {_PHRASES[state][n > 1]}" for state, n in counts.items() if n]
    if len(parts) == 1:
        return f"{every_service(len(services))} {_PHRASES[services[0].status][1]}."
    return f"Of {fmt.count(len(services), 'service')}, {', '.join(parts)}."


def _calm(services: Sequence[ServiceReport]) -> str:
    unknown = sum(service.now.state is NowState.UNKNOWN for service in services)
    if not unknown:
        return _QUIET
    if unknown == len(services):
        return "" if all(service.status is Status.NO_DATA for service in services) else _UNKNOWN
    return f"For {fmt.number(unknown)} of them it is unknown whether an alert fires now."


def slo_now(slo: SloReport) -> str:
    """The first part of an objective's verdict: `Burning now: 71× over 1h, page.`."""
    if slo.now.is_burning:
        return f"Burning now: {burning_at(slo.now)}."
    return _QUIET if slo.now.state is NowState.QUIET else f"{_UNKNOWN} {slo.now.reason}"


def slo_reason(slo: SloReport) -> str:
    """Why an objective has its verdict: what burns, and the window's reason; not the same twice."""
    now = slo.now
    if now.reason.rstrip(".") in slo.reason or now.state is NowState.QUIET:
        return slo.reason
    if now.is_burning:
        return f"{now.reason} {slo.reason}"
    if slo.status is Status.NO_DATA:
        return slo.reason
    return f"{slo.reason} {slo_now(slo)}"
