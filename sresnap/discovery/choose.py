"""Which services a source has, and by which labels and parameters a report finds each of them. Pure decisions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sresnap import format as fmt
from sresnap.discovery.candidates import Candidate, Parameters, Pinned
from sresnap.discovery.survey import FALLBACKS, SPLITTERS, Row, Survey
from sresnap.printable import has_unprintable
from sresnap.promql import quote

_TOOLS = re.compile(
    r"(.*[-_/])?(prometheus(-operator)?|alertmanager|grafana|loki|tempo|thanos.*|mimir.*|pushgateway|cadvisor|kubelet"
    r"|kube-state-metrics|otel-collector|.*exporter|victoria-?metrics|vmagent|vmalert)([-_]\d+)?"
)
"""Monitoring's own servers, which export metrics under the same names as applications."""

_Key = tuple[tuple[str, str], ...]
"""Labels and values that name a service."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A service as one source has it."""

    candidate: Candidate
    labels: Mapping[str, str]
    """Of its identity."""
    parameters: Parameters
    """Those that differ from the preset's defaults."""
    events: float
    """In the last day, roughly: it ranks services."""
    notes: tuple[str, ...] = ()
    job: str | None = None
    """The job that scrapes it; None where there are several."""

    @property
    def source(self) -> tuple[str, tuple[tuple[str, str | tuple[str, ...]], ...]]:
        """What services need to have in common to share their queries."""
        return self.candidate.name, tuple(sorted(self.parameters.items()))

    @property
    def key(self) -> _Key:
        """What names the service, whichever preset finds it."""
        return tuple(sorted(self.labels.items()))


@dataclass(frozen=True, slots=True)
class Choice:
    """The services of a candidate, and what is left out of them."""

    services: tuple[Chosen, ...] = ()
    left_out: tuple[str, ...] = ()
    """What, and why, in one sentence each."""
    unjudged: Mapping[_Key, str] = field(default_factory=dict)
    """Services without a label that shows errors, by what names them. Another preset may find one."""
    codes: tuple[str, ...] = ()
    """The labels that were looked for."""

    def lacking(self, source: str, others: Container[_Key]) -> tuple[str, ...]:
        """What is said of services that no other preset finds."""
        names = [shown for key, shown in self.unjudged.items() if key not in others]
        codes = ", ".join(self.codes)
        return (f"{source}: {some(names)}: no label shows errors; looked for {codes}",) if names else ()


@dataclass
class _Seen:
    """The rows of one service."""

    rows: list[Row] = field(default_factory=list)
    identity: Mapping[str, str] = field(default_factory=dict)
    """Labels and values, as they were found."""


def choose(candidate: Candidate, survey: Survey, rows: Sequence[Row]) -> Choice:
    """The services that a survey found."""
    left_out: list[str] = []
    seen: dict[_Key, _Seen] = {}
    nameless = 0
    for row in rows:
        labels = _identity(candidate, row)
        if labels is None:
            nameless += 1
            continue
        seen.setdefault(tuple(labels.items()), _Seen(identity=labels)).rows.append(row)
    if nameless and not seen:
        wanted = ", ".join(dict.fromkeys((*candidate.metrics.identity, *FALLBACKS)))
        left_out.append(f"{candidate.name}: no label names a service; looked for {wanted}")
    services: list[Chosen] = []
    tools: list[str] = []
    unjudged: dict[_Key, str] = {}
    for one in _split(seen.values()):
        shown = "/".join(one.identity.values())
        if any(has_unprintable(value) for value in one.identity.values()):
            left_out.append(f"{candidate.name}: a service whose label has control characters")
        elif _is_tool(candidate, one.identity):
            tools.append(shown)
        else:
            found = _chosen(candidate, survey, one)
            if found is None:
                unjudged[tuple(sorted(one.identity.items()))] = shown
            else:
                services.append(found)
    if tools:
        left_out.append(f"{candidate.name}: {some(tools)}: the requests of monitoring itself")
    return Choice(tuple(services), tuple(left_out), unjudged, survey.codes)


def _is_tool(candidate: Candidate, identity: Mapping[str, str]) -> bool:
    """Whether requests are monitoring's own, or the dashboard and the metrics of the proxy itself."""
    match candidate.name:
        case "http":
            return _TOOLS.fullmatch(identity.get("job", "/".join(identity.values()))) is not None
        case "traefik":  # https://doc.traefik.io/traefik/: `@internal` is the provider of its own services
            return any(value.endswith("@internal") for value in identity.values())
        case _:
            return False


def some(names: Iterable[str]) -> str:
    """The first of some names in order, and how many more there are."""
    return fmt.some(sorted(names))


def _identity(candidate: Candidate, row: Row) -> dict[str, str] | None:
    """The labels that name a service: as the exporter gave them, before a scrape put its own in their place."""
    found: dict[str, str] = {}
    for label in candidate.metrics.identity:
        name = next((name for name in (f"exported_{label}", label) if name in row.labels), None)
        if name is None:
            break
        found[name] = row.labels[name]
    else:
        return found
    fallback = next((f"{x}{name}" for name in FALLBACKS for x in ("exported_", "") if f"{x}{name}" in row.labels), None)
    return None if fallback is None else {fallback: row.labels[fallback]}


def _split(seen: Iterable[_Seen]) -> Iterable[_Seen]:
    """Services whose labels are the same in several namespaces or clusters are several services."""
    for one in seen:
        by: list[str] = []
        for label in SPLITTERS:
            # A target's own namespace says nothing where the exporter speaks of many.
            renamed = f"exported_{label}"
            name = renamed if any(renamed in row.labels for row in one.rows) else label
            if name not in one.identity and len({row.labels.get(name, "") for row in one.rows}) > 1:
                by.append(name)
        if not by or "instance" in one.identity:
            yield one
            continue
        groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in one.rows:
            groups[tuple(row.labels.get(name, "") for name in by)].append(row)
        if not all(all(values) for values in groups):  # no labels would find the series without them
            yield one
            continue
        for values, rows in groups.items():
            yield _Seen(rows, {**dict(zip(by, values, strict=True)), **one.identity})


def _chosen(candidate: Candidate, survey: Survey, seen: _Seen) -> Chosen | None:
    """The service with its parameters; None where no label shows errors."""
    parameters: dict[str, str | tuple[str, ...]] = dict(candidate.parameters)
    notes: list[str] = []
    rows = seen.rows
    if tuple(seen.identity) != candidate.metrics.identity:
        names = tuple(seen.identity)
        parameters["identity"] = names[0] if len(names) == 1 else names
        notes += _renamed(candidate, names)
    for pin in survey.pinned:
        value, note = _pin(pin, rows)
        if value is not None:
            parameters[pin.parameter] = value
        notes += [note] if note else []
        chosen = value if value is not None else pin.default
        rows = [row for row in rows if _selects(pin, chosen, row)]
    if survey.codes:
        code = next((label for label in survey.codes if any(label in row.codes for row in rows)), None)
        if code is None:
            return None
        default = candidate.preset.parameters["code"].default if candidate.has_code_parameter else code
        if code != default and candidate.has_code_parameter:
            preferred = str(default)
            code = preferred if any(preferred in row.codes for row in rows) else code
            if code != default:
                parameters["code"] = code
                notes.append(f"the status code is in {code}")
    events = sum(row.events for row in rows)
    jobs = {row.labels.get("job") for row in seen.rows}
    return Chosen(candidate, seen.identity, parameters, events, tuple(notes), jobs.pop() if len(jobs) == 1 else None)


def _renamed(candidate: Candidate, names: Sequence[str]) -> list[str]:
    exported = [name for name in names if name.startswith("exported_")]
    if exported:
        return [f"the scrape renamed {', '.join(name.removeprefix('exported_') for name in exported)}"]
    usual = ", ".join(candidate.metrics.identity)
    return [] if set(candidate.metrics.identity) <= set(names) else [f"known by {', '.join(names)}, not by {usual}"]


def _pin(pin: Pinned, rows: Sequence[Row]) -> tuple[str | None, str | None]:
    """The value that a parameter needs, None for its default, and what to say of it."""
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        if pin.label in row.labels and not has_unprintable(row.labels[pin.label]):
            found[row.labels[pin.label]] += row.events
    if not found:
        return None, None
    taken = [value for value in found if pin.takes(value)]
    others = sorted(found.keys() - set(taken))
    if taken:
        says = f"{pin.label} {some(others)} left out: counted by {some(taken)}" if others and not pin.is_regex else None
        return None, says
    if pin.is_regex:
        return "|".join(re.escape(value).replace(r"\-", "-") for value in sorted(found)), None
    known = [value for value in found if not pin.choices or value in pin.choices]
    best = max(known, key=lambda value: found[value], default=None)
    if best is None:
        return None, None
    return best, f"counted by {pin.label} {best}: there is no {pin.default}"


def _selects(pin: Pinned, value: str, row: Row) -> bool:
    if pin.label not in row.labels:
        return True
    label = row.labels[pin.label]
    return re.fullmatch(value, label) is not None if pin.is_regex else label == value


def without_health(services: Iterable[Chosen], paths: Sequence[Mapping[str, str]]) -> tuple[Chosen, ...]:
    """The services without the requests that only ask whether they are alive.

    Args:
        services: of one candidate.
        paths: labels and values of such requests.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for one in paths:
        for label, value in one.items():
            if value.startswith("/") and not has_unprintable(value):
                found[label].add(value)
    if not found:
        return tuple(services)
    matchers = ", ".join(f"{label}!~{quote('|'.join(map(re.escape, sorted(found[label]))))}" for label in sorted(found))
    note = f"without checks of health: {some(path for each in found.values() for path in each)}"
    return tuple(
        replace(one, parameters={**one.parameters, "matchers": matchers}, notes=(*one.notes, note)) for one in services
    )


def claimed(services: Iterable[Chosen]) -> tuple[Chosen, ...]:
    """Each service once, where presets or variants of one read the same metric: by the one that finds most in it."""
    kept: dict[_Key, list[Chosen]] = defaultdict(list)
    for one in sorted(services, key=_rank):
        if not any(_counts_the_same(one, other) for other in kept[one.key]):
            kept[one.key].append(one)
    return tuple(one for some in kept.values() for one in some)


def _counts_the_same(one: Chosen, other: Chosen) -> bool:
    shared = set(one.candidate.metrics.deciding) & set(other.candidate.metrics.deciding)
    return bool(shared) or one.candidate.name == other.candidate.name


def _rank(one: Chosen) -> tuple[bool, int, bool, int]:
    preset = one.candidate.preset
    return preset.own_file is None, len(one.candidate.off), preset.name == "http", one.candidate.place
