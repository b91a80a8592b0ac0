"""Which metrics a preset reads: their names, their labels, and those that decide whether it fits a Prometheus."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sresnap.config.preset_files import PresetFile, shipped_presets
from sresnap.model.query import QueryTemplate
from sresnap.promql.reader import sample_text
from sresnap.promql.selectors import dependence, places
from sresnap.promql.tree import Selector

_UP = "up"
"""Every scrape target has it, so it says nothing about what the target is."""
_EVENTS = "total"
_TIME = "availability"
_PLAIN = re.compile(r"[A-Za-z_:][\w:]*", re.ASCII)
_ALTERNATIVES = re.compile(r"(?P<head>[\w:]*)(?:\((?:\?:)?(?P<inner>[\w:|]*)\))?(?P<tail>[\w:]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric that a query of a preset reads."""

    key: str
    """The query: `total`, `latency_p99`, …"""
    metric: str
    labels: tuple[str, ...]
    """Those that the query selects by."""


@dataclass(frozen=True, slots=True)
class PresetMetrics:
    """What a preset reads."""

    preset: str
    identity: tuple[str, ...]
    """The labels that name a service."""
    readings: tuple[Reading, ...]
    ways: Mapping[str, tuple[frozenset[str], ...]]
    """By query, sets of metrics. Any one set is enough for an answer."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Every metric, each once."""
        return tuple(dict.fromkeys(reading.metric for reading in self.readings))

    @property
    def deciding(self) -> tuple[str, ...]:
        """Metrics that show the source by themselves: what is counted, or what is up.

        `up` is of every source, so it decides nothing. A preset that judges by `up` only is known by its other metrics.
        """
        for key in (_EVENTS, _TIME):
            found = [reading.metric for reading in self.readings if reading.key == key and reading.metric != _UP]
            if found:
                return tuple(dict.fromkeys(found))
        return tuple(metric for metric in self.metrics if metric != _UP)

    def fits(self, names: Collection[str]) -> bool:
        """Whether a Prometheus with metrics of these names has the source."""
        return any(metric in names for metric in self.deciding)

    def unanswered(self, names: Collection[str]) -> tuple[str, ...]:
        """The queries that find nothing in a Prometheus with metrics of these names."""
        known = {*names, _UP}
        return tuple(key for key, ways in self.ways.items() if not any(way <= known for way in ways))


@cache
def shipped_metrics() -> tuple[PresetMetrics, ...]:
    """What each shipped preset reads, by name."""
    return tuple(metrics_of(preset) for preset in shipped_presets())


def metrics_of(preset: PresetFile, parameters: Mapping[str, Any] | None = None) -> PresetMetrics:
    """What a preset reads, with some of its parameters set.

    Raises:
        ConfigError: its file or a value has mistakes.
    """
    templates = preset.templates(parameters)
    readings = [one for template in templates.values() for one in _readings(template)]
    ways = {key: tuple(_ways(template)) for key, template in templates.items()}
    return PresetMetrics(preset.name, _identity(templates), tuple(dict.fromkeys(readings)), ways)


def fitting(names: Collection[str]) -> tuple[PresetMetrics, ...]:
    """The shipped presets whose source a Prometheus with metrics of these names has."""
    return tuple(one for one in shipped_metrics() if one.fits(names))


def _identity(templates: Mapping[str, QueryTemplate]) -> tuple[str, ...]:
    deciding = next((templates[key] for key in (_EVENTS, _TIME) if key in templates), None)
    chosen = deciding or next(iter(templates.values()), None)
    return () if chosen is None else chosen.by


def _readings(template: QueryTemplate) -> Iterator[Reading]:
    for text in template.counters or (template.promql,):
        for selector in places(sample_text(text)):
            labels = tuple(dict.fromkeys(one.label for one in selector.matchers if one.label != "__name__"))
            for name in names_of(selector):
                yield Reading(template.key, name, labels)


def _ways(template: QueryTemplate) -> Iterator[frozenset[str]]:
    """A count of several metrics has an answer where one of them exists."""
    for text in template.counters or (template.promql,):
        for way in dependence(sample_text(text)).needed:
            yield frozenset(name for selector in way for name in names_of(selector)[:1])


def names_of(selector: Selector) -> tuple[str, ...]:
    """The metrics that a selector names: one, or the alternatives of a regular expression, as in `a_(total|count)`.

    An expression that names no fixed set gives none.
    """
    if selector.name:
        return (selector.name,)
    texts = [one.value for one in selector.matchers if one.label == "__name__" and one.operator in ("=", "=~")]
    return tuple(dict.fromkeys(name for text in texts for part in _parts(text) for name in _expanded(part)))


def _parts(regex: str) -> Iterator[str]:
    """The alternatives of a regular expression outside of groups."""
    depth, start = 0, 0
    for place, letter in enumerate(regex):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            yield regex[start:place]
            start = place + 1
    yield regex[start:]


def _expanded(regex: str) -> Iterator[str]:
    found = _ALTERNATIVES.fullmatch(regex)
    if found is None:
        return
    for middle in [""] if found["inner"] is None else found["inner"].split("|"):
        name = f"{found['head']}{middle}{found['tail']}"
        if _PLAIN.fullmatch(name):
            yield name
