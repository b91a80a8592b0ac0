"""The traps of presets: `check --online` asks for the series that show them, many by one request.

A trap that is about what a service's own queries read is looked for in the service's own series. Others, such as
metrics of an older version, are looked for in the whole source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from sresnap import promql
from sresnap.app.findings import Finding
from sresnap.config.settings import Config
from sresnap.discovery.hints import Hint
from sresnap.model.query import Query
from sresnap.model.trap import Trap
from sresnap.prometheus.marked import ask_each
from sresnap.prometheus.recording import InstantClient
from sresnap.promql.names import label_text
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.tree import Matcher, Selector
from sresnap.promql.uses import text_of, uses

_Labels: TypeAlias = tuple[str, ...]
_Place: TypeAlias = tuple[Trap, _Labels]
"""A trap, and the labels of the services that it is looked for in; none for the whole source."""
_Reads: TypeAlias = Mapping[str, set[_Labels]]
"""By metric, without the endings of histograms: the labels that a service is known by in it."""
_ENDINGS = ("_bucket", "_count", "_sum")


async def with_traps(
    client: InstantClient, findings: Sequence[Finding], queries: Sequence[Query], config: Config, at: int
) -> list[Finding]:
    """Findings with the traps of their presets that series show.

    Args:
        client: the server.
        findings: what each query found for each service.
        queries: the query of each finding, for its service only.
        config: whose presets name traps.
        at: seconds since the epoch.

    Raises:
        QueryError: a request had no whole answer.
    """
    reads = _reads(queries)
    places = {
        service: {trap: _labels(trap, reads[service]) for trap in config.traps.get(service, ())} for service in reads
    }
    wanted = [place for of_service in places.values() for place in of_service.items()]
    there = await shown(client, list(dict.fromkeys(wanted)), at)
    return [
        replace(finding, hints=(*finding.hints, *_hints(finding, query, places[finding.service], there)))
        for finding, query in zip(findings, queries, strict=True)
    ]


async def shown(client: InstantClient, places: Sequence[_Place], at: int) -> dict[_Place, frozenset[_Labels]]:
    """By trap that series show now, the values of the labels of the services that it holds for.

    Raises:
        QueryError: a request had no whole answer.
    """
    answers = await ask_each(client, [_query(trap, labels) for trap, labels in places], at)
    return {
        (trap, labels): frozenset(tuple(series.labels.get(label, "") for label in labels) for series in found)
        for (trap, labels), found in zip(places, answers, strict=True)
        if found
    }


def _hints(
    finding: Finding, query: Query, places: Mapping[Trap, _Labels], there: Mapping[_Place, frozenset[_Labels]]
) -> Iterator[Hint]:
    (member,) = query.members
    for trap, labels in places.items():
        holds = member.values(labels) in there.get((trap, labels), ())
        if holds and (not trap.queries or finding.query in trap.queries):
            yield Hint("trap", trap.absent or trap.present, trap.text)


def _reads(queries: Sequence[Query]) -> dict[str, dict[str, set[_Labels]]]:
    found: dict[str, dict[str, set[_Labels]]] = {}
    for query in queries:
        of_service = found.setdefault(query.members[0].service, {})
        try:
            read_here = uses(promql.render(query))
        except (NotPromqlError, promql.TemplateError):
            continue
        for use in read_here if query.template.by else ():
            of_service.setdefault(_family(use.metric), set()).add(query.template.by)
    return found


def _labels(trap: Trap, reads: _Reads) -> _Labels:
    """The labels that services are known by in all that a trap looks at, unless it is about these labels itself."""
    selectors = [_selector(text) for text in (trap.present, trap.absent) if text is not None]
    common = set.intersection(*(reads.get(_family(one.name), set()) for one in selectors))
    if len(common) != 1:
        return ()
    (labels,) = common
    about = {trap.several, *(matcher.label for one in selectors for matcher in one.matchers)}
    return () if about & set(labels) else labels


def _family(metric: str) -> str:
    return next((metric.removesuffix(ending) for ending in _ENDINGS if metric.endswith(ending)), metric)


def _selector(text: str) -> Selector:
    found = read(text)
    assert isinstance(found, Selector), "presets are checked when they are read"
    return found


def _query(trap: Trap, labels: _Labels) -> str:
    """Has a series for each service where the trap is there."""
    by = f" by ({', '.join(map(label_text, labels))}) " if labels else ""
    query = f"count{by}({trap.present})"
    if trap.several is not None:
        each = ", ".join(map(label_text, (*labels, trap.several)))
        query = f"(count{by}(count by ({each}) ({trap.present})) > 1)"
    for one in _with_a_label(trap):
        query = f"({query} and on () count({one}))"
    return query if trap.absent is None else f"({query} unless count{by}({trap.absent}))"


def _with_a_label(trap: Trap) -> Iterator[str]:
    """For `label=""`, the series that have the label: where none has it, its absence says nothing of a series.

    A trap whose `absent` names the label is about a label that no series has.
    """
    selector = _selector(trap.present)
    named = set() if trap.absent is None else {matcher.label for matcher in _selector(trap.absent).matchers}
    for matcher in selector.matchers:
        if matcher.operator == "=" and not matcher.value and matcher.label not in named:
            yield text_of(Selector(selector.name, (Matcher(matcher.label, "!=", ""),)))
