"""What must not go to a public place: tokens, credentials in addresses, private addresses.

A publisher scans each file with `leaks` and publishes nothing at all when anything is found.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_TEXT = frozenset({".html", ".json", ".xml", ".svg", ".csv", ".txt", ".js", ".css", ".md", ""})
_SHOWN = 8
"""So much of what was found is repeated in a message; the rest would leak it again."""
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_ADDRESS = rf"(?:10(?:\.{_OCTET}){{3}}|192\.168(?:\.{_OCTET}){{2}}|172\.(?:1[6-9]|2\d|3[01])(?:\.{_OCTET}){{2}})"
_NO_SECRET = ("a private address", "a private host name")
_PATTERNS = (
    ("a bearer token", re.compile(r"\bBearer\s+(?![<{$(])[A-Za-z0-9._~+/-]{12,}=*", re.IGNORECASE)),
    ("a token of GitHub", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})")),
    ("a token of GitLab", re.compile(r"\bglpat-[A-Za-z0-9_-]{16,}")),
    ("a token of Slack", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("a token of Grafana", re.compile(r"\bgl(?:sa|c)_[A-Za-z0-9+/=_]{20,}")),
    ("an access key of AWS", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a JSON Web Token", re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    (
        "credentials in an address",
        re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/?#\"'<>@:]*:[^\s/?#\"'<>@]+@", re.IGNORECASE),
    ),
    ("a private address", re.compile(rf"(?<![\d.]){_ADDRESS}(?![\d]|\.\d)")),
    (
        "a private host name",
        re.compile(r"(?<![\w.-])(?:[a-z0-9-]+\.)+(?:internal|local|svc)(?::\d+)?(?![\w-]|\.[a-z0-9])", re.IGNORECASE),
    ),
)


def leaks(name: str, content: bytes, *, private: bool = False) -> list[str]:
    """What a file holds that must not be public, a sentence each; nothing when it is clean.

    Args:
        name: site-relative path; what is no text (`.png`, `.woff2`) is not looked into.
        content: its bytes.
        private: it goes to a place in a network of one's own, where private addresses are no secret.
    """
    if PurePosixPath(name).suffix.lower() not in _TEXT:
        return []
    text = content.decode("utf-8", errors="replace").replace("\\/", "/").replace("&#34;", '"')
    found: dict[str, None] = {}
    for what, pattern in _PATTERNS:
        if private and what in _NO_SECRET:
            continue
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.setdefault(f"{name}:{line} holds {what}: {_masked(match[0], what)}")
            if len(found) >= 20:  # noqa: PLR2004 - enough to act on
                return list(found)
    return list(found)


def _masked(text: str, what: str) -> str:
    """Enough to find it; an address is told whole, as nobody could act on it else."""
    if what in _NO_SECRET:
        return text
    return f"{text[:_SHOWN]}…"
