"""What a preset's file says about itself: for people, and for `sresnap presets`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from sresnap.config.expected import nearest
from sresnap.config.parameters import Given, shown_unset
from sresnap.config.preset_path import PresetFolder, names_in, own_names, own_preset
from sresnap.config.presets import CUSTOM, Preset, PresetRequest, load_preset, preset_names, shipped, shipped_text
from sresnap.config.shapes.parameters import ParameterShape, ParametersShape
from sresnap.config.shapes.presets import PresetShape, PresetTestShape, TrapShape, WholePresetShape
from sresnap.config.source import KeyPath, Source, read
from sresnap.config.validation import validate
from sresnap.errors import ConfigError, Mistake, UsageError
from sresnap.file_errors import why
from sresnap.model.query import QueryTemplate
from sresnap.named_files import TEXT_BYTES, read_named

_OWN = ("about", "source", "latency_unit", "tests", "traps")
"""Keys that hold no parameters."""
_PARAMETER = {"type": "string", "pattern": r"^\{[A-Za-z_][A-Za-z0-9_]*\}$", "examples": ["{identity}"]}
"""A value that a parameter fills in."""
_PLAIN = re.compile(r"[A-Za-z_./][\w./-]*")
"""Texts that need no quotes in YAML."""


@dataclass(frozen=True, slots=True)
class PresetFile:
    """A preset as its file describes it."""

    name: str
    """A shipped preset's name, or the path of a file."""
    file: Source
    about: str
    source: str
    """Where its metrics are described; may be empty."""
    notes: tuple[str, ...]
    """The comment at the head of its file, by line: what to know before use."""
    parameters: Mapping[str, ParameterShape]
    tests: tuple[PresetTestShape, ...]
    traps: tuple[TrapShape, ...]
    """What `check --online` says of its source where series show it."""
    folder: Path
    """Where a relative path begins."""
    folders: tuple[PresetFolder, ...] = ()
    """Where presets of the user's own are found by name."""
    own_file: str | None = None
    """The path of a file of the user's own; None of a shipped preset."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its queries."""
        queries = self.file.data.get("queries")
        return tuple(key for key in queries if isinstance(key, str)) if isinstance(queries, dict) else ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels by which its queries find a service, with the defaults of its parameters."""
        queries = self.file.data.get("queries")
        given = [query.get("by") for query in queries.values() if isinstance(query, dict)] if queries else []
        return tuple(dict.fromkeys(label for by in given for label in self._named(by)))

    def _named(self, by: object) -> Iterator[str]:
        for one in by if isinstance(by, list) else [by]:
            label = one if isinstance(one, str) else ""
            parameter = self.parameters.get(label.strip("{}")) if label.startswith("{") else None
            if parameter is None:
                yield from [label] if label and not label.startswith("{") else []
            elif parameter.default is not None:
                yield from [parameter.default] if isinstance(parameter.default, str) else parameter.default

    @property
    def snippet(self) -> str:
        """What to write in sresnap.yaml to use it, with … for what only its user knows."""
        name = self.name if _PLAIN.fullmatch(self.name) else json.dumps(self.name)
        needed = ", ".join(f"{key}: …" for key, shape in self.parameters.items() if shape.default is None)
        labels = ", ".join(f"{label}: …" for label in self.labels)
        of_service = f"{{name: api, slo_target: 99.9{f', labels: {{{labels}}}' if labels else ''}}}"
        parameters = f"parameters: {{{needed}}}\n" if needed else ""
        return f"provider: {name}\n{parameters}services:\n  - {of_service}\n"

    def queries(self) -> Mapping[str, str]:
        """Its queries by key, as templates with the defaults of its parameters; the counters where it counts them.

        Raises:
            ConfigError: the file has mistakes.
        """
        return {key: template.raw or template.promql for key, template in self.templates().items()}

    def templates(self, parameters: Mapping[str, Any] | None = None) -> Mapping[str, QueryTemplate]:
        """Its queries by key. A parameter that is not given has its default, or shows its own name.

        Raises:
            ConfigError: the file or a value has mistakes.
        """
        unset = {name: shown_unset(name, shape) for name, shape in self.parameters.items() if shape.default is None}
        loaded = self.loaded({**unset, **(parameters or {})})
        return {key: located.template for key, located in loaded.queries.items()}

    def loaded(self, parameters: Mapping[str, Any], path: KeyPath = ("parameters",)) -> Preset:
        """The preset with values for its parameters, which stand at a path of its file.

        Raises:
            ConfigError: its file or a value has mistakes.
        """
        given = Given(self.file, path, parameters)
        preset, mistakes = load_preset(PresetRequest(self.name, (given,), (), self.folders), self.file, self.folder)
        if mistakes:
            raise mistakes_of(self.name, mistakes)
        return preset


def shipped_presets() -> tuple[PresetFile, ...]:
    """All presets that have queries, by name."""
    return tuple(preset_file(name, Path()) for name in preset_names() if name != CUSTOM)


def own_presets(folders: tuple[PresetFolder, ...]) -> tuple[PresetFile, ...]:
    """The presets in folders of the user's own, by name.

    Raises:
        OSError: a folder cannot be listed.
        ConfigError: a file has mistakes.
    """
    return tuple(preset_file(name, Path(), folders) for name in names_in(folders))


def every_preset(folders: tuple[PresetFolder, ...]) -> tuple[PresetFile, ...]:
    """The presets of the user's own and the shipped ones, of one name the user's own.

    Raises:
        UsageError: a folder cannot be listed.
        ConfigError: a file of the user's own has mistakes.
    """
    own = own_presets(folders)
    names = {preset.name for preset in own}
    return (*own, *(preset for preset in shipped_presets() if preset.name not in names))


def preset_file(name: str, folder: Path, folders: tuple[PresetFolder, ...] = ()) -> PresetFile:
    """A preset of the user's own or a shipped one by its name, or a file.

    Raises:
        UsageError: there is none.
        ConfigError: the file has mistakes.
    """
    file, content = _file(name, folder, folders)
    known = {key: value for key, value in file.data.items() if key in _OWN}
    described = validate(PresetShape, replace(file, data=known))
    declared = validate(ParametersShape, _only(file, "parameters"))
    mistakes = (*described.mistakes, *declared.mistakes)
    if mistakes or not file.data:
        raise mistakes_of(name, mistakes)
    shape = described.shape
    tests, traps = tuple(shape.tests or ()), tuple(shape.traps or ())
    about, source = shape.about or "", shape.source or ""
    own_file = None if name in preset_names() and file is shipped(name) else file.name
    return PresetFile(
        name, file, about, source, _head(content), declared.shape.parameters, tests, traps, folder, folders, own_file
    )


def _head(content: bytes) -> tuple[str, ...]:
    """The comment with which a file begins, by line."""
    lines = takewhile(lambda line: line.startswith("#"), content.decode("utf-8-sig", "replace").splitlines())
    return tuple(line.removeprefix("#").strip() for line in lines if "yaml-language-server" not in line)


def _file(name: str, folder: Path, folders: tuple[PresetFolder, ...]) -> tuple[Source, bytes]:
    names = [known for known in preset_names() if known != CUSTOM]
    try:
        own = own_preset(name, folders)
    except OSError as error:
        raise UsageError(f"{name}: {why(error)}", "look at the file in preset_path") from error
    if own is not None:
        return own.source, own.content
    if name in names:
        return shipped(name), shipped_text(name)
    if "/" not in name and not name.endswith((".yaml", ".yml")):
        advice = nearest(name, (*own_names(folders), *names)) or "give the path of a file, such as ./mine.yaml"
        raise UsageError(f'there is no preset "{name}"; the shipped ones are {", ".join(names)}', advice)
    try:
        content = read_named(folder / name, TEXT_BYTES)
    except OSError as error:
        raise UsageError(f"{name}: {why(error)}", "give the path of a preset's file") from error
    return read(name, content), content


def preset_schema() -> dict[str, Any]:
    """JSON Schema of a preset's file."""
    schema = WholePresetShape.model_json_schema()
    query = schema["$defs"]["QueryShape"]["properties"]
    for key in ("by", "period", "unit"):
        query[key]["anyOf"].append(_PARAMETER)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "a preset of sresnap"}


def mistakes_of(name: str, mistakes: Sequence[Mistake]) -> ConfigError:
    """The error of a preset's file that is read on its own."""
    return ConfigError(mistakes, f"the preset {name}", f"presets test {name}")


def _only(file: Source, key: str) -> Source:
    return replace(file, data={key: file.data[key]} if isinstance(file.data.get(key), dict) else {}, mistakes=())
