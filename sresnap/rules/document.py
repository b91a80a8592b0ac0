"""Writes recording rules and burn-rate alerts as a rule file of Prometheus.

Names follow Sloth's where Sloth has them (`slo:sli_error:ratio_rate1h`, `slo:objective:ratio`, …), so that Sloth's
dashboards continue to work. Counts are recorded beside the ratios, because ratios do not add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml

from sresnap import __version__
from sresnap.compute.slo.alerts import LEAST_BAD_EVENTS, LEAST_SHORT_EVENTS, LEAST_THRESHOLD, steps, threshold
from sresnap.compute.slo.budget import error_budget
from sresnap.config.settings import Config
from sresnap.model.events import BurnPair
from sresnap.model.query import QueryTemplate
from sresnap.model.service import Basis, Service, Slo
from sresnap.model.signals import CAPACITY, GOLDEN
from sresnap.model.windows import (
    DAY,
    HOUR,
    LONG_WINDOWS,
    MINUTE,
    SHORT_WINDOWS,
    CalendarUnit,
    Window,
    format_duration,
)
from sresnap.plan import window_variables
from sresnap.rules.counts import Events, Target, filled, targets

if TYPE_CHECKING:
    from yaml import SafeDumper as _FastestDumper
else:
    try:  # PyYAML's emitter in Python takes ten times as long for the same bytes
        from yaml import CSafeDumper as _FastestDumper
    except ImportError:
        from yaml import SafeDumper as _FastestDumper

_ESCAPED = re.compile(r"\\[UN]")
"""What the fast emitter writes for characters that the other one writes as they are, such as emoji."""
MARK = "# Written by sresnap rules"
"""The first words of a file that sresnap wrote and may overwrite."""
_NOMINAL_DAYS = {CalendarUnit.WEEK: 7, CalendarUnit.MONTH: 30, CalendarUnit.QUARTER: 91}
"""The days that a calendar window's thresholds are computed from, because a rule cannot follow the calendar."""

Rule = dict[str, Any]


def rules_yaml(config: Config, pairs: Sequence[BurnPair], interval_seconds: int) -> str:
    """The rules of all SLOs and signals. The same configuration gives the same text."""
    groups: dict[str, list[Rule]] = {}
    for target in targets(config):
        groups.setdefault(f"sresnap-count-{target.slo.name}", []).extend(_counts(target, interval_seconds))
    groups["sresnap-slos"] = [*_ratios(config, interval_seconds), *_objectives(config), *_budgets(config)]
    groups["sresnap-alerts"] = list(_alerts(config, pairs))
    groups["sresnap-signals"] = list(_signals(config))
    interval = format_duration(interval_seconds)
    document = {
        "groups": [{"name": name, "interval": interval, "rules": rules} for name, rules in groups.items() if rules]
    }
    text = _written(document, _FastDumper)
    if _ESCAPED.search(text):
        text = _written(document, _Dumper)
    return f"{MARK} {__version__}; the preset `recorded` reads what they record.\n{text}"


def _written(document: Mapping[str, Any], dumper: type[yaml.SafeDumper]) -> str:
    text: str = yaml.dump(document, Dumper=dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text


class _WithoutAnchors:
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - readers of rules do not expect YAML's anchors
        return True


class _Dumper(_WithoutAnchors, yaml.SafeDumper):
    pass


class _FastDumper(_WithoutAnchors, _FastestDumper):
    pass


def _counts(target: Target, interval: int) -> Iterator[Rule]:
    """Events over short windows, and over the evaluation interval, from which any other window adds up."""
    events = Events(target)
    for seconds in dict.fromkeys([interval, *(window.seconds for window in SHORT_WINDOWS)]):
        name = format_duration(seconds)
        yield _record(f"slo:sli_total:increase{name}", events.total(seconds), target.labels)
        yield _record(f"slo:sli_bad:increase{name}", events.bad(seconds), target.labels)


def _record(name: str, expr: str, labels: Mapping[str, str] | None = None) -> Rule:
    return {"record": name, "expr": expr, **({"labels": dict(labels)} if labels else {})}


def _ratios(config: Config, interval: int) -> Iterator[Rule]:
    """Long windows, added up from whole hours as in the report, and the error ratio of every window."""
    long = sorted({*(w.seconds for w in LONG_WINDOWS), *(w.seconds for w in _rolling(config))})
    for seconds in long:
        for kind in ("total", "bad"):
            # A millisecond less, so that only one of the two samples on the edges counts.
            summed = f"sum_over_time(slo:sli_{kind}:increase1h[{seconds * 1000 - 1}ms:1h])"
            yield _record(f"slo:sli_{kind}:increase{format_duration(seconds)}", summed)
    for seconds in dict.fromkeys([interval, *(window.seconds for window in SHORT_WINDOWS), *long]):
        name = format_duration(seconds)
        yield _record(
            f"slo:sli_error:ratio_rate{name}", f"slo:sli_bad:increase{name} / (slo:sli_total:increase{name} > 0)"
        )


def _slos(config: Config) -> list[tuple[Service, Slo]]:
    return [(service, slo) for service in config.services for slo in service.slos]


def _rolling(config: Config) -> list[Window]:
    windows = (slo.window for _, slo in _slos(config))
    return list(dict.fromkeys(window for window in windows if isinstance(window, Window)))


def _objectives(config: Config) -> Iterator[Rule]:
    """Objective, budget and window length, as series to join with."""
    for service, slo in _slos(config):
        labels = {"service": service.name, "slo": slo.name}
        yield _record("slo:objective:ratio", f"vector({slo.objective!r})", labels)
        yield _record("slo:error_budget:ratio", f"vector({error_budget(slo.objective)!r})", labels)
        days = nominal_seconds(slo) / DAY
        yield _record("slo:time_period:days", f"vector({days:g})", {**labels, "window": slo.window.name})


def _budgets(config: Config) -> Iterator[Rule]:
    """Burn rates, and the remaining budget of rolling windows. Only the report has calendar windows."""
    budget = "on (service, slo) slo:error_budget:ratio"
    yield _record("slo:current_burn_rate:ratio", f"slo:sli_error:ratio_rate5m / {budget}")
    for window in _rolling(config):
        own = f'slo:time_period:days{{window="{window.name}"}}'
        spent = f"(slo:sli_error:ratio_rate{window.name} and on (service, slo) {own}) / {budget}"
        labels = {"window": window.name}
        yield _record("slo:period_burn_rate:ratio", spent, labels)
        yield _record("slo:period_error_budget_remaining:ratio", f"1 - {spent}", labels)


def nominal_seconds(slo: Slo) -> int:
    """The length of an SLO's window. A calendar window counts as a month of 30 days, or the like."""
    return slo.window.seconds if isinstance(slo.window, Window) else _NOMINAL_DAYS[slo.window.unit] * DAY


def _alerts(config: Config, pairs: Sequence[BurnPair]) -> Iterator[Rule]:
    """Alerts by the report's rule: both windows exceed the threshold, and the long one has ten bad events.

    Where they have too few events, the next longer windows decide (`compute/slo/alerts.py`).
    """
    alike: dict[tuple[str, float, str, Basis], list[Service]] = {}
    examples: dict[tuple[str, float, str, Basis], Slo] = {}
    for service, slo in _slos(config):
        key = (slo.name, slo.objective, slo.window.name, slo.basis)
        alike.setdefault(key, []).append(service)
        examples[key] = slo
    for key, services in alike.items():
        for pair in pairs:
            limit = threshold(pair, nominal_seconds(examples[key]))
            if limit >= LEAST_THRESHOLD:
                windows = steps(pair, pairs, nominal_seconds(examples[key]))
                yield _alert(examples[key], services, pair, limit, windows)


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


def _signals(config: Config) -> Iterator[Rule]:
    """Golden signals over five minutes and an hour, and capacities, each under its service's name."""
    for signal in (*GOLDEN, *CAPACITY):
        having = [
            (service, service.queries[signal.key]) for service in config.services if signal.key in service.queries
        ]
        for seconds in (5 * MINUTE, HOUR) if signal in GOLDEN else (5 * MINUTE,):
            for service, template in having:
                unit = f" / {template.per_second}" if template.per_second != 1 else ""
                expr = f"max({filled(template, [service], window_variables(seconds))}){unit}"
                name = f"sresnap:{signal.key}:rate{format_duration(seconds)}"
                yield _record(name, expr, {"service": service.name})
