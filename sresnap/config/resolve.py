"""Resolves a parsed file, its preset and the environment into one configuration."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sresnap.config.environment import Environment
from sresnap.config.fleet import FleetSettings, resolve_fleet
from sresnap.config.objectives import ObjectiveSettings, slo_window
from sresnap.config.preset_path import check_folders, folders_of
from sresnap.config.queries import query_mistakes
from sresnap.config.query_sets import QuerySet, QuerySets
from sresnap.config.schema import FileShape
from sresnap.config.secrets import publishing_secrets
from sresnap.config.services import ResolvedServices, resolve_services
from sresnap.config.settings import Config
from sresnap.config.shapes.site import PublishShape
from sresnap.config.site import base_url, closing, favicon_path, keep, theme_folder
from sresnap.config.source import Source
from sresnap.config.sources import Sources, replica_labels, resolve_sources, use_mistakes
from sresnap.config.validation import Validated, validate
from sresnap.config.wording import wording
from sresnap.errors import ConfigError, Mistake
from sresnap.model.service import FOUR_WEEKS, Method
from sresnap.model.trap import Trap
from sresnap.model.windows import DAY, MINUTE, SloWindow, Window
from sresnap.model.wording import Wording

_LONGEST_QUARTER = 92 * DAY
TITLE = "SRE Ops — Mission Control"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a configuration comes from, and what wins over it."""

    source: Source
    folder: Path
    """Relative paths in the file start here."""
    path: Path | None
    """The file; None for a text."""
    environment: Environment
    prometheus_url: str | None
    """Wins over the file and the environment."""
    cwd: Path
    """Relative paths in the environment start here."""


@dataclass(frozen=True, slots=True)
class _Sections:
    """The sections of a configuration, each resolved on its own."""

    of_file: QuerySet
    traps: Mapping[str, tuple[Trap, ...]]
    timezone: str
    windows: tuple[SloWindow, ...]
    services: ResolvedServices
    fleet: FleetSettings
    sources: Sources
    favicon: str | None
    theme: Path | None
    wording: Wording
    mistakes: tuple[Mistake, ...]


def resolve(origin: Origin) -> Config:
    """The configuration.

    Raises:
        ConfigError: with every mistake in the file, the preset and the environment.
    """
    validated = validate(FileShape, origin.source)
    if not origin.source.data:
        # Everything that is missing follows from the file that could not be read.
        raise ConfigError([*validated.mistakes, *origin.environment.mistakes])
    sections = _sections(origin, validated)
    _raise_mistakes(origin.source, [*validated.mistakes, *sections.mistakes, *origin.environment.mistakes])
    return _config(origin, validated.shape, sections)


def _sections(origin: Origin, validated: Validated[FileShape]) -> _Sections:
    shape, source, environment = validated.shape, origin.source, origin.environment
    sources = resolve_sources(validated, origin.folder, environment, origin.prometheus_url)
    folders = folders_of(shape.preset_path or (), origin.folder)
    sets = QuerySets(validated, origin.folder, replica_labels(shape), folders)
    of_file = sets.of_file()
    sets.check_groups()
    timezone = environment.timezone or shape.timezone or "UTC"
    windows = _windows(environment, shape, timezone)
    services = resolve_services(validated, sets, ObjectiveSettings(source, windows, timezone))
    names = [service.name for service, _ in services.placed]
    fleet = resolve_fleet(validated, names, timezone, _longest_seconds(services))
    favicon, favicon_mistakes = favicon_path(environment, shape, source, origin.folder, origin.cwd)
    theme, theme_mistakes = theme_folder(shape.theme, source, origin.folder)
    words, wording_mistakes = wording(shape.review, source, origin.folder)
    mistakes = (
        *check_folders(folders, source),
        *sets.mistakes,
        *services.mistakes,
        *fleet.mistakes,
        *query_mistakes(source, of_file, services, sources.in_promql),
        *sources.mistakes,
        *use_mistakes(validated, sets.uses, sources, origin.prometheus_url),
        *favicon_mistakes,
        *theme_mistakes,
        *wording_mistakes,
    )
    return _Sections(of_file, sets.traps, timezone, windows, services, fleet, sources, favicon, theme, words, mistakes)


def _longest_seconds(services: ResolvedServices) -> int:
    """The length of the longest SLO window."""
    windows = {slo.window for service, _ in services.placed for slo in service.slos}
    lengths = (window.seconds if isinstance(window, Window) else _LONGEST_QUARTER for window in windows)
    return max(lengths, default=FOUR_WEEKS.seconds)


def _config(origin: Origin, shape: FileShape, sections: _Sections) -> Config:
    environment, services, fleet = origin.environment, sections.services, sections.fleet
    publish = shape.publish or PublishShape()
    return Config(
        path=origin.path,
        title=environment.title or shape.title or TITLE,
        timezone=sections.timezone,
        window=next((window for window in sections.windows if isinstance(window, Window)), FOUR_WEEKS),
        step_seconds=int(environment.step_seconds or shape.step or 5 * MINUTE),
        schedule_seconds=int(shape.schedule),
        provider=shape.provider,
        traps=sections.traps,
        default_service=shape.default_service or services.placed[0][0].name,
        services=tuple(service for service, _ in services.placed),
        templates={key: item.template for key, item in sections.of_file.merged.items()},
        prometheus=sections.sources.default,
        sources=sections.sources.named,
        is_prometheus_given=shape.prometheus is not None,
        accent=environment.accent or shape.accent,
        favicon=sections.favicon,
        theme=sections.theme,
        base_url=base_url(publish),
        target=publish.target,
        is_private=publish.private,
        groups=fleet.groups,
        composite_method=Method(shape.composite.method if shape.composite is not None else Method.BUDGET),
        policy=fleet.policy,
        correction_rules=fleet.correction_rules,
        keep=keep(shape.archive),
        closing=closing(shape.periods),
        wording=sections.wording,
        hide=frozenset(publish.hide or ()),
        allow=frozenset(publish.allow or ()),
        without_effect=("dora",) if shape.dora is not None else (),
        secrets={**sections.sources.secrets, **publishing_secrets(publish.target, environment.variables)},
    )


def _raise_mistakes(source: Source, mistakes: Collection[Mistake]) -> None:
    """Raise them in the order in which the user meets them: this file by line, then the others."""
    if mistakes:
        raise ConfigError(sorted(mistakes, key=lambda m: (m.file != source.name, m.line is None, m.line or 0)))


def _windows(environment: Environment, shape: FileShape, timezone: str) -> tuple[SloWindow, ...]:
    """The windows of objectives that name none. SRE_WINDOW wins over the file."""
    if environment.window_seconds is not None:
        return (Window(int(environment.window_seconds)),)
    return tuple(slo_window(name, timezone) for name in shape.window or ()) or (FOUR_WEEKS,)
