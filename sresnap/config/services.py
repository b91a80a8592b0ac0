"""Services and their objectives: which series each SLI is made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sresnap.config.fields import nearest
from sresnap.config.objectives import Objective, has_sli, slug
from sresnap.config.presets import Located
from sresnap.config.schema import FileShape, ServiceShape, SloShape
from sresnap.config.source import KeyPath
from sresnap.config.validation import Checked
from sresnap.errors import Mistake
from sresnap.model.service import Service, SliSeries, Slo
from sresnap.model.windows import SloWindow


@dataclass
class Services:
    """Resolves the services of a file, and gathers what goes wrong."""

    checked: Checked[FileShape]
    own: Mapping[str, Located]
    """Queries that the user's file defines."""
    merged: Mapping[str, Located]
    """Queries of the user's file over the preset's."""
    forms: Mapping[str, str]
    """Of the preset, for an objective's own queries."""
    windows: Sequence[SloWindow]
    """Those of an objective that names none."""
    timezone: str
    preset_known: bool
    """False: the preset could not be read, so nothing can be said about missing queries."""
    mistakes: list[Mistake] = field(default_factory=list)
    series: dict[str, SliSeries] = field(default_factory=dict)
    """Every series that an objective is made from."""
    of_objectives: list[tuple[Located, str]] = field(default_factory=list)
    """Queries that an objective defines for itself, with the name of its service."""

    def resolve(self) -> tuple[tuple[Service, KeyPath], ...]:
        """The services that are right, each with its place in the file."""
        self._check_list()
        if not self._has_own_queries_only() and not has_sli(self.merged) and self.preset_known:
            expected = "queries to make an SLI from: `total` with `good` or `bad`, or `availability`"
            self._mistake(("queries",), expected, f"none, neither here nor in provider {self.checked.shape.provider}")
        found: dict[str, KeyPath] = {}
        slugs: set[str] = set()
        services = []
        for index, shape in enumerate(self.checked.shape.services):
            path: KeyPath = ("services", self.checked.position(("services",), index))
            if shape.name in found:
                twin = found[shape.name][1]
                self._mistake(
                    (*path, "name"), "a name of its own", f'"{shape.name}", as services[{twin}] has', "rename one"
                )
                continue
            found[shape.name] = path
            if slug(shape.name) in slugs:
                self._mistake((*path, "name"), "a name whose folder is free", f'"{slug(shape.name)}"', "rename one")
            slugs.add(slug(shape.name))
            labels = {"service": shape.name, **(shape.labels or {})}
            slos = self._slos(shape, path)
            services.append((Service(shape.name, slug(shape.name), labels, slos, shape.weight), path))
        self._check_default()
        return tuple(services)

    def _has_own_queries_only(self) -> bool:
        slos = [slo for shape in self.checked.shape.services for slo in shape.slos or ()]
        short = any(shape.slo_target is not None for shape in self.checked.shape.services)
        return bool(slos) and not short and all(slo.queries for slo in slos)

    def _mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(self.checked.source.mistake(path, expected, found, suggestion))

    def _check_list(self) -> None:
        if "services" not in self.checked.source.data or self.checked.source.data["services"] is None:
            self._mistake(
                ("services",),
                "a list of at least one service",
                "nothing",
                "add `services: [{name: …, slo_target: 99.9}]`",
            )

    def _check_default(self) -> None:
        """Against the names as written: a service with a mistake of its own may be the one that is meant."""
        name = self.checked.shape.default_service
        listed = self.checked.source.data.get("services")
        names = [
            self.checked.source.texts.get(("services", index, "name"), "")
            for index in range(len(listed) if isinstance(listed, list) else 0)
        ]
        if name is not None and names and name not in names:
            self._mistake(
                ("default_service",), f"one of the services {_some(names)}", f'"{name}"', nearest(name, names)
            )

    def _slos(self, shape: ServiceShape, path: KeyPath) -> tuple[Slo, ...]:
        given = self.checked.source.data["services"][path[1]]
        both = given.get("slos") is not None
        if (given.get("slo_target") is not None) == both:
            found = "both" if both else "neither"
            self._mistake(
                path,
                "either `slo_target` or `slos`",
                found,
                "keep one" if both else "add `slo_target: 99.9`",
            )
        short = [SloShape(name="availability", objective=shape.slo_target)] if shape.slo_target is not None else []
        slos: dict[str, Slo] = {}
        scopes: dict[str, str] = {}
        for index, slo in enumerate(shape.slos or short):
            where = (*path, "slos", self.checked.position((*path, "slos"), index))
            scope = slug(slo.name)
            if scopes.setdefault(scope, slo.name) != slo.name:
                self._mistake((*where, "name"), "a name whose file is free", f'"{scope}"', "rename one")
            for resolved in Objective(self, shape.name, slo, where).resolve():
                if resolved.name in slos:
                    expected = "a name of its own in this service"
                    self._mistake((*where, "name"), expected, f'"{resolved.name}" again', "rename one")
                slos.setdefault(resolved.name, resolved)
        return tuple(slos.values())


def _some(names: Collection[str]) -> str:
    """The first names of a long list."""
    most = 10
    return ", ".join(list(names)[:most]) + ("…" if len(names) > most else "")
