"""Reads the documents of YAML files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sresnap.config.source import MOST_NODES, YAML_ERRORS, line_of
from sresnap.file_errors import why
from sresnap.named_files import TEXT_BYTES, read_named


class UnreadableError(ValueError):
    """A file cannot be opened, or is not YAML."""


class _Loader(yaml.SafeLoader):
    """Reads plain values. An invalid one stays text, so that its reader can report its place."""

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
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def documents(path: Path) -> Iterator[Any]:
    """Yield the documents of a file that are not empty.

    Raises:
        UnreadableError: the file cannot be opened, is empty, or stops being YAML.
    """
    try:
        content = read_named(path, TEXT_BYTES)
    except OSError as error:
        raise UnreadableError(why(error)) from None
    is_empty, loader = True, None
    try:
        loader = _Loader(content)
        while loader.check_data():  # type: ignore[no-untyped-call]
            document = loader.get_data()
            if document is not None:
                is_empty = False
                _check_aliases(document)
                yield document
    except UnreadableError:
        raise
    except (yaml.YAMLError, RecursionError) as error:
        text = str(error).replace('in "<byte string>", ', "at ")  # the caller names the file
        raise UnreadableError(f"not YAML: {' '.join(text.split())[:200]}") from None
    except YAML_ERRORS:
        raise UnreadableError(f"not YAML: a value that no parser can read, at line {line_of(loader)}") from None
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
