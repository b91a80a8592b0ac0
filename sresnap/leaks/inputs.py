"""Scans the inputs of a report's pages, so that the pages need no scan.

Everything that a page shows is in the snapshot, in the archive's index or in the theme. Most strings are in many
places there, and each is scanned once. Numbers are not scanned.

Two clean strings can make a leak where a template prints them side by side. The shipped templates always separate two
values by markup that no pattern matches across, except for those in `_joined`; tests/integration/test_page_joins.py
checks that. What a theme's templates join is unknown, so the pages of such a theme are scanned as files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.scan import Leak, leaks_in_file, leaks_in_text
from sresnap.model.snapshot import Snapshot
from sresnap.named_files import read_stored

_BETWEEN = "\n<>\n"
"""No pattern matches across it."""
_NOT_SCANNED = frozenset({float, int, bool, type(None)})


def leaks_in_values(values: Mapping[str, Any], rules: PublicationRules) -> list[Leak]:
    """What must not be public in the strings of objects.

    Args:
        values: dataclasses, mappings and sequences by the name that messages give them.
        rules: what may be public.
    """
    texts = {text for value in values.values() for text in _strings(value)}
    joined = {text for value in values.values() for text in _joined(value)}
    # Most reports are clean, and one long text is scanned many times faster than thousands of short ones.
    if not leaks_in_text("", _BETWEEN.join(sorted(texts | joined)), rules):
        return []
    by_text = _leaks_by_text(texts, rules)
    if not by_text:
        name = next(iter(values), "")
        return [
            dataclasses.replace(leak, where=name) for found in _leaks_by_text(joined, rules).values() for leak in found
        ]
    places: dict[str, str] = {}
    for name, value in values.items():
        for place, text in _places(name, value):
            places.setdefault(text, place)
    return [dataclasses.replace(leak, where=places[text]) for text, found in by_text.items() for leak in found]


def _leaks_by_text(texts: Iterable[str], rules: PublicationRules) -> dict[str, list[Leak]]:
    return {text: found for text in sorted(texts) if (found := leaks_in_text("", text, rules))}


def leaks_in_theme(theme: Path, rules: PublicationRules) -> list[Leak]:
    """What must not be public in the templates and the style sheet of a theme.

    Other files of its folder, such as an editor's packages, do not reach a page. A template further down can only be
    included by another one, and the pages of such a theme are scanned as files.

    Raises:
        OSError: a file cannot be read.
    """
    files = [path for path in (*_templates(theme), theme / "theme.css") if path.is_file()]
    return [leak for path in sorted(files) for leak in leaks_in_file(str(path), read_stored(path), rules)]


def has_templates(theme: Path | None) -> bool:
    """Whether a theme replaces a shipped template; these lie in its folder and one level below."""
    return theme is not None and any(True for _ in _templates(theme))


def _templates(theme: Path) -> Iterator[Path]:
    for pattern in ("*.html", "*/*.html"):
        yield from theme.glob(pattern)


def _strings(value: Any) -> set[str]:
    """Every string in an object, the keys of its mappings included."""
    texts: set[str] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if type(item) in _NOT_SCANNED:
            continue
        if isinstance(item, str):
            texts.add(str(item.value if isinstance(item, Enum) else item))
        else:
            waiting.extend(child for _, child in _children(item))
    return texts


def _places(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every string in an object, with its path such as `report.services[3].name`."""
    if isinstance(value, str):
        yield name, str(value.value if isinstance(value, Enum) else value)
    elif type(value) not in _NOT_SCANNED:
        for step, child in _children(value):
            yield from _places(name + step, child)


def _children(value: Any) -> Iterable[tuple[str, Any]]:
    """The parts of an object and the step that leads to each."""
    if isinstance(value, Mapping):
        # A key is scanned like a value, and both are found under it.
        return [(f"[{key!r}]", part) for key, item in value.items() for part in (key, item)]
    if isinstance(value, list | tuple | set | frozenset):
        return ((f"[{number}]", item) for number, item in enumerate(value) if type(item) not in _NOT_SCANNED)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [(f".{name}", getattr(value, name)) for name in _field_names(type(value))]
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return [] if kind in {"f", "i", "u", "b"} else [("", str(value))]


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _joined(value: Any) -> Iterator[str]:
    """Strings that pages print so close together that a pattern may match across them."""
    if not isinstance(value, Snapshot):
        return
    for service in value.services:
        for slo in service.slos:
            yield from (f"{service.name}{separator}{slo.name}" for separator in ("/", ",", " "))
            yield f"{slo.name}: {slo.reason}"
            yield f"{slo.name}: {slo.now.reason} {slo.reason}"
            if service.people is not None:  # a row for spreadsheets, with times and numbers for its other cells
                people = service.people
                yield f"{slo.name},0,{people.team or ''},{people.owner or ''},{' '.join(people.tags)}"
