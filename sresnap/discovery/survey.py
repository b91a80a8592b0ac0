"""The query that finds the services of a candidate: which labels their series have, and how much each counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap.discovery.candidates import Candidate, Layer, Pinned, layer_of
from sresnap.promql.reader import sample_text
from sresnap.promql.selectors import dependence, places
from sresnap.promql.tree import Matcher, Selector, written

MOST_ROWS = 5_000
"""Combinations of labels in an answer: those with the most traffic. A service has a few."""
FALLBACKS = ("service_name", "app", "application", "service", "job")
"""Labels that name a service where the preset's own label is not there."""
SPLITTERS = ("cluster", "namespace")
"""Labels by which services of one name differ."""
CODES = ("code", "status", "status_code", "http_status", "http_status_code", "http_response_status_code")
"""Labels of status codes."""
PATHS = ("path", "handler", "uri", "route", "http_route", "endpoint", "url", "url_rule", "http_target")
"""Labels of paths."""
_HEALTH = r"/(.*/)?(healthz?|health[-_]?check|readyz?|readiness|livez?|liveness|alive|ping|metrics)/?"
_UP = "up"
_SAMPLE = "x"
"""What `sample_text` puts into strings."""
_PART = "sresnap_part"
_HAS = "sresnap_has_"
_DAY = "1d"


@dataclass(frozen=True, slots=True)
class Row:
    """Series of a candidate that have the same labels."""

    labels: Mapping[str, str]
    codes: frozenset[str]
    """The labels of status codes that they have."""
    events: float
    """In the last day, roughly: it ranks services and is shown nowhere."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What to ask of a candidate."""

    promql: str
    pinned: tuple[Pinned, ...]
    codes: tuple[str, ...]
    """The labels of status codes that are looked for."""


def survey(candidate: Candidate) -> Survey:
    """The query for a candidate's services. One request."""
    pinned = tuple(_pinned(candidate))
    codes = _codes(candidate)
    labels = _labels(candidate, pinned)
    is_counter = candidate.deciding.least is not None
    parts = [_marked(_events(selector, is_counter), place) for place, selector in enumerate(_selectors(candidate))]
    text = " or ".join(parts)
    for code in codes:
        text = f'label_replace({text}, "{_HAS}{code}", "1", "{code}", ".+")'
    by = ", ".join((*labels, *(f"{_HAS}{code}" for code in codes)))
    return Survey(f"topk({MOST_ROWS}, sum by ({by}) ({text}))", pinned, codes)


def row(labels: Mapping[str, str], events: float | None) -> Row:
    """A series of the answer."""
    # VictoriaMetrics answers a label without a value as an empty text, Prometheus not at all.
    codes = frozenset(name.removeprefix(_HAS) for name, text in labels.items() if name.startswith(_HAS) and text)
    plain = {name: text for name, text in labels.items() if text and not name.startswith(_HAS)}
    return Row(plain, codes, events or 0.0)


def _events(selector: Selector, is_counter: bool) -> str:
    text = written(selector, "")
    if is_counter:
        return f"(increase({text}[{_DAY}]) or 0 * last_over_time({text}[{_DAY}]))"
    return f"count_over_time({text}[{_DAY}])"


def _marked(text: str, place: int) -> str:
    return f'label_replace({text}, "{_PART}", "{place}", "", "")'


def _labels(candidate: Candidate, pinned: tuple[Pinned, ...]) -> tuple[str, ...]:
    identity = candidate.metrics.identity
    own = [*identity, *(one.label for one in pinned), *FALLBACKS, *SPLITTERS]
    return tuple(dict.fromkeys(name for label in own for name in (label, f"exported_{label}")))


def _codes(candidate: Candidate) -> tuple[str, ...]:
    """The labels by which its query for bad events differs from the one for all events."""
    if "bad" not in candidate.templates:
        return ()
    if candidate.has_code_parameter:
        return CODES
    total = {label for one in candidate.metrics.readings if one.key == "total" for label in one.labels}
    bad = [one for one in candidate.metrics.readings if one.key == "bad"]
    counted = {one.metric for one in candidate.metrics.readings if one.key == "total"}
    return tuple(
        dict.fromkeys(label for one in bad if one.metric in counted for label in one.labels if label not in total)
    )


def _selectors(candidate: Candidate) -> Iterator[Selector]:
    """What its services have, without what names one of them or a parameter."""
    found = dict.fromkeys(_stripped(one, candidate) for one in deciding_selectors(candidate))
    return iter(found)


def deciding_selectors(candidate: Candidate) -> tuple[Selector, ...]:
    """The series that show that a service is there, with a sample in place of its labels."""
    template = candidate.deciding
    texts = template.counters if candidate.events and template.counters else (template.promql,)
    found = [one for text in texts for one in places(sample_text(text)) if one.name and one.name != _UP]
    if found:
        # Of a query that divides, what it counts: the other side may have other labels.
        counted = {one.name for text in texts for one in dependence(sample_text(text)).counted}
        return tuple(one for one in found if one.name in counted) or tuple(found)
    name = next(metric for metric in candidate.metrics.deciding if metric in candidate.present)
    return (Selector(name),)


def _stripped(selector: Selector, candidate: Candidate) -> Selector:
    identity, pins = candidate.metrics.identity, {one.label: one for one in _pinned(candidate)}
    kept = tuple(
        one
        for one in selector.matchers
        if not (one.label in identity and one.value == _SAMPLE) and not _is_pin(one, pins.get(one.label))
    )
    return replace(selector, matchers=(*kept, *_proofs(candidate, kept)))


def _proofs(candidate: Candidate, matchers: Sequence[Matcher]) -> Iterator[Matcher]:
    """The labels by which an application's preset leaves requests out: its exporter always has them.

    Several exporters have the metric http_requests_total, and one without the label is not this one.
    """
    if layer_of(candidate.name) is Layer.APPLICATION:
        yield from (Matcher(one.label, "!=", "") for one in matchers if one.operator in ("!=", "!~"))


def _is_pin(matcher: Matcher, pin: Pinned | None) -> bool:
    return pin is not None and matcher.value == pin.default and matcher.operator == ("=~" if pin.is_regex else "=")


def _pinned(candidate: Candidate) -> Iterator[Pinned]:
    """The labels whose value a parameter of the preset names, in what decides."""
    shapes = candidate.preset.parameters
    texts = candidate.deciding.counters or (candidate.deciding.promql,)
    matchers = dict.fromkeys(m for text in texts for one in places(sample_text(text)) for m in one.matchers)
    for name, shape in shapes.items():
        for one in matchers:
            if shape.kind in ("value", "regex") and one.value == shape.default and one.operator in ("=", "=~"):
                yield Pinned(one.label, name, one.value, one.operator == "=~", tuple(shape.choices or ()))


def health_query(candidate: Candidate) -> str | None:
    """Which paths of an application are checks of health; None for other sources. One request."""
    is_asked = layer_of(candidate.name) in (Layer.APPLICATION, Layer.GENERIC)
    if not is_asked or "matchers" not in candidate.preset.parameters:
        return None
    found = (
        f"last_over_time({written(replace(one, matchers=(*one.matchers, Matcher(label, '=~', _HEALTH))), '')}[1h])"
        for one in _selectors(candidate)
        for label in PATHS
    )
    return f"count by ({', '.join(PATHS)}) ({' or '.join(found)})"
