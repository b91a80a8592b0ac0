"""Reads OpenSLO v1alpha, the version that Sloth reads: `ratioMetrics` in objectives, `timeWindows` with count and unit.

Source: OpenSLO v1alpha, kind SLO (github.com/OpenSLO/OpenSLO, tag v0.1.0-beta).
"""

from __future__ import annotations

from sresnap.importers.model import FoundSlo
from sresnap.importers.openslo_sources import speaks_prometheus
from sresnap.importers.part import Part, shown
from sresnap.importers.promql import window_name
from sresnap.importers.sli import THRESHOLDS, Sli, from_events, from_threshold, translated

VERSION = "openslo/v1alpha"
_UNITS = {"Day": "d", "Week": "w", "Hour": "h"}
_CALENDAR = {"Week": "week", "Month": "month", "Quarter": "quarter"}


def read(document: Part) -> None:
    """Add the objectives of an SLO. A Service says nothing that is used."""
    if document.text("kind") == "SLO":
        _read_slo(document)
    else:
        document.part("metadata").get("name")
        document.get("spec")


def _read_slo(document: Part) -> None:
    name, spec = document.part("metadata").text("name"), document.part("spec")
    service = spec.text("service")
    method = spec.text("budgetingMethod", "Occurrences")
    window = _window(spec, document)
    indicator = spec.optional("indicator")
    for index, objective in enumerate(spec.parts("objectives")):
        own = name if index == 0 else objective.text("displayName", "") or f"{name}-{index + 1}"
        target = objective.percent("target")
        sli = _sli(objective, indicator, document)
        if sli is None:
            document.found.missing["SLO"] += 1
            continue
        if method == "Timeslices":
            document.note("budgetingMethod Timeslices of v1alpha is not carried over: every event counts alike")
        slo = FoundSlo(service, own, target, sli.queries, window, sli.kind, sli.latency_threshold, place=document.place)
        document.found.slos.append(slo)


def _sli(objective: Part, indicator: Part | None, slo: Part) -> Sli | None:
    ratio = objective.optional("ratioMetrics")
    if ratio is not None:
        counters = ratio.flag("incremental", default=True)
        side = next((side for side in ("good", "bad") if side in ratio), None)
        if side is None:
            ratio.wrong("good", "a mapping here, or as `bad`")
            return None
        total, part = (_query(ratio.part(key)) for key in ("total", side))
        return translated(slo, lambda: from_events(total, part, side, counters=counters)) if total and part else None
    if indicator is not None and "thresholdMetric" in indicator:
        query = _query(indicator.part("thresholdMetric"))
        if "op" not in objective or "value" not in objective:
            objective.leave_out("a thresholdMetric needs `op` (lte, gte, lt, gt) and `value`")
            return None
        operator, limit = objective.choice("op", tuple(THRESHOLDS), "lte"), objective.number("value")
        return translated(objective, lambda: from_threshold(query, operator, limit)) if query else None
    objective.leave_out("it has no indicator that sresnap can read")
    return None


def _query(metric: Part) -> str:
    source = metric.text("source", "prometheus")
    if not speaks_prometheus(source):
        metric.found.mistake(metric.place, f"{metric.path}.source: expected prometheus, found {shown(source)}")
    metric.get("queryType")
    return metric.text("query") if metric.exists else ""


def _window(spec: Part, slo: Part) -> str | None:
    windows = spec.parts("timeWindows") if "timeWindows" in spec else []
    if not windows:
        return None
    if len(windows) > 1:
        slo.note(f"only the first of {len(windows)} windows is carried over")
    first = windows[0]
    unit, count = first.text("unit"), first.number("count")
    if "calendar" in first and not first.flag("isRolling", default=False):
        first.get("calendar")
        name = _CALENDAR.get(unit) if count == 1 else None
    else:
        name = window_name(f"{count:g}{_UNITS.get(unit, '')}")
    if name is None:
        slo.note(f"a window of {count:g} {unit} is not carried over; the file's window is used")
    return name
