"""Writes the events of SLOs as PromQL, to be recorded under the labels `service` and `slo`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap import promql
from sresnap.compute.answers import may_be_zero
from sresnap.config.settings import Config
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Service, Slo
from sresnap.plan import window_variables


@dataclass(frozen=True, slots=True)
class Target:
    """An SLO, and the services whose events one rule counts for it."""

    slo: Slo
    services: tuple[Service, ...]
    grouped: bool
    """Whether the answer has the services' names in `service`. Otherwise there is one service, and the rule adds its
    name as a label."""

    @property
    def labels(self) -> dict[str, str]:
        """Labels that the rule adds."""
        named = {} if self.grouped else {"service": self.services[0].name}
        return {**named, "slo": self.slo.name}


def targets(config: Config) -> list[Target]:
    """Every SLO of every service, once. One rule counts for many services only if no other rule has the same labels."""
    alike: dict[str, dict[tuple[SeriesKey, ...], list[tuple[Slo, Service]]]] = {}
    for service in config.services:
        for slo in service.slos:
            alike.setdefault(slo.name, {}).setdefault(slo.series, []).append((slo, service))
    found = []
    for by_series in alike.values():
        for members in by_series.values():
            slo = members[0][0]
            grouped = [service for _, service in members if len(by_series) == 1 and _names_itself(config, slo, service)]
            if grouped:
                found.append(Target(slo, tuple(grouped), grouped=True))
            found += [Target(slo, (service,), grouped=False) for _, service in members if service not in grouped]
    return found


def _names_itself(config: Config, slo: Slo, service: Service) -> bool:
    """Whether the label `service` of the answers is the service's name, and no other service shares it."""
    by_service = all(config.series[key].template.by == "service" for key in slo.series)
    is_unique = sum(other.labels.get("service") == service.name for other in config.services) == 1
    return by_service and is_unique and service.labels.get("service") == service.name


SEEN = "slo:sli_bad:increase5m"
"""Recorded wherever good events were seen. It shows that their query finds some."""


def total(config: Config, target: Target, seconds: int) -> str:
    """All events over a window, where their bad events are known; the window's seconds for an SLI weighted by time.

    A total without recorded bad events would look like a total without bad events.
    """
    slo = target.slo
    if slo.basis is Basis.TIME:
        return f"0 * {_series(config, target, slo.good, seconds)} + {seconds}"
    every = _series(config, target, slo.total, seconds)
    return every if slo.bad is not None else f"{every} and {_good(config, target, every, seconds)}"


def bad(config: Config, target: Target, seconds: int) -> str:
    """Bad events over a window; 0 where there are events and no series of errors."""
    slo = target.slo
    if slo.basis is Basis.TIME:
        return f"(1 - {_series(config, target, slo.good, seconds)} / 100) * {seconds}"
    every = _series(config, target, slo.total, seconds)
    if slo.bad is not None:
        return f"{_series(config, target, slo.bad, seconds)} or 0 * {every}"
    return f"{every} - {_good(config, target, every, seconds)}"


def _good(config: Config, target: Target, every: str, seconds: int) -> str:
    """Good events; 0 where they have no series but were seen before, as the report counts (`may_be_zero`)."""
    slo = target.slo
    good = _series(config, target, slo.good, seconds)
    if slo.good is None or not may_be_zero(slo.good):
        return good
    matchers = ['service=~"{service}"', 'slo="{slo}"']
    witness = QueryTemplate(
        SEEN, f"last_over_time({SEEN}{{{{{', '.join(matchers)}}}}}[1d])", "service", "sresnap rules"
    )
    seen = filled(witness, [replace(s, labels={"service": s.name}) for s in target.services], {"slo": slo.name})
    return f"({good} or 0 * ({every} and on ({'service' if target.grouped else ''}) {seen}))"


def _series(config: Config, target: Target, key: SeriesKey | None, seconds: int) -> str:
    assert key is not None
    source = config.series[key]
    text = filled(source.template.by_itself, target.services, {**source.variables, **window_variables(seconds)})
    return f"({text})" if target.grouped else f"sum({text})"


def filled(template: QueryTemplate, services: Sequence[Service], variables: Mapping[str, str]) -> str:
    """A template filled for some services, in one line."""
    members = tuple(Member(service.name, service.labels) for service in services)
    query = Query(template, members, variables, Grid.instant(0), Purpose.SLI, SeriesKey(template.key), "")
    return promql.one_line(promql.render(query))
