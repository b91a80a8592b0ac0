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
    """An http(s) URL."""
    source: str = ""


POLICY_UNKNOWN = Badge("?", "Policy unknown", "nodata")
_SOURCES = {"config": "this site's policy", "default": "policy of the SRE workbook"}
_CONTROL = 0x20
"""Blanks and control characters, up to this code, are not allowed in an address."""


def policy(service: ServiceReport, *, incomplete: bool = False) -> PolicyView:
    """What to do at the status. Without a policy in the report that is unknown, which never means go."""
    found = service.policy
    if found is None or not found.text.strip():
        return PolicyView(POLICY_UNKNOWN, "The report has no policy. Ask the team before a risky deploy.")
    seen = badge(service.status, incomplete=incomplete)
    doubt = "As far as known: " if seen == INCOMPLETE else ""
    source = _SOURCES.get(found.source, found.source)
    # The policy of a healthy service may still be to wait, so it is never green.
    mark = Badge("→", "Policy", "") if seen.tone == "ok" else Badge(seen.glyph, "Policy", seen.tone)
    return PolicyView(mark, f"{doubt}{found.text}", web_address(found.link), source)


def web_address(link: str | None) -> str | None:
    """The link if it is an http(s) URL; None for `javascript:`, paths and anything else."""
    if link is None or any(ord(letter) <= _CONTROL for letter in link):
        return None
    try:
        address = urlsplit(link)
    except ValueError:
        return None
    return link if address.scheme in {"http", "https"} and address.hostname else None
