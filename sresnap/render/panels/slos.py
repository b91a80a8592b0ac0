"""The views of objectives: the table, the budgets, the burn-rate alerts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from sresnap import format as fmt
from sresnap.compute.slo.budget import error_budget
from sresnap.model.slo import Alert, SloReport
from sresnap.model.snapshot import ServiceReport
from sresnap.model.status import Status
from sresnap.render.charts.slo import burn_bars, burn_down, heat_map, sli_trend
from sresnap.render.charts.strips import budget_bar, day_strip, level_bar, sparkline
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Clock
from sresnap.render.downloads.objectives import CSV, JSON
from sresnap.render.panels.corrections import (
    beside,
    budget_left,
    corrected,
    raw_burn,
    raw_events,
    raw_of,
    raw_outage,
    raw_sli,
)
from sresnap.render.panels.forecasts import forecast_words
from sresnap.render.panels.models import PolicyView
from sresnap.render.panels.objective_words import kind_of, precision_of, unit_of, window_name, window_of, window_seconds
from sresnap.render.panels.slo_models import AlertRow, Budgets, SloBudget, SloRow, SloTable
from sresnap.render.panels.status import BADGES, UNKNOWN, budget_value
from sresnap.render.views import Badge, Link, Value

_FIRING = {"page": Badge("✕", "Firing", "bad"), "ticket": Badge("▲", "Firing", "risk")}
_QUIET = Badge("✓", "Quiet", "ok")
_WITHHELD = Badge("–", "Withheld", "nodata")
FILES = (Link(CSV, "CSV"), Link(JSON, "JSON"))
BURN_WINDOWS = ("1h", "6h")
_MOST_ROWS = 40
"""Of the table; the rest is there to be unfolded."""
_BURN_FROM, _BURN_TO = 0.1, 100.0
"""Ends of the logarithmic burn axis."""


def slo_table(pairs: Sequence[tuple[Link, ServiceReport]], studio: Studio) -> SloTable:
    """All objectives of some services, worst first. Each has its own window."""
    rows = [(slo, service, link, index) for link, service in pairs for index, slo in enumerate(service.slos)]
    rows.sort(key=lambda row: (row[0].status.rank, _left(row[0])))
    views = tuple(_row(slo, service, link, index, studio) for slo, service, link, index in rows)
    windows = {view.window for view in views}
    window = windows.pop() if len(windows) == 1 else "budget window"
    return SloTable(BURN_WINDOWS, window, views[:_MOST_ROWS], views[_MOST_ROWS:], _rest(rows[_MOST_ROWS:]), FILES)


def _rest(rows: Sequence[tuple[SloReport, ServiceReport, Link, int]]) -> str:
    """What a reader misses who does not unfold the rest: `460 more, all healthy`."""
    unwell = sum(slo.status is not Status.HEALTHY for slo, *_ in rows)
    state = f"{fmt.number(unwell)} not healthy" if unwell else "all healthy"
    return f"{fmt.count(len(rows), 'more objective')}, {state}" if rows else ""


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
        notes=_short_notes(slo),
        budget=budget,
        bar=budget_bar(slo.budget.remaining_ratio, budget.tone),
        burns=tuple(burn_value(slo, window) for window in burn_windows(slo)),
        spark=sparkline(f"{name}-spark", slo, studio.easel, studio.clock),
        strip=day_strip(f"{name}-days", slo, studio.clock),
        window=window_name(slo),
    )


def sli_value(slo: SloReport) -> Value:
    """The SLI over the SLO window."""
    window = slo.windows.get(slo.window)
    if window is None or window.sli is None:
        return Value(fmt.NONE, "no traffic" if "no_traffic" in slo.flags else slo.reason)
    tone = "bad" if window.sli < slo.objective and "low_traffic" not in slo.flags else ""
    return Value(fmt.sli(window.sli, slo.objective), tone=tone, raw=raw_sli(slo))


def burn_value(slo: SloReport, name: str) -> Value:
    """The burn rate over a window. It has a colour only where a threshold is crossed."""
    window = slo.windows.get(name)
    if window is None or window.burn_rate is None:
        return Value(fmt.NONE, f"no data over {fmt.window(name)}")
    crossed = [alert for alert in slo.alerts if alert.firing and name in {alert.long, alert.short}]
    tones = [_FIRING.get(alert.severity, UNKNOWN).tone for alert in crossed]
    tone = "bad" if "bad" in tones else "risk" if tones else ""
    return Value(fmt.burn_rate(window.burn_rate), tone=tone, raw=raw_burn(slo, name))


def burn_windows(slo: SloReport) -> tuple[str, ...]:
    """The windows whose burn rates are headlines: an SLO whose own is one of them has it once more."""
    return (*BURN_WINDOWS, slo.window)


def notes(slo: SloReport, clock: Clock) -> tuple[str, ...]:
    """What a reader must know to weigh the SLI."""
    under = f"under {fmt.latency(slo.threshold_seconds)} · " if slo.threshold_seconds is not None else ""
    found = [f"{under}{kind_of(slo)}", window_of(slo, clock)]
    if "no_traffic" in slo.flags:
        found.append("no traffic")
    return (*found, *_coverage(slo))


def _short_notes(slo: SloReport) -> tuple[str, ...]:
    """Of a table's row: what is not as with most objectives. The service's page has them in full."""
    found = [f"under {fmt.latency(slo.threshold_seconds)}"] if slo.threshold_seconds is not None else []
    if slo.basis != "events":
        found.append(kind_of(slo))
    found += ["no traffic"] if "no_traffic" in slo.flags else []
    window = slo.windows.get(slo.window)
    if "low_traffic" in slo.flags and window is not None and window.total is not None:
        found.append(f"{fmt.count_of(window.total, 'event')}, not judged")
    return (*found, *_coverage(slo))


def _coverage(slo: SloReport) -> tuple[str, ...]:
    """How much of its window has data, where that is not all."""
    window = slo.windows.get(slo.window)
    if window is None or window.coverage is None or window.coverage >= 1:
        return ()
    raw = raw_of(slo)
    measured = None if raw is None or raw.window.coverage is None else fmt.percent_floor(raw.window.coverage)
    return (f"data for {beside(fmt.percent_floor(window.coverage), measured)} of {window_name(slo)}",)


def budgets(
    service: ServiceReport, verdict: PolicyView | None, studio: Studio, pointer: str, *, in_full: bool
) -> Budgets:
    """The error budgets of one service; `verdict` is the policy where the page has not said it.

    `in_full` is with every chart.
    """
    views = tuple(
        _budget(slo, f"budget-{service.slug}-{index}", studio, f"{pointer}/slos/{index}/hours", in_full=in_full)
        for index, slo in enumerate(service.slos)
    )
    return Budgets(views, verdict, in_full, FILES)


def _budget(slo: SloReport, name: str, studio: Studio, pointer: str, *, in_full: bool) -> SloBudget:
    precision = precision_of(slo)
    charts = [burn_down(studio, name, slo, pointer)]
    if in_full:
        charts += [sli_trend(studio, f"{name}-trend", slo, pointer), heat_map(studio, f"{name}-heat", slo, pointer)]
    return SloBudget(
        title=f"{slo.name} {fmt.objective(slo.objective)}",
        badge=BADGES[slo.status],
        facts=_facts(slo),
        forecast=forecast_words(slo.forecast, slo.budget.remaining_ratio, studio.clock),
        charts=tuple(charts),
        burns=burn_bars(studio, f"{name}-burns", slo, burn_windows(slo)),
        alerts=tuple(_alert(alert, slo) for alert in slo.alerts),
        measured=(*notes(slo, studio.clock), *((precision,) if precision else ())),
        corrected=corrected(slo, studio.clock),
    )


def _facts(slo: SloReport) -> tuple[tuple[str, Value], ...]:
    """The budget in every unit that it has."""
    left = slo.budget
    facts = [("Budget left", budget_value(slo))]
    if left.remaining_seconds is not None:
        facts.append(("as full outage", Value(fmt.duration(left.remaining_seconds), raw=raw_outage(slo))))
    if left.remaining_events is not None:
        facts.append((f"as bad {unit_of(slo)}", Value(fmt.number(left.remaining_events), raw=raw_events(slo))))
    if slo.calendar is not None and slo.calendar.of_period_ratio is not None:
        raw = raw_of(slo)
        measured = None if raw is None else budget_left(raw.of_period_ratio)
        whole = Value(budget_left(slo.calendar.of_period_ratio), raw=measured)
        facts.append((f"of the whole {slo.calendar.unit}, at this traffic", whole))
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
        bar=level_bar(_log(alert.long_burn_rate), _alert_tone(alert), (_log(limit) or 0,)),
        state=_state(alert),
        withheld=alert.withheld,
    )


def _state(alert: Alert) -> Badge:
    """A withheld pair is neither firing nor quiet: its windows exceed the threshold."""
    if alert.withheld is not None:
        return _WITHHELD
    if alert.firing is None:
        return UNKNOWN
    return _FIRING.get(alert.severity, UNKNOWN) if alert.firing else _QUIET


def _alert_tone(alert: Alert) -> str:
    return _state(alert).tone if alert.firing else "plain"


def _log(rate: float | None) -> float | None:
    """0..1 on the burn axis."""
    if rate is None:
        return None
    return math.log(max(rate, _BURN_FROM) / _BURN_FROM) / math.log(_BURN_TO / _BURN_FROM)


def outage_text(slo: SloReport) -> str:
    """The whole budget as time, of a calendar window that of the part that has passed: `of 3 h 21 min`."""
    passed = slo.calendar.elapsed_ratio if slo.calendar is not None else 1.0
    return f"of {fmt.duration(error_budget(slo.objective) * window_seconds(slo) * passed)}"
