"""Checks queries against the services that fill them: placeholders, labels, PromQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap import promql
from sresnap.config.expected import nearest
from sresnap.config.panel_labels import PANELS, VARIABLES
from sresnap.config.presets import LocatedTemplate
from sresnap.config.query_sets import QuerySet
from sresnap.config.services import ResolvedServices
from sresnap.config.source import KeyPath, Source
from sresnap.errors import Mistake
from sresnap.model.query import DEFAULT_SOURCE, Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Service
from sresnap.model.signals import EVENTS, SLI_KEYS
from sresnap.printable import quotable

_COUNTS = {signal.key for signal in EVENTS if signal.unit is None}


def query_mistakes(
    source: Source, of_file: QuerySet, services: ResolvedServices, in_promql: Collection[str]
) -> list[Mistake]:
    """Check every query in effect.

    Args:
        source: the configuration.
        of_file: the queries of the file and its preset, which are checked even if no service has them.
        services: the services that fill them, and their objectives' own queries.
        in_promql: names of the sources whose engine understands no more than PromQL.
    """
    checker = _Checker(source, services.placed, in_promql)
    users: dict[tuple[object, ...], tuple[QuerySet, list[Service]]] = {_written(of_file): (of_file, [])}
    for queries, (service, _) in zip(services.sets, services.placed, strict=True):
        users.setdefault(_written(queries), (queries, []))[1].append(service)
    for queries, having in users.values():
        for key, located in queries.merged.items():
            checker.check(key, located, having)
    for each, name in services.objective_queries:
        own = [service for service, _ in services.placed if service.name == name]
        checker.check(each.template.key, each, own, is_used=True)
    checker.report_missing_labels()
    return list(dict.fromkeys(checker.mistakes))  # several sets may have a query in common


def _written(queries: QuerySet) -> tuple[object, ...]:
    """What is equal for sets of the same queries, written at the same places."""
    return tuple((key, each.template, each.source.name, each.path) for key, each in queries.merged.items())


@dataclass
class _Checker:
    """Checks queries one by one and collects mistakes."""

    source: Source
    placed: Sequence[tuple[Service, KeyPath]]
    in_promql: Collection[str]
    mistakes: list[Mistake] = field(default_factory=list)
    _missing: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By service and label, the keys of the queries that need the label."""

    def report_missing_labels(self) -> None:
        for service, path in self.placed:
            # A label that is there has a mistake of its own.
            missing = {
                label: keys
                for label, keys in self._missing.get(service.name, {}).items()
                if (*path, "labels", label) not in self.source.lines
            }
            needed = {label: keys for label, keys in missing.items() if not SLI_KEYS.keys().isdisjoint(keys)}
            if needed:
                self._report_needed(service, path, needed)
            for label, keys in missing.items():
                if label not in needed:
                    self._report_missing(service, path, label, keys)

    def check(self, key: str, located: LocatedTemplate, services: Sequence[Service], *, is_used: bool = False) -> None:
        template, variables = located.template, _variables(key)
        try:
            names = promql.placeholders(template.promql)
        except promql.TemplateError as error:
            self._mistake(located, "a query that can be filled", str(error))
            return
        if key in _COUNTS and not names & {"window", "within"}:
            self._mistake(
                located, "{window}, because events are counted over several windows", "no {window}", "write [{window}]"
            )
        if (
            key == "latency_good"
            and "threshold" not in names
            and len(self._thresholds(None if is_used else services)) > 1
        ):
            self._mistake(located, "{threshold}, because objectives have several thresholds", "no {threshold}")
        required = (names - variables.keys()) | set(template.by)
        filled = []
        self._check_labels(template, services, names & variables.keys())
        for service in services:
            lacking = sorted(required - service.labels.keys())
            if not lacking:
                filled.append(Member(service.name, service.labels))
            elif is_used or _uses(service, key):
                for label in lacking:
                    self._missing.setdefault(service.name, {}).setdefault(label, []).append(key)
        sources = dict.fromkeys(service.source for service in services) or [DEFAULT_SOURCE]
        checked_for = next((name for name in sources if name in self.in_promql), None)
        self._try(located, filled, variables, checked_for)

    def _check_labels(self, template: QueryTemplate, services: Sequence[Service], taken: frozenset[str]) -> None:
        """Report labels whose placeholder is filled with something else, and those that no series of a service has."""
        for service in services:
            for label in sorted(taken & service.labels.keys()):
                expected = f"a label that is not a placeholder of its own: {{{label}}} is filled with something else"
                advice = "use another label, or give it another name with relabelling"
                self._mistake_of_label(service, label, expected, service.labels[label], advice)
            for label in template.by:
                if not service.labels.get(label, label).strip():
                    expected = f'the value that the label "{label}" has in the series of {service.name}'
                    advice = f"give the value, or leave {label} out of `by` and of the parameter `identity`"
                    self._mistake_of_label(service, label, expected, "", advice)

    def _mistake_of_label(self, service: Service, label: str, expected: str, value: str, advice: str) -> None:
        path = next(path for placed, path in self.placed if placed.name == service.name)
        self.mistakes.append(self.source.mistake((*path, "labels", label), expected, f'"{value}"', advice))

    def _thresholds(self, services: Sequence[Service] | None) -> set[float | None]:
        """Of the objectives of some services, or of all."""
        some = [service for service, _ in self.placed] if services is None else services
        return {slo.threshold_seconds for service in some for slo in service.slos} - {None}

    def _try(
        self, located: LocatedTemplate, members: Sequence[Member], variables: Mapping[str, str], checked_for: str | None
    ) -> None:
        """Fill the template with this configuration's own labels, and report its first mistake.

        The syntax is checked for the source `checked_for`, if it is asked of one that understands no more than PromQL.
        """
        try:
            texts = dict.fromkeys(_texts(located.template, members, variables))
        except promql.TemplateError as error:
            self._mistake(located, "a query that can be filled", str(error))
            return
        for text in texts:
            problem = None if checked_for is None else promql.check_syntax(text)
            if problem:
                section = f"{checked_for}: {{dialect: metricsql}}"
                section = section if checked_for == DEFAULT_SOURCE else f"sources: {{{section}}}"
                hint = f"`{section}` switches this check off"
                self._mistake(located, "PromQL", f"{problem}, in {quotable(text, 300)}", hint)
                return
            fixed = promql.fixed_moment(text)
            if fixed:
                found = f"`{fixed}`, with which every hour of the report has the number of one moment"
                self._mistake(located, "a query without `@`, whose answer belongs to its own hour", found, "remove it")
                return

    def _mistake(self, located: LocatedTemplate, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(located.source.mistake(located.path, expected, found, suggestion))

    def _report_needed(self, service: Service, path: KeyPath, missing: Mapping[str, list[str]]) -> None:
        """Report the labels that an SLI needs: switching off what needs them would take the SLI away."""
        labels, keys = list(missing), list(dict.fromkeys(key for having in missing.values() for key in having))
        known = nearest(labels[0], [*service.labels, *_variables(keys[0])]) if len(labels) == 1 else None
        names, line = ", ".join(f'"{label}"' for label in labels), ", ".join(f"{label}: …" for label in labels)
        self.mistakes.append(
            self.source.mistake(
                (*path, "labels", *(labels if len(labels) == 1 else ())),
                f"the label{'s' if len(labels) > 1 else ''} {names}, which {_need(keys)}",
                f"only {', '.join(service.labels)}",
                f"{f'{known} Otherwise ' if known else ''}add `labels: {{{line}}}` to the service",
            )
        )

    def _report_missing(self, service: Service, path: KeyPath, label: str, keys: list[str]) -> None:
        known = nearest(label, [*service.labels, *_variables(keys[0])])
        if known is None:  # panels of a preset are left out, and the report says why
            keys = [key for key in keys if key not in service.lacking]
        if not keys:
            return
        is_one = len(keys) == 1
        off = ", ".join(f"{key}: null" for key in keys)
        advice = f"add the label, or switch the quer{'y' if is_one else 'ies'} off with `queries: {{{off}}}`"
        self.mistakes.append(
            self.source.mistake(
                (*path, "labels", label),
                f'the label "{label}", which {_need(keys)}',
                f"only {', '.join(service.labels)}",
                f"{known} Otherwise {advice}" if known else advice,
            )
        )


def _need(keys: Sequence[str]) -> str:
    is_one = len(keys) == 1
    return f"the quer{'y' if is_one else 'ies'} {', '.join(keys)} need{'s' if is_one else ''}"


def _variables(key: str) -> dict[str, str]:
    by_slo = {"slo": "availability"} if key in SLI_KEYS else {}
    return VARIABLES | by_slo | ({"threshold": "0.3"} if key == "latency_good" else {})


def _uses(service: Service, key: str) -> bool:
    """Whether a query is sent for a service: panels always, events where an objective uses them."""
    series = {series.role for slo in service.slos for series in slo.series}
    if series & {"slices_total"}:
        series |= {"total", "good", "bad"}
    return key in PANELS or key in series


def _texts(template: QueryTemplate, members: Sequence[Member], variables: Mapping[str, str]) -> list[str]:
    if not members:
        return []
    if not template.by:
        return [promql.render_member(template, member, variables) for member in members]
    query = Query(template, tuple(members), variables, Grid.instant(0), Purpose.SIGNAL, SeriesKey(template.key), "1h")
    return [promql.render(query)]
