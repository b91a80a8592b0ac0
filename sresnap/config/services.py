"""Resolves the services of a configuration and their objectives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sresnap.config.expected import nearest
from sresnap.config.objectives import ObjectiveContext, ObjectiveSettings, has_sli, resolve_objective
from sresnap.config.panel_labels import without_label
from sresnap.config.people import resolve_people
from sresnap.config.presets import LocatedTemplate
from sresnap.config.query_sets import QuerySet, QuerySets
from sresnap.config.schema import FileShape
from sresnap.config.shapes.services import ServiceShape, SloShape
from sresnap.config.source import KeyPath
from sresnap.config.validation import Validated
from sresnap.errors import Mistake
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Service, SliSeries, Slo
from sresnap.model.slug import scope_part, slo_slug, slug


@dataclass(frozen=True, slots=True)
class ResolvedServices:
    """The services of a file, with what went wrong."""

    placed: tuple[tuple[Service, KeyPath], ...]
    """Each valid service with its path in the file."""
    sets: tuple[QuerySet, ...]
    """The queries of each of them."""
    objective_queries: tuple[tuple[LocatedTemplate, str], ...]
    """Queries that an objective defines for itself, each with the name of its service."""
    mistakes: tuple[Mistake, ...]


def resolve_services(validated: Validated[FileShape], sets: QuerySets, settings: ObjectiveSettings) -> ResolvedServices:
    """Resolve the services of a file and their objectives."""
    resolver = _Resolver(validated, sets, settings)
    placed = resolver.services()
    return ResolvedServices(placed, tuple(resolver.found), tuple(resolver.objective_queries), tuple(resolver.mistakes))


@dataclass
class _Resolver:
    """Resolves services and collects mistakes."""

    validated: Validated[FileShape]
    sets: QuerySets
    settings: ObjectiveSettings
    mistakes: list[Mistake] = field(default_factory=list)
    found: list[QuerySet] = field(default_factory=list)
    objective_queries: list[tuple[LocatedTemplate, str]] = field(default_factory=list)

    def services(self) -> tuple[tuple[Service, KeyPath], ...]:
        """The valid services, each with its path in the file."""
        self._check_list()
        given = self._placed()
        people, mistakes = resolve_people(self.validated)
        self.mistakes += mistakes
        self._check_slis(given)
        paths: dict[str, KeyPath] = {}
        slugs: set[str] = set()
        services = []
        for shape, path, queries in given:
            if shape.name in paths:
                found = f'"{shape.name}", which services[{paths[shape.name][1]}] has'
                self._mistake((*path, "name"), "a name that no other service has", found, "rename one")
                continue
            paths[shape.name] = path
            folder = slug(shape.name)
            if folder in slugs:
                self._mistake((*path, "name"), "a name whose folder is free", f'"{folder}"', "rename one")
            slugs.add(folder)
            labels, series = self.sets.labels(shape, queries), dict[SeriesKey, SliSeries]()
            slos = self._slos(shape, path, ObjectiveContext(self.settings, queries), series)
            lacking = without_label(queries.merged, labels, self.validated.source)
            own = {key: located.template for key, located in queries.merged.items() if key not in lacking}
            service = Service(
                shape.name,
                folder,
                labels,
                slos,
                shape.weight,
                queries.provider,
                own,
                series,
                queries.off,
                people.get(shape.name),
                queries.source,
                lacking,
            )
            services.append((service, path))
            self.found.append(queries)
        self._check_default()
        return tuple(services)

    def _placed(self) -> list[tuple[ServiceShape, KeyPath, QuerySet]]:
        """The services, each with its path in the file and its queries."""
        found: list[tuple[ServiceShape, KeyPath, QuerySet]] = []
        for index, shape in enumerate(self.validated.shape.services):
            path: KeyPath = ("services", self.validated.position(("services",), index))
            found.append((shape, path, self.sets.of_service(shape, path)))
        return found

    def _check_slis(self, given: Sequence[tuple[ServiceShape, KeyPath, QuerySet]]) -> None:
        """Report each set of queries that services need an SLI of, and that has none."""
        services: dict[KeyPath, list[ServiceShape]] = {}
        sets = {queries.path: queries for _, _, queries in given} or {(): self.sets.of_file()}
        for shape, _, queries in given:
            services.setdefault(queries.path, []).append(shape)
        for path, queries in sets.items():
            if not _needs_no_sli(services.get(path, ())) and not has_sli(queries.merged) and queries.known:
                expected = "queries to make an SLI from: `total` with `good` or `bad`, or `availability`"
                found = f"no such query, neither here nor in provider {queries.provider}"
                self._mistake((*path, "queries"), expected, found)

    def _mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(self.validated.source.mistake(path, expected, found, suggestion))

    def _check_list(self) -> None:
        if "services" not in self.validated.source.data or self.validated.source.data["services"] is None:
            self._mistake(
                ("services",),
                "a list of at least one service",
                "nothing",
                "add `services: [{name: …, slo_target: 99.9}]`",
            )

    def _check_default(self) -> None:
        """Compare with every name in the file: the user may mean a service that has a mistake of its own."""
        name = self.validated.shape.default_service
        listed = self.validated.source.data.get("services")
        names = [
            self.validated.source.texts.get(("services", index, "name"), "")
            for index in range(len(listed) if isinstance(listed, list) else 0)
        ]
        if name is not None and names and name not in names:
            self._mistake(
                ("default_service",), f"the name of a service: {_some(names)}", f'"{name}"', nearest(name, names)
            )

    def _slos(
        self,
        shape: ServiceShape,
        path: KeyPath,
        context: ObjectiveContext,
        series: dict[SeriesKey, SliSeries],
    ) -> tuple[Slo, ...]:
        """The SLOs of a service. Their series are added to `series`."""
        given = self.validated.source.data["services"][path[1]]
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
        taken: dict[str, str] = {}
        for index, slo in enumerate(shape.slos or short):
            where = (*path, "slos", self.validated.position((*path, "slos"), index))
            for part in (slo_slug(slo.name), scope_part(slo.name, "slo")):  # of its files, and of its series
                if taken.setdefault(part, slo.name) != slo.name:
                    self._mistake((*where, "name"), "a name whose file is free", f'"{part}"', "rename one")
                    break
            resolved = resolve_objective(context, shape.name, slo, where)
            self.mistakes += resolved.mistakes
            series |= resolved.series
            self.objective_queries += [(located, shape.name) for located in resolved.queries]
            for each in resolved.slos:
                if each.name in slos:
                    expected = "a name that no other objective of this service has"
                    self._mistake((*where, "name"), expected, f'"{each.name}" again', "rename one")
                slos.setdefault(each.name, each)
        return tuple(slos.values())


def _needs_no_sli(services: Sequence[ServiceShape]) -> bool:
    """Whether every objective has queries of its own, or is about latency, which needs `latency_good`."""
    slos = [slo for shape in services for slo in shape.slos or ()]
    short = any(shape.slo_target is not None for shape in services)
    return bool(slos) and not short and all(slo.queries or slo.latency_threshold is not None for slo in slos)


def _some(names: Collection[str]) -> str:
    """The first names of a long list."""
    most = 10
    return ", ".join(list(names)[:most]) + ("…" if len(names) > most else "")
