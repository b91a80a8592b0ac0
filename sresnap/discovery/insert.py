"""Adds items to `services:` of a sresnap.yaml as text, so that every other byte stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

import yaml


class NoPlaceError(Exception):
    """The file has no place where lines can be added. The text says why."""


def with_services(text: str, lines: Sequence[str]) -> str:
    """The file with further items after the last one of `services:`.

    Args:
        text: of the file.
        lines: of the items, without indentation.

    Raises:
        NoPlaceError: `services` is not a list in lines of its own.
    """
    node = _services(text)
    if node is None:
        raise NoPlaceError("it has no `services:`")
    if node.flow_style or not node.value:
        raise NoPlaceError("`services` is written in one line, or empty")
    first, last = node.value[0].start_mark, node.value[-1].end_mark
    indent = _indent_of_items(text, first.line)
    ending = "\r\n" if "\r\n" in text else "\n"
    rows = text.splitlines(keepends=True)
    # The end of a block is the start of what follows it. The item's own last line is further indented.
    place = min(last.line + bool(last.column), len(rows))
    while place > first.line + 1 and not _is_of_item(rows[place - 1], indent):
        place -= 1
    before, after = rows[:place], rows[place:]
    if before and not before[-1].endswith(("\n", "\r")):
        before[-1] += ending
    added = [f"{indent}{line}".rstrip() + ending for line in lines]
    while added and not added[-1].strip():
        added.pop()
    return "".join([*before, *added, *after])


def _services(text: str) -> yaml.SequenceNode | None:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        raise NoPlaceError("it cannot be read as YAML") from None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise NoPlaceError("it is not a mapping in lines")
    for key, value in root.value:
        if key.value == "services":
            if not isinstance(value, yaml.SequenceNode):
                raise NoPlaceError("`services` is not a list")
            return value
    return None


def _indent_of_items(text: str, line: int) -> str:
    """The indentation of the dash of the first item."""
    row = text.splitlines()[line]
    indent = row[: len(row) - len(row.lstrip(" "))]
    if not row[len(indent) :].startswith("- "):
        raise NoPlaceError("its first service does not begin with `- ` in a line of its own")
    return indent


def _is_of_item(row: str, indent: str) -> bool:
    """Whether a line belongs to an item: it is indented further, or begins one, and is not empty or a comment."""
    stripped = row.strip()
    if not stripped or stripped.startswith("#"):
        return False
    return row.startswith((f"{indent} ", f"{indent}- "))
