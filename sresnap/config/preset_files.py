"""What a preset's file says about itself: for people, and for `sresnap presets`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sresnap.config.expected import nearest
from sresnap.config.parameters import Given, shown_unset
from sresnap.config.presets import CUSTOM, Preset, PresetRequest, load_preset, preset_names, shipped
from sresnap.config.shapes.parameters import ParameterShape, ParametersShape
from sresnap.config.shapes.presets import PresetShape, PresetTestShape
from sresnap.config.source import KeyPath, Source, read
from sresnap.config.validation import validate
from sresnap.errors import ConfigError, UsageError
from sresnap.file_errors import why
from sresnap.named_files import TEXT_BYTES, read_named

_OWN = ("about", "source", "latency_unit", "tests")
"""Keys that hold no parameters."""


@dataclass(frozen=True, slots=True)
class PresetFile:
    """A preset as its file describes it."""

    name: str
    """A shipped preset's name, or the path of a file."""
    file: Source
    about: str
    source: str
    """Where its metrics are described; may be empty."""
    parameters: Mapping[str, ParameterShape]
    tests: tuple[PresetTestShape, ...]
    folder: Path
    """Where a relative path begins."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its queries."""
        queries = self.file.data.get("queries")
        return tuple(key for key in queries if isinstance(key, str)) if isinstance(queries, dict) else ()

    def queries(self) -> Mapping[str, str]:
        """Its queries by key, as templates with the defaults of its parameters; the counters where it counts them.

        Raises:
            ConfigError: the file has mistakes.
        """
        unset = {name: shown_unset(name, shape) for name, shape in self.parameters.items() if shape.default is None}
        templates = {key: located.template for key, located in self.loaded(unset).queries.items()}
        return {key: template.raw or template.promql for key, template in templates.items()}

    def loaded(self, parameters: Mapping[str, Any], path: KeyPath = ("parameters",)) -> Preset:
        """The preset with values for its parameters, which stand at a path of its file.

        Raises:
            ConfigError: its file or a value has mistakes.
        """
        given = Given(self.file, path, parameters)
        preset, mistakes = load_preset(PresetRequest(self.name, (given,), ()), self.file, self.folder)
        if mistakes:
            raise ConfigError(mistakes)
        return preset


def shipped_presets() -> tuple[PresetFile, ...]:
    """All presets that have queries, by name."""
    return tuple(preset_file(name, Path()) for name in preset_names() if name != CUSTOM)


def preset_file(name: str, folder: Path) -> PresetFile:
    """A shipped preset by its name, or a file.

    Raises:
        UsageError: there is none.
        ConfigError: the file has mistakes.
    """
    file = _file(name, folder)
    known = {key: value for key, value in file.data.items() if key in _OWN}
    described = validate(PresetShape, replace(file, data=known))
    declared = validate(ParametersShape, _only(file, "parameters"))
    mistakes = (*described.mistakes, *declared.mistakes)
    if mistakes or not file.data:
        raise ConfigError(mistakes)
    shape = described.shape
    tests = tuple(shape.tests or ())
    return PresetFile(name, file, shape.about or "", shape.source or "", declared.shape.parameters, tests, folder)


def _file(name: str, folder: Path) -> Source:
    names = [known for known in preset_names() if known != CUSTOM]
    if name in names:
        return shipped(name)
    if "/" not in name and not name.endswith((".yaml", ".yml")):
        advice = nearest(name, names) or "give the path of a file, such as ./mine.yaml"
        raise UsageError(f'there is no preset "{name}"; the shipped ones are {", ".join(names)}', advice)
    try:
        return read(name, read_named(folder / name, TEXT_BYTES))
    except OSError as error:
        raise UsageError(f"{name}: {why(error)}", "give the path of a preset's file") from error


def _only(file: Source, key: str) -> Source:
    return replace(file, data={key: file.data[key]} if isinstance(file.data.get(key), dict) else {}, mistakes=())
