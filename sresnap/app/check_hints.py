"""The hints of `check --online`: looks up what the queries of a configuration read, and says what is amiss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap import promql
from sresnap.app.findings import Finding
from sresnap.discovery.existence import Catalogue, survey
from sresnap.discovery.hints import Hint, hints_of
from sresnap.discovery.preset_metrics import shipped_metrics
from sresnap.model.query import Query
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.uses import Use, uses


@dataclass(frozen=True, slots=True)
class Read:
    """What queries read."""

    by_query: tuple[tuple[Use, ...], ...]
    every: tuple[Use, ...]
    """Each metric once, with all labels that any query needs of it."""
    identity: Mapping[str, frozenset[str]]
    """By metric, the labels that services are known by."""

    @classmethod
    def of(cls, queries: Sequence[Query]) -> Read:
        """What some queries read, each of one service."""
        by_query = tuple(map(_uses, queries))
        every: dict[str, Use] = {}
        identity: dict[str, frozenset[str]] = {}
        for query, some in zip(queries, by_query, strict=True):
            labels = query.members[0].labels.keys()
            names = frozenset(query.template.by) or promql.placeholders(query.template.promql) & labels
            for use in some:
                every[use.metric] = _merged(every.get(use.metric, use), use)
                identity[use.metric] = identity.get(use.metric, frozenset()) | names
        return cls(by_query, tuple(every.values()), identity)


async def with_hints(
    client: Catalogue, findings: Sequence[Finding], queries: Sequence[Query], at: int
) -> tuple[list[Finding], int]:
    """Findings with the hints of what their queries read, and how many metrics were not looked at.

    Args:
        client: the server.
        findings: what each query found for each service.
        queries: the query of each finding, for its service only.
        at: seconds since the epoch.

    Raises:
        QueryError: the server does not say which metrics exist.
    """
    read = Read.of(queries)
    found = await survey(client, read.every, at, read.identity)
    of_metric = {use.metric: tuple(hints_of(use, found, _of_preset)) for use in read.every}
    hints = [[hint for use in some for hint in _about(use, of_metric[use.metric])] for some in read.by_query]
    pairs = zip(findings, hints, strict=True)
    return [replace(finding, hints=_with(finding.hints, some)) for finding, some in pairs], found.unseen


def _with(traps: Sequence[Hint], hints: Sequence[Hint]) -> tuple[Hint, ...]:
    """Hints after traps. A trap of a preset says more of buckets that are switched off."""
    covered = {trap.of for trap in traps}
    return tuple(dict.fromkeys((*traps, *(hint for hint in hints if hint.of not in covered))))


def _about(use: Use, hints: Sequence[Hint]) -> Iterator[Hint]:
    """The hints of a metric that concern one query: without hints about labels that only other queries need."""
    return (hint for hint in hints if hint.of in (use.metric, *use.labels))


def _of_preset(metrics: Sequence[str]) -> tuple[str, ...]:
    """The shipped presets that count by one of some metrics."""
    return tuple(one.preset for one in shipped_metrics() if any(metric in metrics for metric in one.deciding))


def _uses(query: Query) -> tuple[Use, ...]:
    try:
        return uses(promql.render(query))
    except (NotPromqlError, promql.TemplateError):
        return ()


def _merged(one: Use, other: Use) -> Use:
    """A metric with the labels that two queries need of it."""
    if one == other:
        return one
    chosen = dict.fromkeys((*one.chosen, *other.chosen))
    left_out = {label: None for label in (*one.left_out, *other.left_out) if label not in chosen}
    grouped = {label: None for label in (*one.grouped, *other.grouped) if label not in chosen | left_out}
    return replace(one, chosen=tuple(chosen), left_out=tuple(left_out), grouped=tuple(grouped))
