"""Sloth: `version: prometheus/v1`, and its Kubernetes resource PrometheusServiceLevel."""

from __future__ import annotations

from typing import Any

from sresnap.imports.model import Found, FoundSlo, need, number
from sresnap.imports.promql import counts, ratio


def is_sloth(document: dict[str, Any]) -> bool:
    return document.get("version") == "prometheus/v1" or document.get("kind") == "PrometheusServiceLevel"


def read_sloth(document: dict[str, Any], file: str, found: Found) -> None:
    """Add a document's SLOs.

    Raises:
        UnreadableError: a part is missing or of another type.
    """
    spec = document["spec"] if isinstance(document.get("spec"), dict) else document
    service = need(spec, "service", str, file)
    if spec.get("labels"):
        found.note(f"{file}: {service}", "labels of alerts are not carried over")
    for index, slo in enumerate(need(spec, "slos", list, f"{file}: {service}")):
        name = need(slo, "name", str, f"{file}: {service}: slos[{index}]")
        _read_slo(slo, service, name, f"{file}: {service}/{name}", found)


_WINDOW = "30d"
"""Sloth's default period (its flag --default-slo-period); the files do not name it."""


def _read_slo(slo: dict[str, Any], service: str, name: str, place: str, found: Found) -> None:
    objective = number(slo.get("objective"), "objective", place)
    if slo.get("alerting"):
        found.note(place, "alerting is not carried over; `sresnap rules` writes burn-rate alerts")
    for key in ("description", "labels"):
        if slo.get(key):
            found.note(place, f"{key} are not carried over" if key == "labels" else f"the {key} is not carried over")
    sli = need(slo, "sli", dict, place)
    events, raw = sli.get("events"), sli.get("raw")
    if isinstance(events, dict):
        queries = {}
        pairs = (("total", "total_query", "totalQuery"), ("bad", "error_query", "errorQuery"))
        for key, snake, camel in pairs:
            text, told = counts(need(events, camel if camel in events else snake, str, f"{place}: sli.events"))
            queries[key] = text
            for change in told:
                found.note(place, f"{key}: {change}")
        found.slos.append(FoundSlo(service, name, objective, queries, _WINDOW))
    elif isinstance(raw, dict):
        key = "errorRatioQuery" if "errorRatioQuery" in raw else "error_ratio_query"
        text, told = ratio(need(raw, key, str, f"{place}: sli.raw"))
        found.note(place, "a ratio has no events, so this SLO is weighted by time")
        for change in told:
            found.note(place, change)
        availability = {"availability": f"100 * (1 - ({text}))"}
        found.slos.append(FoundSlo(service, name, objective, availability, _WINDOW, kind="time"))
    else:
        found.note(place, "left out: an SLI of a plugin has no query here; write its queries by hand")
