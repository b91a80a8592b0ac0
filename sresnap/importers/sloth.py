"""Reads Sloth's files (`version: prometheus/v1`) and its Kubernetes resource PrometheusServiceLevel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sresnap.importers.model import NO_ALERTING, FoundSlo
from sresnap.importers.part import Part
from sresnap.importers.sli import Sli, from_events, from_ratio, translated

_WINDOW = "30d"
"""Sloth's default period (its flag --default-slo-period), which its files do not name."""


def is_sloth(document: Mapping[Any, Any]) -> bool:
    return document.get("version") == "prometheus/v1" or document.get("kind") == "PrometheusServiceLevel"


def read_sloth(document: Part) -> None:
    """Add a document's SLOs."""
    found, failures = document.found, document.found.failures
    for key in ("version", "apiVersion", "kind"):
        document.get(key)
    if document.data.get("kind") == "PrometheusServiceLevel" and "metadata" in document:
        document.part("metadata").get("name")
    spec = document.part("spec") if "spec" in document else document
    service = spec.text("service")
    if spec.get("labels"):
        document.note("labels of alerts are not carried over")
    is_wrong = found.failures > failures
    for slo in spec.parts("slos"):
        with found.whole(is_wrong=is_wrong):
            _read_slo(slo, service)


def _read_slo(part: Part, service: str) -> None:
    name = part.text("name")
    slo, found = part.renamed(name or part.path), part.found
    objective = slo.number("objective")
    if slo.get("alerting"):
        slo.note(NO_ALERTING)
    sli = _sli(slo)
    if sli is None:
        found.missing["SLO"] += 1
        return
    queries, kind, threshold = sli.queries, sli.kind, sli.latency_threshold
    found.slos.append(FoundSlo(service, name, objective, queries, _WINDOW, kind, threshold, place=slo.place))


def _sli(slo: Part) -> Sli | None:
    """The SLI; None if it cannot be imported, with the reason among the mistakes."""
    sli = slo.part("sli")
    if "events" in sli:
        events = sli.part("events")
        total, bad = _text(events, "total_query", "totalQuery"), _text(events, "error_query", "errorQuery")
        return translated(slo, lambda: from_events(total, bad, "bad")) if total and bad else None
    if "raw" in sli:
        text = _text(sli.part("raw"), "error_ratio_query", "errorRatioQuery")
        return translated(slo, lambda: from_ratio(text, is_good=False)) if text else None
    if "plugin" in sli:
        sli.get("plugin")
        slo.leave_out("an SLI plugin's query is not in the file; write its queries by hand")
    elif sli.exists:
        slo.wrong("sli", "events, raw or plugin")
    return None


def _text(part: Part, snake: str, camel: str) -> str:
    """A query, under its key in the file or in the Kubernetes resource."""
    return part.text(camel if camel in part else snake)
