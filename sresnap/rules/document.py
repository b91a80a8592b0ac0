"""Writes recording rules and burn-rate alerts as a rule file of Prometheus.

Names follow Sloth's where Sloth has them (`slo:sli_error:ratio_rate1h`, `slo:objective:ratio`, …), so that Sloth's
dashboards continue to work. Counts are recorded beside the ratios, because ratios do not add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml

from sresnap import __version__
from sresnap.compute.slo.budget import error_budget
from sresnap.config.settings import Config
from sresnap.model.events import BurnPair
from sresnap.model.signals import CAPACITY, GOLDEN
from sresnap.model.windows import (
    DAY,
    HOUR,
    LONG_WINDOWS,
    MINUTE,
    SHORT_WINDOWS,
    Window,
    format_duration,
)
from sresnap.plan import window_variables
from sresnap.rules.alerts import Rule, alert_rules, nominal_seconds, slos_of
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


def rules_yaml(config: Config, pairs: Sequence[BurnPair], interval_seconds: int) -> str:
    """The rules of all SLOs and signals. The same configuration gives the same text."""
    groups: dict[str, list[Rule]] = {}
    for target in targets(config):
        groups.setdefault(f"sresnap-count-{target.slo.name}", []).extend(_counts(target, interval_seconds))
    groups["sresnap-slos"] = [*_ratios(config, interval_seconds), *_objectives(config), *_budgets(config)]
    groups["sresnap-alerts"] = list(alert_rules(config, pairs))
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


def _rolling(config: Config) -> list[Window]:
    windows = (slo.window for _, slo in slos_of(config))
    return list(dict.fromkeys(window for window in windows if isinstance(window, Window)))


def _objectives(config: Config) -> Iterator[Rule]:
    """Objective, budget and window length, as series to join with."""
    for service, slo in slos_of(config):
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
