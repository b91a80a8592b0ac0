"""OpenSLO's DataSources: which Prometheus the SLOs are asked of."""

from __future__ import annotations

from dataclasses import dataclass, field

from sresnap.importers.model import Found
from sresnap.importers.part import Part


@dataclass(frozen=True, slots=True)
class _Source:
    document: Part
    type: str
    url: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Data sources by name, and which SLOs refer to them."""

    _known: dict[str, _Source] = field(default_factory=dict)
    _referred: dict[str, dict[str, Part]] = field(default_factory=dict)
    """Name → the SLOs, by their places."""

    def add(self, name: str, document: Part) -> None:
        """A document of the kind DataSource."""
        if name in self._known:
            document.note("there is another DataSource of this name; this one is taken")
        spec = document.part("spec")
        details = spec.optional("connectionDetails")
        url = "" if details is None else details.text("url", "")
        self._known[name] = _Source(document, spec.text("type", ""), url)

    def type_of(self, name: str) -> str:
        """`Prometheus`; the empty text where it is not known."""
        return self._known[name].type if name in self._known else ""

    def refer(self, name: str, slo: Part) -> None:
        """An SLO's query is asked of it."""
        if name and name not in self._known:
            slo.note(f"DataSource {name} is in none of these files; it is taken for the Prometheus that is asked")
        elif name:
            self._referred.setdefault(name, {})[slo.place] = slo

    def choose(self, found: Found) -> None:
        """Take the address that the SLOs refer to first, else the only one that there is; list the others."""
        able = {name: source for name, source in self._known.items() if source.type.lower() == "prometheus"}
        for name, source in self._known.items():
            if name not in able:
                source.document.note(f"type {source.type} is not carried over: sresnap reads Prometheus")
        order = [name for name in self._referred if name in able] or list(able)
        taken = next((name for name in order if able[name].url), None)
        if taken is None:
            return
        found.url = able[taken].url
        for name, source in able.items():
            if not source.url or source.url == found.url:
                continue
            slos = ", ".join(slo.place for slo in self._referred.get(name, {}).values())
            who = f"its SLOs are asked of {taken} here: {slos}" if slos else "no SLO refers to it"
            source.document.note(f"left out: only one Prometheus can be asked, which is {taken}; {who}")
