"""Reads the documents of YAML files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from sresnap.config.source import MERGE, MOST_NODES, YAML_ERRORS, StopError, fast_loader, line_of
from sresnap.config.yaml_faults import syntax_fault
from sresnap.file_errors import why
from sresnap.named_files import TEXT_BYTES, read_named
from sresnap.printable import quotable

_LONGEST_KEY = 60


class UnreadableError(ValueError):
    """A file cannot be opened, or is not YAML."""


class _PlainValues(SafeConstructor):
    """Reads plain values. An invalid one stays text, so that its reader can report its place.

    A key that is there twice is a mistake, as it is for the tools: PyYAML would take the last one.
    """

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        # Before `<<` adds the keys of other mappings, which may be there twice.
        node: yaml.MappingNode = super().compose_mapping_node(anchor)  # type: ignore[misc]
        first: dict[str, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != MERGE:
                line = key.start_mark.line + 1
                if key.value in first:
                    name = quotable(key.value, _LONGEST_KEY)
                    raise UnreadableError(f"the key {name} is there twice, in lines {first[key.value]} and {line}")
                first[key.value] = line
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except YAML_ERRORS as error:
            if isinstance(error, yaml.YAMLError) or not isinstance(node, yaml.ScalarNode):
                raise
            # PyYAML does the same after success. Without it, an alias would not find the text.
            self.recursive_objects.pop(node, None)
            self.constructed_objects[node] = str(node.value)
            return self.constructed_objects[node]


# A date stays text: no key takes one, and 2024-99-99 would raise an error.
_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Loader(_PlainValues, yaml.SafeLoader):
    """PyYAML's own parser."""

    yaml_implicit_resolvers = _RESOLVERS


@cache
def _fast_loader() -> Any:
    """The parser of libyaml, which reads ten times as fast."""
    return type("Loader", (_PlainValues, fast_loader()), {"yaml_implicit_resolvers": _RESOLVERS})


def _read_fast(content: bytes) -> list[Any] | None:
    """All documents by libyaml; None for a file that it refuses, where PyYAML's own parser says why."""
    if not yaml.__with_libyaml__:
        return None
    found = []
    try:
        loader = _fast_loader()(content)
        while loader.check_data():
            found.append(loader.get_data())
    except UnreadableError:
        raise
    except (yaml.YAMLError, RecursionError, StopError, *YAML_ERRORS):
        return None
    return found


def _read_slowly(content: bytes) -> Iterator[Any]:
    loader = None
    try:
        loader = _Loader(content)
        while loader.check_data():  # type: ignore[no-untyped-call]
            yield loader.get_data()
    except RecursionError:
        raise UnreadableError(
            "its lists and mappings are nested hundreds of levels deep, which no SLO file is"
        ) from None
    except yaml.YAMLError as error:
        line, fault = syntax_fault(error)
        raise UnreadableError(f"not YAML: {fault}{'' if line is None else f', at line {line}'}") from None
    except UnreadableError:
        raise
    except YAML_ERRORS:
        raise UnreadableError(f"not YAML: a value that no parser can read, at line {line_of(loader)}") from None


def documents(path: Path) -> Iterator[Any]:
    """Yield the documents of a file that are not empty.

    Raises:
        UnreadableError: the file cannot be opened, is empty, or stops being YAML.
    """
    try:
        content = read_named(path, TEXT_BYTES)
    except OSError as error:
        raise UnreadableError(why(error)) from None
    is_empty, found = True, _read_fast(content)
    for document in _read_slowly(content) if found is None else found:
        if document is not None:
            is_empty = False
            _check_aliases(document)
            yield document
    if is_empty:
        raise UnreadableError("it is empty")


def _check_aliases(document: Any) -> None:
    """Refuse a value that contains itself, and aliases of aliases that mean more values than any file has."""
    inside: set[int] = set()
    count = 0

    def check(value: Any) -> None:
        nonlocal count
        count += 1
        if count > MOST_NODES:
            raise UnreadableError(f"it has more than {MOST_NODES:,} values, itself or by aliases of aliases")
        if not isinstance(value, dict | list):
            return
        if id(value) in inside:
            raise UnreadableError("it has an alias to something that contains it")
        inside.add(id(value))
        for each in value.values() if isinstance(value, dict) else value:
            check(each)
        inside.discard(id(value))

    check(document)
