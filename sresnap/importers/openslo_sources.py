"""OpenSLO's DataSources as the Prometheus servers of a configuration, and the server of each SLO."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sresnap.importers.model import Found, FoundSlo
from sresnap.importers.part import Part
from sresnap.model.query import DEFAULT_SOURCE
from sresnap.model.slug import is_openslo_name

_ENGINES = frozenset({"prometheus", "mimir", "cortex", "thanos", "victoriametrics"})
_LONGEST = 36
"""Of a source's name, which has at most 40 letters, with room for a number."""


def speaks_prometheus(type_: str) -> bool:
    """Whether a data source of a type has the API of Prometheus."""
    return type_.lower() in _ENGINES


def source_names(indicator: Part) -> Iterator[str]:
    """Yield the names of the DataSources in an indicator, each as often as it stands there."""
    for metric in indicator.data.values():
        for part in (metric, *metric.values()) if isinstance(metric, dict) else ():
            source = part.get("metricSource") if isinstance(part, dict) else None
            name = source.get("metricSourceRef") if isinstance(source, dict) else None
            if isinstance(name, str):
                yield name


@dataclass(frozen=True, slots=True)
class _Source:
    document: Part
    name: str
    """Its name in the configuration that was exported, or in its metadata."""
    type: str
    url: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Data sources by name."""

    _known: dict[str, _Source] = field(default_factory=dict)
    _at: dict[str, str] = field(default_factory=dict)
    """By address, the first source that had it."""

    def add(self, name: str, document: Part) -> None:
        """Add a document of the kind DataSource."""
        if name in self._known:
            document.note("there is another DataSource of this name; this one is used")
        spec, metadata = document.part("spec"), document.part("metadata")
        own, shown = name, metadata.data.get("displayName")
        if isinstance(shown, str) and is_openslo_name(name, shown):
            own = metadata.text("displayName")
        self._known[name] = _Source(document, own, spec.text("type", ""), url := _url(spec))
        self._at.setdefault(url, name)

    def type_of(self, name: str) -> str:
        """The type of a source, such as `Prometheus`; empty for an unknown source."""
        return self._known[name].type if name in self._known else ""

    def refer(self, name: str, slo: Part) -> None:
        """Note a source of an SLO's query that no file has."""
        if name and name not in self._known:
            slo.note(f"DataSource {name} is not in these files; the configured Prometheus is used")

    def of(self, indicator: Part) -> list[str]:
        """The sources of an indicator, each once; empty where it names none that is known. Equal addresses are one."""
        return list(dict.fromkeys(self._first(name) for name in source_names(indicator) if name in self._known))

    def _first(self, name: str) -> str:
        """The first source with the address of this one. Without an address it is like no other."""
        url = self._known[name].url
        first = self._at[url]
        return first if url and self._known[first].url == url else name

    def choose(self, found: Found) -> None:
        """Make one source the file's `prometheus:`, and those that other SLOs refer to its `sources:`."""
        able = {name: source for name, source in self._known.items() if speaks_prometheus(source.type)}
        for name, source in self._known.items():
            if name not in able:
                source.document.note(f"type {source.type} is not carried over: sresnap reads Prometheus")
        used = list(dict.fromkeys(slo.source for slo in found.slos if slo.source in able)) or list(able)
        with_address = [name for name in used if able[name].url]
        chosen = next((name for name in with_address if able[name].name == DEFAULT_SOURCE), None)
        chosen = chosen or next(iter(with_address or used), None)
        if chosen is None:
            return
        found.url = able[chosen].url or None
        names, taken = dict[str, str](), {DEFAULT_SOURCE.upper()}
        for name in dict.fromkeys(slo.source for slo in found.slos if slo.source in able and slo.source != chosen):
            names[name] = _free_name(able[name].name, taken)
            found.sources[names[name]] = able[name].url
            if not able[name].url:
                able[name].document.note(f"it has no address: set sources.{names[name]}.url")
        asked = {chosen, *names}
        for name, source in able.items():
            if self._first(name) not in asked:
                source.document.note("left out: no imported SLO refers to it")
        _assign(found, names)


def _free_name(wanted: str, taken: set[str]) -> str:
    """A name for `sources:`. Names need variables of their own, which have upper case and `_` for `-`."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", wanted)
    plain = (plain if plain[:1].isalpha() else f"source-{plain}")[:_LONGEST]
    name, number = plain, 1
    while (variable := name.upper().replace("-", "_")) in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(variable)
    return name


def _assign(found: Found, names: dict[str, str]) -> None:
    """Give each SLO the name of its source. A service has one, so SLOs of another one become a service of their own."""
    first: dict[str, str] = {}
    own = {slo.service for slo in found.slos}
    split: dict[tuple[str, str], str] = {}
    slos: list[FoundSlo] = []
    for slo in found.slos:
        source, service = names.get(slo.source, ""), slo.service
        if first.setdefault(service, source) != source:
            name = split.setdefault((service, source), _free_service(f"{service}-{source or DEFAULT_SOURCE}", own))
            if name not in own:
                own.add(name)
                found.note(slo.place, f"other SLOs of {service} are asked of another Prometheus, so this is in {name}")
                if service in found.people:
                    found.people[name] = found.people[service]
            service = name
        slos.append(replace(slo, service=service, source=source))
    found.slos[:] = slos


def _free_service(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _url(spec: Part) -> str:
    """The address in connectionDetails: a mapping with `url`, or a list with `url: …` or `{name: url, value: …}`."""
    if not isinstance(spec.get("connectionDetails"), list):
        details = spec.optional("connectionDetails")
        return "" if details is None else details.text("url", "")
    for item in spec.parts("connectionDetails"):
        if "url" in item:
            return item.text("url")
        if "url" in (item.get("name"), item.get("key")):
            return item.text("value")
    return ""
