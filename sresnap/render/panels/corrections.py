"""Shows the corrected and the raw number where something was left out."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.compute.slo.corrections import is_corrected
from sresnap.compute.slo.status import LOW_BUDGET
from sresnap.model.service import Basis
from sresnap.model.slo import Budget, SloReport, Uncorrected, WindowReport
from sresnap.render.clock import Clock, Moment
from sresnap.render.slo_text import unit_of


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A stretch of time that was left out."""

    reason: str
    start: Moment
    end: Moment


@dataclass(frozen=True, slots=True)
class CorrectionsView:
    """Corrected and raw numbers, and what was left out."""

    facts: tuple[tuple[str, str, str], ...]
    """What, corrected, raw."""
    excluded: str
    rows: tuple[CorrectionRow, ...]


def budget_left(ratio: float | None) -> str:
    """The budget left, signed, with enough digits to show on which side of the `AT_RISK` limit it is."""
    return fmt.percent(ratio, limit=LOW_BUDGET)


def raw_of(slo: SloReport) -> Uncorrected | None:
    """The numbers of the SLO's window without corrections; None when nothing was left out."""
    return slo.uncorrected if is_corrected(slo) else None


def raw_window(slo: SloReport, name: str) -> WindowReport | None:
    """A window without corrections; None when nothing was left out."""
    raw = slo.uncorrected
    if raw is None:
        return None
    return raw.window if name == slo.window and is_corrected(slo) else raw.windows.get(name)


def raw_sli(slo: SloReport) -> str | None:
    """The SLI without corrections; None when nothing was left out."""
    raw = raw_of(slo)
    return None if raw is None else fmt.sli(raw.window.sli, slo.objective)


def raw_budget(slo: SloReport) -> str | None:
    """The budget left without corrections; None when nothing was left out."""
    raw = raw_of(slo)
    return None if raw is None else budget_left(raw.budget.remaining_ratio)


def raw_burn(slo: SloReport, name: str, limit: float | None = None) -> str | None:
    """A burn rate without corrections; None when nothing was left out."""
    raw = raw_window(slo, name)
    return None if raw is None else fmt.burn_rate(raw.burn_rate, limit)


def raw_outage(slo: SloReport) -> str | None:
    """The budget left as full outage without corrections; None when nothing was left out."""
    raw = _budget_of(slo)
    return None if raw is None else fmt.duration(raw.remaining_seconds)


def raw_events(slo: SloReport) -> str | None:
    """The budget left as bad events without corrections; None when nothing was left out."""
    raw = _budget_of(slo)
    return None if raw is None else fmt.number(raw.remaining_events)


def _budget_of(slo: SloReport) -> Budget | None:
    raw = raw_of(slo)
    return None if raw is None else raw.budget


def beside(text: str, raw: str | None) -> str:
    """A number with the raw one beside it: `3 h (raw 1 h 12 min)`."""
    return text if raw is None else f"{text} (raw {raw})"


def corrected(slo: SloReport, clock: Clock) -> CorrectionsView | None:
    """What was left out, and each number with and without it; None without a correction."""
    raw = slo.uncorrected
    if raw is None:
        return None
    facts = _facts(slo, raw) if is_corrected(slo) else []
    facts += [
        (f"Burn {fmt.window(name)}", fmt.burn_rate(slo.windows[name].burn_rate), fmt.burn_rate(window.burn_rate))
        for name, window in raw.windows.items()
        if name in slo.windows
    ]
    rows = tuple(CorrectionRow(c.reason, clock.moment(c.start), clock.moment(c.end)) for c in raw.applied)
    return CorrectionsView(tuple(facts), fmt.duration(raw.excluded_seconds), rows)


def _facts(slo: SloReport, raw: Uncorrected) -> list[tuple[str, str, str]]:
    """The numbers of the SLO's own window."""
    window = slo.windows.get(slo.window)
    facts = [
        ("SLI", fmt.sli(window.sli if window is not None else None, slo.objective), raw_sli(slo) or fmt.NONE),
        ("Budget left", budget_left(slo.budget.remaining_ratio), raw_budget(slo) or fmt.NONE),
    ]
    if window is not None and slo.basis != Basis.TIME:
        bad = [
            fmt.NONE if part.good is None or part.total is None else fmt.number(part.total - part.good)
            for part in (window, raw.window)
        ]
        facts.append((f"Bad {unit_of(slo)}", bad[0], bad[1]))
    return facts
