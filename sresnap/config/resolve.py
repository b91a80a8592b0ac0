"""Resolves a parsed file, its preset and the environment into one configuration."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sresnap.config.environment import Environment
from sresnap.config.fleet import resolve_fleet
from sresnap.config.objectives import ObjectiveContext, slo_window
from sresnap.config.presets import load_preset, templates
from sresnap.config.prometheus import prometheus_settings
from sresnap.config.queries import query_mistakes
from sresnap.config.schema import FileShape
from sresnap.config.secrets import publishing_secrets
from sresnap.config.services import resolve_services
from sresnap.config.settings import Config
from sresnap.config.shapes.prometheus import PrometheusShape
from sresnap.config.shapes.site import PublishShape
from sresnap.config.site import base_url, favicon_path, keep, theme_folder
from sresnap.config.source import Source
from sresnap.config.validation import validate
from sresnap.errors import ConfigError, Mistake
from sresnap.model.service import FOUR_WEEKS, Method
from sresnap.model.windows import MINUTE, SloWindow, Window

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


def resolve(origin: Origin) -> Config:
    """The configuration.

    Raises:
        ConfigError: with every mistake in the file, the preset and the environment.
    """
    source, environment = origin.source, origin.environment
    validated = validate(FileShape, source)
    if not source.data:
        # Everything that is missing follows from the file that could not be read.
        raise ConfigError([*validated.mistakes, *environment.mistakes])
    shape = validated.shape
    publish = shape.publish or PublishShape()
    preset, preset_mistakes = load_preset(shape.provider, source, origin.folder)
    own, own_mistakes = templates(shape.queries or {}, preset.forms, source, line_in_origin=True)
    off = {key for key, query in (shape.queries or {}).items() if query is None}
    merged = {key: item for key, item in {**preset.queries, **own}.items() if key in own or key not in off}
    timezone = environment.timezone or shape.timezone or "UTC"
    windows = _windows(environment, shape, timezone)
    known = preset.known and not own_mistakes
    services = resolve_services(
        validated, ObjectiveContext(source, own, merged, preset.forms, windows, timezone, known)
    )
    fleet = resolve_fleet(validated, [service.name for service, _ in services.placed], timezone)
    prometheus, prometheus_mistakes = prometheus_settings(
        shape.prometheus or PrometheusShape(), source, origin.folder, environment, origin.prometheus_url
    )
    favicon, favicon_mistakes = favicon_path(environment, shape, source, origin.folder, origin.cwd)
    theme, theme_mistakes = theme_folder(shape.theme, source, origin.folder)
    _raise_mistakes(
        source,
        [
            *validated.mistakes,
            *preset_mistakes,
            *own_mistakes,
            *services.mistakes,
            *fleet.mistakes,
            *query_mistakes(source, merged, services, check_syntax=prometheus.dialect == "promql"),
            *prometheus_mistakes,
            *favicon_mistakes,
            *theme_mistakes,
            *environment.mistakes,
        ],
    )
    return Config(
        path=origin.path,
        title=environment.title or shape.title or TITLE,
        timezone=timezone,
        window=next((window for window in windows if isinstance(window, Window)), FOUR_WEEKS),
        step_seconds=int(environment.step_seconds or shape.step or 5 * MINUTE),
        schedule_seconds=int(shape.schedule),
        provider=shape.provider,
        latency_unit=shape.latency_unit or preset.latency_unit,
        default_service=shape.default_service or services.placed[0][0].name,
        services=tuple(service for service, _ in services.placed),
        templates={key: item.template for key, item in merged.items()},
        prometheus=prometheus,
        accent=environment.accent or shape.accent,
        favicon=favicon,
        theme=theme,
        base_url=base_url(publish),
        target=publish.target,
        is_private=publish.private,
        series=services.series,
        groups=fleet.groups,
        composite_method=Method(shape.composite.method if shape.composite is not None else "budget"),
        policy=fleet.policy,
        correction_rules=fleet.correction_rules,
        keep=keep(shape.archive),
        hide=frozenset(publish.hide or ()),
        allow=frozenset(publish.allow or ()),
        secrets={**prometheus.secrets, **publishing_secrets(publish.target, environment.variables)},
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
