"""Corrected and raw: where something was left out, both numbers stand beside each other."""

from __future__ import annotations

from sresnap import format as fmt
from sresnap.compute.status import LOW_BUDGET
from sresnap.model.snapshot import SloReport
from sresnap.render.clock import Clock
from sresnap.render.kinds import unit_of
from sresnap.render.panels import Corrected, CorrectionRow


def budget_left(ratio: float | None) -> str:
    """A budget that is left, signed, with the digits that tell it from what is too little to be well."""
    return fmt.percent(ratio, limit=LOW_BUDGET)


def raw_sli(slo: SloReport) -> str | None:
    """The SLI as it was measured; None when nothing was left out."""
    return None if slo.uncorrected is None else fmt.sli(slo.uncorrected.window.sli, slo.objective)


def raw_budget(slo: SloReport) -> str | None:
    """The budget left as it was measured; None when nothing was left out."""
    return None if slo.uncorrected is None else budget_left(slo.uncorrected.budget.remaining_ratio)


def corrected(slo: SloReport, clock: Clock) -> Corrected | None:
    """What was left out, and what each number is with and without it."""
    raw = slo.uncorrected
    if raw is None:
        return None
    window = slo.windows.get(slo.window)
    facts = [
        ("SLI", fmt.sli(window.sli if window is not None else None, slo.objective), raw_sli(slo) or fmt.NONE),
        ("Budget left", budget_left(slo.budget.remaining_ratio), raw_budget(slo) or fmt.NONE),
    ]
    if window is not None and slo.basis != "time":
        bad = [
            fmt.NONE if part.good is None or part.total is None else fmt.number(part.total - part.good)
            for part in (window, raw.window)
        ]
        facts.append((f"Bad {unit_of(slo)}", bad[0], bad[1]))
    rows = tuple(CorrectionRow(c.reason, clock.moment(c.start), clock.moment(c.end)) for c in raw.applied)
    return Corrected(tuple(facts), fmt.duration(raw.excluded_seconds), rows)
