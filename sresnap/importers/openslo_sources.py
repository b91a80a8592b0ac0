"""Chooses the Prometheus of the SLOs from OpenSLO's DataSources."""

from __future__ import annotations

from dataclasses import dataclass, field

from sresnap.importers.model import Found
from sresnap.importers.part import Part

_ENGINES = frozenset({"prometheus", "mimir", "cortex", "thanos", "victoriametrics"})


def speaks_prometheus(type_: str) -> bool:
    """Whether a data source of a type has the API of Prometheus."""
    return type_.lower() in _ENGINES


@dataclass(frozen=True, slots=True)
class _Source:
    document: Part
    type: str
    url: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Data sources by name, and the SLOs that refer to them."""

    _known: dict[str, _Source] = field(default_factory=dict)
    _referred: dict[str, dict[str, Part]] = field(default_factory=dict)
    """By source, the SLOs by their places."""

    def add(self, name: str, document: Part) -> None:
        """Add a document of the kind DataSource."""
        if name in self._known:
            document.note("there is another DataSource of this name; this one is used")
        spec = document.part("spec")
        self._known[name] = _Source(document, spec.text("type", ""), _url(spec))

    def type_of(self, name: str) -> str:
        """The type of a source, such as `Prometheus`; empty for an unknown source."""
        return self._known[name].type if name in self._known else ""

    def refer(self, name: str, slo: Part) -> None:
        """Note that an SLO's query goes to a source."""
        if name and name not in self._known:
            slo.note(f"DataSource {name} is not in these files; the configured Prometheus is used")
        elif name:
            self._referred.setdefault(name, {})[slo.place] = slo

    def choose(self, found: Found) -> None:
        """Use the address that the SLOs refer to first, otherwise the first one that there is. List the others."""
        able = {name: source for name, source in self._known.items() if speaks_prometheus(source.type)}
        for name, source in self._known.items():
            if name not in able:
                source.document.note(f"type {source.type} is not carried over: sresnap reads Prometheus")
        order = [name for name in self._referred if name in able] or list(able)
        chosen = next((name for name in order if able[name].url), None)
        if chosen is None:
            return
        found.url = able[chosen].url
        for name, source in able.items():
            if not source.url or source.url == found.url:
                continue
            slos = ", ".join(slo.place for slo in self._referred.get(name, {}).values())
            users = f"its SLOs are queried from {chosen}: {slos}" if slos else "no SLO refers to it"
            source.document.note(f"left out: sresnap queries only one Prometheus, which is {chosen}; {users}")


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
