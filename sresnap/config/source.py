"""Reads a YAML file as data with the line of every key, and collects its mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from sresnap.config.yaml_faults import syntax_fault
from sresnap.errors import Mistake
from sresnap.printable import quotable

KeyPath = tuple[str | int, ...]

MOST_NODES = 200_000
"""A thousand services need fewer. A bomb of nested aliases needs far more."""
_MOST_DIGITS = 1000
"""Python refuses to print integers of more than 4,300."""
MOST_KEY = 100
"""Characters that a message shows of a key."""
MERGE = "tag:yaml.org,2002:merge"
YAML_ERRORS = (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What PyYAML raises for a value it cannot make: KeyError for `!!bool abc`, OverflowError for `"\\UFFFFFFFF"`."""


def dotted(path: KeyPath) -> str:
    """A key path as messages show it: `services[1].slo_target`."""
    text = ""
    for part in path:
        name = part if isinstance(part, int) else quotable(part, MOST_KEY + 1)
        text += f"[{name}]" if isinstance(name, int) else f".{name}" if text else name
    return text


@dataclass(frozen=True, slots=True)
class Source:
    """The mapping in a YAML file; empty when the file cannot be read, and then `mistakes` says why."""

    name: str
    """The path as the user gave it."""
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    """1-based line of each key and list item."""
    texts: Mapping[KeyPath, str] = field(default_factory=dict)
    """Each scalar's text in the file: `1.10`, where the data has 1.1."""
    mistakes: tuple[Mistake, ...] = ()

    def line(self, path: KeyPath) -> int | None:
        """The line of a key, or of the nearest key that contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> Mistake:
        return Mistake(self.name, self.line(path), dotted(path), expected, found, suggestion)


class StopError(Exception):
    """The rest of the file cannot be read."""

    def __init__(self, line: int | None, expected: str, found: str, suggestion: str | None = None) -> None:
        super().__init__(expected)
        self.line, self.expected, self.found, self.suggestion = line, expected, found, suggestion


def read(name: str, content: bytes | str, if_empty: str | None = None) -> Source:
    """Parse a YAML file. Mistakes in it are in `mistakes`; they are not raised.

    Args:
        name: for messages.
        content: of the file.
        if_empty: what to do about an empty file.
    """
    builder = _Builder(name)
    try:
        data = _root(builder, content, if_empty)
    except StopError as stop:
        mistake = Mistake(name, stop.line, "", stop.expected, stop.found, stop.suggestion)
        return Source(name, mistakes=(*builder.mistakes, mistake))
    except RecursionError:
        mistake = Mistake(name, None, "", "YAML that is nested a few levels deep", "hundreds of levels")
        return Source(name, mistakes=(mistake,))
    return Source(name, data, builder.lines, builder.texts, tuple(builder.mistakes))


def _root(builder: _Builder, content: bytes | str, if_empty: str | None) -> dict[str, Any]:
    what = "a mapping of keys to values"
    root = _compose(_decoded(content))
    if root is None:
        raise StopError(None, what, "an empty file", if_empty)
    data = builder.value(root, ())
    if not isinstance(data, dict):
        # Not the value: the file may be a link to another one, such as a file of passwords.
        found = "a list" if isinstance(data, list) else "a single value"
        raise StopError(root.start_mark.line + 1, what, found)
    return data


def _decoded(content: bytes | str) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StopError(
            line, "UTF-8 text", f"the byte 0x{content[error.start]:02x}", "save the file as UTF-8"
        ) from None


def _compose(text: str) -> yaml.Node | None:
    """The file's nodes. libyaml reads ten times as fast; for what it refuses, PyYAML's own parser says why."""
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError, UnicodeEncodeError):
            return yaml.compose(text, Loader=fast_loader())
    return _compose_slowly(text)


def _compose_slowly(text: str) -> yaml.Node | None:
    loader = None
    try:
        loader = _Loader(text)
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line, fault = syntax_fault(error)
        raise StopError(line, "valid YAML", fault) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise StopError(line, "valid YAML", f"the character U+{int(error.character):04X}") from None
    except YAML_ERRORS:
        raise StopError(line_of(loader), "valid YAML", "a character code that no character has") from None


def line_of(loader: yaml.SafeLoader | None) -> int | None:
    """The 1-based line where a loader of PyYAML is; None before it began."""
    return None if loader is None else loader.line + 1


class _BoundedComposer(Composer):
    """Stops at the first value too many: the rest of a long file would take minutes."""

    _composed = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._composed += 1
        if self._composed > 2 * MOST_NODES:  # the keys of mappings are nodes, too
            raise _too_many(self.peek_event().start_mark.line + 1)  # type: ignore[attr-defined]
        return super().compose_node(parent, index)


class _Loader(_BoundedComposer, yaml.SafeLoader):
    """PyYAML's own parser."""


@cache
def fast_loader() -> type[Any]:
    """The parser of libyaml. Its nodes are composed in Python as above: its own composer has no bound."""
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class Loader(_BoundedComposer, CParser, SafeConstructor, Resolver):
        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)

    return Loader


def _too_many(line: int) -> StopError:
    return StopError(line, f"at most {MOST_NODES:,} values", "more, in this file or by aliases of aliases")


class _Builder:
    """Turns YAML's nodes into data. Keys are always text, even where YAML reads another type (`on`, `404`)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}
        self.texts: dict[KeyPath, str] = {}
        self.mistakes: list[Mistake] = []
        self._scalars = yaml.SafeLoader("")
        self._count = 0
        self._open: set[int] = set()
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        line = node.start_mark.line + 1
        self._count += 1
        if self._count > MOST_NODES:
            raise _too_many(line)
        if id(node) in self._open:
            raise StopError(line, "a value", "an alias to something that contains it")
        self._open.add(id(node))
        try:
            return self._built(node, path, line)
        finally:
            self._open.discard(id(node))

    def _built(self, node: yaml.Node, path: KeyPath, line: int) -> Any:
        if isinstance(node, yaml.MappingNode):
            self._check_doubles(node, path)
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.lines[*path, index] = item.start_mark.line + 1
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        try:
            data = self._scalars.construct_object(node, deep=True)
        except YAML_ERRORS:
            raise StopError(line, "plain YAML", f"the value {str(node.value)[:60]!r} of type {node.tag}") from None
        if isinstance(data, str) and not data.isprintable() and any("\ud800" <= c <= "\udfff" for c in data):
            raise StopError(line, "text", "half of a character (a lone surrogate)")
        if isinstance(data, int) and abs(data) >= 10**_MOST_DIGITS:
            raise StopError(line, f"a number of at most {_MOST_DIGITS:,} digits", "a longer one")
        self.texts[path] = node.value
        return data

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == MERGE:
                parts = self.value(value, path)
                for part in parts if isinstance(parts, list) else [parts]:
                    if not isinstance(part, dict):
                        raise StopError(key.start_mark.line + 1, "a mapping to merge with <<", "something else")
                    # The first of several mappings wins (yaml.org/type/merge.html).
                    merged = {**part, **merged}
        for key, value in node.value:
            if key.tag != MERGE:
                if not isinstance(key, yaml.ScalarNode):
                    raise StopError(
                        key.start_mark.line + 1,
                        "a key that is text",
                        "a list or a mapping as a key",
                        "quote a value that begins with [ or {",
                    )
                self.lines[*path, key.value] = key.start_mark.line + 1
                own[key.value] = self.value(value, (*path, key.value))
        return {**merged, **own}

    def _check_doubles(self, node: yaml.MappingNode, path: KeyPath) -> None:
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        first: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            line = key.start_mark.line + 1
            if key.value in first:
                found = f"it again, first in line {first[key.value]}"
                where = dotted((*path, key.value))
                self.mistakes.append(Mistake(self.name, line, where, "this key once", found, "remove one of them"))
            first.setdefault(key.value, line)
