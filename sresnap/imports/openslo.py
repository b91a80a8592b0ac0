"""OpenSLO v1: SLO, SLI, Service and DataSource (openslo.com)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sresnap.imports.model import Found, FoundSlo, UnreadableError, need, number
from sresnap.imports.promql import as_written, counts, ratio, window_name

_CALENDAR = {"1w": "week", "7d": "week", "1M": "month", "1Q": "quarter", "3M": "quarter"}
_OPERATORS = {"lte": "<=", "lt": "<", "gte": ">=", "gt": ">"}


def is_openslo(document: dict[str, Any]) -> bool:
    return str(document.get("apiVersion", "")).startswith("openslo")


@dataclass(frozen=True, slots=True)
class _Documents:
    indicators: Mapping[str, dict[str, Any]]
    sources: Mapping[str, dict[str, Any]]


def read_openslo(documents: Sequence[tuple[str, dict[str, Any]]], found: Found) -> None:
    """Add the SLOs of all documents; they refer to one another by name.

    Raises:
        UnreadableError: a part is missing or of another type.
    """
    by_kind: dict[str, dict[str, dict[str, Any]]] = {"SLI": {}, "DataSource": {}}
    for file, document in documents:
        if document.get("apiVersion") != "openslo/v1":
            raise UnreadableError(f"{file}: apiVersion: expected openslo/v1, found {document.get('apiVersion')!r}")
        kind = need(document, "kind", str, file)
        name = need(document, "metadata.name", str, f"{file}: {kind}")
        if kind in by_kind:
            by_kind[kind][name] = need(document, "spec", dict, f"{file}: {name}")
        elif kind not in {"SLO", "Service"}:
            found.note(f"{file}: {name}", f"{kind} is not carried over; `sresnap rules` writes burn-rate alerts")
    known = _Documents(by_kind["SLI"], by_kind["DataSource"])
    for name, source in known.sources.items():
        _read_source(name, source, found)
    for file, document in documents:
        if document["kind"] == "SLO":
            _read_slo(document, file, known, found)


def _read_source(name: str, source: dict[str, Any], found: Found) -> None:
    details = source.get("connectionDetails") or {}
    url = details.get("url") if isinstance(details, dict) else None
    if str(source.get("type", "")).lower() != "prometheus":
        found.note(f"DataSource {name}", f"type {source.get('type')} is not carried over: sresnap reads Prometheus")
    elif isinstance(url, str):
        found.urls[url] = None


def _read_slo(document: dict[str, Any], file: str, known: _Documents, found: Found) -> None:
    name = document["metadata"]["name"]
    place = f"{file}: {name}"
    spec = need(document, "spec", dict, place)
    service = need(spec, "service", str, place)
    if spec.get("alertPolicies"):
        found.note(place, "alertPolicies are not carried over; `sresnap rules` writes burn-rate alerts")
    if isinstance(spec.get("description"), str):
        found.note(place, "the description is not carried over")
    indicator = _indicator(spec, known, place)
    threshold = indicator.get("thresholdMetric") if indicator is not None else None
    sli = _sli(indicator, place, known, found) if indicator is not None else None
    if sli is None and not isinstance(threshold, dict):
        found.note(place, "left out: it has no indicator that can be read")
        return
    window = _window(spec, place, found)
    method = str(spec.get("budgetingMethod", "Occurrences"))
    for index, objective in enumerate(need(spec, "objectives", list, place)):
        own = name if index == 0 else str(objective.get("displayName") or f"{name}-{index + 1}")
        target = _target(objective, f"{place}: objectives[{index}]")
        if isinstance(threshold, dict):
            sli = _threshold(objective, indicator or {}, threshold, f"{place}: objectives[{index}]", known, found)
        if sli is None:
            continue
        queries, kind = sli
        if objective.get("compositeWeight") is not None:
            found.note(place, "compositeWeight is not carried over; see `weight` and `groups`")
        if kind is not None and method != "Occurrences":
            found.note(place, f"budgetingMethod {method} is not carried over: this SLO is weighted by time already")
        slice_, sliced = _slice(method, objective, place, found) if kind is None else (None, None)
        found.slos.append(FoundSlo(service, own, target, queries, window, kind or sliced, slice_))


def _indicator(spec: dict[str, Any], known: _Documents, place: str) -> dict[str, Any] | None:
    inline = spec.get("indicator")
    if isinstance(inline, dict):
        return need(inline, "spec", dict, f"{place}: indicator")  # type: ignore[no-any-return]
    reference = spec.get("indicatorRef")
    if isinstance(reference, str) and reference not in known.indicators:
        raise UnreadableError(f"{place}: indicatorRef: no SLI {reference!r} in these files; give its file too")
    return known.indicators.get(reference) if isinstance(reference, str) else None


def _sli(
    indicator: dict[str, Any], place: str, known: _Documents, found: Found
) -> tuple[dict[str, str], str | None] | None:
    """Queries and kind of a ratioMetric; None for anything else."""
    ratio_metric = indicator.get("ratioMetric")
    if isinstance(ratio_metric, dict):
        if "raw" in ratio_metric:
            text, told = ratio(_query(ratio_metric["raw"], place, known))
            good = ratio_metric.get("rawType", "success") == "success"
            found.note(place, "a raw ratio has no events, so this SLO is weighted by time")
            for change in told:
                found.note(place, change)
            return {"availability": f"100 * ({text})" if good else f"100 * (1 - ({text}))"}, "time"
        sides = [side for side in ("good", "bad") if side in ratio_metric]
        queries = {}
        for key in ("total", *sides[:1]):
            queries[key], told = counts(_query(need(ratio_metric, key, dict, place), place, known))
            for change in told:
                found.note(place, f"{key}: {change}")
        return queries, None
    return None


def _threshold(
    objective: dict[str, Any],
    indicator: dict[str, Any],
    threshold: dict[str, Any],
    place: str,
    known: _Documents,
    found: Found,
) -> tuple[dict[str, str], str] | None:
    """A gauge held against a value, which the objective names (OpenSLO v1, "Objectives"); some write it beside it."""
    places = (objective, indicator, threshold)
    operator = next((where["op"] for where in places if where.get("op")), None)
    value = next((where["value"] for where in places if where.get("value") is not None), None)
    if operator not in _OPERATORS or value is None:
        found.note(place, "left out: the objective of a thresholdMetric needs `op` (lte, gte, lt, gt) and `value`")
        return None
    # Its ranges belong to the gauge: the hour's mean rate is under a limit that the rate of five minutes went over.
    text = as_written(_query(threshold, place, known))
    limit = number(value, "value", place)
    found.note(place, "a threshold of a gauge is weighted by time, minute by minute")
    return {
        "availability": f"100 * avg_over_time((({text}) {_OPERATORS[operator]} bool {limit!r})[{{window}}:1m])"
    }, "time"


def _query(metric: Any, place: str, known: _Documents) -> str:
    source = need(metric, "metricSource", dict, place)
    kind = source.get("type")
    reference = source.get("metricSourceRef")
    if kind is None and isinstance(reference, str) and reference in known.sources:
        kind = known.sources[reference].get("type")
    if kind is not None and str(kind).lower() != "prometheus":
        raise UnreadableError(f"{place}: metricSource.type: expected Prometheus, found {kind!r}")
    text: str = need(source, "spec.query", str, f"{place}: metricSource")
    return text


def _window(spec: dict[str, Any], place: str, found: Found) -> str | None:
    windows = spec.get("timeWindow") or []
    first = windows[0] if isinstance(windows, list) and windows and isinstance(windows[0], dict) else {}
    duration = str(first.get("duration", ""))
    calendar = first.get("calendar")
    if isinstance(calendar, dict) and not first.get("isRolling", False):
        if isinstance(calendar.get("timeZone"), str):
            found.timezones[calendar["timeZone"]] = None
        unit = _CALENDAR.get(duration)
        if unit is None:
            found.note(place, f"a calendar window of {duration} is not carried over; the file's window is taken")
        return unit
    name = window_name(duration) if duration else None
    if duration and name is None:
        found.note(place, f"a window of {duration} is not carried over; the file's window is taken")
    return name


def _target(objective: Any, place: str) -> float:
    if not isinstance(objective, dict):
        raise UnreadableError(f"{place}: expected a mapping, found {objective!r}")
    if "targetPercent" in objective:
        return number(objective["targetPercent"], "targetPercent", place)
    return float(f"{number(objective.get('target'), 'target', place) * 100:.10g}")


def _slice(
    method: str, objective: dict[str, Any], place: str, found: Found
) -> tuple[dict[str, Any] | None, str | None]:
    if method == "Occurrences":
        return None, None
    if method == "RatioTimeslices":
        found.note(place, "RatioTimeslices (the mean of the slices' ratios) is taken as Timeslices")
    slice_: dict[str, Any] = {}
    length = str(objective.get("timeSliceWindow", "5m"))
    slice_["length"] = length if length[-1:] in "smh" else f"{length}m"
    if objective.get("timeSliceTarget") is not None:
        slice_["target"] = float(f"{number(objective['timeSliceTarget'], 'timeSliceTarget', place) * 100:.10g}")
    return slice_, "timeslices"
