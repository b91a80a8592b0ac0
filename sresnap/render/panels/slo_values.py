"""The numbers of an objective as text: SLI, budget left, burn rates, and the notes beside them."""

from __future__ import annotations

from sresnap import format as fmt
from sresnap.compute.slo.budget import error_budget
from sresnap.model.slo import Flag, SloReport
from sresnap.render.clock import Clock
from sresnap.render.panels.corrections import beside, budget_left, raw_budget, raw_burn, raw_of, raw_sli
from sresnap.render.slo_text import bad_units, kind_of, part_seen, window_of, window_phrase, window_seconds
from sresnap.render.status_badges import BADGES, UNKNOWN
from sresnap.render.views import Badge, Value

BURN_WINDOWS = ("1h", "6h")
FIRING = {"page": Badge("✕", "Firing", "bad"), "ticket": Badge("▲", "Firing", "risk")}


def sli_value(slo: SloReport) -> Value:
    """The SLI over the SLO's window."""
    window = slo.windows.get(slo.window)
    if window is None or window.sli is None:
        return Value(fmt.NONE, "no traffic" if Flag.NO_TRAFFIC in slo.flags else slo.reason)
    tone = "bad" if window.sli < slo.objective and Flag.LOW_TRAFFIC not in slo.flags else ""
    text, worst = fmt.sli(window.sli, slo.objective), fmt.sli(window.worst_sli, slo.objective)
    return Value(text if text == worst else f"{worst} to {text}", tone=tone, raw=raw_sli(slo))


def budget_value(slo: SloReport) -> Value:
    """The budget remaining, signed."""
    ratio = slo.budget.remaining_ratio
    if ratio is None:
        return Value(fmt.NONE, slo.reason)
    return Value(
        budget_left(ratio),
        tone="bad" if ratio <= 0 and Flag.LOW_TRAFFIC not in slo.flags else BADGES[slo.status].tone,
        raw=raw_budget(slo),
    )


def burn_value(slo: SloReport, name: str) -> Value:
    """The burn rate over a window, coloured only where an alert fires."""
    window = slo.windows.get(name)
    if window is None or window.burn_rate is None:
        return Value(fmt.NONE, f"no data over {fmt.window(name)}")
    crossed = [alert for alert in slo.alerts if alert.firing and name in {alert.judged.long, alert.judged.short}]
    tones = [FIRING.get(alert.severity, UNKNOWN).tone for alert in crossed]
    tone = "bad" if "bad" in tones else "risk" if tones else ""
    return Value(fmt.burn_rate(window.burn_rate), tone=tone, raw=raw_burn(slo, name))


def burn_windows(slo: SloReport) -> tuple[str, ...]:
    """The windows of the burn rate columns; the SLO's own is the last one, even if that repeats `1h` or `6h`."""
    return (*BURN_WINDOWS, slo.window)


def notes(slo: SloReport, clock: Clock) -> tuple[str, ...]:
    """How the SLI is measured, over which window, and what is missing from it."""
    idle = ("no traffic",) if Flag.NO_TRAFFIC in slo.flags else ()
    return (f"{kind_of(slo)}, {window_of(slo, clock)}", *idle, *coverage_note(slo), *bounds_note(slo))


def bounds_note(slo: SloReport) -> tuple[str, ...]:
    """The bounds of its bad events where the samples leave some open."""
    window = slo.windows.get(slo.window)
    if window is None or window.bad_bounds is None:
        return ()
    least, most = fmt.number(window.bad_bounds[0]), fmt.number_up(window.bad_bounds[1])
    return () if least == most else (f"{least} to {bad_units(slo, most)}: counters restarted or appeared",)


def first_days_note(slo: SloReport, clock: Clock) -> tuple[str, ...]:
    """In the first days of a history, how much of the window was seen, and when it will be whole."""
    if slo.provisional is None or not slo.status.is_judged:
        return ()
    return (f"provisional: {part_seen(slo.provisional)}, whole on {clock.day(slo.provisional.whole_at)}",)


def coverage_note(slo: SloReport) -> tuple[str, ...]:
    """The share of its window with data, where that is below 100 %. What is before the history is not a gap."""
    if slo.provisional is not None and slo.status.is_judged:
        return ()
    window = slo.windows.get(slo.window)
    if window is None or window.coverage is None or window.coverage >= 1:
        return ()
    raw = raw_of(slo)
    measured = None if raw is None or raw.window.coverage is None else fmt.percent_floor(raw.window.coverage)
    return (f"data for {beside(fmt.percent_floor(window.coverage), measured)} of {window_phrase(slo)}",)


def outage_text(slo: SloReport) -> str:
    """The whole budget as time, of a calendar window for the part that has passed: `of 3 h 21 min`."""
    passed = slo.calendar.elapsed_ratio if slo.calendar is not None else 1.0
    return f"of {fmt.duration(error_budget(slo.objective) * window_seconds(slo) * passed)}"
