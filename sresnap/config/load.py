"""Finding and loading a configuration: one way in, all mistakes at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sresnap.config.environment import Environment, read_environment
from sresnap.config.fleet import Together
from sresnap.config.objectives import slo_window
from sresnap.config.presets import load_preset, templates
from sresnap.config.prometheus import prometheus_settings
from sresnap.config.queries import Queries
from sresnap.config.schema import FileShape, PrometheusShape
from sresnap.config.secrets import secrets_of_places
from sresnap.config.services import Services
from sresnap.config.settings import Config
from sresnap.config.source import Source, read
from sresnap.config.validation import Checked, check
from sresnap.errors import ConfigError, Mistake, UsageError
from sresnap.model.archive import Keep
from sresnap.model.service import FOUR_WEEKS, Method
from sresnap.model.windows import MINUTE, SloWindow, Window

NAMES = ("sresnap.yaml", "sre.yaml")
"""Looked for in the working directory, in this order."""
_MOST_BYTES = 20_000_000
"""A longer file is none: a configuration of ten thousand services has 2 MB."""

TITLE = "SRE Ops — Mission Control"


def find(path: Path | None, env: Mapping[str, str], cwd: Path) -> Path:
    """The configuration's path as the user would write it: the one given, $SRE_CONFIG_FILE, or a known name in `cwd`.

    Raises:
        UsageError: none of them.
    """
    if path is not None:
        return path
    named = env.get("SRE_CONFIG_FILE", "").strip()
    if named:
        return Path(named)
    for name in NAMES:
        if (cwd / name).is_file():
            return Path(name)
    raise UsageError(
        f"there is no configuration: neither {NAMES[0]} nor {NAMES[1]} in {cwd}, and SRE_CONFIG_FILE is not set",
        hint="run `sresnap init` to write one, or `sresnap demo` to see a report of made-up services",
    )


def load(path: Path | None, env: Mapping[str, str], *, prometheus_url: str | None = None, cwd: Path) -> Config:
    """Read a configuration file and all that it names.

    Args:
        path: the file; None to look for it, see `find`.
        env: the environment's variables, which win over the file.
        prometheus_url: wins over both.
        cwd: where relative paths that the file does not contain start.

    Raises:
        ConfigError: with every mistake in file, preset and environment.
        UsageError: there is no file.
    """
    shown = find(path, env, cwd)
    file = cwd / shown
    try:
        content = _content(file)
    except (OSError, ValueError) as error:
        problem = (
            (error.strerror or "nothing" if isinstance(error, OSError) else str(error)).lower().removeprefix("is ")
        )
        hint = "SRE_CONFIG_FILE names it" if path is None and env.get("SRE_CONFIG_FILE") else "is the path right?"
        raise ConfigError([Mistake(str(shown), None, "", "a file to read", problem, hint)]) from None
    return _resolve(read(str(shown), content), file.parent, file, read_environment(env), prometheus_url, cwd)


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError(f"more than {_MOST_BYTES // 10**6} MB")
    return content


def loads(text: str, name: str, env: Mapping[str, str], *, prometheus_url: str | None = None, cwd: Path) -> Config:
    """As `load`, for a configuration that is a text; messages call it `name`, relative paths start at `cwd`.

    Raises:
        ConfigError: with every mistake.
    """
    return _resolve(read(name, text), cwd, None, read_environment(env), prometheus_url, cwd)


def config_schema() -> dict[str, Any]:
    """JSON Schema of sresnap.yaml."""
    schema = FileShape.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "sresnap.yaml",
        "required": ["services"],
    }


def _resolve(
    source: Source, folder: Path, path: Path | None, environment: Environment, option: str | None, cwd: Path
) -> Config:
    checked = check(FileShape, source)
    if not source.data:
        # Nothing was read: what else is missing follows from that.
        raise ConfigError([*checked.mistakes, *environment.mistakes])
    shape = checked.shape
    preset, preset_mistakes = load_preset(shape.provider, source, folder)
    own, own_mistakes = templates(shape.queries or {}, preset.forms, source, line_in_origin=True)
    off = {key for key, query in (shape.queries or {}).items() if query is None}
    located = {key: item for key, item in {**preset.queries, **own}.items() if key in own or key not in off}
    timezone = environment.timezone or shape.timezone or "UTC"
    windows = _windows(environment, shape, timezone)
    known = preset.known and not own_mistakes
    services = Services(checked, own, located, preset.forms, windows, timezone, known)
    placed = services.resolve()
    together = Together(checked, [service.name for service, _ in placed], timezone)
    together.resolve()
    settings = shape.prometheus or PrometheusShape()
    prometheus, prometheus_mistakes = prometheus_settings(settings, source, folder, environment, option)
    queries = Queries(source, located, placed, services.of_objectives, check_syntax=prometheus.dialect == "promql")
    queries.check()
    of_files = [
        *checked.mistakes,
        *preset_mistakes,
        *own_mistakes,
        *services.mistakes,
        *together.mistakes,
        *queries.mistakes,
    ]
    favicon, favicon_mistakes = _favicon(environment, checked, source, folder, cwd)
    theme, theme_mistakes = _theme(shape.theme, source, folder)
    mistakes = [*of_files, *prometheus_mistakes, *favicon_mistakes, *theme_mistakes, *environment.mistakes]
    if mistakes:
        # In the order in which the user meets them: this file by line, then others.
        raise ConfigError(sorted(mistakes, key=lambda m: (m.file != source.name, m.line is None, m.line or 0)))
    return Config(
        path=path,
        title=environment.title or shape.title or TITLE,
        timezone=timezone,
        window=next((window for window in windows if isinstance(window, Window)), FOUR_WEEKS),
        step_seconds=int(environment.step_seconds or shape.step or 5 * MINUTE),
        schedule_seconds=int(shape.schedule),
        provider=shape.provider,
        latency_unit=shape.latency_unit or preset.latency_unit,
        default_service=shape.default_service or placed[0][0].name,
        services=tuple(service for service, _ in placed),
        templates={key: item.template for key, item in located.items()},
        prometheus=prometheus,
        accent=environment.accent or shape.accent,
        favicon=favicon,
        theme=theme,
        base_url=_base_url(shape),
        target=shape.publish.target if shape.publish is not None else None,
        is_private=shape.publish is not None and shape.publish.private,
        series=services.series,
        groups=together.groups,
        composite_method=Method(shape.composite.method if shape.composite is not None else "budget"),
        policy=together.policy,
        rules=together.rules,
        keep=_keep(shape),
        hide=frozenset(shape.publish.hide or () if shape.publish is not None else ()),
        allow=frozenset(shape.publish.allow or () if shape.publish is not None else ()),
        secrets={
            **prometheus.secrets,
            **secrets_of_places(shape.publish.target if shape.publish is not None else None, environment.variables),
        },
    )


def _windows(environment: Environment, shape: FileShape, timezone: str) -> tuple[SloWindow, ...]:
    """Those of objectives that name none. SRE_WINDOW wins over the file."""
    if environment.window_seconds is not None:
        return (Window(int(environment.window_seconds)),)
    return tuple(slo_window(name, timezone) for name in shape.window or ()) or (FOUR_WEEKS,)


def _keep(shape: FileShape) -> Keep:
    """The tiers that the file names over the defaults; 0 for one that is switched off."""
    archive = shape.archive
    if archive is None:
        return Keep()
    named = archive.keep.model_dump(exclude_unset=True) if archive.keep is not None else {}
    keep = replace(Keep(), **{tier: int(seconds or 0) for tier, seconds in named.items()})
    return replace(keep, max_bytes=archive.max_bytes) if "max_bytes" in archive.model_fields_set else keep


def _base_url(shape: FileShape) -> str | None:
    url = shape.publish.base_url if shape.publish is not None else None
    return None if url is None else f"{url.rstrip('/')}/"


def _theme(value: str | None, source: Source, folder: Path) -> tuple[Path | None, list[Mistake]]:
    """The folder, which must be there: a theme that is silently not used would be taken for a broken one."""
    if value is None:
        return None, []
    path = folder / value
    if path.is_dir():
        return path, []
    expected = "a folder with panels/*.html, page.html, macros.html or theme.css"
    return None, [Mistake(source.name, source.line(("theme",)), "theme", expected, f'no folder at "{path}"')]


def _favicon(
    environment: Environment, checked: Checked[FileShape], source: Source, folder: Path, cwd: Path
) -> tuple[str | None, list[Mistake]]:
    """A URL as it is, a file's path made whole: from the environment it starts at the working directory."""
    value, start = (environment.favicon, cwd) if environment.favicon else (checked.shape.favicon, folder)
    if value is None or value.startswith(("http://", "https://")):
        return value, []
    path = start / value
    if path.is_file():
        return str(path), []
    expected, found = "an icon's file on this machine, or an http(s) URL", f'no file at "{path}"'
    if environment.favicon:
        return None, [Mistake("SRE_FAVICON", None, "", expected, found)]
    return None, [Mistake(source.name, source.line(("favicon",)), "favicon", expected, found)]
