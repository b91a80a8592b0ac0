"""Finds tokens, credentials, private addresses and the configuration's secrets in texts and files.

Every file that is not a picture, a font or the like is read as text, so an unknown kind of file hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from sresnap.leaks.own_secrets import find_secrets
from sresnap.leaks.patterns import Pattern, table
from sresnap.leaks.plain_text import decoded, unescaped
from sresnap.leaks.publication_rules import PublicationRules

_BINARY = {
    ".png": b"\x89PNG",
    ".jpg": b"\xff\xd8",
    ".jpeg": b"\xff\xd8",
    ".gif": b"GIF8",
    ".webp": b"RIFF",
    ".avif": b"",
    ".ico": b"\0\0",
    ".woff": b"wOFF",
    ".woff2": b"wOF2",
    ".ttf": b"\0\x01\0\0",
    ".otf": b"OTTO",
    ".pdf": b"%PDF",
    ".gz": b"\x1f\x8b",
}
"""By suffix, the first bytes of files that are not read as text. A file with other first bytes is read."""
_SHOWN = 8
"""Characters of a credential that a message repeats; more would leak it again."""
_MOST_PER_FILE = 20


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that must not be public."""

    where: str
    """The file, or the part of the report or configuration."""
    line: int | None
    """In the file; None where lines mean nothing."""
    what: str
    shown: str | None
    """The part of it that a message may repeat; None: nothing."""
    is_private: bool
    """An address or a host, which the configuration may allow; otherwise credentials."""
    file: str | None = None
    """Site-relative path; None outside the site."""

    def __str__(self) -> str:
        where = self.where if self.line is None else f"{self.where}:{self.line}"
        return f"{where} holds {self.what}" + ("" if self.shown is None else f": {self.shown}")


def leaks_in_file(name: str, content: bytes, rules: PublicationRules) -> list[Leak]:
    """What must not be public in a file and its name.

    Args:
        name: site-relative path.
        content: its bytes.
        rules: what may be public, and the configuration's secrets.
    """
    in_name = leaks_in_name(name, rules)
    shown = _printable_name(name, in_name)
    text = _text_of_binary(name, content)
    found = _leaks(shown, decoded(content), rules) if text is None else _own(shown, text, rules)
    located = (replace(leak, file=name) for leak in found)
    return list(dict.fromkeys([*in_name, *located]))[:_MOST_PER_FILE]


def leaks_in_name(name: str, rules: PublicationRules) -> list[Leak]:
    """What must not be public in a file's name."""
    found = list(_leaks(name, name, rules))
    where = f"the name of {_printable_name(name, found)}"
    return list(dict.fromkeys(replace(leak, where=where, line=None, file=name) for leak in found))


def secrets_in_file(name: str, content: bytes, rules: PublicationRules) -> list[Leak]:
    """The configuration's secrets in a file whose other text was scanned at its source."""
    if not rules.secrets:
        return []
    text = _text_of_binary(name, content) or decoded(content)
    return [replace(leak, file=name) for leak in _own(name, text, rules)]


def leaks_in_text(where: str, text: str, rules: PublicationRules) -> list[Leak]:
    """What must not be public in a text that is not a file."""
    # A file is read without NULs, so they must not hide anything here either.
    return [replace(leak, line=None) for leak in _leaks(where, text.replace("\0", ""), rules)]


def _printable_name(name: str, in_name: Iterable[Leak]) -> str:
    """The name, which each message has, or its beginning where it holds credentials."""
    return f"{name[:_SHOWN]}…" if any(not leak.is_private for leak in in_name) else name


def _text_of_binary(name: str, content: bytes) -> str | None:
    """The bytes of a picture or font one by one; None for a file that is read as text."""
    magic = _BINARY.get(PurePosixPath(name).suffix.lower())
    return content.decode("latin-1") if magic is not None and content.startswith(magic) else None


def _leaks(where: str, text: str, rules: PublicationRules) -> Iterator[Leak]:
    """Scan a text as it is, and again without escapes."""
    seen: set[tuple[str, str, int]] = set()
    for reading in (text, unescaped(text)):
        if not reading.strip():
            continue
        yield from _own(where, reading, rules)
        lower = reading.lower()
        for pattern in table().patterns:
            if pattern.is_private and rules.private:
                continue
            for match in pattern.matches(reading, lower):
                if not _counts(pattern, match, rules):
                    continue
                shown = _shown(match, is_private=pattern.is_private)
                leak = Leak(where, _line(reading, match.start()), pattern.what, shown, pattern.is_private)
                key = (leak.what, match[0], leak.line or 0)
                if key not in seen:
                    seen.add(key)
                    yield leak
                if len(seen) >= _MOST_PER_FILE:
                    return


def _counts(pattern: Pattern, match: re.Match[str], rules: PublicationRules) -> bool:
    if pattern.check is not None and not pattern.check(match.groupdict().get("secret") or match[0]):
        return False
    return not (pattern.is_private and _is_allowed(_value(match), rules.allow))


def _is_allowed(address: str, allow: Iterable[str]) -> bool:
    """Whether the address is allowed as it is, or without its port."""
    host, _, port = address.rpartition(":")
    allowed = {text.lower() for text in allow}
    bare = host if host and port.isdigit() and not host.endswith(":") else address
    return address.lower() in allowed or (bare.lower() in allowed and bare.count(":") == 0)


def _value(match: re.Match[str]) -> str:
    value = match.groupdict().get("value") or match[0]
    return value if value.endswith("::") else value.rstrip(":")


def _shown(match: re.Match[str], *, is_private: bool) -> str:
    """The part of a match that messages show: enough to find it.

    An address is shown whole, because nobody could act on a part of one.
    """
    if is_private:
        return _value(match)
    for group, value in match.groupdict().items():
        if value is not None:
            return f"{match[0][: match.start(group) - match.start()]}…"
    return f"{match[0][:_SHOWN]}…"


def _own(where: str, text: str, rules: PublicationRules) -> Iterator[Leak]:
    for key, position in find_secrets(text, rules.secrets):
        yield Leak(where, _line(text, position), f"the secret of {key}", None, is_private=False)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
