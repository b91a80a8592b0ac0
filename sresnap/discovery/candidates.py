"""The presets to try, with the parameters that fit them to what is there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from sresnap.config.preset_files import PresetFile
from sresnap.discovery.preset_metrics import PresetMetrics, metrics_of
from sresnap.model.query import QueryTemplate
from sresnap.promql.parameters import Kind

Parameters = Mapping[str, "str | tuple[str, ...]"]
"""Of a preset, as sresnap.yaml has them."""

_VARIANTS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "http": ({"total": "http_request_duration_seconds_count"},),
    "otel-http-old": ({"duration": "http_server_duration"},),
    "ingress-nginx": ({"duration": "nginx_ingress_controller_response_duration_seconds"},),
    "kube-apiserver": (
        {"duration": "apiserver_request_slo_duration_seconds"},
        {"duration": "apiserver_request_duration_seconds"},
    ),
}
"""Other names of the same numbers. A preset's defaults come first."""
_NOT_TRIED = ("recorded",)
"""Presets of what sresnap itself wrote."""


class Layer(IntEnum):
    """Where a source counts. Of two that count the same requests, the nearer to the user sees more of their errors."""

    EDGE = 1
    MESH = 2
    APPLICATION = 3
    GENERIC = 4
    OTHER = 5
    """Neither a part of the way of a request, nor the machine below it: tasks, databases, probes."""
    MACHINE = 6
    """Hosts and containers: what services run on."""


_LAYERS: Mapping[str, Layer] = {
    **dict.fromkeys(("aws-alb", "haproxy", "traefik", "ingress-nginx", "kong", "caddy", "envoy"), Layer.EDGE),
    **dict.fromkeys(("istio", "linkerd"), Layer.MESH),
    **dict.fromkeys(
        ("otel-http", "otel-http-old", "micrometer", "django", "flask", "fastapi", "grpc"), Layer.APPLICATION
    ),
    "http": Layer.GENERIC,
    **dict.fromkeys(("node", "windows", "kubernetes"), Layer.MACHINE),
}
_ORDER = tuple(_LAYERS)


def layer_of(preset: str) -> Layer:
    """Where a preset's source counts."""
    return _LAYERS.get(preset, Layer.OTHER)


def nearness(preset: str) -> tuple[int, int]:
    """The order of sources, the nearest to the user first; of OpenTelemetry's generations, the newer one."""
    return layer_of(preset), _ORDER.index(preset) if preset in _ORDER else len(_ORDER)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A label whose value a parameter names: `reporter`, `handler`, a scrape job."""

    label: str
    parameter: str
    default: str
    is_regex: bool
    choices: tuple[str, ...] = ()

    def takes(self, value: str) -> bool:
        """Whether the default selects a value."""
        return re.fullmatch(self.default, value) is not None if self.is_regex else value == self.default


@dataclass(frozen=True, slots=True)
class Candidate:
    """A preset with some parameters, whose metrics exist."""

    preset: PresetFile
    parameters: Parameters
    metrics: PresetMetrics
    templates: Mapping[str, QueryTemplate]
    off: tuple[str, ...]
    """Queries whose metrics do not exist."""
    present: frozenset[str] = frozenset()
    """The names of metrics that exist."""
    place: int = 0
    """Among the variants of its preset."""

    @property
    def name(self) -> str:
        """The preset's name, or the path of a file."""
        return self.preset.name

    @property
    def events(self) -> bool:
        """Whether it counts events. Otherwise it judges time."""
        return "total" in self.templates

    @property
    def deciding(self) -> QueryTemplate:
        """What it counts, or what is up."""
        return self.templates["total" if self.events else "availability"]

    @property
    def has_code_parameter(self) -> bool:
        """Whether the label of the status code is a parameter."""
        shape = self.preset.parameters.get("code")
        return shape is not None and Kind(shape.kind) is Kind.LABEL


def candidates(presets: Collection[PresetFile], names: Collection[str]) -> Iterator[Candidate]:
    """The presets that fit, each with the first of its variants that has the most queries."""
    for preset in presets:
        if preset.name in _NOT_TRIED:
            continue
        found = [one for one in _variants(preset, names) if one.deciding]
        for place in sorted(range(len(found)), key=lambda place: (len(found[place].off), place)):
            one = found[place]
            yield replace(one, place=place)
            if preset.name != "http":  # two applications may count in two ways
                break


def _variants(preset: PresetFile, names: Collection[str]) -> Iterator[Candidate]:
    for parameters in ({}, *_VARIANTS.get(preset.name, ())):
        metrics = metrics_of(preset, parameters)
        if metrics.fits(names):
            templates = preset.templates(parameters)
            if "total" in templates or "availability" in templates:
                yield Candidate(preset, parameters, metrics, templates, metrics.unanswered(names), frozenset(names))


def metrics_to_ask(presets: Collection[PresetFile]) -> frozenset[str]:
    """Every metric that presets and their variants read."""
    return frozenset(
        metric
        for preset in presets
        for parameters in ({}, *_VARIANTS.get(preset.name, ()))
        for metric in metrics_of(preset, parameters).metrics
    )
