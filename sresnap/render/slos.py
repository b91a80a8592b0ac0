"""The views of objectives: the table, the budgets, the burn-rate alerts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sresnap.model.snapshot import Alert, ServiceReport, SloReport
from sresnap.model.windows import parse_duration
from sresnap.render import format as fmt
from sresnap.render.panels import AlertRow, Budgets, SloBudget, SloRow, SloTable
from sresnap.render.status import BADGES, UNKNOWN, budget_value, policy
from sresnap.render.strips import budget_bar, day_strip, level_bar, sparkline
from sresnap.render.studio import Studio
from sresnap.render.views import Badge, Link, Value

_FIRING = {"page": Badge("✕", "Firing", "bad"), "ticket": Badge("▲", "Firing", "risk")}
_QUIET = Badge("✓", "Quiet", "ok")
_BURN_FROM, _BURN_TO = 0.1, 100.0
"""Ends of the logarithmic burn axis."""


def slo_table(pairs: Sequence[tuple[Link, ServiceReport]], window: str, studio: Studio) -> SloTable:
    """All objectives of some services, worst first."""
    rows = [(slo, service, link, index) for link, service in pairs for index, slo in enumerate(service.slos)]
    rows.sort(key=lambda row: (row[0].status.rank, _left(row[0])))
    views = tuple(_row(slo, service, link, index, studio) for slo, service, link, index in rows)
    return SloTable(("1h", "6h", window), window, views)


def _left(slo: SloReport) -> float:
    remaining = slo.budget.remaining_ratio
    return -math.inf if remaining is None else remaining


def _row(slo: SloReport, service: ServiceReport, link: Link, index: int, studio: Studio) -> SloRow:
    badge = BADGES[slo.status]
    budget = budget_value(slo)
    name = f"slo-{service.slug}-{index}"
    return SloRow(
        service=link,
        name=slo.name,
        badge=badge,
        objective=fmt.objective(slo.objective),
        sli=sli_value(slo),
        notes=notes(slo),
        budget=budget,
        bar=budget_bar(slo.budget.remaining_ratio, budget.tone),
        burns=tuple(burn_value(slo, window) for window in ("1h", "6h", slo.window)),
        spark=sparkline(f"{name}-spark", slo, studio.easel, studio.clock),
        strip=day_strip(f"{name}-days", slo, studio.clock),
    )


def sli_value(slo: SloReport) -> Value:
    """The SLI over the SLO window."""
    window = slo.windows.get(slo.window)
    if window is None or window.sli is None:
        return Value(fmt.NONE, "no traffic" if "no_traffic" in slo.flags else slo.reason)
    return Value(fmt.sli(window.sli, slo.objective), tone="bad" if window.sli < slo.objective else "")


def burn_value(slo: SloReport, name: str) -> Value:
    """The burn rate over a window. It has a colour only where a threshold is crossed."""
    window = slo.windows.get(name)
    if window is None or window.burn_rate is None:
        return Value(fmt.NONE, f"no data over {name}")
    crossed = [alert for alert in slo.alerts if alert.firing and name in {alert.long, alert.short}]
    tones = [_FIRING.get(alert.severity, UNKNOWN).tone for alert in crossed]
    return Value(fmt.burn_rate(window.burn_rate), tone="bad" if "bad" in tones else "risk" if tones else "")


def notes(slo: SloReport) -> tuple[str, ...]:
    """What a reader must know to weigh the SLI."""
    window = slo.windows.get(slo.window)
    found = []
    if slo.threshold_seconds is not None:
        found.append(f"under {fmt.latency(slo.threshold_seconds)}")
    if slo.basis == "time":
        found.append("share of time, not of events")
    if "no_traffic" in slo.flags:
        found.append("no traffic")
    if window is not None and window.coverage is not None and window.coverage < 1:
        found.append(f"data for {fmt.percent(window.coverage)} of {slo.window}")
    return tuple(found)


def budgets(service: ServiceReport, link: Link, studio: Studio) -> Budgets:
    """The error budgets of one service, with the policy that follows from them."""
    verdict, reason = policy(service.slos)
    views = tuple(_budget(slo, f"budget-{service.slug}-{index}", studio) for index, slo in enumerate(service.slos))
    return Budgets(link, views, verdict, reason)


def _budget(slo: SloReport, name: str, studio: Studio) -> SloBudget:
    return SloBudget(
        title=f"{slo.name} {fmt.objective(slo.objective)}",
        badge=BADGES[slo.status],
        facts=_facts(slo),
        forecast=_forecast(slo, studio),
        chart=studio.burn_down(name, slo),
        alerts=tuple(_alert(alert, slo) for alert in slo.alerts),
    )


def _facts(slo: SloReport) -> tuple[tuple[str, Value], ...]:
    """The budget in every unit that it has."""
    left = slo.budget
    facts = [("Budget left", budget_value(slo))]
    if left.remaining_seconds is not None:
        facts.append(("as full outage", Value(fmt.duration(left.remaining_seconds))))
    if left.remaining_events is not None:
        facts.append(("as bad events", Value(fmt.number(left.remaining_events))))
    facts += [(f"Burn {name}", burn_value(slo, name)) for name in ("1h", "6h", slo.window)]
    return tuple(facts)


def _forecast(slo: SloReport, studio: Studio) -> str:
    left, ahead = slo.budget.remaining_ratio, slo.forecast
    if left is not None and left <= 0:
        return "The budget is spent."
    if ahead.exhausted_at is not None:
        moment = studio.clock.moment(ahead.exhausted_at)
        return f"At the pace of the last {ahead.pace} the budget is spent on {moment.text}."
    if ahead.pace is not None:
        return f"At the pace of the last {ahead.pace} the budget is not spent within {slo.window}."
    return "When the budget is spent cannot be told from the data."


def _alert(alert: Alert, slo: SloReport) -> AlertRow:
    state = UNKNOWN if alert.firing is None else _FIRING.get(alert.severity, UNKNOWN) if alert.firing else _QUIET
    return AlertRow(
        severity=alert.severity,
        windows=f"{alert.long} and {alert.short}",
        long=burn_value(slo, alert.long),
        short=burn_value(slo, alert.short),
        threshold=fmt.burn_rate(alert.threshold),
        bar=level_bar(
            _log(alert.long_burn_rate), state.tone if alert.firing else "plain", (_log(alert.threshold) or 0,)
        ),
        state=state,
    )


def _log(rate: float | None) -> float | None:
    """0..1 on the burn axis."""
    if rate is None:
        return None
    return math.log(max(rate, _BURN_FROM) / _BURN_FROM) / math.log(_BURN_TO / _BURN_FROM)


def outage_text(slo: SloReport) -> str:
    """The whole budget as time: `of 3 h 21 min`."""
    return f"of {fmt.duration((1 - slo.objective) * parse_duration(slo.window))}"
