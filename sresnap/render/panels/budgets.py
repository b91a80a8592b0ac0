"""The error budgets of one service: what is left, the forecast, the burn-rate alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sresnap import format as fmt
from sresnap.compute.slo.alerts import LEAST_BAD_EVENTS
from sresnap.model.slo import Alert, SloReport
from sresnap.model.snapshot import ServiceReport
from sresnap.render.charts.bars import burn_bar
from sresnap.render.charts.burn_down import burn_down
from sresnap.render.charts.burn_rates import burn_bars
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.heat_map import heat_map
from sresnap.render.charts.sli_trend import sli_trend
from sresnap.render.charts.spent import spent_chart
from sresnap.render.links import ReportDays
from sresnap.render.panels.corrections import (
    CorrectionsView,
    budget_left,
    corrected,
    raw_burn,
    raw_events,
    raw_of,
    raw_outage,
)
from sresnap.render.panels.forecast import forecast_text
from sresnap.render.panels.policy import PolicyView
from sresnap.render.panels.slo_values import FIRING, budget_value, burn_value, burn_windows, notes
from sresnap.render.panels.slos import FILES
from sresnap.render.slo_text import precision_of, unit_of
from sresnap.render.status_badges import UNKNOWN, verdict_badge
from sresnap.render.views import Badge, Bar, Chart, Link, Value


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A burn-rate pair."""

    severity: str
    windows: str
    long: Value
    short: Value
    threshold: str
    bar: Bar | None
    state: Badge
    note: str | None = None
    """Why a pair that exceeds its threshold does not fire, or over which longer windows it fires."""


@dataclass(frozen=True, slots=True)
class SloBudget:
    """The budget of one objective over its window."""

    title: str
    badge: Badge
    facts: tuple[tuple[str, Value], ...]
    forecast: str
    charts: tuple[Chart, ...]
    """Budget left; on a service's page also the SLI by day, the errors by hour and day, and
    how this window's budget was spent."""
    burns: Chart
    alerts: tuple[AlertRow, ...]
    measured: str = ""
    """How it is measured, coverage, precision."""
    corrected: CorrectionsView | None = None


@dataclass(frozen=True, slots=True)
class Budgets:
    """Error budgets of one service."""

    slos: tuple[SloBudget, ...]
    policy: PolicyView | None
    """None where the page's verdict shows it."""
    in_full: bool = True
    """Whether the burn rates are beside the charts or under them."""
    files: tuple[Link, ...] = ()
    """Downloads with the unrounded burn rates."""


_QUIET = Badge("✓", "Quiet", "ok")
_WITHHELD = Badge("–", "Withheld", "nodata")


def budgets(
    service: ServiceReport,
    what_to_do: PolicyView | None,
    charts: Charts,
    pointer: str,
    reports: ReportDays | None = None,
) -> Budgets:
    """The error budgets of one service.

    Args:
        service: the service.
        what_to_do: the policy; None where the verdict on the page shows it.
        charts: draws the charts.
        pointer: the service's position in the snapshot (JSON Pointer).
        reports: the days that the service's own page leads to, which has every chart; None for another page.
    """
    views = tuple(
        _budget(slo, f"budget-{service.slug}-{index}", charts, f"{pointer}/slos/{index}/hours", reports)
        for index, slo in enumerate(service.slos)
    )
    return Budgets(views, what_to_do, reports is not None, FILES)


def _budget(slo: SloReport, name: str, charts: Charts, pointer: str, reports: ReportDays | None) -> SloBudget:
    precision = precision_of(slo)
    drawn = [burn_down(charts, name, slo, pointer)]
    if reports is not None:
        drawn.append(sli_trend(charts, f"{name}-trend", slo, pointer))
        drawn.append(heat_map(charts, f"{name}-heat", slo, pointer, reports))
        drawn.append(spent_chart(charts, f"{name}-spent", slo, pointer))
    return SloBudget(
        title=f"{slo.name} {fmt.objective(slo.objective)}",
        badge=verdict_badge(slo.now.state, slo.status),
        facts=_facts(slo),
        forecast=forecast_text(slo.forecast, slo.budget.remaining_ratio, charts.clock),
        charts=tuple(drawn),
        burns=burn_bars(charts, f"{name}-burns", slo, burn_windows(slo)),
        alerts=tuple(_alert(alert, slo) for alert in slo.alerts),
        measured=_sentences(notes(slo, charts.clock), precision),
        corrected=corrected(slo, charts.clock),
    )


def _sentences(parts: Sequence[str], precision: str | None) -> str:
    """How it is measured: `By request, rolling 28 days; no traffic. Exact in 668 of 671 whole hours`."""
    return f"{'; '.join(parts)}.{f' {precision}' if precision else ''}"


def _facts(slo: SloReport) -> tuple[tuple[str, Value], ...]:
    """The budget left in every unit, and the burn rates."""
    left = slo.budget
    facts = [("Budget left", budget_value(slo))]
    if left.remaining_seconds is not None:
        facts.append(("As full outage", Value(fmt.duration(left.remaining_seconds), raw=raw_outage(slo))))
    if left.remaining_events is not None:
        facts.append((f"As bad {unit_of(slo)}", Value(fmt.number(left.remaining_events), raw=raw_events(slo))))
    if slo.calendar is not None and slo.calendar.of_period_ratio is not None:
        raw = raw_of(slo)
        measured = None if raw is None else budget_left(raw.of_period_ratio)
        whole = Value(budget_left(slo.calendar.of_period_ratio), raw=measured)
        facts.append((f"Of the whole {slo.calendar.unit} at this traffic", whole))
    facts += [(f"Burn {fmt.window(name)}", burn_value(slo, name)) for name in dict.fromkeys(burn_windows(slo))]
    return tuple(facts)


def _alert(alert: Alert, slo: SloReport) -> AlertRow:
    limit = alert.threshold
    return AlertRow(
        severity=alert.severity,
        windows=f"{alert.long} and {alert.short}",
        long=replace(
            burn_value(slo, alert.long),
            text=fmt.burn_rate(alert.long_burn_rate, limit),
            raw=raw_burn(slo, alert.long, limit),
        ),
        short=replace(burn_value(slo, alert.short), text=fmt.burn_rate(alert.short_burn_rate, limit)),
        threshold=fmt.threshold(limit),
        bar=burn_bar(alert.long_burn_rate, _alert_tone(alert), limit),
        state=_state(alert),
        note=alert.withheld or _longer(alert),
    )


def _longer(alert: Alert) -> str | None:
    """The longer windows that a pair fires by: `fewer than 10 bad events; over 1d and 2h it burns at 90× and 85×`."""
    found = alert.longer
    if found is None:
        return None
    rates = [fmt.burn_rate(rate, alert.threshold) for rate in (found.long_burn_rate, found.short_burn_rate)]
    few = f"fewer than {LEAST_BAD_EVENTS} bad events"
    return f"{few}; over {found.long} and {found.short} it burns at {rates[0]} and {rates[1]}"


def _state(alert: Alert) -> Badge:
    """A withheld pair exceeds its threshold, so it is not quiet, and does not fire."""
    if alert.withheld is not None:
        return _WITHHELD
    if alert.firing is None:
        return UNKNOWN
    return FIRING.get(alert.severity, UNKNOWN) if alert.firing else _QUIET


def _alert_tone(alert: Alert) -> str:
    return _state(alert).tone if alert.firing else "plain"
