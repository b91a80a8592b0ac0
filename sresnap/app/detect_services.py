"""The services of a Prometheus, by the presets that fit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from pydantic import SecretStr

from sresnap.config.preset_files import PresetFile
from sresnap.config.settings import Config
from sresnap.discovery.candidates import Candidate, Layer, candidates, layer_of, metrics_to_ask
from sresnap.discovery.choose import Choice, Chosen, choose, claimed, some, without_health
from sresnap.discovery.names import metric_names
from sresnap.discovery.naming import Known, Named, may_repeat, named
from sresnap.discovery.private import credentials, private_addresses, without_credentials
from sresnap.discovery.survey import MOST_ROWS, PATHS, health_query, row, survey
from sresnap.model.query import Member, QueryTemplate
from sresnap.model.service import Service
from sresnap.model.windows import HOUR
from sresnap.plan import window_variables
from sresnap.progress import Progress
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.errors import QueryError
from sresnap.promql import TemplateError, placeholders, render_member

MOST_SERVICES = 200
"""Services that are written: those with the most traffic."""
_VARIABLES = {**window_variables(HOUR), "threshold": "1", "slo": "availability"}


@dataclass(frozen=True, slots=True)
class Found:
    """The services of a Prometheus, before anything is counted."""

    services: tuple[Named, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    requests: int
    presets: tuple[str, ...]


async def services_of(
    client: PrometheusClient, at: int, known: Config | None, presets: Sequence[PresetFile], progress: Progress
) -> Found:
    """Find the services of a Prometheus: three requests for the names of metrics, and one for each source that fits.

    Raises:
        QueryError: the names of metrics cannot be asked for.
    """
    progress.stage("names", 1)
    names = await metric_names(client, metrics_to_ask(presets), at)
    progress.advance()
    fitting = list(candidates(presets, names))
    progress.stage("services", len(fitting))
    secrets = {} if known is None else known.secrets
    choices: list[tuple[Candidate, Choice]] = []
    notes: list[str] = []
    for candidate in fitting:
        choices.append((candidate, await _of(client, candidate, at, secrets)))
        progress.advance()
    whole = claimed(one for _, choice in choices for one in choice.services)
    found_by = {one.key for one in whole}
    left_out = [
        text for candidate, choice in choices for text in (*choice.left_out, *choice.lacking(candidate.name, found_by))
    ]
    source = client.settings.name
    there = _known(known, source)
    kept = [
        one
        for one in _new(whole, None if known is None else known.of_source(source))
        if not any(service.is_of(one) for service in there)
    ]
    machines = [one for one in kept if layer_of(one.candidate.name) is Layer.MACHINE]
    for preset in dict.fromkeys(one.candidate.name for one in machines):
        some_of = [one for one in machines if one.candidate.name == preset]
        listed = some("/".join(one.labels.values()) for one in some_of)
        left_out.append(
            f"{preset}: {listed}: hosts and containers are what services run on; `provider: {preset}` reports them, too"
        )
    found = named([one for one in kept if layer_of(one.candidate.name) is not Layer.MACHINE], there)
    if len(found) > MOST_SERVICES:
        left_out.append(
            f"{len(found) - MOST_SERVICES:,} of {len(found):,} services with the least traffic: the first "
            f"{MOST_SERVICES} are written"
        )
        found = found[:MOST_SERVICES]
    repeat = may_repeat(found)
    if repeat:
        notes.append(
            f"{', '.join(repeat)} may be on the way of the same requests, which then count in several of them. Where "
            "names and counts are equal, only the source nearest to the user is written"
        )
    private = private_addresses(found)
    if private:
        notes.append(
            f"{some(private)} are private: a public target refuses their reports, unless `publish:` has them under "
            "`allow`, or `private: true`"
        )
    asked = 3 + len(fitting) + sum(health_query(one) is not None for one in fitting)
    return Found(found, tuple(left_out), tuple(notes), asked, tuple(preset.name for preset in presets))


def _known(known: Config | None, source: str) -> tuple[Known, ...]:
    services = () if known is None else known.services
    return tuple(Known(one.name, one.provider, _asked_by(one), is_asked=one.source == source) for one in services)


def _asked_by(service: Service) -> Mapping[str, str]:
    """The labels by which its queries find it: `service` is its name, also where no query asks for that label."""
    template = service.queries.get("total") or service.queries.get("availability")
    used = set() if template is None else {*template.by, *placeholders(template.promql)}
    return {label: text for label, text in service.labels.items() if label in used} or service.labels


async def _of(client: PrometheusClient, candidate: Candidate, at: int, secrets: Mapping[str, SecretStr]) -> Choice:
    """What one candidate has. A request that fails leaves out its source only."""
    asked = survey(candidate)
    try:
        answer = await client.query(asked.promql, at)
    except QueryError as error:
        return Choice(left_out=(f"{candidate.name}: {error.message}",))
    rows = [row(series.labels, series.last) for series in answer.series]
    rows, unwritten = without_credentials(candidate.name, rows, secrets)
    choice = choose(candidate, asked, rows)
    more = [f"{candidate.name}: only the {MOST_ROWS:,} series with the most traffic were examined"]
    examined = more if len(answer.series) >= MOST_ROWS else []
    choice = replace(choice, left_out=(*unwritten, *choice.left_out, *examined))
    if not choice.services:
        return choice
    health = health_query(candidate)
    if health is not None:
        with suppress(QueryError):  # without an answer they count; the user sees them in the report
            paths = await client.query(health, at)
            labels = [{name: text for name, text in one.labels.items() if name in PATHS} for one in paths.series]
            unfit = credentials((text for one in labels for text in one.values()), secrets)
            labels = [{name: text for name, text in one.items() if text not in unfit} for one in labels]
            choice = replace(choice, services=without_health(choice.services, labels))
    return choice


def _new(services: Iterable[Chosen], known: Config | None) -> Iterator[Chosen]:
    """The services that a file does not have under another provider's name."""
    queries = _queries_of(known)
    if not queries:
        yield from services
        return
    templates: dict[object, QueryTemplate] = {}
    for one in services:
        if one.source not in templates:
            loaded = one.candidate.preset.templates(one.parameters)
            templates[one.source] = loaded["total" if one.candidate.events else "availability"]
        if render_member(templates[one.source], Member("", one.labels), _VARIABLES) not in queries:
            yield one


def _queries_of(known: Config | None) -> frozenset[str]:
    """What decides the services that a file has."""
    found: set[str] = set()
    for service in () if known is None else known.services:
        for key in ("total", "availability"):
            template = service.queries.get(key)
            if template is not None:
                with suppress(TemplateError):
                    found.add(render_member(template, Member(service.name, service.labels), _VARIABLES))
    return frozenset(found)
