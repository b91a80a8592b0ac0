"""The burn-rate alerts of a rule file, with the people that they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sresnap.compute.slo.alerts import LEAST_BAD_EVENTS, LEAST_SHORT_EVENTS, LEAST_THRESHOLD, steps, threshold
from sresnap.compute.slo.budget import error_budget
from sresnap.config.settings import Config
from sresnap.model.events import BurnPair
from sresnap.model.people import People
from sresnap.model.query import QueryTemplate
from sresnap.model.service import Basis, Service, Slo
from sresnap.model.windows import DAY, CalendarUnit, Window, format_duration
from sresnap.rules.counts import filled

_NOMINAL_DAYS = {CalendarUnit.WEEK: 7, CalendarUnit.MONTH: 30, CalendarUnit.QUARTER: 91}
"""The days that a calendar window's thresholds are computed from, because a rule cannot follow the calendar."""

Rule = dict[str, Any]


def slos_of(config: Config) -> list[tuple[Service, Slo]]:
    """Every SLO, with its service."""
    return [(service, slo) for service in config.services for slo in service.slos]


def nominal_seconds(slo: Slo) -> int:
    """The length of an SLO's window. A calendar window counts as a month of 30 days, or the like."""
    return slo.window.seconds if isinstance(slo.window, Window) else _NOMINAL_DAYS[slo.window.unit] * DAY


def alert_rules(config: Config, pairs: Sequence[BurnPair]) -> Iterator[Rule]:
    """Alerts by the report's rule: both windows exceed the threshold, and the long one has ten bad events.

    Where they have too few events, the next longer windows decide (`compute/slo/alerts.py`).
    """
    alike: dict[tuple[str, float, str, Basis, People], list[Service]] = {}
    examples: dict[tuple[str, float, str, Basis, People], Slo] = {}
    for service, slo in slos_of(config):
        key = (slo.name, slo.objective, slo.window.name, slo.basis, _responsible(service))
        alike.setdefault(key, []).append(service)
        examples[key] = slo
    for key, services in alike.items():
        for pair in pairs:
            limit = threshold(pair, nominal_seconds(examples[key]))
            if limit >= LEAST_THRESHOLD:
                windows = steps(pair, pairs, nominal_seconds(examples[key]))
                rule = _alert(examples[key], services, pair, limit, windows)
                yield _addressed(rule, key[-1])


def _responsible(service: Service) -> People:
    """The part of a service's people that its alerts have. Services that differ in it have rules of their own."""
    found = service.people or People()
    return People(owner=found.owner, team=found.team, runbook=found.runbook)


def _addressed(rule: Rule, people: People) -> Rule:
    """An alert with its team, by which Alertmanager can route it, and with what helps whom it reaches."""
    labels = {"team": people.team}
    annotations = {"owner": people.owner, "runbook_url": people.runbook}
    return {**rule, "labels": rule["labels"] | _known(labels), "annotations": rule["annotations"] | _known(annotations)}


def _known(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {key: _literal(text) for key, text in texts.items() if text is not None}


def _alert(
    slo: Slo, services: Sequence[Service], pair: BurnPair, limit: float, windows: Sequence[tuple[int, int]]
) -> Rule:
    long, short = format_duration(pair.long_seconds), format_duration(pair.short_seconds)
    name = _literal(slo.name)
    return {
        "alert": "SLOBudgetBurn",
        "expr": _burns(slo, services, limit * error_budget(slo.objective), windows),
        "labels": {
            "severity": pair.severity,
            "slo": name,
            "objective": repr(slo.objective),
            "window": slo.window.name,
            "basis": slo.basis.value,
            "long": long,
            "short": short,
        },
        "annotations": {
            "summary": f"{{{{ $labels.service }}}} burns the error budget of {name} more than {limit:.4g} times as "
            f"fast as it lasts, over {long} and {short}",
            "description": f"Objective {slo.objective!r} over {slo.window.name}. "
            f"{{{{ $value | humanizePercentage }}}} were bad, of the last {long}{_or_longer(slo, windows)}.",
        },
    }


def _or_longer(slo: Slo, windows: Sequence[tuple[int, int]]) -> str:
    if slo.basis is not Basis.EVENTS or len(windows) == 1:
        return ""
    return " or, while it has too few events, of a longer window"


def _burns(slo: Slo, services: Sequence[Service], ratio: float, windows: Sequence[tuple[int, int]]) -> str:
    """Both windows exceed the ratio. The first ones of some windows decide that have enough events.

    The last ones need not have enough events in all, because nothing longer would decide.
    """
    found, on, shorter = [], "on (service, slo)", ""
    for pair in windows if slo.basis is Basis.EVENTS else windows[:1]:
        long, short = map(format_duration, pair)
        parts = [f"{_of(slo, services, f'slo:sli_error:ratio_rate{name}')} > {ratio!r}" for name in (long, short)]
        enough = f"{_of(slo, services, f'slo:sli_bad:increase{long}')} >= {LEAST_BAD_EVENTS}"
        parts += [enough] if slo.basis is Basis.EVENTS else []
        found.append(f" and {on} ".join(parts) + shorter)
        every = f"{_of(slo, services, f'slo:sli_total:increase{long}')} >= {LEAST_SHORT_EVENTS * pair[0] / pair[1]:g}"
        shorter += f" unless {on} ({enough} and {on} {every})"
    return " or ".join(found)


def _literal(text: str) -> str:
    """A text escaped for a Prometheus template (Go's text/template): `a{{b` becomes `a{{ "{{" }}b`.

    Labels and annotations of alerts are templates. Labels of recording rules are not.
    """
    return text.replace("{{", '{{ "{{" }}')


def _of(slo: Slo, services: Sequence[Service], metric: str) -> str:
    """A recorded series of one SLO of some services."""
    template = QueryTemplate(metric, metric + '{{service=~"{service}", slo="{slo}"}}', ("service",), "sresnap rules")
    named = [replace(service, labels={"service": service.name}) for service in services]
    return filled(template, named, {"slo": slo.name})
