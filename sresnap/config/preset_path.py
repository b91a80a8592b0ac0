"""Presets of the user's own, by name: the files in the folders that `preset_path` names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sresnap.config.schema import FileShape
from sresnap.config.source import Source, read
from sresnap.config.validation import validate
from sresnap.errors import Mistake, UsageError
from sresnap.file_errors import why
from sresnap.named_files import TEXT_BYTES, read_named
from sresnap.printable import quotable

KEY = "preset_path"
_NAME = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)
_MOST = 1000
"""Files of a folder that are listed."""


@dataclass(frozen=True, slots=True)
class PresetFolder:
    """A folder of presets."""

    shown: str
    """As the user wrote it."""
    path: Path


@dataclass(frozen=True, slots=True)
class OwnPreset:
    """The file of a preset."""

    shown: str
    """Its path from where the user's paths begin."""
    content: bytes

    @property
    def source(self) -> Source:
        return read(self.shown, self.content)


def folders_of(given: Sequence[str], start: Path) -> tuple[PresetFolder, ...]:
    """The folders that paths name, which begin at a folder."""
    return tuple(PresetFolder(quotable(one), start / one) for one in given)


def folders_given(given: Sequence[str], start: Path) -> tuple[PresetFolder, ...]:
    """The folders that a command line names.

    Raises:
        UsageError: one cannot be listed.
    """
    folders = folders_of(given, start)
    for folder in folders:
        try:
            names_in((folder,))
        except OSError as error:
            raise UsageError(f"{folder.shown}: {why(error)}", "give a folder with presets, NAME.yaml") from error
    return folders


def check_folders(folders: Sequence[PresetFolder], source: Source) -> list[Mistake]:
    """A mistake for each folder of a configuration that cannot be listed."""
    mistakes = []
    for folder in folders:
        try:
            names_in((folder,))
        except OSError as error:
            mistakes.append(source.mistake((KEY,), "a folder with presets", f"{folder.shown}: {why(error)}"))
    return mistakes


def names_in(folders: Sequence[PresetFolder]) -> Mapping[str, PresetFolder]:
    """The names of presets, each with the first folder that has it.

    Raises:
        OSError: a folder cannot be listed, or has too many files.
    """
    found: dict[str, PresetFolder] = {}
    for folder in folders:
        for number, path in enumerate(folder.path.iterdir()):
            if number >= _MOST:
                raise OSError(0, f"it has more than {_MOST} files")
            if path.suffix == ".yaml" and _NAME.fullmatch(path.stem) and path.stem != "custom" and path.is_file():
                found.setdefault(path.stem, folder)
    return dict(sorted(found.items()))


def own_names(folders: Sequence[PresetFolder]) -> tuple[str, ...]:
    """The names, for a suggestion: a folder that cannot be listed is a mistake of its own."""
    try:
        return tuple(names_in(folders))
    except OSError:
        return ()


def own_preset(name: str, folders: Sequence[PresetFolder]) -> OwnPreset | None:
    """The file of a preset in the first folder that has it; None where none has.

    Raises:
        OSError: it cannot be read.
    """
    for folder in folders if _NAME.fullmatch(name) else ():
        file = f"{name}.yaml"
        try:
            return OwnPreset(f"{folder.shown.rstrip('/')}/{file}", read_named(folder.path / file, TEXT_BYTES))
        except FileNotFoundError:
            continue
    return None


def at_path(path: str, folder: Path) -> OwnPreset:
    """The file at a path, which begins at a folder.

    Raises:
        OSError: it cannot be read.
    """
    return OwnPreset(path, read_named(folder / path, TEXT_BYTES))


def folders_in_file(source: Source, start: Path) -> tuple[tuple[PresetFolder, ...], tuple[Mistake, ...]]:
    """The folders that a configuration names, regardless of the rest of it; with the mistakes of that key."""
    named = {KEY: source.data[KEY]} if KEY in source.data else {}
    validated = validate(FileShape, Source(source.name, named, source.lines))
    mistakes = [mistake for mistake in validated.mistakes if mistake.path.startswith(KEY)]
    folders = folders_of(validated.shape.preset_path or (), start)
    return folders, (*mistakes, *check_folders(folders, source))
