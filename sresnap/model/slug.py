"""Names as folders and files."""

from __future__ import annotations

import hashlib
import re
import unicodedata

SLUG = r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9_-])?"
"""The form of every slug, as a regular expression."""
_LENGTH = 48
_DEVICES = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""Names that Windows keeps for devices, with any suffix (Microsoft, "Naming Files, Paths, and Namespaces"): it cannot
check out a branch that has such a folder."""


_LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "ng",
     "ı": "i", "ĸ": "k", "ƒ": "f"}
)  # fmt: skip
"""Latin letters that Unicode does not take apart into a plain one and a mark."""


def slug(name: str, fallback: str = "service") -> str:
    """The name where that is safe in URLs and on every file system, otherwise its Latin letters and a hash of it.

    Letters with marks become plain ones: `Zürich` is `zurich-…`. It depends on the name only, so adding a service or an
    SLO renames no other. A name without a Latin letter or digit becomes the fallback and a hash.
    """
    return name if _is_safe(name) else _hashed(name, _plain(name), fallback)


def slo_slug(name: str) -> str:
    """The slug of an SLO: the name of its files."""
    return slug(name, "slo")


def team_slug(name: str) -> str:
    """The slug of a team: its folder under `teams/`. Names that differ only in case have the same."""
    return slug(name.lower(), "team")


def scope_part(name: str, fallback: str) -> str:
    """A name in the scope of a series.

    The history has it, so it must not change: letters with marks are left out, where a slug has plain ones.
    """
    return name if _is_safe(name) else _hashed(name, name.lower(), fallback)


def _is_safe(name: str) -> bool:
    return re.fullmatch(SLUG, name) is not None and name.partition(".")[0] not in _DEVICES


def _plain(name: str) -> str:
    """The name in lower case, with plain letters for those with marks, as far as Unicode knows them."""
    apart = unicodedata.normalize("NFKD", name).lower().translate(_LATIN)
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


def _hashed(name: str, letters: str, fallback: str) -> str:
    cleaned = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LENGTH].strip("-")
    return f"{cleaned or fallback}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


_OPENSLO = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A name in metadata: an RFC 1123 label (OpenSLO v1, "General Schema", metadata.name)."""

ANNOTATION = "sresnap/"
"""What annotations in OpenSLO begin with: `sresnap/team`."""


def openslo_name(*parts: str) -> str:
    """A service's name, or the names of a service and its SLO, as a name in OpenSLO: as they are where that is allowed.

    >>> openslo_name("api", "availability")
    'api-availability'
    """
    name = "-".join(parts)
    return name if _OPENSLO.fullmatch(name) else openslo_hashed_name(*parts)


def openslo_hashed_name(*parts: str) -> str:
    """The same with a hash of the parts, where a name is not allowed or taken: `a-b` and `c` beside `a` and `b-c`."""
    return _hashed("\0".join(parts), _plain("-".join(parts)), "slo")


def is_openslo_name(name: str, *parts: str) -> bool:
    """Whether these parts have this name in OpenSLO."""
    return name in (openslo_name(*parts), openslo_hashed_name(*parts))
