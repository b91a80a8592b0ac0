"""What a file says, as somebody would read it who looks for a secret in it: whatever its encoding, without escapes."""

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
"""A break in JSON or Python; `\\b`, the edge of a word in a regex, parts words, too."""
_BEFORE_SIGNS = re.compile(r"(?<!\\)\\++(?=[^\w\s\\]|_)")
_BACKSLASHES = re.compile(r"\\+")
_ONE_OF_ONE = re.compile(r"\[([.:@/-])\]")
_HIGHEST = 0x10FFFF


def decoded(content: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 with a mark or without one, and Latin-1 for whatever is none of these.

    NULs are dropped, which leaves the ASCII of UTF-16 and UTF-32.
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
    r"""The lines of a text that hold escapes, without them. The other lines are empty: lines keep their numbers.

    HTML's references, JSON's and JavaScript's `\u0040`, `%40` of addresses, backslashes of regexes before signs
    (`10\\.0\\.0\\.5`, `prom\.internal`) and `[.]`.
    """
    return "\n".join(plain(line) if _HAS_ESCAPES.search(line) else "" for line in text.split("\n"))


def plain(line: str) -> str:
    """A line without escapes."""
    for _ in range(_NESTED):
        before = line
        line = _CODE.sub(_sign, html.unescape(line))
        line = _PERCENT.sub(lambda found: chr(int(found[1], 16)), line)
        line = _BACKSLASHES.sub(" ", _BEFORE_SIGNS.sub("", _BLANK.sub(" ", line)))
        line = _ONE_OF_ONE.sub(r"\1", line)
        if line == before:
            break
    return line.replace("\n", " ")


def _sign(found: re.Match[str]) -> str:
    code = int(found[1] or found[2] or found[3], 16)
    return chr(code) if code <= _HIGHEST else found[0]
