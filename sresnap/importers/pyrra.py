"""Reads Pyrra's Kubernetes resource ServiceLevelObjective (pyrra.dev)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sresnap.importers.model import NO_ALERTING, FoundSlo
from sresnap.importers.part import Part, shown
from sresnap.importers.promql import as_written, window_name
from sresnap.importers.rewrite import PLAIN
from sresnap.importers.sli import Sli, from_events, translated
from sresnap.importers.source_query import check_selector

_COUNTED = (("ratio", "errors", "bad"), ("latency", "success", "good"))


def is_pyrra(document: Mapping[Any, Any]) -> bool:
    """Whether it is Pyrra's, by its group or, where `apiVersion` lacks the group, by its kind."""
    version = document.get("apiVersion")
    return (isinstance(version, str) and version.startswith("pyrra.dev/")) or (
        document.get("kind") == "ServiceLevelObjective"
    )


def read_pyrra(document: Part) -> None:
    """Add a document's SLO."""
    for key in ("apiVersion", "kind"):
        document.get(key)
    if "kind" in document and document.get("kind") != "ServiceLevelObjective":
        document.wrong("kind", "ServiceLevelObjective")
    metadata = document.part("metadata")
    name = metadata.text("name")
    service = _service(metadata) or name
    spec = document.part("spec")
    objective = spec.number("target")
    duration = spec.text("window")
    window = window_name(duration)
    if window is None and duration:
        document.note(f"its window {duration} is not whole days, 1 to 3660; the file's window is used")
    if spec.get("alerting"):
        document.note(NO_ALERTING)
    sli = _sli(spec.part("indicator"), document)
    if sli is None:
        document.found.missing["SLO"] += 1
        return
    slo = FoundSlo(service, name, objective, sli.queries, window, sli.kind, sli.latency_threshold, place=document.place)
    document.found.slos.append(slo)


def _service(metadata: Part) -> str:
    """The service's name from its label; empty without a label."""
    labels = metadata.optional("labels")
    if labels is None:
        return ""
    return labels.text("pyrra.dev/service", "") or labels.text("service", "")


def _sli(indicator: Part, slo: Part) -> Sli | None:
    for kind, part, side in _COUNTED:
        if kind in indicator:
            return _events(indicator.part(kind), part, side, slo)
    native = indicator.optional("latencyNative" if "latencyNative" in indicator else "latency_native")
    if native is not None:
        return _native(native, slo)
    gauge = indicator.optional("bool_gauge" if "bool_gauge" in indicator else "boolGauge")
    if gauge is not None:
        _grouping(gauge, slo)
        metric = gauge.text("metric")
        samples = f"{as_written(metric)}[{{window}}]"
        query = f"100 * sum(sum_over_time({samples})) / sum(count_over_time({samples}))"
        return translated(slo, lambda: _of_selector(metric, Sli({"availability": query}, "time"))) if metric else None
    known = ", ".join(key if isinstance(key, str) else shown(key) for key in indicator.data) or "none"
    if indicator.exists:
        slo.leave_out(f"indicator {known} is not carried over")
    return None


def _events(indicator: Part, part: str, side: str, slo: Part) -> Sli | None:
    """Pyrra's files hold selectors. Pyrra itself counts their increase."""
    _grouping(indicator, slo)
    total, some = (indicator.part(key).text("metric") for key in ("total", part))
    if not (total and some):
        return None
    return translated(slo, lambda: from_events(total, some, side, counters=True), unsaid=PLAIN)


def _native(indicator: Part, slo: Part) -> Sli | None:
    """Events under a latency, of a native histogram, by the shipped forms."""
    _grouping(indicator, slo)
    latency, metric = indicator.text("latency"), indicator.part("total").text("metric")
    if not (latency and metric):
        return None
    selector = as_written(metric)
    total, good = ({"form": form, "selector": selector} for form in ("native_total", "native"))
    return translated(slo, lambda: _of_selector(metric, Sli({"total": total, "latency_good": good}, None, latency)))


def _of_selector(metric: str, sli: Sli) -> Sli:
    """An SLI of one selector's samples.

    Raises:
        NotImportedError: it is not a selector.
    """
    check_selector(metric, "metric")
    return sli


def _grouping(part: Part, slo: Part) -> None:
    labels = part.get("grouping")
    if labels is not None and not (isinstance(labels, list) and all(isinstance(label, str) for label in labels)):
        part.wrong("grouping", "a list of labels")
    elif labels:
        slo.note(f"grouping by {', '.join(labels)} is not carried over: one SLO for all")
