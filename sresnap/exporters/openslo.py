"""Writes SLOs as OpenSLO v1: a DataSource for each source, a Service and SLOs for each service (github.com/OpenSLO).

A counter of the form `counted` becomes the sum of its series with `counter: true`, which is what OpenSLO's own examples
write. Any other query is written over five minutes, with `counter: false`: OpenSLO has no placeholder for a window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from sresnap import promql
from sresnap.config.settings import Config, PrometheusSettings
from sresnap.model.people import People
from sresnap.model.query import Member, QueryTemplate
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Method, Service, SliSeries, Slo
from sresnap.model.signals import CAPACITY, GOLDEN
from sresnap.model.slug import ANNOTATION, openslo_hashed_name, openslo_name, slug
from sresnap.model.windows import MINUTE, CalendarUnit, SloWindow, Window, format_duration
from sresnap.plan import window_variables

MARK = "# Written by sresnap export."
"""The first words of a file that this command writes."""
VERSION = "openslo/v1"
_RANGE = 5 * MINUTE
_PANELS = frozenset(signal.key for signal in (*GOLDEN, *CAPACITY))
_CALENDARS = {
    CalendarUnit.WEEK: ("1w", "2026-01-05 00:00:00"),
    CalendarUnit.MONTH: ("1M", "2026-01-01 00:00:00"),
    CalendarUnit.QUARTER: ("1Q", "2026-01-01 00:00:00"),
}
"""The duration of a calendar window, and the start of one of them."""


@dataclass(frozen=True, slots=True)
class Exported:
    """SLOs in another tool's format."""

    text: str
    slos: int
    notes: tuple[str, ...]
    """What the format cannot carry."""


@dataclass
class _Names:
    """Gives each thing of the configuration a name that OpenSLO allows, once."""

    taken: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, *parts: str) -> str:
        """The name of a service, or of a service's SLO."""
        short = openslo_name(*parts)
        if self.taken.setdefault(short, parts) != parts:
            short = openslo_hashed_name(*parts)
        return short


def openslo_yaml(config: Config) -> Exported:
    """The SLOs of a configuration as OpenSLO documents."""
    services, slos = _Names(), _Names()
    documents = [_source(settings) for settings in config.asked.values()]
    for service in config.services:
        name = services.of(service.name)
        documents.append(_service(service, name))
        for slo in service.slos:
            spec = _Writer(service, slo).spec(name)
            documents.append(_document("SLO", slos.of(service.name, slo.name), slo.name, spec))
    text = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=1_000_000)
    count = sum(len(service.slos) for service in config.services)
    return Exported(f"{MARK}\n{text}", count, tuple(_notes(config)))


def _service(service: Service, name: str) -> dict[str, Any]:
    """A service with its people: annotations, because labels of OpenSLO do not take every text."""
    people = service.people or People()
    document = _document("Service", name, service.name, {})
    given = {ANNOTATION + key: text for key, text in (("owner", people.owner), ("team", people.team)) if text}
    if given:
        document["metadata"]["annotations"] = given
    if people.description:
        document["spec"]["description"] = people.description
    return document


def _document(kind: str, name: str, display_name: str, spec: dict[str, Any]) -> dict[str, Any]:
    shown = {} if display_name == name else {"displayName": display_name}
    return {"apiVersion": VERSION, "kind": kind, "metadata": {"name": name, **shown}, "spec": spec}


def _source(settings: PrometheusSettings) -> dict[str, Any]:
    spec = {"type": "Prometheus", "connectionDetails": {"url": settings.url}}
    name = _source_name(settings.name)
    return _document("DataSource", name, settings.name, spec)


def _source_name(source: str) -> str:
    """A source's name as OpenSLO takes it: names of sources differ in more than case, - and _."""
    return openslo_name(source)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one SLO."""

    service: Service
    slo: Slo

    def spec(self, service: str) -> dict[str, Any]:
        slo = self.slo
        objective: dict[str, Any] = {"displayName": slo.name, "target": slo.objective}
        if slo.slice_seconds is not None:
            objective["timeSliceTarget"] = slo.slice_target
            objective["timeSliceWindow"] = format_duration(slo.slice_seconds)
        return {
            "service": service,
            "indicator": {"metadata": {"name": slug(slo.name, "slo")}, "spec": {"ratioMetric": self._ratio()}},
            "timeWindow": [_window(slo.window)],
            "budgetingMethod": "Timeslices" if slo.basis is Basis.SLICES else "Occurrences",
            "objectives": [objective],
        }

    def _ratio(self) -> dict[str, Any]:
        part = self._series(self.slo.bad or self.slo.good)
        if self.slo.total is None:
            share = self._promql(part)
            text = f"({share}) / 100" if part.percent else share
            return {"counter": False, "raw": _metric(text, self.service.source), "rawType": "success"}
        total = self._series(self.slo.total)
        side = "bad" if part.key.role == "bad" else "good"
        are_counters = all(_is_counter(series.template) for series in (total, part))
        write, source = self._counter if are_counters else self._promql, self.service.source
        return {"counter": are_counters, side: _metric(write(part), source), "total": _metric(write(total), source)}

    def _series(self, key: SeriesKey | None) -> SliSeries:
        assert key is not None
        series = self.service.series[key]
        return series.events or series

    def _counter(self, series: SliSeries) -> str:
        return f"sum({self._filled(series, series.template.raw or '')})"

    def _promql(self, series: SliSeries) -> str:
        return self._filled(series, series.template.by_itself.promql)

    def _filled(self, series: SliSeries, text: str) -> str:
        template: QueryTemplate = replace(series.template, promql=text)
        variables = {**window_variables(_RANGE), **series.variables}
        member = Member(self.service.name, self.service.labels)
        return promql.one_line(promql.render_member(template, member, variables))


def _is_counter(template: QueryTemplate) -> bool:
    """Whether a query counts one metric's counters. Of the forms, only `counted` knows copies of one counter."""
    return len(template.counters) == 1 and template.once is not None


def _metric(query: str, source: str) -> dict[str, Any]:
    return {"metricSource": {"metricSourceRef": _source_name(source), "type": "Prometheus", "spec": {"query": query}}}


def _window(window: SloWindow) -> dict[str, Any]:
    if isinstance(window, Window):
        return {"duration": window.name, "isRolling": True}
    duration, start = _CALENDARS[window.unit]
    return {"duration": duration, "isRolling": False, "calendar": {"startTime": start, "timeZone": window.timezone}}


def _notes(config: Config) -> Iterator[str]:
    if config.groups:
        yield "groups: OpenSLO v1 has no groups of services"
    if config.composite_method is not Method.BUDGET or any(service.weight != 1 for service in config.services):
        yield "weights and composite: OpenSLO v1 has none"
    if config.correction_rules:
        yield "corrections: OpenSLO v1 has none"
    if config.policy:
        yield "policy: OpenSLO v1 has no place for it"
    known = [service.people for service in config.services if service.people is not None]
    lost = {
        "runbook": any(p.runbook for p in known),
        "links": any(p.links for p in known),
        "tags": any(p.tags for p in known),
    }
    if any(lost.values()):
        yield f"{', '.join(key for key, is_lost in lost.items() if is_lost)}: OpenSLO v1 has no place for them"
    if any(service.queries.keys() & _PANELS for service in config.services):
        yield "queries of golden signals and capacity: OpenSLO describes SLOs only"
    yield "alerts: `sresnap rules` writes burn-rate alerts for Prometheus"
