"""Names as folders and files."""

from __future__ import annotations

import hashlib
import re

SLUG = r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9_-])?"
"""The form of every slug, as a regular expression."""
_LENGTH = 48
_DEVICES = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""Names that Windows keeps for devices, with any suffix (Microsoft, "Naming Files, Paths, and Namespaces"): it cannot
check out a branch that has such a folder."""


def slug(name: str, fallback: str = "service") -> str:
    """The name where that is safe in URLs and on every file system, otherwise its Latin letters and a hash of it.

    It depends on the name only, so adding a service or an SLO renames no other. A name without a Latin letter or digit
    becomes the fallback and a hash.
    """
    if re.fullmatch(SLUG, name) and name.partition(".")[0] not in _DEVICES:
        return name
    cleaned = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LENGTH].strip("-")
    return f"{cleaned or fallback}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def slo_slug(name: str) -> str:
    """The slug of an SLO: the name of its files, and the scope of its own series."""
    return slug(name, "slo")
