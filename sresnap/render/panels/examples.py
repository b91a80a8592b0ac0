"""This site's own numbers as examples for the primer's formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sresnap import format as fmt
from sresnap.compute.slo.budget import allowed_bad
from sresnap.compute.slo.corrections import as_measured, is_corrected
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.render.slo_text import unit_of, window_name


def examples(snapshot: Snapshot) -> Mapping[str, str]:
    """Example sentences by name, from the first objective of the default service; none where a number is missing.

    With corrections, the numbers are the raw ones: a formula has room for one.
    """
    service = next((s for s in snapshot.services if s.name == snapshot.site.default_service), None)
    service = service or next(iter(snapshot.services), None)
    if service is None or not service.slos:
        return {}
    slo = as_measured(service.slos[0])
    found = {name: make(slo) for name, make in _EXAMPLES.items()}
    return {name: f"{_subject(service, slo)}: {text}" for name, text in found.items() if text is not None}


def _subject(service: ServiceReport, slo: SloReport) -> str:
    measured = ", without corrections" if is_corrected(slo) else ""
    return f"{service.name}, {slo.name}, {window_name(slo)}{measured}"


def _sli(slo: SloReport) -> str | None:
    window = slo.windows[slo.window]
    if window.good is None or window.total is None or window.sli is None:
        return None
    counts = f"{fmt.number(window.good)} / {fmt.number(window.total)} {unit_of(slo)}"
    return f"{counts} = {fmt.sli(window.sli, slo.objective)}"


def _objective(slo: SloReport) -> str | None:
    sli = slo.windows[slo.window].sli
    if sli is None:
        return None
    kept = "met" if sli >= slo.objective else "missed"
    sign = "≥" if sli >= slo.objective else "<"
    return f"{fmt.sli(sli, slo.objective)} {sign} {fmt.objective(slo.objective)}, so the objective is {kept}"


def _coverage(slo: SloReport) -> str | None:
    coverage = slo.windows[slo.window].coverage
    return None if coverage is None else f"{fmt.percent_floor(coverage)} of the hours have data"


def _budget(slo: SloReport) -> str | None:
    window = slo.windows[slo.window]
    if window.total is None:
        return None
    allowed = allowed_bad(window.total, slo.objective)
    share = f"(1 − {fmt.objective(slo.objective)}) × {fmt.number(window.total)}"
    return f"{share} = {fmt.number(allowed)} bad {unit_of(slo)}"


def _budget_left(slo: SloReport) -> str | None:
    sli, left = slo.windows[slo.window].sli, slo.budget.remaining_ratio
    if sli is None or left is None:
        return None
    return f"1 − {fmt.percent(1 - sli, 3)} / {fmt.objective(1 - slo.objective)} = {fmt.percent_signed(left)}"


def _burn_rate(slo: SloReport) -> str | None:
    hour = slo.windows.get("1h")
    if hour is None or hour.sli is None or hour.burn_rate is None:
        return None
    return (
        f"over 1h {fmt.percent(1 - hour.sli, 3)} / {fmt.objective(1 - slo.objective)} = {fmt.burn_rate(hour.burn_rate)}"
    )


_EXAMPLES: Mapping[str, Callable[[SloReport], str | None]] = {
    "sli": _sli,
    "objective": _objective,
    "coverage": _coverage,
    "budget": _budget,
    "budget_left": _budget_left,
    "burn_rate": _burn_rate,
}
