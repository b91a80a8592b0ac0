"""The queries against the services that fill them: placeholders, labels, PromQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sresnap import promql
from sresnap.config.fields import nearest, shortened
from sresnap.config.presets import Located
from sresnap.config.source import KeyPath, Source
from sresnap.errors import Mistake
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.service import Service, role_of
from sresnap.model.signals import CAPACITY, GOLDEN, SLI_KEYS

_PANELS = {signal.key for signal in (*GOLDEN, *CAPACITY)}
_COUNTS = {"total", "good", "bad", "latency_good"}
_VARIABLES = {"window": "1h", "rate": "5m", "within": "3599999ms"}

Placed = tuple[Service, KeyPath]


@dataclass
class Queries:
    """Checks every query in effect, and gathers what goes wrong."""

    source: Source
    """The configuration."""
    located: Mapping[str, Located]
    services: Sequence[Placed]
    of_objectives: Sequence[tuple[Located, str]] = ()
    """Queries that an objective defines for itself, with the name of its service."""
    check_syntax: bool = True
    mistakes: list[Mistake] = field(default_factory=list)
    _missing: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def check(self) -> None:
        for key, located in self.located.items():
            self._check(key, located, [service for service, _ in self.services])
        for located, name in self.of_objectives:
            own = [service for service, _ in self.services if service.name == name]
            self._check(located.template.key, located, own, is_used=True)
        places = {service.name: (service, path) for service, path in self.services}
        for (name, label), keys in self._missing.items():
            self._tell_missing(*places[name], label, keys)

    def _check(self, key: str, located: Located, services: Sequence[Service], *, is_used: bool = False) -> None:
        template, variables = located.template, _variables(key)
        try:
            names = promql.placeholders(template.promql)
        except promql.TemplateError as error:
            self._mistake(located, "a query that can be filled", str(error))
            return
        if key in _COUNTS and "window" not in names:
            self._mistake(
                located, "{window} in it, as events are counted over several windows", "none", "write [{window}]"
            )
        if key == "latency_good" and "threshold" not in names and len(self._thresholds()) > 1:
            self._mistake(located, "{threshold} in it, as objectives have several thresholds", "none", None)
        needed = names - variables.keys() | ({template.by} if template.by else set())
        filled = []
        for service in services:
            lacking = sorted(needed - service.labels.keys())
            if not lacking:
                filled.append(Member(service.name, service.labels))
            elif is_used or _uses(service, key):
                for label in lacking:
                    self._missing.setdefault((service.name, label), []).append(key)
        self._try(located, filled, variables)

    def _thresholds(self) -> set[float | None]:
        return {slo.threshold_seconds for service, _ in self.services for slo in service.slos} - {None}

    def _try(self, located: Located, members: Sequence[Member], variables: Mapping[str, str]) -> None:
        """Fill the template with this configuration's own labels; its first mistake is enough."""
        try:
            texts = dict.fromkeys(_texts(located.template, members, variables))
        except promql.TemplateError as error:
            self._mistake(located, "a query that can be filled", str(error))
            return
        for text in texts if self.check_syntax else ():
            problem = promql.check_syntax(text)
            if problem:
                hint = "`prometheus: {dialect: metricsql}` switches this check off"
                self._mistake(located, "PromQL", f"{problem}, in {shortened(text, 300)}", hint)
                return

    def _mistake(self, located: Located, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(located.source.mistake(located.path, expected, found, suggestion))

    def _tell_missing(self, service: Service, path: KeyPath, label: str, keys: list[str]) -> None:
        if (*path, "labels", label) in self.source.lines:
            return  # It stands there, with a mistake of its own.
        is_one = len(keys) == 1
        queries = f"the quer{'y' if is_one else 'ies'} {', '.join(keys)} need{'s' if is_one else ''}"
        off = ", ".join(f"{key}: null" for key in keys)
        known = nearest(label, [*service.labels, *_variables(keys[0])])
        advice = f"add the label, or switch the quer{'y' if is_one else 'ies'} off with `queries: {{{off}}}`"
        self.mistakes.append(
            self.source.mistake(
                (*path, "labels", label),
                f'the label "{label}", which {queries}',
                f"only {', '.join(service.labels)}",
                f"{known} Else {advice}" if known else advice,
            )
        )


def _variables(key: str) -> dict[str, str]:
    by_slo = {"slo": "availability"} if key in SLI_KEYS else {}
    return _VARIABLES | by_slo | ({"threshold": "0.3"} if key == "latency_good" else {})


def _uses(service: Service, key: str) -> bool:
    """Whether a query is sent for a service: panels always, events where an objective is made from them."""
    series = {role_of(name) for slo in service.slos for name in slo.series}
    if series & {"slices_total"}:
        series |= {"total", "good", "bad"}
    return key in _PANELS or key in series


def _texts(template: QueryTemplate, members: Sequence[Member], variables: Mapping[str, str]) -> list[str]:
    if not members:
        return []
    if template.by is None:
        return [promql.render_member(template, member, variables) for member in members]
    query = Query(template, tuple(members), variables, Grid.instant(0), Purpose.SIGNAL, template.key, "1h")
    return [promql.render(query)]
