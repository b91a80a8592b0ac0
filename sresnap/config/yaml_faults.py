"""What is wrong with a text that is not YAML, in our own words: the parser speaks of its inner state."""

from __future__ import annotations

import re

import yaml

_WORDS = (
    ("undefined alias", "an alias (*name) without an anchor (&name) before it"),
    ("duplicate anchor", "two anchors (&name) of one name"),
    ("character '\\t'", "a tab: YAML is indented by spaces"),
    ("cannot start any token", "a value that begins with a sign that needs quotes, such as @, % or `"),
    ("constructor for the tag", "a tag (!name) that is not one of plain YAML"),
    ("undefined tag handle", "a tag (!name) that is not declared"),
    ("unexpected end of stream", "quotes that are not closed"),
    ("document separator", "quotes that are not closed"),
    ("unknown escape", "an unknown escape in double quotes: write \\\\ for a backslash, or use single quotes"),
    ("escape sequence", "an unknown escape in double quotes: write \\\\ for a backslash, or use single quotes"),
    ("expected ',' or", "a comma or a closing bracket is missing"),
    ("did not find expected node content", "a comma or a closing bracket is missing, or a value"),
    ("expected the node content", "a value or a closing bracket is missing"),
    ("expected <block end>", "an indentation that does not fit the lines above"),
    (
        "mapping values are not allowed",
        "a second `: ` in one line: write the value in quotes, or correct the indentation",
    ),
    ("sequence entries are not allowed", "an item (`- `) where none may be: correct the indentation"),
    ("block sequence entries", "an item (`- `) where none may be: correct the indentation"),
    ("could not find expected ':'", "a key without a colon, or an indentation that does not fit"),
    ("mapping keys are not allowed", "a key where none may be: correct the indentation"),
    ("unhashable key", "a key that is a list or a mapping: write a value that begins with [ or { in quotes"),
    ("for merging", "`<<` with something that is not a mapping"),
    ("incompatible YAML", "a version of YAML other than 1"),
    ("expected '<document start>'", "further text after the end of the document"),
    ("expected a single document", "several documents"),
)
"""A part of PyYAML's text, and what it means. The first that fits wins."""


def syntax_fault(error: yaml.YAMLError) -> tuple[int | None, str]:
    """The line where a text stops being YAML, if that is known, and what is wrong there."""
    if isinstance(error, yaml.reader.ReaderError):
        code = int(error.character)
        is_text = error.encoding == "unicode"
        return None, f"the character U+{code:04X}" if is_text else f"the byte 0x{code:02x}, which is not UTF-8"
    if not isinstance(error, yaml.MarkedYAMLError):
        return None, "a syntax error"
    mark = error.problem_mark or error.context_mark
    if "scanning a quoted scalar" in (error.context or ""):
        mark = error.context_mark  # where they open; they end with the file
    problem = re.sub(r"\s+", " ", f"{error.context or ''} {error.problem or ''}")
    words = next((words for part, words in _WORDS if part in problem), None)
    return None if mark is None else mark.line + 1, "a syntax error" + (f": {words}" if words else "")
