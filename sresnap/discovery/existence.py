"""Which of the metrics and labels that queries read exist in a Prometheus, and what looks like those that do not.

Many names share a request, so a source where all is in order costs two: one for the metrics, one for their labels.
Where a name is missing there are up to six more, and one for each metric that lacks a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sresnap.discovery.look_alikes import alike
from sresnap.model.history import Span
from sresnap.model.series import Answer
from sresnap.model.windows import HOUR
from sresnap.prometheus.diagnose import ask
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.marked import ask_each
from sresnap.promql.literals import quote
from sresnap.promql.uses import Use

MOST_METRICS = 40
"""Metrics that are looked at. What is beyond them is not, and says so."""
_NOW_OR_LATELY = ("{}", "last_over_time({}[1h])")
"""Series that are there, and those that a long scrape interval hides."""
_AT_ONCE = 20
"""Metrics or labels of one request."""
_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_BUCKET = "_bucket"


class Catalogue(Protocol):
    """What a survey needs of a client."""

    longest_query: int

    async def query(self, promql: str, time: int) -> Answer:
        """The query's values at one time."""
        ...

    async def metric_names(self, selector: str | None, span: Span) -> frozenset[str]:
        """The names of all metrics in a span."""
        ...

    async def label_names(self, selector: str, span: Span) -> frozenset[str]:
        """The labels of all series of a selector in a span."""
        ...


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a metric that is there."""

    known: tuple[str, ...] = ()
    """Labels of its series, and some that only the index still holds; empty where the server does not say."""
    missing: tuple[str, ...] = ()
    """Those that a query needs and no series has."""
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By label that is missing, those that series have and that look like it."""
    exported: tuple[str, ...] = ()
    """Those that it needs and that series have with the prefix `exported_`, too."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What exists of what queries read."""

    present: frozenset[str] = frozenset()
    """Names that have series, of those that queries read and of the other parts of their histograms."""
    names: tuple[str, ...] = ()
    """All names of the server; empty where nothing is missing, or it does not say."""
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By name that is not there, those that have series and look like it."""
    labels: Mapping[str, Labels] = field(default_factory=dict)
    """By metric that is there."""
    unseen: int = 0
    """Metrics beyond the limit."""
    native: frozenset[str] = frozenset()
    """Native histograms, of those whose buckets queries read; empty where the server does not know them."""


async def survey(
    client: Catalogue,
    used: Sequence[Use],
    time: int,
    identity: Mapping[str, frozenset[str]],
    most: int = MOST_METRICS,
) -> Survey:
    """Look up all metrics that queries read.

    Args:
        client: the server.
        used: what queries read; each metric once.
        time: seconds since the epoch.
        identity: by metric, the labels that services are known by.
        most: how many metrics are looked at.

    Raises:
        QueryError: the server does not say which metrics exist.
    """
    looked_at = used[:most]
    named = [use.metric for use in looked_at if not use.metric.startswith("{")]
    wanted = [name for metric in named for name in (metric, *_family(metric))]
    present = await existing(client, wanted, time)
    absent = [metric for metric in named if metric not in present]
    names: tuple[str, ...] = ()
    looks: dict[str, tuple[str, ...]] = {}
    if absent:
        try:
            names = tuple(sorted(await client.metric_names(None, Span(time - HOUR, time))))
        except QueryError:
            names = ()
        found = {name: alike(name, names, 8) for name in absent}
        now = await existing(client, [name for some in found.values() for name in some], time)
        looks = {name: tuple(one for one in some if one in now)[:5] for name, some in found.items()}
    here = [use for use in looked_at if use.metric in present]
    labels = await _Labels(client, time, identity).of(here)
    bases = [metric.removesuffix(_BUCKET) for metric in named if metric.endswith(_BUCKET)]
    native = await _native(client, [base for base in bases if base in present], time)
    return Survey(present, names, looks, labels, len(used) - len(looked_at), native)


async def _native(client: Catalogue, bases: Sequence[str], time: int) -> frozenset[str]:
    """Those that are native histograms. Prometheus before 2.40 and other engines refuse the question."""
    try:
        answers = await ask_each(client, [f"count(histogram_count({base}))" for base in bases], time)
    except QueryError:
        return frozenset()
    return frozenset(base for base, some in zip(bases, answers, strict=True) if some)


def _family(metric: str) -> tuple[str, ...]:
    """The other names that show what became of a histogram's buckets."""
    base = metric.removesuffix(_BUCKET)
    return () if base == metric else (base, f"{base}_count")


async def existing(client: Catalogue, names: Iterable[str], time: int) -> frozenset[str]:
    """The names that have series, or had them within the hour.

    Raises:
        QueryError: there is no whole answer.
    """
    wanted = list(dict.fromkeys(names))
    found: set[str] = set()
    for form in _NOW_OR_LATELY:
        absent = [name for name in wanted if name not in found]
        for start in range(0, len(absent), _AT_ONCE):
            pattern = "|".join(map(re.escape, absent[start : start + _AT_ONCE]))
            text = form.format(f"{{__name__=~{quote(pattern)}}}")
            answer = await ask(client, f"count by (__name__) ({text})", time)
            found |= {series.labels.get("__name__", "") for series in answer.series}
    return frozenset(found)


Place = tuple[str, str]
"""A metric and a label."""


@dataclass(frozen=True, slots=True)
class _Labels:
    """Looks up the labels of metrics."""

    client: Catalogue
    time: int
    identity: Mapping[str, frozenset[str]]

    async def of(self, here: Sequence[Use]) -> dict[str, Labels]:
        """By metric, which of the labels that queries need exist. A look-up that fails says nothing."""
        needed = {use.metric: self._needed(use) for use in here}
        wholes = {(use.metric, ""): use.narrowed(*map(_has, needed[use.metric])) for use in here if needed[use.metric]}
        exported = {
            (use.metric, label): use.narrowed(_has(f"exported_{label}"))
            for use in here
            for label in needed[use.metric]
            if label in self._identity(use)
        }
        try:
            found = await self._there({**wholes, **exported}, _NOW_OR_LATELY[:1])
            unsure = [use for use in here if (use.metric, "") in wholes.keys() - found]
            single = {(u.metric, label): u.narrowed(_has(label)) for u in unsure for label in needed[u.metric]}
            lacking = single.keys() - await self._there(single, _NOW_OR_LATELY)
        except QueryError:
            return {}
        missing = {u.metric: tuple(one for one in needed[u.metric] if (u.metric, one) in lacking) for u in here}
        known = {use.metric: await self._known(use) for use in here if missing[use.metric]}
        near = {place: alike(place[1], filter(_PLAIN.fullmatch, known[place[0]]), 3) for place in lacking}
        uses = {use.metric: use for use in here}
        candidates = {(m, one): uses[m].narrowed(_has(one)) for (m, _), some in near.items() for one in some}
        try:
            now = await self._there(candidates, _NOW_OR_LATELY)
        except QueryError:
            now = set()
        return {
            metric: Labels(
                known.get(metric, ()),
                lacks,
                {label: tuple(one for one in near[metric, label] if (metric, one) in now) for label in lacks},
                tuple(label for label in needed[metric] if (metric, label) in exported.keys() & found),
            )
            for metric, lacks in missing.items()
        }

    def _identity(self, use: Use) -> frozenset[str]:
        return self.identity.get(use.metric, frozenset())

    def _needed(self, use: Use) -> list[str]:
        """What is only grouped by may be absent, unless it decides whose a series is, or which bucket."""
        return [label for label in use.labels if label not in use.grouped or label in self._identity(use) | {"le"}]

    async def _known(self, use: Use) -> tuple[str, ...]:
        try:
            found = await self.client.label_names(use.narrowed(), Span(self.time - HOUR, self.time))
        except QueryError:
            return ()
        return tuple(sorted(found - {"__name__"}))

    async def _there(self, series: Mapping[Place, str], forms: Sequence[str]) -> set[Place]:
        """The selectors that find a series.

        Raises:
            QueryError: there is no whole answer.
        """
        found: set[Place] = set()
        for form in forms:
            left = [place for place in series if place not in found]
            counts = [f"count({form.format(series[place])})" for place in left]
            answers = await ask_each(self.client, counts, self.time, _AT_ONCE)
            found |= {place for place, some in zip(left, answers, strict=True) if some}
        return found


def _has(label: str) -> str:
    return f'{label}!=""'
