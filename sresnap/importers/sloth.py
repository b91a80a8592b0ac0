"""Reads Sloth's files (`version: prometheus/v1`) and its Kubernetes resource PrometheusServiceLevel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sresnap.importers.model import NO_ALERTING, FoundSlo
from sresnap.importers.part import Part
from sresnap.importers.promql import counts, ratio

_WINDOW = "30d"
"""Sloth's default period (its flag --default-slo-period), which its files do not name."""


def is_sloth(document: Mapping[Any, Any]) -> bool:
    return document.get("version") == "prometheus/v1" or document.get("kind") == "PrometheusServiceLevel"


def read_sloth(document: Part) -> None:
    """Add a document's SLOs."""
    for key in ("version", "apiVersion", "kind"):
        document.get(key)
    if document.data.get("kind") == "PrometheusServiceLevel" and "metadata" in document:
        document.part("metadata").get("name")
    spec = document.part("spec") if "spec" in document else document
    service = spec.text("service")
    if spec.get("labels"):
        document.note("labels of alerts are not carried over")
    for slo in spec.parts("slos"):
        _read_slo(slo, service)


def _read_slo(part: Part, service: str) -> None:
    name = part.text("name")
    slo, found = part.renamed(name or part.path), part.found
    objective = slo.number("objective")
    if slo.get("alerting"):
        slo.note(NO_ALERTING)
    sli = slo.part("sli")
    if "events" in sli:
        events = sli.part("events")
        queries = {
            "total": _count(slo, events, "total", "total_query", "totalQuery"),
            "bad": _count(slo, events, "bad", "error_query", "errorQuery"),
        }
        found.slos.append(FoundSlo(service, name, objective, queries, _WINDOW))
    elif "raw" in sli:
        raw = sli.part("raw")
        text, changes = ratio(raw.text("errorRatioQuery" if "errorRatioQuery" in raw else "error_ratio_query"))
        slo.note("a ratio has no events, so this SLO is weighted by time")
        for change in changes:
            slo.note(change)
        found.slos.append(
            FoundSlo(service, name, objective, {"availability": f"100 * (1 - ({text}))"}, _WINDOW, kind="time")
        )
    elif "plugin" in sli:
        sli.get("plugin")
        slo.note("left out: an SLI plugin's query is not in the file; write its queries by hand")
    elif sli.exists:
        slo.wrong("sli", "events, raw or plugin")


def _count(slo: Part, events: Part, key: str, snake: str, camel: str) -> str:
    """A query of events, under its key in the file or in the Kubernetes resource."""
    text, changes = counts(events.text(camel if camel in events else snake))
    for change in changes:
        slo.note(f"{key}: {change}")
    return text
