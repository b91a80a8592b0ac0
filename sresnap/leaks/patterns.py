"""Reads `presets/leaks.yaml`: what credentials, private addresses and private host names look like."""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sresnap.resources import bundled, bundled_yaml

_FRAGMENT = re.compile(r"%\((\w+)\)")
_BEFORE, _AFTER = 256, 1024


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of the table."""

    what: str
    """How messages name it."""
    is_private: bool
    """An address or a host name, which `publish.allow` can let pass; otherwise a credential, which nothing does."""
    needles: tuple[str, ...]
    """In lower case. The regex is tried only around them."""
    regex: re.Pattern[str]
    check: Callable[[str], bool] | None
    """Decides what the regex cannot, given its group `secret` or the whole match."""
    before: int
    """A match begins at most this many characters before a needle."""
    after: int
    """A match is decided within this many characters after a needle begins."""

    def matches(self, text: str, lower: str) -> Iterator[re.Match[str]]:
        """Every match in a text. `lower` is the text in lower case."""
        if len(lower) != len(text):  # a few letters are two in lower case, so positions differ
            yield from self.regex.finditer(text)
            return
        for start, end in self._windows(lower):
            yield from self.regex.finditer(text, start, end)

    def _windows(self, lower: str) -> Iterator[tuple[int, int]]:
        """The stretches around needles, without overlaps."""
        start, end = 0, -1
        for position in sorted(set(self._positions(lower))):
            if position - self.before > end:
                if end >= 0:
                    yield start, end
                start = max(0, position - self.before)
            end = position + self.after
        if end >= 0:
            yield start, end

    def _positions(self, lower: str) -> Iterator[int]:
        for needle in self.needles:
            position = lower.find(needle)
            while position >= 0:
                yield position
                position = lower.find(needle, position + 1)


@dataclass(frozen=True, slots=True)
class Table:
    """All patterns, and a fingerprint that changes when one of them does."""

    patterns: tuple[Pattern, ...]
    fingerprint: str


@cache
def table() -> Table:
    """The table, compiled once per process."""
    content = (bundled("presets") / "leaks.yaml").read_bytes()
    rows = bundled_yaml("presets", "leaks.yaml")
    patterns = tuple(_compiled(row, rows["fragments"]) for row in rows["patterns"])
    return Table(patterns, hashlib.sha256(content).hexdigest())


def _compiled(row: Mapping[str, Any], fragments: Mapping[str, str]) -> Pattern:
    alternatives = row["pattern"] if isinstance(row["pattern"], list) else [row["pattern"]]
    text = _filled("|".join(alternatives), fragments)
    is_exact = row.get("case") == "exact"
    # A token may follow an underscore, as in a variable's name, but not another letter.
    regex = re.compile(f"(?<![A-Za-z0-9])(?:{text})") if is_exact else re.compile(text, re.IGNORECASE)
    return Pattern(
        what=row["what"],
        is_private={"credential": False, "private": True}[row["kind"]],
        needles=tuple(row["needles"]),
        regex=regex,
        check=None if row.get("check") is None else _CHECKS[row["check"]],
        before=row.get("before", _BEFORE),
        after=row.get("after", _AFTER),
    )


def _filled(pattern: str, fragments: Mapping[str, str]) -> str:
    """The pattern with its fragments, which may contain others."""
    while _FRAGMENT.search(pattern):
        pattern = _FRAGMENT.sub(lambda match: fragments[match[1]], pattern)
    return pattern


def _is_login(text: str) -> bool:
    """Whether the text is `user:password` in Base64 (RFC 7617), not a word as in `Basic authentication`."""
    try:
        decoded = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except binascii.Error:
        return False
    return b":" in decoded and all(byte >= 0x20 for byte in decoded)  # noqa: PLR2004 - no control characters


def _is_ipv6(text: str) -> bool:
    """Whether the text is a valid address. A colon at its end may belong to the sentence."""
    try:
        ipaddress.IPv6Address(text if text.endswith("::") else text.rstrip(":"))
    except ValueError:
        return False
    return True


_CHECKS: Mapping[str, Callable[[str], bool]] = {"login": _is_login, "ipv6": _is_ipv6}
