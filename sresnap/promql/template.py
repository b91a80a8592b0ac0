"""Reads a query template into text and holes. Each hole knows where in PromQL it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from string import Formatter

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Marks a hole during scanning. YAML cannot hold NUL, so no template contains it by chance.
_HOLE = re.compile(r"\0([A-Za-z0-9_]+)\0")
TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)"""
    r"|(?P<comment>\#[^\n]*)|(?P<hole>\0\w+\0)|(?P<space>\s+)|(?P<word>\w+)|(?P<op>=~|!~|!=|=)|(?P<other>.)",
    re.DOTALL | re.ASCII,
)
_ESCAPE = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[^xuU0-7\0])"
_WHOLE = re.compile(rf"(?:[^\\]|{_ESCAPE})*", re.DOTALL)
# A regex text that a literal may follow: no open class, repetition, group head or escape.
_CLOSED_REGEX = re.compile(
    r"(?:[^\\\[{(]|\\[^\\Qpx]|\\\\|\\[pP]\{[^}]*\}|\\[pP][A-Z]|\\x[0-9a-fA-F]{2}|\\x\{[^}]*\}"
    r"|\[\^?\]?(?:[^\\\]]|\\.)*\]|\{[^}]*\}|\(\?[^:>)]*[:>)]|\((?!\?))*",
    re.DOTALL,
)
_OPENERS = {"(": ")", "[": "]", "{": "}"}


class TemplateError(ValueError):
    """A template cannot be filled. The text says why, in one sentence."""


class Place(Enum):
    """The part of PromQL that a hole is in."""

    CODE = "outside any string"
    TEXT = "in a string"
    MATCHER = "in a regex matcher"
    REGEX = "in label_replace's regex"
    REPLACEMENT = "in label_replace's replacement"


@dataclass(frozen=True, slots=True)
class Hole:
    """A placeholder of a template."""

    name: str
    place: Place
    quote: str
    """The quote of its string; empty in code."""
    is_whole_string: bool
    """Whether its string contains nothing else."""
    in_braces: bool = False
    """Whether it is code among a selector's matchers."""


Piece = str | Hole


@lru_cache(maxsize=1024)
def parse(text: str) -> tuple[Piece, ...]:
    """Text and holes of a template. Comments are dropped, because a value in one could end it.

    Raises:
        TemplateError: a placeholder is not a plain name, or stands where no value is safe.
    """
    pieces: list[Piece] = []
    operator, calls = "", _Calls()
    for token in TOKEN.finditer(_marked(text)):
        kind, word = token.lastgroup, token.group()
        if kind == "string":
            pieces += _string_pieces(word, _place(operator, calls))
        elif kind == "hole":
            pieces.append(Hole(word[1:-1], Place.CODE, "", is_whole_string=False, in_braces=calls.in_braces))
        elif kind != "comment":
            if word in {'"', "'", "`"}:
                raise TemplateError(f"a string that begins with {word} is not closed on its line")
            pieces.append(word)
        if kind not in {"space", "comment"}:
            operator = word if kind == "op" else ""
            calls.see(word, is_word=kind == "word")
    return tuple(pieces)


@lru_cache(maxsize=1024)
def parse_joined(text: str) -> tuple[Piece, ...]:
    """As `parse`, with the text between two holes in one piece: a template is filled once a service and hour."""
    pieces: list[Piece] = []
    for piece in parse(text):
        if pieces and isinstance(piece, str) and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return tuple(pieces)


def _marked(text: str) -> str:
    """The template with braces undoubled and its holes between NULs."""
    if "\0" in text:
        raise TemplateError("a query cannot contain a NUL character")
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        raise TemplateError(f"unbalanced braces ({error}); write a literal brace twice, {{{{ or }}}}") from None
    parts: list[str] = []
    for literal, field, spec, conversion in fields:
        parts.append(literal)
        if field is None:
            continue
        if conversion or spec or not _NAME.fullmatch(field):
            shown = field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            raise TemplateError(
                f"{{{shown}}} is not a placeholder: only a plain name may be in braces, "
                "such as {service}; write a literal brace twice, {{ or }}"
            )
        parts.append(f"\0{field}\0")
    return "".join(parts)


class _Calls:
    """Tracks open brackets, to know the function and the argument that a token belongs to."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []
        self._openers: list[str] = []
        self._word = ""

    def see(self, text: str, *, is_word: bool) -> None:
        if text in _OPENERS:
            self._open.append((self._word if text == "(" else "", 1))
            self._openers.append(text)
        elif text in _OPENERS.values() and self._open:
            self._open.pop()
            self._openers.pop()
        elif text == "," and self._open:
            name, argument = self._open[-1]
            self._open[-1] = (name, argument + 1)
        self._word = text if is_word else ""

    @property
    def in_braces(self) -> bool:
        """Whether the innermost bracket opens a selector's matchers."""
        return self._openers[-1:] == ["{"]

    @property
    def argument(self) -> tuple[str, int]:
        """Function and 1-based number of the argument."""
        return self._open[-1] if self._open else ("", 0)


def _place(operator: str, calls: _Calls) -> Place:
    if operator in {"=~", "!~"}:
        return Place.MATCHER
    special = {("label_replace", 3): Place.REPLACEMENT, ("label_replace", 5): Place.REGEX}
    return special.get(calls.argument, Place.TEXT)


def _string_pieces(token: str, place: Place) -> Iterator[Piece]:
    quote, inner = token[0], token[1:-1]
    yield quote
    end = 0
    for match in _HOLE.finditer(inner):
        before, after = inner[: match.start()], inner[match.end() :]
        _check_before(match[1], before, quote, place)
        yield inner[end : match.start()]
        yield Hole(match[1], place, quote, is_whole_string=not before and not after)
        end = match.end()
    yield inner[end:]
    yield quote


def _check_before(name: str, before: str, quote: str, place: Place) -> None:
    """Refuse a hole whose value would be read as part of the text before it."""
    text = _HOLE.sub("_", before)
    if quote != "`":
        if not _WHOLE.fullmatch(text):
            raise TemplateError(f"{{{name}}} stands right after an unfinished escape sequence")
        text = text.replace("\\\\", "\\")
    if place in {Place.MATCHER, Place.REGEX} and not _CLOSED_REGEX.fullmatch(text):
        raise TemplateError(f"{{{name}}} stands inside a part of a regular expression that is not closed before it")
    if place is Place.REPLACEMENT and re.search(r"\$(?:\w*|\{[^}]*)$", text.replace("$$", "")):
        raise TemplateError(f"{{{name}}} stands right after a $reference, which would swallow it; write ${{{{1}}}}")
