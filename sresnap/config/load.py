"""Finds and loads a configuration, and reports all mistakes at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sresnap.config.environment import read_environment
from sresnap.config.preset_path import PresetFolder, folders_in_file
from sresnap.config.resolve import Origin, resolve
from sresnap.config.schema import FileShape
from sresnap.config.settings import Config, PrometheusSettings
from sresnap.config.source import Source, read
from sresnap.errors import ConfigError, Mistake, UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.named_files import TEXT_BYTES
from sresnap.printable import quotable

NAMES = ("sresnap.yaml", "sre.yaml")
"""Looked for in the working directory, in this order."""
_IF_EMPTY = "`sresnap init` writes a first configuration"


def find(path: Path | None, env: Mapping[str, str], cwd: Path) -> Path:
    """The configuration's path as the user would write it: the one given, $SRE_CONFIG_FILE, or a known name in `cwd`.

    Raises:
        UsageError: there is no such file.
    """
    if path is not None:
        return path
    named = env.get("SRE_CONFIG_FILE", "").strip()
    if named:
        return Path(named)
    for name in NAMES:
        if _may_be_file(cwd / name):
            return Path(name)
    raise UsageError(
        f"there is no configuration: neither {NAMES[0]} nor {NAMES[1]} in {cwd}, and SRE_CONFIG_FILE is not set",
        hint="run `sresnap init` to write one, or `sresnap demo` to see a report of made-up services",
    )


def _may_be_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # reading it will say so
        return True


def load(path: Path | None, env: Mapping[str, str], *, prometheus_url: str | None = None, cwd: Path) -> Config:
    """Read a configuration file and everything that it names.

    Args:
        path: the file; None to look for it, see `find`.
        env: the environment's variables, which win over the file.
        prometheus_url: wins over both.
        cwd: the folder for relative paths that do not come from the file.

    Raises:
        ConfigError: with every mistake in the file, the preset and the environment.
        UsageError: there is no file.
    """
    source, file = _read(path, env, cwd)
    return resolve(Origin(source, file.parent, file, read_environment(env), prometheus_url, cwd))


def preset_folders(path: Path | None, env: Mapping[str, str], cwd: Path) -> tuple[PresetFolder, ...]:
    """The folders of presets that a configuration names, regardless of the rest of it; none without one.

    Raises:
        ConfigError: the file cannot be read, or a folder cannot be listed.
    """
    try:
        source, file = _read(path, env, cwd)
    except UsageError:
        return ()
    folders, mistakes = folders_in_file(source, file.parent)
    if mistakes:
        raise ConfigError(mistakes)
    return folders


def _read(path: Path | None, env: Mapping[str, str], cwd: Path) -> tuple[Source, Path]:
    """The mapping in a configuration file, and where that is."""
    found_at = find(path, env, cwd)
    file, shown = cwd / found_at, quotable(str(found_at))
    try:
        content = _content(file)
    except (OSError, ValueError) as error:
        problem = why(error) if isinstance(error, OSError) else str(error)
        found = problem.removeprefix("it is ").removeprefix("there is ")
        hint = what_to_do(error, read=True) if isinstance(error, OSError) else "is the path right?"
        if path is None and env.get("SRE_CONFIG_FILE"):
            hint = f"SRE_CONFIG_FILE names it: {hint}"
        raise ConfigError([Mistake(shown, None, "", "a file to read", found, hint)]) from None
    return read(shown, content, _IF_EMPTY), file


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(TEXT_BYTES + 1)
    if len(content) > TEXT_BYTES:
        raise ValueError(f"more than {TEXT_BYTES // 10**6} MB")
    return content


def loads(text: str, name: str, env: Mapping[str, str], *, prometheus_url: str | None = None, cwd: Path) -> Config:
    """Like `load`, for a configuration in a text. Messages call it `name`; relative paths start at `cwd`.

    Raises:
        ConfigError: with every mistake.
    """
    return resolve(Origin(read(name, text, _IF_EMPTY), cwd, None, read_environment(env), prometheus_url, cwd))


def prometheus_of(env: Mapping[str, str], prometheus_url: str | None, cwd: Path) -> PrometheusSettings:
    """How Prometheus is reached where there is no file yet: by the option or PROMETHEUS_URL.

    Raises:
        ConfigError: a URL or a variable has a mistake.
    """
    text = "provider: http\nservices: [{name: any, slo_target: 99}]\n"
    return loads(text, "the environment", env, prometheus_url=prometheus_url, cwd=cwd).prometheus


def config_schema() -> dict[str, Any]:
    """JSON Schema of sresnap.yaml."""
    schema = FileShape.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "sresnap.yaml",
        "required": ["services"],
    }
