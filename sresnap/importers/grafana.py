"""Reads SLOs of Grafana Cloud as its HTTP API gives them, one or all.

Source: Grafana Cloud, "Provision SLO resources using the HTTP API"; the types of queries have the names of the
Terraform resource `grafana_slo`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sresnap.importers.model import NO_ALERTING, FoundSlo
from sresnap.importers.part import Part
from sresnap.importers.promql import window_name
from sresnap.importers.rewrite import PLAIN
from sresnap.importers.sli import Sli, from_events, from_ratio, translated

_COUNTED = {"ratio": ("successMetric", "good"), "failureRatio": ("failureMetric", "bad")}
_VARIABLE = re.compile(r"\$(?:__(?:rate_interval|interval)\b|\{__(?:rate_interval|interval)\})")
_RANGE = "5m"
_OF_THE_API = ("uuid", "readOnly", "destinationDatasource", "folder", "searchExpression")
"""Keys that say where Grafana keeps an SLO, and nothing about it."""


def is_grafana(document: Mapping[Any, Any]) -> bool:
    """Whether it is an SLO of Grafana, or its API's list of them."""
    slos = document.get("slos")
    some = slos[0] if isinstance(slos, list) and slos else document
    return "version" not in document and "apiVersion" not in document and isinstance(some, dict) and "query" in some


def read_grafana(document: Part) -> None:
    """Add a document's SLOs."""
    for slo in document.parts("slos") if "slos" in document else [document]:
        with document.found.whole():
            _read_slo(slo)


def _read_slo(part: Part) -> None:
    name = part.text("name")
    slo, found = part.renamed(name or part.path), part.found
    for key in _OF_THE_API:
        slo.get(key)
    if slo.get("alerting"):
        slo.note(NO_ALERTING)
    sli = _sli(slo.part("query"), slo)
    objectives = slo.parts("objectives")
    if sli is None or not objectives:
        found.missing["SLO"] += 1
        return
    for objective in objectives:
        duration = objective.text("window")
        window = window_name(duration)
        if window is None and duration:
            slo.note(f"its window {duration} is not whole days, 1 to 3660; the file's window is used")
        percent, service = objective.percent("value"), _service(slo) or name
        found.slos.append(
            FoundSlo(service, name, percent, sli.queries, window, sli.kind, sli.latency_threshold, place=slo.place)
        )


def _service(slo: Part) -> str:
    """The service's name from its label; empty without one."""
    labels = slo.parts("labels") if "labels" in slo else []
    named = {label.text("key"): label.text("value") for label in labels}
    return next((named[key] for key in ("service", "service_name") if named.get(key)), "")


def _sli(query: Part, slo: Part) -> Sli | None:
    """The SLI; None if it cannot be imported, with the reason among the mistakes."""
    kind = query.text("type")
    if kind in _COUNTED:
        return _events(query.part(kind), *_COUNTED[kind], slo)
    if kind == "freeform":
        text = query.part(kind).text("query")
        if _VARIABLE.search(text):
            slo.note(f"Grafana's variables for a range are read as {_RANGE}")
        plain = _VARIABLE.sub(_RANGE, text)
        return translated(slo, lambda: from_ratio(plain, is_good=True)) if text else None
    if kind:
        slo.leave_out(f"a query of the type {kind} is not read; write its queries by hand")
    return None


def _events(counts: Part, some: str, side: str, slo: Part) -> Sli | None:
    """Two counters. Grafana takes their rates."""
    labels = counts.get("groupByLabels")
    if labels is not None and not (isinstance(labels, list) and all(isinstance(label, str) for label in labels)):
        counts.wrong("groupByLabels", "a list of labels")
    elif labels:
        slo.note(f"grouping by {', '.join(labels)} is not carried over: one SLO for all")
    total, part = (counts.part(key).text("prometheusMetric") for key in ("totalMetric", some))
    return (
        translated(slo, lambda: from_events(total, part, side, counters=True), unsaid=PLAIN) if total and part else None
    )
