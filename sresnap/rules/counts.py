"""Writes the events of SLOs as PromQL, to be recorded under the labels `service` and `slo`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from sresnap import promql
from sresnap.compute.zeros import may_be_zero
from sresnap.config.settings import Config
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Service, Slo
from sresnap.plan import window_variables
from sresnap.promql.labels import labels_of
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.terms import adds_up


@dataclass(frozen=True, slots=True)
class Target:
    """An SLO, and the services whose events one rule counts for it."""

    slo: Slo
    services: tuple[Service, ...]
    grouped: bool
    """Whether the answer has the services' names in `service`. Otherwise there is one service, and the rule adds its
    name as a label."""

    @property
    def on(self) -> str:
        """How its series are matched with one another."""
        return f"on ({'service' if self.grouped else ''})"

    @property
    def labels(self) -> dict[str, str]:
        """Labels that the rule adds."""
        named = {} if self.grouped else {"service": self.services[0].name}
        return {**named, "slo": self.slo.name}


def targets(config: Config) -> list[Target]:
    """Every SLO of every service, once. One rule counts for many services only if no other rule has the same labels."""
    alike: dict[str, dict[tuple[object, ...], list[tuple[Slo, Service]]]] = {}
    for service in config.services:
        for slo in service.slos:
            alike.setdefault(slo.name, {}).setdefault(_source(service, slo), []).append((slo, service))
    found = []
    for by_series in alike.values():
        for members in by_series.values():
            slo = members[0][0]
            grouped = [service for _, service in members if len(by_series) == 1 and _names_itself(config, slo, service)]
            if grouped:
                found.append(Target(slo, tuple(grouped), grouped=True))
            found += [Target(slo, (service,), grouped=False) for _, service in members if service not in grouped]
    return found


def _source(service: Service, slo: Slo) -> tuple[object, ...]:
    """What the events of an SLO come from. Services that have it in common share a rule."""
    series = [service.series[key] for key in slo.series]
    return tuple((one.key, one.template, tuple(sorted(one.variables.items()))) for one in series)


def _names_itself(config: Config, slo: Slo, service: Service) -> bool:
    """Whether the label `service` of the answers is the service's name, and no other service shares it."""
    by_service = all(service.series[key].template.by == ("service",) for key in slo.series)
    is_unique = sum(other.labels.get("service") == service.name for other in config.services) == 1
    return by_service and is_unique and service.labels.get("service") == service.name


SEEN = "slo:sli_bad:increase5m"
"""Recorded wherever good events were seen. It shows that their query finds some."""


@dataclass(frozen=True, slots=True)
class Events:
    """The events of one SLO over any window."""

    target: Target
    _forms: dict[SeriesKey, _Form] = field(default_factory=dict)
    """What the queries answer. It is the same for each window, and reading a query takes a while."""

    def total(self, seconds: int) -> str:
        """All events over a window, where their bad events are known; the window's seconds for an SLI weighted by time.

        A total without recorded bad events would look like a total without bad events.
        """
        slo = self.target.slo
        if slo.basis is Basis.TIME:
            return f"0 * {self._counted(slo.good, seconds).one} + {seconds}"
        every = self._counted(slo.total, seconds).one
        if slo.bad is None:
            return f"{every} and {self._good(every, seconds)}"
        part = self._counted(slo.bad, seconds)
        return every if part.is_sure else f"{every} and {self._bad(part, every)}"

    def bad(self, seconds: int) -> str:
        """Bad events over a window; 0 where there are events and no series of errors."""
        slo = self.target.slo
        if slo.basis is Basis.TIME:
            return f"(1 - {self._counted(slo.good, seconds).one} / 100) * {seconds}"
        every = self._counted(slo.total, seconds).one
        if slo.bad is None:
            return f"{every} - {self._good(every, seconds)}"
        found = self._bad(self._counted(slo.bad, seconds), every)
        # Bad events of an hour without a total would count in the sum of a day, beside the total of the other hours.
        return found if _is_within_total(self.target.services[0], slo) else f"{found} and {self.target.on} {every}"

    def _bad(self, part: _Counted, every: str) -> str:
        return f"({part.one} or {part.unless_there(f'0 * {every}', self.target)})"

    def _good(self, every: str, seconds: int) -> str:
        """Good events; 0 where they have no series but were seen before, as the report counts (`may_be_zero`)."""
        target, slo = self.target, self.target.slo
        good = self._counted(slo.good, seconds)
        if slo.good is None or not may_be_zero(slo.good):
            return good.one
        matchers = ['service=~"{service}"', 'slo="{slo}"']
        witness = QueryTemplate(
            SEEN, f"last_over_time({SEEN}{{{{{', '.join(matchers)}}}}}[1d])", ("service",), "sresnap rules"
        )
        seen = filled(witness, [replace(s, labels={"service": s.name}) for s in target.services], {"slo": slo.name})
        zero = good.unless_there(f"0 * ({every} and {target.on} {seen})", target)
        return f"({good.one} or {zero})"

    def _counted(self, key: SeriesKey | None, seconds: int) -> _Counted:
        assert key is not None
        target = self.target
        source = target.services[0].series[key]
        template = source.template.by_itself
        text = filled(template, target.services, {**source.variables, **window_variables(seconds)})
        if key not in self._forms:
            self._forms[key] = _Form.of(text)
        form = self._forms[key]
        is_count = source.template.rules is not None or target.slo.basis is Basis.SLICES or form.adds_up
        finite = text if is_count else f"({text}) < Inf > -Inf"
        if form.labels is not None and form.labels <= ({"service"} if target.grouped else set()):
            return _Counted(text, f"({finite})")
        if target.grouped:
            only = f"count by (service) ({finite}) == 1"
            return _Counted(text, f"(sum by (service) ({finite}) and on (service) {only})")
        return _Counted(text, f"(vector(scalar({finite})) > -Inf)")


def _is_within_total(service: Service, slo: Slo) -> bool:
    """Whether bad events have a total wherever they have series: one selector of a metric surrounds the other."""
    assert slo.bad is not None
    assert slo.total is not None
    bad_, total = (service.series[key].template for key in (slo.bad, slo.total))
    if bad_.raw in total.parts:
        return True
    is_around = bad_.around is not None and bad_.around == total.raw
    return is_around and _metric(bad_.raw) == _metric(total.raw)


def _metric(selector: str | None) -> str:
    """The name before a selector's matchers."""
    return (selector or "").partition("{")[0].strip()


@dataclass(frozen=True, slots=True)
class _Counted:
    """A query of an SLI as the report reads its answer: one number per service, or unknown."""

    text: str
    """The query itself."""
    one: str
    """Nothing where it has several series, NaN or Inf, from which the report takes no number either."""

    @property
    def is_sure(self) -> bool:
        """Whether every answer is a number per service."""
        return self.one == f"({self.text})"

    def unless_there(self, other: str, target: Target) -> str:
        """Another expression where the query has no series at all: what is unclear is not absent."""
        return other if self.is_sure else f"({other} unless {target.on} ({self.text}))"


@dataclass(frozen=True, slots=True)
class _Form:
    """What is known of the answer to a query, regardless of its window."""

    adds_up: bool
    """Whether it counts events."""
    labels: frozenset[str] | None
    """The labels of its series; None where they are unknown."""

    @classmethod
    def of(cls, text: str) -> Self:
        """What the query itself says."""
        try:
            node = read(text)
        except NotPromqlError:  # MetricsQL, whose answer may have any labels
            return cls(adds_up=False, labels=None)
        return cls(adds_up(node), labels_of(node))


def filled(template: QueryTemplate, services: Sequence[Service], variables: Mapping[str, str]) -> str:
    """A template filled for some services, in one line."""
    members = tuple(Member(service.name, service.labels) for service in services)
    query = Query(template, members, variables, Grid.instant(0), Purpose.SLI, SeriesKey(template.key), "")
    return promql.one_line(promql.render(query))
