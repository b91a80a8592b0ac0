"""Turns a file of any encoding, with any escapes, into text that patterns can match."""

from __future__ import annotations

import html
import re

_BYTE_ORDER = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_NESTED = 3
"""A regex in PromQL, in JSON, in HTML."""
_HAS_ESCAPES = re.compile(r"[\\&%]|\[[.:@/-]\]")
_CODE = re.compile(r"(?<!\\)\\++(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2}))", re.IGNORECASE)
_PERCENT = re.compile(r"%([2-7][0-9a-f])", re.IGNORECASE)
_BLANK = re.compile(r"(?<!\\)\\++[bfnrtv]")
"""A line break in JSON or Python. `\\b`, the edge of a word in a regex, parts words too."""
_BEFORE_SIGNS = re.compile(r"(?<!\\)\\++(?=[^\w\s\\]|_)")
_BACKSLASHES = re.compile(r"\\+")
_SINGLE_CHARACTER_CLASS = re.compile(r"\[([.:@/-])\]")
_HIGHEST = 0x10FFFF


def decoded(content: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 with or without a byte order mark, otherwise Latin-1.

    NULs are dropped, which leaves the ASCII characters of UTF-16 and UTF-32.
    """
    for mark, encoding in _BYTE_ORDER:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace").replace("\0", "")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\0", "")


def unescaped(text: str) -> str:
    r"""The lines of a text that hold escapes, without them. Other lines come out empty, so line numbers stay.

    Escapes are HTML's references, JSON's and JavaScript's `\u0040`, the `%40` of addresses, backslashes of regexes
    before signs (`10\\.0\\.0\\.5`, `prom\.internal`) and `[.]`.
    """
    return "\n".join(plain(line) if _HAS_ESCAPES.search(line) else "" for line in text.split("\n"))


def plain(line: str) -> str:
    """A line without escapes."""
    for _ in range(_NESTED):
        before = line
        line = _CODE.sub(_character, html.unescape(line))
        line = _PERCENT.sub(lambda match: chr(int(match[1], 16)), line)
        line = _BACKSLASHES.sub(" ", _BEFORE_SIGNS.sub("", _BLANK.sub(" ", line)))
        line = _SINGLE_CHARACTER_CLASS.sub(r"\1", line)
        if line == before:
            break
    return line.replace("\n", " ")


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3], 16)
    return chr(code) if code <= _HIGHEST else match[0]
