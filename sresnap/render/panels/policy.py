"""What the team does at a status."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sresnap.model.snapshot import ServiceReport
from sresnap.render.status_badges import INCOMPLETE, badge
from sresnap.render.views import Badge


@dataclass(frozen=True, slots=True)
class PolicyView:
    """What the team does at this status."""

    badge: Badge
    text: str
    link: str | None = None
    """An http(s) URL, nothing else."""
    source: str = ""


POLICY_UNKNOWN = Badge("?", "Policy unknown", "nodata")
_SOURCES = {"config": "this site's own policy", "default": "the SRE workbook's policy"}
_CONTROL = 0x20
"""Up to here letters are blanks and control characters, which have no place in an address."""


def policy(service: ServiceReport, *, incomplete: bool = False) -> PolicyView:
    """What follows from the status, as the report says it; where it does not, that is unknown, never allowed."""
    found = service.policy
    if found is None or not found.text.strip():
        return PolicyView(POLICY_UNKNOWN, "This report does not say what to do; ask the team before a risky deploy.")
    seen = badge(service.status, incomplete=incomplete)
    doubt = "As far as is known: " if seen == INCOMPLETE else ""
    source = _SOURCES.get(found.source, found.source)
    # A healthy service's policy may still be to wait (a fast 6h, a number that is not known): it is never green.
    mark = Badge("→", "Policy", "") if seen.tone == "ok" else Badge(seen.glyph, "Policy", seen.tone)
    return PolicyView(mark, f"{doubt}{found.text}", web_address(found.link), source)


def web_address(link: str | None) -> str | None:
    """The link when it leads to a web page; a `javascript:` or a path is dropped."""
    if link is None or any(ord(letter) <= _CONTROL for letter in link):
        return None
    try:
        address = urlsplit(link)
    except ValueError:
        return None
    return link if address.scheme in {"http", "https"} and address.hostname else None
