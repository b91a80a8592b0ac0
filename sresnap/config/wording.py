"""Reads a file of the team's own that replaces texts of the review, as in presets/review.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

from sresnap.config.default_wording import default_wording, flat
from sresnap.config.expected import nearest
from sresnap.config.shapes.site import ReviewShape
from sresnap.config.source import KeyPath, Source, read
from sresnap.errors import Mistake
from sresnap.file_errors import why
from sresnap.model.wording import Wording
from sresnap.named_files import TEXT_BYTES, read_named
from sresnap.printable import quotable
from sresnap.resources import bundled_yaml

_TEXTS = "the texts of rules and words, as in presets/review.yaml"
_MONTHS = 12


def wording(shape: ReviewShape | None, source: Source, folder: Path) -> tuple[Wording, list[Mistake]]:
    """The texts that a configuration asks for, and its mistakes.

    Args:
        shape: the section `review`; None: nothing is configured.
        source: the configuration.
        folder: relative paths in it start here.
    """
    english = default_wording()
    if shape is None:
        return english, []
    off, rule = shape.off or [], "a rule of the review"
    mistakes = [
        source.mistake(("review", "off", index), rule, f'"{quotable(name)}"', nearest(name, english.rules))
        for index, name in enumerate(off)
        if name not in english.rules
    ]
    own = replace(english, off=frozenset(off))
    if shape.texts is None:
        return own, mistakes
    texts, found = _read(shape.texts, source, folder)
    mistakes += found or list(_mistakes(texts))
    return (own if mistakes else _merged(own, texts)), mistakes


def _read(name: str, source: Source, folder: Path) -> tuple[Source, list[Mistake]]:
    """The file of texts."""
    try:
        texts = read(name, read_named(folder / name, TEXT_BYTES))
    except OSError as error:
        path = quotable(str(folder / name))
        return Source(name), [source.mistake(("review", "texts"), "a file to read", f'"{path}": {why(error)}')]
    return texts, list(texts.mistakes)


def _merged(english: Wording, texts: Source) -> Wording:
    """The English texts, with the file's in place of those that it has."""
    rules, words = texts.data.get("rules") or {}, dict(texts.data.get("words") or {})
    months = words.pop("months", english.months)
    return replace(
        english,
        rules={name: {**forms, **rules.get(name, {})} for name, forms in english.rules.items()},
        words={**english.words, **flat(words)},
        months=tuple(months),
    )


def _mistakes(texts: Source) -> Iterator[Mistake]:
    """What is not a text of the review, at its line."""
    english: Mapping[str, Any] = bundled_yaml("presets", "review.yaml")
    for section, value in texts.data.items():
        if section not in ("rules", "words"):
            yield texts.mistake((section,), _TEXTS, "another key", nearest(section, ("rules", "words")))
        else:
            yield from _unlike(texts, (section,), value, english[section])


def _unlike(texts: Source, path: KeyPath, value: Any, known: Any) -> Iterator[Mistake]:
    """Where a value differs in form from the English one."""
    if isinstance(known, dict):
        if not isinstance(value, dict):
            yield texts.mistake(path, "a mapping", _shown(value))
            return
        for key, each in value.items():
            if key in known:
                yield from _unlike(texts, (*path, key), each, known[key])
            else:
                what = "a rule of the review" if path == ("rules",) else f"one of {', '.join(known)}"
                yield texts.mistake((*path, key), what, "another name", nearest(str(key), known))
    elif isinstance(known, list):
        if not isinstance(value, list) or len(value) != _MONTHS or not all(isinstance(name, str) for name in value):
            yield texts.mistake(path, "the names of twelve months", _shown(value))
    elif not isinstance(value, str) or not value.strip():
        yield texts.mistake(path, "a text", _shown(value))
    else:
        yield from _wrong_placeholders(texts, path, value, known)


def _wrong_placeholders(texts: Source, path: KeyPath, value: str, known: str) -> Iterator[Mistake]:
    allowed = sorted(_placeholders(known))
    expected = f"a text with {', '.join(f'{{{name}}}' for name in allowed)}" if allowed else "a text without {…}"
    try:
        unknown = _placeholders(value) - set(allowed)
    except ValueError:
        yield texts.mistake(path, expected, "a brace that is not closed", "write {{ and }} for braces")
        return
    for name in sorted(unknown):
        yield texts.mistake(path, expected, f"{{{quotable(name)}}}", nearest(name, allowed))


def _placeholders(text: str) -> set[str]:
    """The names in braces, with what follows them: `{day:>9}` and `{day.year}` are not `{day}`.

    Raises:
        ValueError: a brace is not closed.
    """
    parts = (part for part in Formatter().parse(text) if part[1] is not None)
    return {f"{name}{f'!{how}' if how else ''}{f':{spec}' if spec else ''}" for _, name, spec, how in parts}


def _shown(value: Any) -> str:
    return quotable(repr(value)[:60])
