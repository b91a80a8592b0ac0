"""Reads OpenSLO v1: SLO, SLI, Service and DataSource (openslo.com). SLOs of v1alpha have a module of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sresnap.importers import openslo_v1alpha as v1alpha
from sresnap.importers.calendar import calendar_window
from sresnap.importers.model import Found, FoundSlo
from sresnap.importers.openslo_sources import Sources, speaks_prometheus
from sresnap.importers.part import Part, shown
from sresnap.importers.promql import window_name
from sresnap.importers.sli import THRESHOLDS, Sli, from_events, from_ratio, from_threshold, translated
from sresnap.model.slug import ANNOTATION, is_openslo_name

_METHODS = ("Occurrences", "Timeslices", "RatioTimeslices")


def is_openslo(document: Mapping[Any, Any]) -> bool:
    version = document.get("apiVersion")
    return isinstance(version, str) and version.startswith("openslo")


@dataclass(frozen=True, slots=True)
class _Documents:
    """The documents that SLOs refer to, by name."""

    indicators: dict[str, Part] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    """By name in metadata, the names that `sresnap export` could not write there."""
    sources: Sources = field(default_factory=Sources)

    def add(self, document: Part) -> None:
        """Add a document that is not an SLO."""
        kind, name = document.text("kind"), document.part("metadata").text("name")
        if kind == "SLI":
            if name in self.indicators:
                document.note("there is another SLI of this name; this one is used")
            self.indicators[name] = document.part("spec")
        elif kind == "DataSource":
            self.sources.add(name, document)
        elif kind == "Service":
            _read_people(document, name)
            display = document.part("metadata").data.get("displayName")
            if isinstance(display, str) and is_openslo_name(name, display):
                self.services[name] = document.part("metadata").text("displayName")
            if name in document.found.people:
                document.found.people[self.services.get(name, name)] = document.found.people.pop(name)
        elif kind:
            document.get("spec")
            document.note(f"{kind} is not carried over; `sresnap rules` writes burn-rate alerts")


def _read_people(document: Part, name: str) -> None:
    """What a service says of its owner and its team, as `sresnap export` writes it, and its description."""
    annotations, spec = document.part("metadata").optional("annotations"), document.optional("spec")
    given = {} if annotations is None else {key: annotations.text(ANNOTATION + key, "") for key in ("owner", "team")}
    given["description"] = "" if spec is None else spec.text("description", "")
    people = {key: text for key, text in given.items() if text.strip()}
    if people:
        document.found.people[name] = people


def read_openslo(documents: Sequence[Part], found: Found) -> None:
    """Add the SLOs of all documents. Documents refer to one another by name."""
    known = _Documents()
    read = [document for document in documents if _is_known_version(document)]
    for document in read:
        if not _is_alpha(document) and document.text("kind") != "SLO":
            known.add(document)
    for document in read:
        with found.whole():
            if _is_alpha(document):
                v1alpha.read(document)
            elif document.get("kind") == "SLO":
                _read_slo(document, known)
    known.sources.choose(found)


def _is_alpha(document: Part) -> bool:
    return bool(document.get("apiVersion") == v1alpha.VERSION)


def _is_known_version(document: Part) -> bool:
    if document.get("apiVersion") in {"openslo/v1", "openslo.com/v1", v1alpha.VERSION}:
        return True
    document.wrong("apiVersion", "openslo/v1 or openslo/v1alpha")
    document.found.missing["document"] += 1
    for key in document.data:
        document.get(key)
    return False


def _read_slo(document: Part, known: _Documents) -> None:
    spec, found = document.part("spec"), document.found
    service, name = _names(document.part("metadata"), spec, known)
    if spec.get("alertPolicies"):
        document.note("alertPolicies are not carried over; `sresnap rules` writes burn-rate alerts")
    said = (found.failures, len(found.mistakes))
    indicator = _indicator(spec, known)
    window, method = _window(spec, document), spec.choice("budgetingMethod", _METHODS, "Occurrences")
    sources = [] if indicator is None else known.sources.of(indicator)
    if len(sources) > 1:
        document.leave_out(f"its queries go to several DataSources: {', '.join(sources)}", SLO=1)
        return
    sli = None if indicator is None else _ratio(indicator, document, known)
    for index, objective in enumerate(spec.parts("objectives")):
        own = name if index == 0 else objective.text("displayName", "") or f"{name}-{index + 1}"
        target = _target(objective)
        if "indicator" in objective or "indicatorRef" in objective:
            objective.leave_out(f"its own indicator{_own_name(objective)}, a composite's, is not carried over", SLO=1)
            continue
        if objective.get("compositeWeight") is not None:
            document.note("compositeWeight is not carried over; see `weight` and `groups`")
        of_objective = sli
        if indicator is not None and "thresholdMetric" in indicator:
            of_objective = _threshold(objective, indicator, known)
        if of_objective is None:
            found.missing["SLO"] += 1
            if (found.failures, len(found.mistakes)) == said:
                document.leave_out("it has no indicator that sresnap can read")
            continue
        kind, slice_ = _weighting(of_objective.kind, method, objective, document)
        threshold, place = of_objective.latency_threshold, document.place if index == 0 else f"{document.place}/{own}"
        source = next(iter(sources), "")
        found.slos.append(
            FoundSlo(service, own, target, of_objective.queries, window, kind, threshold, slice_, source, place)
        )


def _names(metadata: Part, spec: Part, known: _Documents) -> tuple[str, str]:
    """The names of an SLO's service and of the SLO, as they were before `sresnap export` where it wrote them."""
    name, service = metadata.text("name"), spec.text("service")
    service = known.services.get(service, service)
    display = metadata.data.get("displayName")
    if not (isinstance(display, str) and is_openslo_name(name, service, display)):
        return service, name
    for objective in spec.parts("objectives")[:1]:
        objective.get("displayName")  # the same
    return service, metadata.text("displayName")


def _own_name(objective: Part) -> str:
    """The indicator's name in an objective of a composite, after a space: ` web-latency`."""
    name, inline = objective.get("indicatorRef"), objective.get("indicator")
    metadata = inline.get("metadata") if isinstance(inline, dict) else None
    name = name or (metadata.get("name") if isinstance(metadata, dict) else None)
    return f" {name}" if isinstance(name, str) else ""


def _indicator(spec: Part, known: _Documents) -> Part | None:
    inline = spec.optional("indicator")
    if inline is not None:
        if "metadata" in inline:
            inline.part("metadata").get("name")  # nothing refers to it
        return inline.part("spec")
    if "indicatorRef" not in spec:
        return None
    reference = spec.text("indicatorRef")
    if reference and reference not in known.indicators:
        spec.found.mistake(
            spec.place, f"{spec.path}.indicatorRef: no SLI {shown(reference)} in these files; give its file too"
        )
    return known.indicators.get(reference)


def _ratio(indicator: Part, slo: Part, known: _Documents) -> Sli | None:
    """The SLI of a ratioMetric; None for anything else."""
    metric = indicator.optional("ratioMetric")
    if metric is None:
        if "thresholdMetric" not in indicator and indicator.exists:
            slo.leave_out("its indicator is neither a ratioMetric nor a thresholdMetric")
        return None
    counters = metric.flag("counter", default=True)
    if not counters:
        slo.note("counter: false: a selector without a range is a gauge, and its increase is not counted")
    if "raw" in metric:
        text = _query(metric, "raw", slo, known)
        is_good = metric.choice("rawType", ("success", "failure"), "success") == "success"
        return translated(slo, lambda: from_ratio(text, is_good=is_good)) if text else None
    side = next((side for side in ("good", "bad") if side in metric), None)
    if side is None:
        metric.wrong("good", "a mapping here, or as `bad`")
        return None
    total, part = (_query(metric, key, slo, known) for key in ("total", side))
    if not (total and part):
        return None
    return translated(slo, lambda: from_events(total, part, side, counters=counters))


def _threshold(objective: Part, indicator: Part, known: _Documents) -> Sli | None:
    """A gauge compared with a value, which the objective names (OpenSLO v1, "Objectives") or a neighbour does."""
    threshold = indicator.part("thresholdMetric")
    places = (objective, indicator, threshold)
    of_operator = next((where for where in places if "op" in where), None)
    of_value = next((where for where in places if "value" in where), None)
    if of_operator is None or of_value is None:
        objective.leave_out("the objective of a thresholdMetric needs `op` (lte, gte, lt, gt) and `value`")
        return None
    operator = of_operator.choice("op", tuple(THRESHOLDS), "lte")
    limit = of_value.number("value")
    query = _query(indicator, "thresholdMetric", objective, known)
    return translated(objective, lambda: from_threshold(query, operator, limit)) if query else None


def _query(metric: Part, key: str, slo: Part, known: _Documents) -> str:
    source = metric.part(key).part("metricSource")
    reference = source.text("metricSourceRef", "")
    kind = source.text("type", "") or known.sources.type_of(reference)
    if kind and not speaks_prometheus(kind):
        source.found.mistake(source.place, f"{source.path}.type: expected Prometheus, found {shown(kind)}")
    known.sources.refer(reference, slo)
    if isinstance(source.get("spec"), str):  # as osko, a Kubernetes operator, writes it
        return source.text("spec")
    return source.part("spec").text("query") if source.exists else ""


def _window(spec: Part, slo: Part) -> str | None:
    """The name of the SLO window; None where the file has no window, or one that sresnap has no name for."""
    windows = spec.parts("timeWindow") if "timeWindow" in spec else []
    if not windows:
        return None
    if len(windows) > 1:
        slo.note(f"only the first of {len(windows)} windows is carried over")
    first = windows[0]
    duration = first.text("duration")
    if not first.flag("isRolling", default=False) and "calendar" in first:
        return calendar_window(first.part("calendar"), duration, slo)
    name = window_name(duration)
    if duration and name is None:
        slo.note(f"a window of {duration} is not carried over; the file's window is used")
    return name


def _target(objective: Part) -> float:
    if "targetPercent" in objective:
        return objective.number("targetPercent")
    return objective.percent("target")


def _weighting(
    kind: str | None, method: str, objective: Part, slo: Part
) -> tuple[str | None, Mapping[str, Any] | None]:
    """What an objective is weighted by, and its slices: by the query's own kind, or else by the budgeting method."""
    if method == "Occurrences":
        return kind, None
    if kind is not None:
        slo.note(f"budgetingMethod {method} is not carried over: this SLO is weighted by time already")
        return kind, None
    return "timeslices", _slice(method, objective, slo)


def _slice(method: str, objective: Part, slo: Part) -> Mapping[str, Any]:
    if method == "RatioTimeslices":
        slo.note("RatioTimeslices (the mean of the slices' ratios) is read as Timeslices")
    length = objective.get("timeSliceWindow")
    if isinstance(length, int) and not isinstance(length, bool):
        length = f"{objective.number('timeSliceWindow'):g}m"
    elif length is not None:
        length = objective.text("timeSliceWindow")
        length = length if length[-1:] in {"s", "m", "h"} else f"{length}m"
    slice_: dict[str, Any] = {"length": length or "5m"}
    if "timeSliceTarget" in objective:
        slice_["target"] = objective.percent("timeSliceTarget")
    return slice_
