"""Pyrra: the Kubernetes resource ServiceLevelObjective of pyrra.dev."""

from __future__ import annotations

from typing import Any

from sresnap.imports.model import Found, FoundSlo, need, number
from sresnap.imports.promql import as_written, counts, window_name


def is_pyrra(document: dict[str, Any]) -> bool:
    return str(document.get("apiVersion", "")).startswith("pyrra.dev/")


def read_pyrra(document: dict[str, Any], file: str, found: Found) -> None:
    """Add a document's SLO.

    Raises:
        UnreadableError: a part is missing or of another type.
    """
    name = need(document, "metadata.name", str, file)
    labels = document["metadata"].get("labels") or {}
    service = str(labels.get("pyrra.dev/service") or labels.get("service") or name)
    place = f"{file}: {name}"
    spec = need(document, "spec", dict, place)
    objective = number(spec.get("target"), "spec.target", place)
    duration = str(spec.get("window", "4w"))
    window = window_name(duration)
    if window is None:
        found.note(place, f"its window {duration} is no whole number of days; the file's window is taken")
    if spec.get("alerting"):
        found.note(place, "alerting is not carried over; `sresnap rules` writes burn-rate alerts")
    indicator = need(spec, "indicator", dict, place)
    queries, kind = _queries(indicator, place, found)
    if queries:
        found.slos.append(FoundSlo(service, name, objective, queries, window, kind))


def _queries(indicator: dict[str, Any], place: str, found: Found) -> tuple[dict[str, str], str | None]:
    for kind, keys in (
        ("ratio", {"errors": "bad", "total": "total"}),
        ("latency", {"success": "good", "total": "total"}),
    ):
        part = indicator.get(kind)
        if isinstance(part, dict):
            _grouping(part, place, found)
            metrics = {ours: need(part, f"{theirs}.metric", str, f"{place}: {kind}") for theirs, ours in keys.items()}
            return {key: counts(metrics[key])[0] for key in ("total", *sorted(metrics.keys() - {"total"}))}, None
    gauge = indicator.get("bool_gauge", indicator.get("boolGauge"))
    if isinstance(gauge, dict):
        _grouping(gauge, place, found)
        metric = as_written(need(gauge, "metric", str, f"{place}: bool_gauge"))
        return {"availability": f"100 * avg(avg_over_time({metric}[{{window}}]))"}, "time"
    known = ", ".join(indicator) or "none"
    hint = "; see the form `native` in docs/presets.md" if "latencyNative" in indicator else ""
    found.note(place, f"left out: indicator {known} is not carried over{hint}")
    return {}, None


def _grouping(part: dict[str, Any], place: str, found: Found) -> None:
    if part.get("grouping"):
        found.note(place, f"grouping by {', '.join(map(str, part['grouping']))} is not carried over: one SLO for all")
