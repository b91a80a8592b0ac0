"""Reads Pyrra's Kubernetes resource ServiceLevelObjective (pyrra.dev)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sresnap.importers.model import NO_ALERTING, FoundSlo
from sresnap.importers.part import Part, shown
from sresnap.importers.promql import PLAIN, as_written, counts, window_name

_COUNTED = (
    ("ratio", {"errors": "bad", "total": "total"}),
    ("latency", {"success": "good", "total": "total"}),
)


def is_pyrra(document: Mapping[Any, Any]) -> bool:
    version = document.get("apiVersion")
    return isinstance(version, str) and version.startswith("pyrra.dev/")


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
        document.note(f"its window {duration} is not a whole number of days; the file's window is used")
    if spec.get("alerting"):
        document.note(NO_ALERTING)
    queries, kind = _queries(spec.part("indicator"), document)
    if queries:
        document.found.slos.append(FoundSlo(service, name, objective, queries, window, kind))


def _service(metadata: Part) -> str:
    """The service's name from its label; empty without a label."""
    labels = metadata.optional("labels")
    if labels is None:
        return ""
    return labels.text("pyrra.dev/service", "") or labels.text("service", "")


def _queries(indicator: Part, slo: Part) -> tuple[dict[str, str], str | None]:
    for kind, keys in _COUNTED:
        if kind in indicator:
            part = indicator.part(kind)
            _grouping(part, slo)
            return {key: _count(part, side, slo) for side, key in sorted(keys.items(), reverse=True)}, None
    gauge = indicator.optional("bool_gauge" if "bool_gauge" in indicator else "boolGauge")
    if gauge is not None:
        _grouping(gauge, slo)
        return {"availability": f"100 * avg(avg_over_time({as_written(gauge.text('metric'))}[{{window}}]))"}, "time"
    known = ", ".join(key if isinstance(key, str) else shown(key) for key in indicator.data) or "none"
    hint = "; see the form `native` in docs/presets.md" if indicator.get("latencyNative") else ""
    if indicator.exists:
        slo.note(f"left out: indicator {known} is not carried over{hint}")
    return {}, None


def _count(part: Part, side: str, slo: Part) -> str:
    """Pyrra's files hold selectors. Pyrra itself counts their increase."""
    text, changes = counts(part.part(side).text("metric"))
    for change in changes:
        if change != PLAIN:
            slo.note(f"{side}: {change}")
    return text


def _grouping(part: Part, slo: Part) -> None:
    labels = part.get("grouping")
    if labels is not None and not (isinstance(labels, list) and all(isinstance(label, str) for label in labels)):
        part.wrong("grouping", "a list of labels")
    elif labels:
        slo.note(f"grouping by {', '.join(labels)} is not carried over: one SLO for all")
