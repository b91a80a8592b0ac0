"""Reads the rules that Sloth, Pyrra and the kubernetes-mixin make, from a file of Prometheus or from a cluster.

All of them record the ratio of errors over several windows and alert on it. The ratio over the shortest window says
what the SLI is, and its range is the window. Sources: Sloth, `examples/_gen`; Pyrra, `slo/rules.go`;
kubernetes-mixin, `rules/kube_apiserver-burnrate.libsonnet`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sresnap.importers.model import Found, FoundSlo
from sresnap.importers.part import Part
from sresnap.importers.recorded import Ratio, Rule, Rules
from sresnap.importers.sli import from_ratio, translated
from sresnap.model.windows import parse_duration

KINDS = ("PrometheusRule", "VMRule")


def is_rules(document: Mapping[Any, Any]) -> bool:
    """Whether a document has rules: a file of Prometheus, or a resource of an operator."""
    return document.get("kind") in KINDS or isinstance(document.get("groups"), list)


@dataclass
class Own:
    """The SLOs from resources of their own, each with its namespace. Without a namespace it may be of any."""

    namespaces: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """By service and SLO. An empty one is not known."""
    seen: int = 0

    def add(self, slos: Sequence[FoundSlo], document: Part | None) -> None:
        """Add the SLOs that are new since the last call, with the namespace of their document."""
        for slo in slos[self.seen :]:
            self.namespaces.setdefault((slo.service, slo.name), set()).add(_namespace(document))
        self.seen = len(slos)

    def has(self, ratio: Ratio, document: Part) -> bool:
        """Whether an SLO may be the one that a document has rules of."""
        known, namespace = self.namespaces.get((ratio.service, ratio.slo), set()), _namespace(document)
        return bool(known) and (not namespace or bool(known & {namespace, ""}))


def _namespace(document: Part | None) -> str:
    metadata = None if document is None else document.data.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, dict) else None
    return namespace if isinstance(namespace, str) else ""


def read_rules(document: Part, own: Own) -> None:
    """Add the SLOs whose rules a document has.

    Args:
        document: a file or a resource of rules.
        own: the SLOs from resources of their own. These stay as they are.
    """
    document.get("apiVersion")
    document.get("kind")
    metadata = document.optional("metadata")
    if metadata is not None:
        for key in metadata.data:
            metadata.get(key)
    spec = document.part("spec") if "kind" in document else document
    rules = Rules(list(_rules(spec)))
    ratios = _shortest(rules.ratios())
    if not ratios:
        document.note("no rule records an SLO's ratio of errors in the way of Sloth, Pyrra or kubernetes-mixin")
        return
    for alike in _by_record(ratios):
        if rules.are_added_up(ratio.rule for ratio in alike):
            names = ", ".join(ratio.slo for ratio in alike)
            document.note(
                f"an alert adds up {names} of {alike[0].service}; each is judged by that objective on its own"
            )
    for ratio in ratios:
        slo = document.renamed(f"{ratio.service}/{ratio.slo}")
        if own.has(ratio, document):
            slo.note("its rules are not read: the SLO itself is in these files")
        else:
            _add(ratio, slo, document.found)
    document.note("other recording rules and alerts are not carried over; `sresnap rules` writes burn-rate alerts")


def _rules(spec: Part) -> Iterator[Rule]:
    for group in spec.parts("groups"):
        for key in group.data:
            group.get(key)
        rules = group.data.get("rules")
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, dict):
                yield Rule.of(rule)


def _shortest(ratios: Iterable[Ratio]) -> list[Ratio]:
    """Of each SLO the ratio over its shortest window. Longer ones may be made of shorter ones.

    Two different queries over that window are two SLOs.
    """
    found: dict[tuple[object, ...], dict[str, Ratio]] = {}
    for ratio in ratios:
        known = found.setdefault(ratio.identity, {})
        span = parse_duration(ratio.window)
        spans = {parse_duration(one.window) for one in known.values()}
        if any(one > span for one in spans):
            known.clear()
        if all(one >= span for one in spans):
            known.setdefault(" ".join(ratio.rule.expr.split()), ratio)
    return [ratio for known in found.values() for ratio in known.values()]


def _by_record(ratios: list[Ratio]) -> list[list[Ratio]]:
    """The ratios that share a record, as read and write of an API server."""
    found: dict[str, list[Ratio]] = {}
    for ratio in ratios:
        if "slo" not in ratio.rule.labels and "sloth_slo" not in ratio.rule.labels:
            found.setdefault(ratio.rule.name, []).append(ratio)
    return [alike for alike in found.values() if len(alike) > 1]


def _add(ratio: Ratio, slo: Part, found: Found) -> None:
    if ratio.objective is None:
        slo.leave_out(ratio.no_objective, SLO=1)
        return
    text = ratio.rule.expr.replace(f"[{ratio.window}]", "[{{.window}}]")
    sli = translated(slo, lambda: from_ratio(text, is_good=False))
    if sli is None:
        found.missing["SLO"] += 1
        return
    if ratio.no_period:
        slo.note(ratio.no_period)
    queries, kind, threshold, period = sli.queries, sli.kind, sli.latency_threshold, ratio.period
    new = FoundSlo(ratio.service, ratio.slo, ratio.objective, queries, period, kind, threshold, place=slo.place)
    same = next((known for known in found.slos if known == new), None)
    if same is None:
        found.slos.append(new)
    else:
        slo.note(f"it is read once: {same.place} has the same queries, objective and window")
