"""The queries of each service: a preset, with the queries of the file, of a group and of the service over it.

The nearer part wins. One that names a provider starts with that provider: queries and parameters of the parts above
were written for another source, and events of one source beside errors of another would be a wrong number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sresnap.config.members import members
from sresnap.config.parameters import Given
from sresnap.config.preset_path import PresetFolder
from sresnap.config.presets import LocatedTemplate, Preset, PresetRequest, load_preset, templates
from sresnap.config.schema import FileShape
from sresnap.config.shapes.fleet import GroupShape
from sresnap.config.shapes.services import ServiceShape, SourceShape
from sresnap.config.source import KeyPath
from sresnap.config.sources import SourceUse
from sresnap.config.validation import Validated
from sresnap.errors import Mistake
from sresnap.model.query import DEFAULT_SOURCE, LatencyUnit
from sresnap.model.trap import Trap


@dataclass(frozen=True, slots=True)
class QuerySet:
    """The queries of all services with the same settings."""

    path: KeyPath
    """Of the nearest part of the file that says something about them."""
    provider: str
    preset: Preset
    layers: tuple[Mapping[str, LocatedTemplate], ...]
    """Queries of the file's own, the nearest part first."""
    merged: Mapping[str, LocatedTemplate]
    """Those in effect, by key."""
    off: frozenset[str]
    """Keys that are switched off with null."""
    known: bool
    """False: the preset or a query could not be read, so whether a query is missing is unknown."""
    source: str = DEFAULT_SOURCE
    """The Prometheus that they are sent to."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a file, with what it says about queries."""

    path: KeyPath
    shape: FileShape | SourceShape
    provider: str | None

    @property
    def says_something(self) -> bool:
        """Whether it says something about queries. A source may be another server with the same queries."""
        return bool(self.provider is not None or self.shape.parameters or self.shape.queries)


@dataclass
class QuerySets:
    """Finds the queries of services, each set once, and collects mistakes."""

    validated: Validated[FileShape]
    folder: Path
    replica_labels: Mapping[str, tuple[str, ...]]
    """By source."""
    preset_folders: tuple[PresetFolder, ...] = ()
    mistakes: dict[Mistake, None] = field(default_factory=dict)
    """Each once, though several sets may have it."""
    _groups_of: dict[str, list[tuple[KeyPath, GroupShape]]] = field(default_factory=dict)
    """By service, those that say something about it."""
    uses: list[SourceUse] = field(default_factory=list)
    """Of each service that was asked for, which part of the file chooses its source."""
    traps: dict[str, tuple[Trap, ...]] = field(default_factory=dict)
    """By service that was asked for, what its preset says of its source."""
    _sets: dict[tuple[object, ...], QuerySet] = field(default_factory=dict)
    _presets: dict[tuple[object, ...], Preset] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path, group in self._speaking():
            for name in dict.fromkeys(self._members(group)):
                self._groups_of.setdefault(name, []).append((path, group))

    def of_file(self) -> QuerySet:
        """The queries of services that have none of their own."""
        source = self.validated.shape.source or DEFAULT_SOURCE
        return self._set([_Part((), self.validated.shape, self.validated.shape.provider)], source)

    def of_service(self, shape: ServiceShape, path: KeyPath) -> QuerySet:
        """The queries of a service at a path of the file."""
        parts = [
            _Part((), self.validated.shape, self.validated.shape.provider),
            *(_Part(where, group, group.provider) for where, group in self._groups(shape)),
            _Part(path, shape, shape.provider),
        ]
        said = [part for part in parts if part.says_something]
        first = max(index for index, part in enumerate(said) if part.provider is not None)
        named = next((part for part in reversed(parts) if part.shape.source is not None), None)
        source = DEFAULT_SOURCE if named is None else str(named.shape.source)
        self.uses.append(SourceUse(shape.name, source, (*(path if named is None else named.path), "source")))
        found = self._set(said[first:], source)
        self.traps[shape.name] = found.preset.traps
        return found

    def labels(self, shape: ServiceShape, queries: QuerySet) -> dict[str, str]:
        """A service's labels: its own over its group's. `service` is its name unless one of them says otherwise.

        A single label of its preset's `identity` has the value of `service`, unless it is given.
        """
        of_groups = {name: text for _, group in self._groups(shape) for name, text in (group.labels or {}).items()}
        given = {"service": shape.name, **of_groups, **(shape.labels or {})}
        identity = queries.preset.identity
        return {name: given["service"] for name in identity if len(identity) == 1} | given

    def check_groups(self) -> None:
        """Report services that get settings from several groups: which of them wins would be a guess."""
        first: dict[str, str] = {}
        for path, group in self._speaking():
            for name in self._members(group):
                if first.setdefault(name, group.name) != group.name:
                    expected = f"settings of {name} in one group"
                    found = f'some here, and some in "{first[name]}"'
                    self._mistake(path, expected, found, "move what differs to the service itself")

    def _speaking(self) -> Iterator[tuple[KeyPath, GroupShape]]:
        """The groups that say something about the sources of their services."""
        for index, group in enumerate(self.validated.shape.groups or ()):
            path: KeyPath = ("groups", self.validated.position(("groups",), index))
            if _Part(path, group, group.provider).says_something or group.labels or group.source:
                yield path, group

    def _members(self, group: GroupShape) -> tuple[str, ...]:
        return members(group, self.validated.shape.services)

    def _groups(self, shape: ServiceShape) -> Sequence[tuple[KeyPath, GroupShape]]:
        return self._groups_of.get(shape.name, ())

    def _mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes[self.validated.source.mistake(path, expected, found, suggestion)] = None

    def _set(self, parts: Sequence[_Part], source: str) -> QuerySet:
        """The set of some parts, asked of a source. The first part names the provider."""
        key = (source, *(part.path for part in parts))
        if key not in self._sets:
            self._sets[key] = self._made(parts, source)
        return self._sets[key]

    def _made(self, parts: Sequence[_Part], source: str) -> QuerySet:
        first = parts[0]
        preset = self._preset(first.provider or "", parts, self.replica_labels.get(source, ()))
        # The unit of the file was written for the file's provider.
        unit = self.validated.shape.latency_unit if first.path == () else None
        merged = _with_unit(preset.queries, unit, wins=preset.unit_is_open)
        layers: list[Mapping[str, LocatedTemplate]] = []
        off: set[str] = set()
        is_whole = True
        for part in parts:
            given = part.shape.queries or {}
            own, mistakes = templates(
                given, preset.forms, self.validated.source, line_in_origin=True, path=(*part.path, "queries")
            )
            self.mistakes |= dict.fromkeys(mistakes)
            is_whole = is_whole and not mistakes
            own = _with_unit(own, unit)
            layers.insert(0, own)
            nulls = {key for key, query in given.items() if query is None}
            off = (off | nulls) - own.keys()
            merged = {key: query for key, query in merged.items() if key not in nulls} | own
        merged = _with_unit(merged, preset.latency_unit)
        self._check_unit(unit, merged.get("latency_p99"), first.provider or "", preset)
        known = preset.known and is_whole
        return QuerySet(
            parts[-1].path, first.provider or "", preset, tuple(layers), merged, frozenset(off), known, source
        )

    def _check_unit(self, unit: str | None, used: LocatedTemplate | None, provider: str, preset: Preset) -> None:
        """Report a unit of the file that its preset's own latency contradicts: which of them is right is unknown."""
        of_preset = preset.queries.get("latency_p99")
        if unit is None or used is None or of_preset is None or used.source is not of_preset.source:
            return
        own = used.template.unit
        if own is not None and own != unit:
            expected = f"{own}, the unit that `latency_p99` of {provider} has"
            self._mistake(("latency_unit",), expected, f'"{unit}"', "remove latency_unit")

    def _preset(self, provider: str, parts: Sequence[_Part], replicas: tuple[str, ...]) -> Preset:
        source = self.validated.source
        values = {name: value for part in parts for name, value in (part.shape.parameters or {}).items()}
        key = (provider, replicas, *sorted(values.items(), key=str))
        if key not in self._presets:
            given = tuple(
                Given(source, (*part.path, "parameters"), part.shape.parameters)
                for part in parts
                if part.shape.parameters
            )
            request = PresetRequest(provider, given, replicas, self.preset_folders)
            preset, mistakes = load_preset(request, source, self.folder, (*parts[0].path, "provider"))
            self.mistakes |= dict.fromkeys(mistakes)
            if mistakes:
                return preset
            self._presets[key] = preset
        return self._presets[key]


def _with_unit(
    queries: Mapping[str, LocatedTemplate], unit: str | None, *, wins: bool = False
) -> dict[str, LocatedTemplate]:
    """The queries with a unit of `latency_p99`: the one given, unless the query has its own."""
    found = queries.get("latency_p99")
    if found is None or unit is None or (found.template.unit is not None and not wins):
        return dict(queries)
    changed = replace(found.template, unit=LatencyUnit(unit))
    return {**queries, "latency_p99": replace(found, template=changed)}
