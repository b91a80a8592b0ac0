"""Reads the rules that Sloth, Pyrra and the kubernetes-mixin make, from a file of Prometheus or from a cluster.

All of them record the ratio of errors over several windows and alert on it. The ratio over the shortest window says
what the SLI is, and its range is the window. Sources: Sloth, `examples/_gen`; Pyrra, `slo/rules.go`;
kubernetes-mixin, `rules/kube_apiserver-burnrate.libsonnet`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sresnap.importers.model import Found, FoundSlo
from sresnap.importers.part import Part
from sresnap.importers.promql import window_name
from sresnap.importers.sli import from_ratio, translated
from sresnap.model.windows import parse_duration
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.tree import Binary, Call, Node, Number, Selector, walk

KINDS = ("PrometheusRule", "VMRule")
_SLOTH_RATIO = re.compile(r"slo:sli_error:ratio_rate([0-9]+[smhdw])")
_RATIO = re.compile(r"(.+):burnrate([0-9]+[smhdw])")
_PERIOD = re.compile(r"(.+):(?:increase|availability)([0-9]+[hdw])")
_SLOTH_WINDOW = "30d"
"""Sloth's default period, where its rules do not say another."""


def is_rules(document: Mapping[Any, Any]) -> bool:
    """Whether a document has rules: a file of Prometheus, or a resource of an operator."""
    return document.get("kind") in KINDS or isinstance(document.get("groups"), list)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A recording rule or an alert."""

    name: str
    """Of the series that it records; empty for an alert."""
    expr: str
    labels: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[Any, Any]) -> _Rule:
        labels = data.get("labels")
        texts = labels.items() if isinstance(labels, dict) else ()
        name, expr = data.get("record"), data.get("expr")
        return cls(
            name if isinstance(name, str) else "",
            expr if isinstance(expr, str) else str(expr),
            {key: value for key, value in texts if isinstance(key, str) and isinstance(value, str)},
        )


@dataclass(frozen=True, slots=True)
class _Ratio:
    """A recorded ratio of errors."""

    rule: _Rule
    window: str
    """`5m`."""
    service: str
    slo: str
    objective: float | None
    """Percent; None where the rules do not say it."""
    period: str | None
    """The SLO's window: `28d`."""


def read_rules(document: Part) -> None:
    """Add the SLOs whose rules a document has. An SLO that is there already, from its own resource, stays as it is."""
    document.get("apiVersion")
    document.get("kind")
    metadata = document.optional("metadata")
    if metadata is not None:
        for key in metadata.data:
            metadata.get(key)
    spec = document.part("spec") if "kind" in document else document
    rules = list(_rules(spec))
    ratios = _shortest(_Rules(rules).ratios())
    found = document.found
    if not ratios:
        document.note("no rule records an SLO's ratio of errors in the way of Sloth, Pyrra or kubernetes-mixin")
        return
    for alike in _by_record(ratios):
        names = ", ".join(ratio.slo for ratio in alike)
        document.note(f"an alert adds up {names} of {alike[0].service}; each is judged by that objective on its own")
    for ratio in ratios:
        _add(ratio, document.renamed(f"{ratio.service}/{ratio.slo}"), found)
    document.note("other recording rules and alerts are not carried over; `sresnap rules` writes burn-rate alerts")


def _rules(spec: Part) -> Iterator[_Rule]:
    for group in spec.parts("groups"):
        for key in group.data:
            group.get(key)
        rules = group.data.get("rules")
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, dict):
                yield _Rule.of(rule)


@dataclass(frozen=True, slots=True)
class _Rules:
    """All rules of a document."""

    rules: list[_Rule]
    budgets: dict[str, list[tuple[Selector, float]]] = field(default_factory=dict)
    """By the name of a recorded ratio, the budgets that alerts compare it with: `1 - objective`."""

    def ratios(self) -> Iterator[_Ratio]:
        for rule in self.rules:
            if not rule.name:
                self._note_budgets(rule)
        for rule in self.rules:
            sloth, other = _SLOTH_RATIO.fullmatch(rule.name), _RATIO.fullmatch(rule.name)
            if sloth is not None and rule.labels.get("sloth_slo"):
                yield self._of_sloth(rule, sloth[1])
            elif other is not None:
                yield self._of_other(rule, other[1], other[2])

    def _of_sloth(self, rule: _Rule, window: str) -> _Ratio:
        service, slo = rule.labels.get("sloth_service", ""), rule.labels["sloth_slo"]
        own = [one for one in self.rules if one.labels.get("sloth_id") == rule.labels.get("sloth_id")]
        objective = next((_number(o.labels.get("sloth_objective")) for o in own if o.name == "sloth_slo_info"), None)
        if objective is None:
            ratio = next((_value(one.expr) for one in own if one.name == "slo:objective:ratio"), None)
            objective = None if ratio is None else _percent(ratio)
        days = next((_value(one.expr) for one in own if one.name == "slo:time_period:days"), None)
        period = _SLOTH_WINDOW if days is None else window_name(f"{days:g}d")
        return _Ratio(rule, window, service or slo, slo, objective, period)

    def _of_other(self, rule: _Rule, prefix: str, window: str) -> _Ratio:
        labels = rule.labels
        slo = labels.get("slo") or "-".join(value for _, value in sorted(labels.items())) or prefix
        budget = next((b for s, b in self.budgets.get(rule.name, ()) if _may_select(s, labels)), None)
        periods = (_PERIOD.fullmatch(one.name) for one in self.rules if one.labels.get("slo") == labels.get("slo"))
        names = [window_name(period[2]) for period in periods if period is not None and period[1] == prefix]
        longest = max((name for name in names if name), key=parse_duration, default=None)
        objective = None if budget is None else _percent(1 - budget)
        return _Ratio(rule, window, labels.get("service") or labels.get("slo") or prefix, slo, objective, longest)

    def _note_budgets(self, alert: _Rule) -> None:
        try:
            nodes = list(walk(read(alert.expr)))
        except NotPromqlError:
            return
        for node in nodes:
            match node:
                case Binary(">", left, Binary("*", _, right)):
                    budget = _constant(right)
                    for one in walk(left):
                        if isinstance(one, Selector) and budget is not None:
                            self.budgets.setdefault(one.name, []).append((one, budget))


def _shortest(ratios: Iterator[_Ratio]) -> list[_Ratio]:
    """Of each SLO the ratio over its shortest window. Longer ones may be made of shorter ones."""
    found: dict[tuple[str, str], _Ratio] = {}
    for ratio in ratios:
        known = found.setdefault((ratio.service, ratio.slo), ratio)
        if parse_duration(ratio.window) < parse_duration(known.window):
            found[ratio.service, ratio.slo] = ratio
    return list(found.values())


def _by_record(ratios: list[_Ratio]) -> list[list[_Ratio]]:
    """The ratios that share a record and an alert that adds them up, as read and write of an API server."""
    found: dict[str, list[_Ratio]] = {}
    for ratio in ratios:
        if "slo" not in ratio.rule.labels and "sloth_slo" not in ratio.rule.labels:
            found.setdefault(ratio.rule.name, []).append(ratio)
    return [alike for alike in found.values() if len(alike) > 1]


def _add(ratio: _Ratio, slo: Part, found: Found) -> None:
    if any((known.service, known.name) == (ratio.service, ratio.slo) for known in found.slos):
        slo.note("its rules are not read: the SLO itself is in these files")
        return
    if ratio.objective is None:
        slo.leave_out("none of these rules says its objective", SLO=1)
        return
    text = ratio.rule.expr.replace(f"[{ratio.window}]", "[{{.window}}]")
    sli = translated(slo, lambda: from_ratio(text, is_good=False))
    if sli is None:
        found.missing["SLO"] += 1
        return
    queries, kind, threshold = sli.queries, sli.kind, sli.latency_threshold
    found.slos.append(FoundSlo(ratio.service, ratio.slo, ratio.objective, queries, ratio.period, kind, threshold))


def _may_select(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Whether a selector's equal matchers are a rule's labels. `sum(x:burnrate1h)` selects all of them."""
    return all(labels.get(m.label) == m.value for m in selector.matchers if m.operator == "=" and m.label != "__name__")


def _value(expr: str) -> float | None:
    """The number that an expression is: `vector(0.999)`."""
    try:
        return _constant(read(expr))
    except NotPromqlError:
        return None


def _constant(node: Node) -> float | None:
    match node:
        case Number(value):
            return value
        case Call("vector", (inner,)):
            return _constant(inner)
        case Binary("-", Number(left), Number(right)):
            return left - right
        case _:
            return None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _percent(ratio: float) -> float:
    """0.9990000000000001 is 99.9 %: these tools compute in binary."""
    return float(f"{ratio * 100:.10g}")
